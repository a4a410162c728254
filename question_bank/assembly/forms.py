# SPDX-License-Identifier: Apache-2.0
"""`assemble`: forms that satisfy the blueprint, each with the proof, or what the bank lacks."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from question_bank.assembly import shortfall, supply
from question_bank.assembly.process import Solver
from question_bank.assembly.rules import without_each
from question_bank.assembly.shortfall import Shortfall
from question_bank.assembly.solving import Found, Pool, Search, Told
from question_bank.assembly.supply import Missing, eligible, shortages
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.json_values import Json
from question_bank.proof import Check, checks
from question_bank.shuffling import Stream

SCHEMA = "exam-portal/forms/1"
Status = Literal["optimal", "feasible", "infeasible", "unknown"]
RULE_EFFORT = 4  # deterministic seconds to find forms without one of the rules
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
    """The forms, or why there are none: what is missing, and each rule without which there would be some.

    `infeasible` is proved; `unknown`: the solver gave up before it knew, and nothing is missing. No smaller
    figures of what is missing would do where they are `least`.

    `optimal`: no forms of this bank lie nearer to the difficulty that was asked for, or (where none was) to
    each other, by more than 0.0005.
    """

    status: Status
    seed: int
    forms: tuple[AssembledForm, ...]
    missing: tuple[Missing, ...] = ()
    possible_without: tuple[str, ...] = ()
    least: bool = True

    def as_dict(self) -> dict[str, Json]:
        """The result in the form of ``exam-portal/forms/1``."""
        told: dict[str, Json] = {
            "schema": SCHEMA,
            "status": self.status,
            "seed": self.seed,
            "forms": [form.as_dict() for form in self.forms],
            "missing": [entry.as_dict() for entry in self.missing],
        }
        if self.status == "infeasible":
            told |= {"possible_without": self.possible_without, "least": self.least}
        return told


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
    effort: int | None = None,
    tell: Callable[[Told], None] | None = None,
    is_wanted: Callable[[], bool] | None = None,
    relaxed: Mapping[str, Blueprint] | None = None,
) -> Forms:
    """The same forms for the same items, blueprint, number and seed; other code checks each constraint.

    `effort` bounds each attempt of the solver (by default `EFFORT`), `tell` hears of its steps, and it is
    ended where `is_wanted`, asked about once a second in another thread, says no. Where there are no forms,
    it is tried whether each of the `relaxed` blueprints (by default `rules.without_each`) gives some. Raises
    `SolverFailed` where its process dies, and `Stopped`.
    """
    if forms < 1:
        raise ValueError("at least one form has to be assembled")
    bank = bank_of(items)
    stream = Stream(hashlib.sha256(f"exam/assembly/v2 {seed}".encode()).digest(), b"items")
    with Solver(is_wanted) as solver:
        search = Search(
            solver=solver,
            blueprint=blueprint,
            forms=forms,
            seed=seed,
            effort=EFFORT if effort is None else effort,
            stream=stream,
            tell=tell or (lambda _: None),
        )
        return assembled(search, bank, relaxed or without_each(blueprint, forms))


def assembled(search: Search, bank: Mapping[str, Item], relaxed: Mapping[str, Blueprint]) -> Forms:
    """The forms of the search, proved by other code, or why there are none."""
    pool = eligible(bank, search.blueprint)
    found, is_whole = _sought(search, pool)
    if not found.forms:
        gap = _shortfall(search, pool)
        if not gap.forms:
            gap = replace(gap, is_impossible=gap.is_impossible or found.proved)
            return _explained(search, bank, gap, relaxed)
        found, is_whole = Found(forms=gap.forms), True
    return _result(found, bank, search.blueprint, search.seed, is_whole=is_whole)


def lacking_by_counting(items: Iterable[Item], blueprint: Blueprint, forms: int) -> tuple[Missing, ...]:
    """What the items lack as far as counting shows; empty says nothing about whether there are such forms."""
    return shortages(eligible(bank_of(items), blueprint), blueprint, forms)


def _sought(search: Search, pool: Pool) -> tuple[Found, bool]:
    """Return what the attempts find, and whether it was sought in the whole pool."""
    blueprint, forms = search.blueprint, search.forms
    if shortages(pool, blueprint, forms):
        return Found(proved=True), True
    is_proved = False
    for part, shared in _attempts(pool, search.stream, blueprint, forms):
        found = search.found_in(part, shared=shared)
        is_whole = len(part) == len(pool)
        if found.forms:
            return found, is_whole
        is_proved = found.proved and is_whole and shared == _may_share(blueprint, forms)
    return Found(proved=is_proved), True


def _shortfall(search: Search, pool: Pool) -> Shortfall:
    """Return what is lacking: by the solver or, where its time does not suffice, as far as counting shows."""
    blueprint, forms = search.blueprint, search.forms
    against = supply.not_included(pool, blueprint, forms)
    if against:
        return Shortfall(missing=tuple(against), is_impossible=True, is_least=True)
    found = shortfall.count(search, pool, shared=_may_share(blueprint, forms))
    if found.missing or found.forms:
        return found
    if found.is_least:  # no bank would do
        return replace(found, missing=tuple(supply.beyond(pool, blueprint)))
    counted = shortages(pool, blueprint, forms)
    return replace(found, missing=counted, is_impossible=found.is_impossible or bool(counted))


def _explained(
    search: Search, bank: Mapping[str, Item], gap: Shortfall, relaxed: Mapping[str, Blueprint]
) -> Forms:
    if not gap.is_impossible:
        return Forms(status="unknown", seed=search.seed, forms=())
    quietly = replace(search, effort=min(RULE_EFFORT, search.effort), tell=lambda _: None)
    without = tuple(
        name
        for name, blueprint in relaxed.items()
        if _sought(replace(quietly, blueprint=blueprint), eligible(bank, blueprint))[0].forms
    )
    pool, far = eligible(bank, search.blueprint), None
    if "difficulty" in without and not supply.not_included(pool, search.blueprint, search.forms):
        far = shortfall.nearest(search, pool)
    return Forms(
        status="infeasible",
        seed=search.seed,
        forms=(),
        missing=gap.missing if far is None else (far,),
        possible_without=without,
        least=gap.is_least or far is not None,
    )


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
