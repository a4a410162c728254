# SPDX-License-Identifier: Apache-2.0
"""``exam/marking-lot/v1``: which marker gets which bag, from a seed alone (algorithm: docs/marking.md).

Pure: no session, no clock. A bag is known by its label, a marker by the code under which marks are published.
Whoever has the seed and the lists, all of which are on record, gets the same allocation.
"""

from collections.abc import Collection, Mapping, Sequence

from question_bank.shuffling import SEED_BYTES, Stream
from scoring.verify.canonical import canonical_bytes

ALGORITHM = "exam/marking-lot/v1"
Barred = Collection[tuple[str, str]]  # bag and marker that are not brought together, whatever the reason
Given = dict[tuple[int, str], str]  # round and bag -> marker


class TooFewMarkers(ValueError):
    """A bag is left for which no marker may be taken."""


def allot(
    seed: bytes, places: Mapping[int, Collection[str]], markers: Collection[str], barred: Barred
) -> Given:
    """Every bag has a marker in every round, nobody has a bag twice, and loads are as even as can be."""
    given: Given = {}
    taken = set(barred)
    for round_ in sorted(places):
        lot = _Lot(seed, round_, places[round_], markers, taken)
        for bag, marker in lot.drawn().items():
            given[round_, bag] = marker
            taken.add((bag, marker))
    return given


def missing(places: Mapping[int, Collection[str]], markers: Collection[str], barred: Barred) -> int:
    """Return how many more markers, whom nothing keeps from any bag, a lot that cannot be drawn needs.

    One more of them to each round always suffices: a round then has somebody who takes every bag.
    """
    for count in range(1, len(places)):
        try:
            allot(bytes(SEED_BYTES), places, [*markers, *(f"+{number}" for number in range(count))], barred)
        except TooFewMarkers:
            continue
        return count
    return len(places)


class _Lot:
    """The lot of one round: bags in a drawn order go to markers in a drawn order, at first one to each."""

    def __init__(
        self, seed: bytes, round_: int, bags: Collection[str], markers: Collection[str], barred: Barred
    ) -> None:
        self._bags = _ordered(seed, round_, "bags", bags)
        self._markers = _ordered(seed, round_, "markers", markers)
        self._barred = barred
        self._held: dict[str, list[str]] = {marker: [] for marker in self._markers}

    def drawn(self) -> dict[str, str]:
        """Return the marker of each bag."""
        left: list[str] = list(self._bags)
        for limit in range(1, len(self._bags) + 1):
            left = [bag for bag in left if not self._place(bag, limit, set())]
        if left:
            raise TooFewMarkers
        return {bag: marker for marker, bags in self._held.items() for bag in bags}

    def _place(self, bag: str, limit: int, tried: set[str]) -> bool:
        """The bag has a marker below the limit, if need be after another bag has moved on."""
        for marker in self._markers:
            if marker in tried or (bag, marker) in self._barred:
                continue
            tried.add(marker)
            held = self._held[marker]
            if len(held) < limit:
                held.append(bag)
                return True
            moved = next((other for other in tuple(held) if self._place(other, limit, tried)), None)
            if moved is not None:
                held[held.index(moved)] = bag
                return True
        return False


def _ordered(seed: bytes, round_: int, what: str, names: Collection[str]) -> Sequence[str]:
    return Stream(seed, canonical_bytes([ALGORITHM, round_, what])).shuffled(sorted(names))
