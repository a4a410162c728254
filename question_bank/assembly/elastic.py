# SPDX-License-Identifier: Apache-2.0
"""The program with new questions: what would have to be added to the bank for there to be such forms.

A new question fills one place of one form. It has one topic, level and difficulty as it is wanted, no enemy,
and any marks. Every other rule stays as hard as it was. The fewest new questions are what the bank lacks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product

from question_bank.assembly.plan import UNIT, Demand, Plan
from question_bank.assembly.program import Program
from question_bank.blueprint import Blueprint, Cell
from question_bank.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A kind of new question: the cells it would stand in, and how hard it may be (in millionths)."""

    cells: frozenset[int]
    low: int
    high: int


class ElasticPlan(Plan):
    """The program in which new questions may fill places, from so many (`least`) to so many in all blocks.

    With `named` their number is given, and what is made small is what they have to be: so that a place which
    anything could fill is not said to lack a question of some cell.
    """

    def __init__(
        self,
        pool: Mapping[str, Item],
        blueprint: Blueprint,
        blocks: Sequence[int],
        *,
        least: int = 0,
        named: int | None = None,
    ) -> None:
        super().__init__(pool, blueprint, blocks)
        self.kinds = tuple(_kinds(blueprint))
        most = [blueprint.items * forms for forms in blocks]
        self.new = [[self.variable(upper) for _ in self.kinds] for upper in most]
        self._least, self._named = least, named

    def program(self) -> Program:
        """Return the program; the number of new questions should be small, or what is told of them."""
        program = super().program()
        every = [(one, kind) for block in self.new for one, kind in zip(block, self.kinds, strict=True)]
        if self._named is not None or self._least:
            self.row([(one, 1) for one, _ in every], self._named or self._least, self._named)
        price = self._prices()
        objective = [(one, -1 if self._named is None else -price[kind.cells]) for one, kind in every]
        return Program(upper=program.upper, rows=program.rows, objective=objective)

    def lacking(self, values: Sequence[int]) -> Mapping[Lacking, int]:
        """Return how many new questions of each kind an answer takes, in all blocks."""
        counts = {kind: sum(values[block[at]] for block in self.new) for at, kind in enumerate(self.kinds)}
        return {kind: count for kind, count in counts.items() if count}

    def scarcity(self, cell: int) -> int:
        """Return how many items the cell has beyond what all forms need, if they share none."""
        have = sum(len(group) for group in self.classes if cell in self._cells[group[0]])
        return have - self._blueprint.cells[cell].least * sum(self.blocks)

    def _prices(self) -> Mapping[frozenset[int], int]:
        dear = [1 if self.scarcity(at) < 0 else 2 for at, _ in enumerate(self._blueprint.cells)]
        return {kind.cells: sum(dear[at] for at in kind.cells) for kind in self.kinds}

    def _bind(self, demand: Demand, terms: Sequence[tuple[int, int]], least: int, most: int, /) -> None:
        new = list(zip(self.new[demand.block], self.kinds, strict=True))
        if demand.kind == "marks":
            filled = [(self._filling([(one, 0, least) for one, _ in new], least), 1)]
        elif demand.kind == "difficulty":
            bounds = [(one, kind.low, kind.high) for one, kind in new]
            filled = [(self._filling(bounds, UNIT * self.upper[new[0][0]]), 1)]
        else:
            filled = [(one, 1) for one, kind in new if demand.kind == "items" or demand.cell in kind.cells]
        self.row([*terms, *filled], least, most)

    def _filling(self, new: Sequence[tuple[int, int, int]], upper: int) -> int:
        """Return a variable for what the new questions add up to, each of which lies between two bounds."""
        total = self.variable(upper)
        self.row([(total, 1), *((one, -low) for one, low, _ in new)], 0, None)
        self.row([(total, 1), *((one, -high) for one, _, high in new)], None, 0)
        return total

    def _make_even(self) -> None:
        """Evenness is not asked of forms that cannot be."""


def _kinds(blueprint: Blueprint) -> Iterator[Lacking]:
    """Yield the kinds of questions that the cells tell apart."""
    topics = [None, *dict.fromkeys(cell.topic for cell in blueprint.cells if cell.topic is not None)]
    levels = [None, *dict.fromkeys(cell.level for cell in blueprint.cells if cell.level is not None)]
    found = {
        Lacking(
            cells=frozenset(at for at, cell in enumerate(blueprint.cells) if _fits(cell, topic, level, band)),
            low=0 if band is None else round(band[0] * UNIT),
            high=UNIT if band is None else round(band[1] * UNIT) - (band[1] < 1),
        )
        for topic, level, band in product(topics, levels, _bands(blueprint))
    }
    yield from sorted(found, key=lambda kind: (sorted(kind.cells), kind.low, kind.high))


def _bands(blueprint: Blueprint) -> list[tuple[Decimal, Decimal] | None]:
    """Return the stretches between the bounds of all bands; None: no difficulty is stated."""
    if not any(cell.has_band for cell in blueprint.cells):
        return [None]
    bounds = {Decimal(0), Decimal(1)}
    for cell in blueprint.cells:
        bounds |= {bound for bound in (cell.easiness_from, cell.easiness_to) if bound is not None}
    stated: list[tuple[Decimal, Decimal] | None] = list(pairwise(sorted(bounds)))
    return stated if blueprint.difficulty is not None else [None, *stated]


def _fits(cell: Cell, topic: str | None, level: str | None, band: tuple[Decimal, Decimal] | None) -> bool:
    return (
        cell.topic in {None, topic}
        and cell.level in {None, level}
        and cell.band_holds(None if band is None else band[0])
    )
