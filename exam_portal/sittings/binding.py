# SPDX-License-Identifier: Apache-2.0
"""Whether a computer stands in its room, as far as its network address tells. Pure.

The address is the one that the server took from its trusted proxies; what a client claims counts nothing.
"""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST = 32


class NotANetwork(ValueError):
    """A line that is no network in CIDR form."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_networks(text: str) -> list[str]:
    """Return the networks written one on a line, in their plain form, or raise NotANetwork with the line."""
    found: list[str] = []
    for line in (one.strip() for one in text.replace(",", "\n").splitlines()):
        if not line:
            continue
        try:
            network = str(ipaddress.ip_network(line, strict=True))
        except ValueError as problem:
            raise NotANetwork(line) from problem
        if network not in found:
            found.append(network)
    if len(found) > MOST:
        raise NotANetwork(found[MOST])
    return found


def is_a_place(network: str) -> bool:
    """Whether a network is small enough to be a house's; a larger one stands for half the world."""
    found = ipaddress.ip_network(network)
    return found.prefixlen >= (16 if found.version == 4 else 48)


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Whether the address lies in one of the networks; a room without networks takes every computer."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in map(ipaddress.ip_network, networks))
