# SPDX-License-Identifier: Apache-2.0
"""`assemble`: forms that satisfy the blueprint, each with the proof, or what the bank lacks."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from question_bank.assembly.search import Draft, draw_order
from question_bank.assembly.supply import Missing, eligible, shortages
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.json_values import Json
from question_bank.proof import Check, checks

SCHEMA = "exam-portal/forms/1"
Status = Literal["optimal", "feasible", "infeasible"]
_RESTARTS = 8
_TRIES = 12


class AssemblyBroken(RuntimeError):
    """The independent check refused a form the search offered: a fault of the program, never of the bank."""


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
    """The forms, or what is missing; not `proved` where the search gave up without proving impossibility."""

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


def assemble(items: Iterable[Item], blueprint: Blueprint, forms: int, seed: int) -> Forms:
    """The same forms for the same items, blueprint, number and seed; other code checks each constraint."""
    if forms < 1:
        raise ValueError("at least one form has to be assembled")
    bank = bank_of(items)
    pool = eligible(bank, blueprint)
    missing = shortages(pool, blueprint, forms)
    if missing:
        return Forms(status="infeasible", seed=seed, forms=(), missing=missing, proved=True)
    found, stuck = _search(pool, blueprint, forms, seed)
    if found is None:
        return Forms(status="infeasible", seed=seed, forms=(), missing=stuck, proved=False)
    return Forms(status="feasible", seed=seed, forms=_proved(found, bank, blueprint), missing=(), proved=True)


def _search(
    pool: Mapping[str, Item], blueprint: Blueprint, forms: int, seed: int
) -> tuple[list[tuple[str, ...]] | None, tuple[Missing, ...]]:
    secret = hashlib.sha256(f"exam/assembly/v1 {seed}".encode()).digest()
    stuck: tuple[Missing, ...] = ()
    for restart in range(_RESTARTS):
        found: list[tuple[str, ...]] = []
        while len(found) < forms:
            form, stuck = _one_form(pool, blueprint, found, secret, f"{restart}/{len(found)}")
            if form is None:
                break
            found.append(form)
        if len(found) == forms:
            return found, ()
    return None, stuck


def _one_form(
    pool: Mapping[str, Item],
    blueprint: Blueprint,
    earlier: Sequence[tuple[str, ...]],
    secret: bytes,
    label: str,
) -> tuple[tuple[str, ...] | None, tuple[Missing, ...]]:
    used = Counter(name for form in earlier for name in form)
    stuck: tuple[Missing, ...] = ()
    for attempt in range(_TRIES):
        order = draw_order(pool, secret, f"{label}/{attempt}", used)
        draft = Draft(pool, blueprint, earlier)
        short = draft.fill(order)
        if short is not None:
            stuck = (_short(draft, short, blueprint),)
        elif draft.near_difficulty():
            return draft.in_order(order), ()
        else:
            stuck = (Missing(cell={"difficulty": True}, need=blueprint.items, have=len(draft.chosen)),)
    return None, stuck


def _short(draft: Draft, cell: int, blueprint: Blueprint) -> Missing:
    if cell < 0:
        return Missing(cell={"items": blueprint.items}, need=blueprint.items, have=len(draft.chosen))
    return Missing(
        cell=blueprint.cells[cell].as_dict(), need=blueprint.cells[cell].least, have=draft.count(cell)
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
