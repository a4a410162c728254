# SPDX-License-Identifier: Apache-2.0
"""`assemble`: forms that satisfy the blueprint, each with the proof, or what the bank lacks."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from question_bank.assembly.process import Solver
from question_bank.assembly.solving import Found, Search, Told
from question_bank.assembly.supply import Missing, eligible, shortages
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.json_values import Json
from question_bank.proof import Check, checks
from question_bank.shuffling import Stream

SCHEMA = "exam-portal/forms/1"
Status = Literal["optimal", "feasible", "infeasible"]
EFFORT = 20  # deterministic seconds for one attempt; there are at most five
ENOUGH = 3  # times the items that are needed: from so many, drawn by the seed, forms are made first


class AssemblyBroken(RuntimeError):
    """The independent check refused a form of the solver: a fault of the program, never of the bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledForm:
    """One form with the check of every constraint."""

    id: str
    items: tuple[str, ...]
    checks: tuple[Check, ...]

    def as_dict(self) -> dict[str, Json]:
        """The form as printed."""
        return {"id": self.id, "items": self.items, "checks": [check.as_dict() for check in self.checks]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms, or what is missing; not `proved` where the solver gave up before it knew.

    `optimal`: no forms of this bank lie nearer to the difficulty that was asked for, or (where none was) to
    each other, by more than 0.0005.
    """

    status: Status
    seed: int
    forms: tuple[AssembledForm, ...]
    missing: tuple[Missing, ...]
    proved: bool

    def as_dict(self) -> dict[str, Json]:
        """The result in the form of ``exam-portal/forms/1``."""
        return {
            "schema": SCHEMA,
            "status": self.status,
            "seed": self.seed,
            "forms": [form.as_dict() for form in self.forms],
            "missing": [entry.as_dict() for entry in self.missing],
        }


def bank_of(items: Iterable[Item]) -> dict[str, Item]:
    """The items by id, of each the highest version."""
    bank: dict[str, Item] = {}
    for item in items:
        if item.id not in bank or bank[item.id].version < item.version:
            bank[item.id] = item
    return bank


def assemble(
    items: Iterable[Item],
    blueprint: Blueprint,
    forms: int,
    seed: int,
    *,
    effort: int = EFFORT,
    tell: Callable[[Told], None] | None = None,
    is_wanted: Callable[[], bool] | None = None,
) -> Forms:
    """The same forms for the same items, blueprint, number and seed; other code checks each constraint.

    `effort` bounds each attempt of the solver, `tell` hears of its steps, and it is ended where `is_wanted`,
    asked about once a second in another thread, says no. Raises `SolverFailed` where its process dies, and
    `Stopped`.
    """
    if forms < 1:
        raise ValueError("at least one form has to be assembled")
    bank = bank_of(items)
    pool = eligible(bank, blueprint)
    missing = shortages(pool, blueprint, forms)
    if missing:
        return Forms(status="infeasible", seed=seed, forms=(), missing=missing, proved=True)
    stream = Stream(hashlib.sha256(f"exam/assembly/v2 {seed}".encode()).digest(), b"items")
    is_proved = False
    with Solver(is_wanted) as solver:
        search = Search(
            solver=solver,
            blueprint=blueprint,
            forms=forms,
            seed=seed,
            effort=effort,
            stream=stream,
            tell=tell or (lambda _: None),
        )
        for part, shared in _attempts(pool, stream, blueprint, forms):
            found = search.found_in(part, shared=shared)
            is_whole = len(part) == len(pool)
            if found.forms:
                return _result(found, bank, blueprint, seed, is_whole=is_whole)
            is_proved = found.proved and is_whole and shared == _may_share(blueprint, forms)
        missing = search.lacking(pool)
    if not missing:
        missing = (Missing(cell={"items": blueprint.items}, need=forms * blueprint.items, have=0),)
    return Forms(status="infeasible", seed=seed, forms=(), missing=missing, proved=is_proved)


def lacking_by_counting(items: Iterable[Item], blueprint: Blueprint, forms: int) -> tuple[Missing, ...]:
    """What the items lack as far as counting shows; empty says nothing about whether there are such forms."""
    return shortages(eligible(bank_of(items), blueprint), blueprint, forms)


def _attempts(
    pool: Mapping[str, Item], stream: Stream, blueprint: Blueprint, forms: int
) -> Iterator[tuple[Mapping[str, Item], bool]]:
    """Yield a part of the pool that is drawn by the seed and should do, then all of it; apart before shared.

    The part makes the draw a draw (the best form of a whole bank is the same for every seed) and the solver
    fast; where it does not do, the whole bank decides. Forms share items only where they have to.
    """
    some = _portion(pool, stream.shuffled(sorted(pool)), blueprint, forms)
    shares = _may_share(blueprint, forms)
    if not shares or not blueprint.include:
        if len(some) < len(pool):
            yield some, False
        yield pool, False
    if shares:
        if len(some) < len(pool):
            yield some, True
        yield pool, True


def _may_share(blueprint: Blueprint, forms: int) -> bool:
    return forms > 1 and blueprint.max_uses > 1 and blueprint.max_overlap > 0


def _portion(
    pool: Mapping[str, Item], order: Sequence[str], blueprint: Blueprint, forms: int
) -> Mapping[str, Item]:
    wanted = {*blueprint.include}
    for cell in blueprint.cells:
        inside = [name for name in order if cell.holds(pool[name])]
        wanted.update(inside[: ENOUGH * forms * cell.least + ENOUGH])
    rest = [name for name in order if name not in wanted]
    wanted.update(rest[: max(ENOUGH * forms * blueprint.items - len(wanted), ENOUGH * forms)])
    return {name: pool[name] for name in sorted(wanted)}


def _result(
    found: Found, bank: Mapping[str, Item], blueprint: Blueprint, seed: int, *, is_whole: bool
) -> Forms:
    is_best = found.is_even or (is_whole and found.is_best)
    return Forms(
        status="optimal" if is_best else "feasible",
        seed=seed,
        forms=_proved(found.forms, bank, blueprint),
        missing=(),
        proved=True,
    )


def _proved(
    found: Sequence[tuple[str, ...]], bank: Mapping[str, Item], blueprint: Blueprint
) -> tuple[AssembledForm, ...]:
    proved = []
    for number, names in enumerate(found):
        results = checks(found, number, bank, blueprint)
        if not all(check.holds for check in results):
            broken = next(check for check in results if not check.holds)
            raise AssemblyBroken(f"form {number + 1}: {broken.constraint}, found {broken.value}")
        proved.append(AssembledForm(id=f"F{number + 1}", items=names, checks=results))
    return tuple(proved)
