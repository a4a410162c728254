# SPDX-License-Identifier: Apache-2.0
"""The blueprint as a program of whole numbers, and an answer of it as forms.

Items that no constraint tells apart (same cells, same difficulty, no enemy, not asked for by name) are one
class, of which a form takes so many. Which of them it takes is drawn by the seed. Only where forms may share
items but not too many is every item a class of its own.

A block stands for one form or for several that have no item in common, taken together: then its bounds are so
many times as large, and what it demands is less than what its forms demand (the big shadow test of van der
Linden, 2005).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations
from typing import Literal, NamedTuple

from question_bank.assembly.program import Program, Row
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.shuffling import Stream

UNIT = 10**6  # difficulties are whole numbers of these
NEAR = UNIT // 2000  # forms whose mean lies within 0.0005 of the target are equally good
MARK = 1000  # marks are whole numbers of thousandths


class Demand(NamedTuple):
    """What is asked of a block: so many items, so many of a cell, their marks, or their mean difficulty."""

    block: int
    kind: Literal["items", "cell", "marks", "difficulty"]
    cell: int = -1


class Plan:
    """The program for these blocks, each of so many forms, from these items.

    `centre` is the sum of difficulties that each form should have where the blueprint names none.
    """

    def __init__(
        self, pool: Mapping[str, Item], blueprint: Blueprint, blocks: Sequence[int], centre: int | None = None
    ) -> None:
        self._pool = pool
        self._blueprint = blueprint
        self.blocks = blocks
        self._centre = centre
        self.upper: list[int] = []
        self.rows: list[Row] = []
        self.objective: list[tuple[int, int]] = []
        self.classes = tuple(self._grouped())
        self.taken = [[self.variable(len(group)) for group in self.classes] for _ in blocks]

    def program(self) -> Program:
        """Return the program; what should be small is the largest distance of a form from the target."""
        for block in range(len(self.blocks)):
            self._block(block)
        self._uses()
        self._make_even()
        return Program(upper=self.upper, rows=self.rows, objective=self.objective)

    def chosen(self, values: Sequence[int], stream: Stream) -> list[tuple[str, ...]]:
        """Return the items of each block, by the first cell they stand in, drawn within their class."""
        order = stream.shuffled(sorted(self._pool))
        place = {name: at for at, name in enumerate(order)}
        blocks: list[list[str]] = [[] for _ in self.blocks]
        for at, group in enumerate(self.classes):
            drawn, used = sorted(group, key=place.__getitem__), 0
            for block, names in enumerate(blocks):
                count = values[self.taken[block][at]]
                names += [drawn[(used + more) % len(drawn)] for more in range(count)]
                used += count
        last = len(self._blueprint.cells)
        return [
            tuple(sorted(names, key=lambda name: (min(self._cells[name], default=last), place[name])))
            for names in blocks
        ]

    def variable(self, upper: int) -> int:
        """Return a new variable from 0 to its upper bound."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, terms: Sequence[tuple[int, int]], least: int | None, most: int | None) -> None:
        """Bind the sum of the terms."""
        self.rows.append(Row(terms=terms, least=least, most=most))

    @property
    def is_exact(self) -> bool:
        """Whether no difficulty had to be rounded: otherwise nothing is proved about what cannot be."""
        return self._blueprint.difficulty is None or all(_is_exact(item) for item in self._pool.values())

    @cached_property
    def _cells(self) -> dict[str, frozenset[int]]:
        cells = list(enumerate(self._blueprint.cells))
        return {
            name: frozenset(at for at, cell in cells if cell.holds(item)) for name, item in self._pool.items()
        }

    def _grouped(self) -> Iterator[tuple[str, ...]]:
        """Yield the classes in an order that does not depend on that of the bank."""
        named = {*self._blueprint.include, *chain.from_iterable(self._blueprint.enemies)}
        groups: dict[tuple[frozenset[int], int | None, int, str], list[str]] = {}
        for name in sorted(self._pool):
            own = name if name in named or self._limits_overlap else ""
            marks = self._marks(name) if self._blueprint.item_marks is not None else 0
            groups.setdefault((self._cells[name], worth(self._pool[name]), marks, own), []).append(name)
        yield from map(tuple, groups.values())

    @property
    def _limits_overlap(self) -> bool:
        plan = self._blueprint
        return len(self.blocks) > 1 and plan.max_uses > 1 and 0 < plan.max_overlap < plan.items

    def _marks(self, name: str) -> int:
        return round(self._pool[name].marks * MARK)

    def _block(self, block: int) -> None:
        taken, plan, forms = self.taken[block], self._blueprint, self.blocks[block]
        whole = [(one, 1) for one in taken]
        self._bind(Demand(block, "items"), whole, plan.items * forms, plan.items * forms)
        for at, cell in enumerate(plan.cells):
            inside = [
                (taken[place], 1) for place, group in enumerate(self.classes) if at in self._cells[group[0]]
            ]
            self._bind(Demand(block, "cell", at), inside, cell.least * forms, cell.most * forms)
        places = {group[0]: at for at, group in enumerate(self.classes)}
        for name in plan.include:
            self.row([(taken[places[name]], 1)], 1, 1)
        for enemies in plan.enemies:
            once = dict.fromkeys(enemies)  # no set: its order is another in every process
            self.row([(taken[places[name]], 1) for name in once if name in places], None, forms)
        if plan.item_marks is not None:
            wanted = round(plan.item_marks * MARK) * forms
            terms = [(taken[at], self._marks(group[0])) for at, group in enumerate(self.classes)]
            self._bind(Demand(block, "marks"), terms, wanted, wanted)
        if plan.difficulty is not None:
            mean, room = plan.difficulty.mean * UNIT, plan.difficulty.tolerance * UNIT
            spare = 0 if self.is_exact else plan.items // 2 + 1  # what rounding may have moved
            least = math.ceil((mean - room) * plan.items) + spare
            most = math.floor((mean + room) * plan.items) - spare
            self._bind(Demand(block, "difficulty"), self._sum(block), least * forms, most * forms)

    def _bind(self, _demand: "Demand", terms: Sequence[tuple[int, int]], least: int, most: int, /) -> None:
        """Bind the sum of the terms by a demand of the blueprint."""
        self.row(terms, least, most)

    def _uses(self) -> None:
        """Keep each class to its uses in all forms, and each two forms to their overlap."""
        plan = self._blueprint
        uses = 1 if plan.max_overlap == 0 else plan.max_uses
        for at, group in enumerate(self.classes):
            if len(self.blocks) > 1:
                self.row([(taken[at], 1) for taken in self.taken], None, uses * len(group))
        if self._limits_overlap:
            for one, other in combinations(self.taken, 2):
                both = [(self._both(*pair), 1) for pair in zip(one, other, strict=True)]
                self.row(both, None, plan.max_overlap)

    def _both(self, one: int, other: int) -> int:
        both = self.variable(1)
        self.row([(one, 1), (other, 1), (both, -1)], None, 1)
        return both

    def _sum(self, block: int) -> list[tuple[int, int]]:
        """Return the sum of difficulties of a block."""
        taken = self.taken[block]
        return [(taken[at], worth(self._pool[group[0]]) or 0) for at, group in enumerate(self.classes)]

    def _make_even(self) -> None:
        """Make the largest distance of a form's mean from the target (or from the first form's) small."""
        items, wanted = self._blueprint.items, self._blueprint.difficulty
        if any(item.difficulty is None for item in self._pool.values()):
            return
        target = self._centre if wanted is None else int(wanted.mean * UNIT * items)
        others = range(1 if target is None else 0, len(self.blocks))
        if not others:
            return
        away = self.variable(UNIT * items)
        for block in others:
            forms = self.blocks[block]
            like = [(at, -forms * times) for at, times in self._sum(0)] if target is None else []
            near, aim = NEAR * items * forms, (target or 0) * forms
            self.row([*self._sum(block), *like, (away, forms)], aim - near, None)
            self.row([*self._sum(block), *like, (away, -forms)], None, aim + near)
        self.objective.append((away, -1))


def worth(item: Item) -> int | None:
    """The difficulty as a whole number."""
    return None if item.difficulty is None else round(item.difficulty * UNIT)


def _is_exact(item: Item) -> bool:
    return item.difficulty is None or item.difficulty * UNIT == round(item.difficulty * UNIT)
