# SPDX-License-Identifier: Apache-2.0
"""One form after another: cells first, scarcest first, then the rest, then the mean difficulty by exchange.

A seeded search with restarts. It is deterministic, and it may fail to find forms that exist: the result then
says that nothing was found, not that nothing exists.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain, zip_longest

from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.shuffling import Stream

_UNIT = Decimal(10) ** 9
_NEAREST = 12
_EXCHANGES = 200


class Draft:
    """A form in the making; `admits` holds every constraint but the least of cells and the difficulty."""

    def __init__(
        self, pool: Mapping[str, Item], blueprint: Blueprint, earlier: Sequence[Sequence[str]]
    ) -> None:
        self._blueprint = blueprint
        self._pool = pool
        self._earlier = [frozenset(form) for form in earlier]
        self._uses = Counter(chain.from_iterable(earlier))
        self._enemies = _enemies(blueprint)
        self._cells = {name: _cells_of(item, blueprint) for name, item in pool.items()}
        self.chosen: set[str] = set()

    def admits(self, name: str, without: str | None = None) -> bool:
        """True when the item can be added, or can take the place of `without`."""
        others = self.chosen - {without} if without else self.chosen
        return (
            name not in others
            and self._uses[name] < self._blueprint.max_uses
            and not others & self._enemies.get(name, frozenset())
            and all(
                len((others | {name}) & form) <= self._blueprint.max_overlap
                for form in self._earlier
                if name in form
            )
            and all(self.count(cell, others) < self._blueprint.cells[cell].most for cell in self._cells[name])
        )

    def count(self, cell: int, names: set[str] | None = None) -> int:
        """How many of the chosen items, or of the names, stand in the cell."""
        return sum(1 for name in (self.chosen if names is None else names) if cell in self._cells[name])

    def fill(self, order: Sequence[str]) -> int | None:
        """The form is full and this is None, or this is the cell that ran short (-1: the form itself)."""
        for name in self._blueprint.include:
            if not self.admits(name):
                return -1
            self.chosen.add(name)
        for cell in self._scarcest_first():
            wanted = [name for name in order if cell in self._cells[name]]
            if not self._add(wanted, self._blueprint.cells[cell].least - self.count(cell)):
                return cell
        return None if self._add(order, self._blueprint.items - len(self.chosen)) else -1

    def near_difficulty(self) -> bool:
        """The mean difficulty lies within its bounds, after exchanging items of the same cells."""
        if self._blueprint.difficulty is None:
            return True
        target = self._blueprint.difficulty.mean * _UNIT * self._blueprint.items
        room = self._blueprint.difficulty.tolerance * _UNIT * self._blueprint.items
        ranked = self._by_cells()
        for _ in range(_EXCHANGES):
            off = int(target) - sum(map(self._difficulty, self.chosen))
            if abs(off) <= room:
                return True
            exchange = self._best_exchange(off, ranked)
            if exchange is None:
                return False
            self.chosen = self.chosen - {exchange[0]} | {exchange[1]}
        return False

    def in_order(self, order: Sequence[str]) -> tuple[str, ...]:
        """The chosen items by the first cell they stand in, and in the drawn order within it."""
        places = {name: place for place, name in enumerate(order)}
        last = len(self._blueprint.cells)
        return tuple(
            sorted(self.chosen, key=lambda name: (min(self._cells[name], default=last), places[name]))
        )

    def _add(self, candidates: Sequence[str], count: int) -> bool:
        for name in candidates:
            if count <= 0:
                break
            if len(self.chosen) < self._blueprint.items and self.admits(name):
                self.chosen.add(name)
                count -= 1
        return count <= 0

    def _scarcest_first(self) -> list[int]:
        supply = Counter(chain.from_iterable(self._cells.values()))
        cells = self._blueprint.cells
        return sorted(range(len(cells)), key=lambda cell: (supply[cell] - cells[cell].least, cell))

    def _difficulty(self, name: str) -> int:
        return int((self._pool[name].difficulty or Decimal(0)) * _UNIT)

    def _by_cells(self) -> dict[frozenset[int], list[tuple[int, str]]]:
        ranked: dict[frozenset[int], list[tuple[int, str]]] = {}
        for name in self._pool:
            ranked.setdefault(self._cells[name], []).append((self._difficulty(name), name))
        return {cells: sorted(entries) for cells, entries in ranked.items()}

    def _best_exchange(
        self, off: int, ranked: Mapping[frozenset[int], list[tuple[int, str]]]
    ) -> tuple[str, str] | None:
        best = (abs(off), "", "")
        for out in sorted(self.chosen - set(self._blueprint.include)):
            wanted = self._difficulty(out) + off
            for difficulty, name in _nearest(ranked[self._cells[out]], wanted):
                left = abs(difficulty - wanted)
                if left < best[0] and self.admits(name, without=out):
                    best = (left, out, name)
        return (best[1], best[2]) if best[1] else None


def draw_order(pool: Mapping[str, Item], seed: bytes, label: str, used: Mapping[str, int]) -> tuple[str, ...]:
    """The items in a seeded order, those that earlier forms took least first."""
    drawn = Stream(seed, label.encode("utf-8")).shuffled(sorted(pool))
    return tuple(sorted(drawn, key=lambda name: used.get(name, 0)))


def _cells_of(item: Item, blueprint: Blueprint) -> frozenset[int]:
    return frozenset(index for index, cell in enumerate(blueprint.cells) if cell.holds(item))


def _enemies(blueprint: Blueprint) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in blueprint.enemies:
        for name in group:
            found.setdefault(name, set()).update(set(group) - {name})
    return {name: frozenset(others) for name, others in found.items()}


def _nearest(ranked: Sequence[tuple[int, str]], wanted: int) -> list[tuple[int, str]]:
    """The entries around the wanted difficulty, nearest first on either side."""
    at = bisect_left(ranked, (wanted, ""))
    above, below = ranked[at : at + _NEAREST], ranked[max(at - _NEAREST, 0) : at][::-1]
    return [entry for pair in zip_longest(above, below) for entry in pair if entry is not None]
