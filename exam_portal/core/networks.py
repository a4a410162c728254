# SPDX-License-Identifier: Apache-2.0
"""By what a visitor's network is known: budgets and delays are one household's, not the world's."""

from ipaddress import IPv6Address, ip_address


def of(address: str) -> str:
    """Return the network of an address: itself, or the first 64 bits that one household has in IPv6.

    A server that listens on both families sees IPv4 addresses inside IPv6 ones; there each stands for itself.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)
