# SPDX-License-Identifier: Apache-2.0
"""Why there are no forms is what trying everything says: the fewest new questions, and the rules that bar."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import chain, combinations, combinations_with_replacement, permutations, product

import pytest

from question_bank.assembly import Forms
from question_bank.assembly.forms import assembled
from question_bank.assembly.process import Solver
from question_bank.assembly.rules import without_each
from question_bank.assembly.solving import Search
from question_bank.blueprint import Blueprint, Cell, Difficulty
from question_bank.item import Item
from question_bank.shuffling import Stream
from tests.question_bank.papers import a_bank

CASES = 300
SHAPE = a_bank(1)[0]
BANDS = (None, (Decimal(0), Decimal("0.4")), (Decimal("0.4"), Decimal("0.7")), (Decimal("0.7"), Decimal(1)))
NEW = [
    replace(SHAPE, id="new", topics=(topic,), level=level, difficulty=band and band[0])
    for topic, level, band in product(("A", "B", "-"), ("remember", "apply", "analyse"), BANDS)
]


def _case(number: int) -> tuple[dict[str, Item], Blueprint, int]:
    """A small bank and a blueprint that it often cannot satisfy."""
    drawn = random.Random(number)
    mean = drawn.random() < 0.25
    bank = {
        name: replace(
            SHAPE,
            id=name,
            topics=(drawn.choice("AB"),),
            level=drawn.choice(("remember", "apply")),
            difficulty=drawn.choice((Decimal("0.2"), Decimal("0.5"), Decimal("0.9")))
            if drawn.random() < 0.8
            else None,
            marks=Decimal(drawn.choice((1, 2))),
        )
        for name in "PQRSTU"[: drawn.randint(2, 6)]
    }
    items = drawn.randint(1, 3)
    forms = drawn.choice((1, 1, 2, 2, 3))
    kinds = [("A", None, 0), ("B", None, 0), (None, "apply", 0), ("A", "remember", 0)]
    kinds += [(None, None, band) for band in (1, 2, 3)]
    cells = []
    for topic, level, band in drawn.sample(kinds, drawn.randint(0, 3)):
        least = drawn.randint(0, items)
        low, high = BANDS[band] or (None, None)
        most = drawn.randint(least, items)
        cells.append(
            Cell(topic=topic, level=level, least=least, most=most, easiness_from=low, easiness_to=high)
        )
    names = sorted(bank)
    pairs = list(combinations(names, 2))
    blueprint = Blueprint(
        items=items,
        marks=Decimal(10),
        minutes=10,
        cells=tuple(cells),
        difficulty=Difficulty(mean=Decimal(drawn.choice(("0.2", "0.5", "0.8"))), tolerance=Decimal("0.15"))
        if mean
        else None,
        enemies=tuple(drawn.sample(pairs, min(len(pairs), drawn.choice((0, 1, 3))))),
        include=tuple(drawn.sample(names, drawn.choice((0, 0, 1)))),
        exclude=tuple(drawn.sample(names, drawn.choice((0, 0, 1)))),
        max_uses=drawn.randint(1, 3),
        max_overlap=drawn.randint(0, items),
        item_marks=Decimal(drawn.randint(items, 2 * items)) if drawn.random() < 0.2 else None,
    )
    if set(blueprint.include) & set(blueprint.exclude):
        blueprint = replace(blueprint, exclude=())
    return bank, blueprint, forms


def _fewest(bank: Mapping[str, Item], blueprint: Blueprint, forms: int) -> int | None:
    """The fewest new questions with which there are such forms; None: no number of them helps."""
    possible = [
        frozenset(each)
        for each in _held(bank, blueprint)
        if any(True for _ in _fillings(each, bank, blueprint))
    ]
    best: int | None = None
    uses = blueprint.max_uses if blueprint.max_overlap else 1
    for chosen in combinations_with_replacement(possible, forms):
        if any(len(one & other) > blueprint.max_overlap for one, other in combinations(chosen, 2)):
            continue
        if any(sum(name in form for form in chosen) > uses for name in bank):
            continue
        new = sum(blueprint.items - len(form) for form in chosen)
        best = new if best is None else min(best, new)
    return best


def _held(bank: Mapping[str, Item], blueprint: Blueprint) -> Iterator[tuple[str, ...]]:
    """Yield the questions of the bank that one form may hold, few or many."""
    usable = [
        name
        for name, item in bank.items()
        if name not in blueprint.exclude and (blueprint.difficulty is None or item.difficulty is not None)
    ]
    for count in range(blueprint.items + 1):
        for names in combinations(usable, count):
            if set(blueprint.include) <= {*names} and all(
                len({*names} & {*g}) < 2 for g in blueprint.enemies
            ):
                yield names


def _fillings(
    names: Sequence[str], bank: Mapping[str, Item], blueprint: Blueprint
) -> Iterator[tuple[int, ...]]:
    """Yield the kinds of new questions (as places in NEW) that complete these to a form."""
    held = [bank[name] for name in names]
    count = blueprint.items - len(held)
    own = [sum(cell.holds(item) for item in held) for cell in blueprint.cells]
    marks = sum((item.marks for item in held), Decimal(0))
    if blueprint.item_marks is not None and not (
        marks <= blueprint.item_marks if count else marks == blueprint.item_marks
    ):
        return
    for places in combinations_with_replacement(range(len(NEW)), count):
        totals = [
            have + sum(_stands(cell, at) for at in places)
            for have, cell in zip(own, blueprint.cells, strict=True)
        ]
        fits = all(cell.least <= one <= cell.most for cell, one in zip(blueprint.cells, totals, strict=True))
        if fits and _reaches(held, places, blueprint):
            yield places


@cache
def _stands(cell: Cell, at: int) -> bool:
    return cell.holds(NEW[at])


def _reaches(held: Sequence[Item], places: Sequence[int], blueprint: Blueprint) -> bool:
    """Whether the mean can be had with these, a new question being as hard as its band allows."""
    if blueprint.difficulty is None:
        return True
    low = high = sum((item.difficulty or Decimal(0) for item in held), Decimal(0))
    for at in places:
        band = BANDS[at % len(BANDS)] or (Decimal(0), Decimal(1))
        low, high = low + band[0], high + band[1]
    wanted, room = (
        each * blueprint.items for each in (blueprint.difficulty.mean, blueprint.difficulty.tolerance)
    )
    return low <= wanted + room and high >= wanted - room


def _explained(solver: Solver, number: int) -> tuple[dict[str, Item], Blueprint, int, Forms]:
    bank, blueprint, forms = _case(number)
    search = Search(
        solver=solver, blueprint=blueprint, forms=forms, seed=number, effort=20,
        stream=Stream(bytes(32), b"items"), tell=lambda _: None,
    )  # fmt: skip
    return bank, blueprint, forms, assembled(search, bank, without_each(blueprint, forms))


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    with Solver() as found:
        yield found


def test_what_is_lacking_and_what_bars_is_what_trying_everything_says(solver: Solver) -> None:
    seen = {"found": 0, "lacking": 0, "barred": 0, "without": 0}
    for number in range(CASES):
        bank, blueprint, forms, told = _explained(solver, number)
        fewest = _fewest(bank, blueprint, forms)
        where = f"case {number}: {blueprint}, {forms} forms, {told}"
        assert (told.status != "infeasible") == (fewest == 0), where
        if told.forms:
            seen["found"] += 1
            continue
        expected = {
            name for name, other in without_each(blueprint, forms).items() if _fewest(bank, other, forms) == 0
        }
        assert set(told.possible_without) == expected, where
        seen["without"] += bool(expected)
        if fewest is None:
            seen["barred"] += 1
            assert all(set(entry.cell) & {"include", "items", "difficulty"} for entry in told.missing), where
        elif "difficulty" not in expected:
            seen["lacking"] += 1
            assert told.least, where
            assert sum(entry.need - entry.have for entry in told.missing) == fewest, where
            if forms == 1:
                assert _can_be_named(bank, blueprint, told, fewest), where
    assert min(seen.values()) > 30, seen


def _can_be_named(bank: Mapping[str, Item], blueprint: Blueprint, told: Forms, fewest: int) -> bool:
    """Whether new questions that stand in the cells that are named, each in its own, complete a form."""
    named = list(chain.from_iterable([entry.cell] * (entry.need - entry.have) for entry in told.missing))
    cells = {str(cell.as_dict()): cell for cell in blueprint.cells}
    asked = [cells.get(str(dict(cell))) for cell in named]
    return any(
        all(cell is None or cell.holds(NEW[at]) for cell, at in zip(asked, order, strict=True))
        for held in _held(bank, blueprint)
        if blueprint.items - len(held) == fewest
        for places in _fillings(held, bank, blueprint)
        for order in permutations(places)
    )
