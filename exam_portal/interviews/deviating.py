# SPDX-License-Identifier: Apache-2.0
"""What the council has before it when ballots deviate: how far apart they are, and what each answer makes."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from exam_portal.interviews import queries
from scoring.marks import Decision
from scoring.reading import UnusableInput
from scoring.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A ballot, and the mark if the council left it out.

    None where the rest would deviate, too, or where nothing would be left (``is_possible`` is false).
    """

    ballot: str
    value: Decimal
    mark: Decimal | None
    is_possible: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """The meeting's figures: the furthest distance from the mean, the spread, and the mark of each answer."""

    from_mean: str
    spread: str
    kept: Decimal | None
    exclusions: Sequence[Exclusion]


def of(
    ruleset: RuleSet, part_key: str, counted: Mapping[str, Any], decided: Sequence[Decision] = ()
) -> Deviation | None:
    """Return what the council decides about, or None where the ballots do not call it together.

    ``decided``: what it has decided before; a ballot that was left out is not before it again.
    """
    pending = queries.result(ruleset, part_key, counted, decided).pending
    if pending is None or pending.code != "panel_must_meet":
        return None
    facts = dict(pending.facts)
    left_out = {one.ballot for one in decided if one.kind == "panel_exclude"}
    return Deviation(
        from_mean=str(facts["from_mean"]),
        spread=str(facts["spread"]),
        kept=queries.result(ruleset, part_key, counted, [*decided, _answer("panel_keep")]).mark,
        exclusions=[
            _exclusion(ruleset, part_key, counted, decided, number, _value(one))
            for one in counted["ballots"]
            for number in [str(one.get("member") or one["slip"])]
            if number not in left_out
        ],
    )


def _exclusion(
    ruleset: RuleSet,
    part_key: str,
    counted: Mapping[str, Any],
    decided: Sequence[Decision],
    ballot: str,
    value: Decimal,
) -> Exclusion:
    answers = [*decided, _answer("panel_exclude", ballot)]
    try:
        mark = queries.result(ruleset, part_key, counted, answers).mark
    except UnusableInput:
        return Exclusion(ballot=ballot, value=value, mark=None, is_possible=False)
    return Exclusion(ballot=ballot, value=value, mark=mark, is_possible=True)


def _answer(kind: str, ballot: str | None = None) -> Decision:
    return Decision(path="", kind=kind, minute="", ballot=ballot)


def _value(one: Mapping[str, Any]) -> Decimal:
    if one.get("scores"):
        return sum((Decimal(score) for score in one["scores"].values()), Decimal(0))
    return Decimal(one["value"])
