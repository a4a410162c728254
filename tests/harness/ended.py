# SPDX-License-Identifier: Apache-2.0
"""Servers of tests that have been told to end.

A page that is still open goes on asking, while the server takes its time to end and after that. That nobody
answers it then is no fault of the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

_addresses: set[str] = set()


@contextmanager
def living(address: str) -> Iterator[None]:
    """A server lives at this address until the block is left; it is to be stopped after that."""
    _addresses.discard(address)  # of an earlier server on the same port
    try:
        yield
    finally:
        _addresses.add(address)


def is_ended(url: str) -> bool:
    """Whether the server that this was asked of has been told to end."""
    return any(url.startswith(f"{address}/") for address in _addresses)
