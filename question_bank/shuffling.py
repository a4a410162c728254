# SPDX-License-Identifier: Apache-2.0
"""``exam/shuffle/v1``: the documented, seeded shuffle (docs/papers.md gives the algorithm and test vectors).

Anyone with the seed recomputes every order with HMAC-SHA-256 alone, in any language; nothing depends on the
random generator of Python. Draws are rejected rather than reduced, so every order is equally likely.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

ALGORITHM = "exam/shuffle/v1"
SEED_BYTES = 32
_WORDS = 2**64


class Stream:
    """Whole numbers drawn from the blocks HMAC-SHA-256(seed, label || counter), eight bytes at a time."""

    def __init__(self, seed: bytes, label: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
        self._words = _words(seed, label)

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1; words past the last whole multiple of the limit are thrown away."""
        largest = _WORDS - _WORDS % limit
        word = next(word for word in self._words if word < largest)
        return word % limit

    def shuffled(self, entries: Sequence[T]) -> tuple[T, ...]:
        """The entries in a random order, by Fisher and Yates from the last place to the first."""
        order = list(entries)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)


def shuffled_around(stream: Stream, entries: Sequence[T], fixed: Collection[T]) -> tuple[T, ...]:
    """The entries in a random order in which the fixed ones keep their places."""
    moved = iter(stream.shuffled([entry for entry in entries if entry not in fixed]))
    return tuple(entry if entry in fixed else next(moved) for entry in entries)


def _words(seed: bytes, label: bytes) -> Iterator[int]:
    counter = 0
    while True:
        block = hmac.new(seed, label + counter.to_bytes(8, "big"), hashlib.sha256).digest()
        yield from (int.from_bytes(block[at : at + 8], "big") for at in range(0, 32, 8))
        counter += 1
