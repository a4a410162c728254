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
    """A ballot, and the mark if the council left it out; None where the rest would deviate, too."""

    ballot: str
    value: Decimal
    mark: Decimal | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """The meeting's figures: the furthest distance from the mean, the spread, and the mark of each answer."""

    from_mean: str
    spread: str
    kept: Decimal | None
    exclusions: Sequence[Exclusion]


def of(ruleset: RuleSet, part_key: str, counted: Mapping[str, Any]) -> Deviation | None:
    """Return what the council decides about, or None where the ballots do not call it together."""
    pending = queries.result(ruleset, part_key, counted).pending
    if pending is None or pending.code != "panel_must_meet":
        return None
    facts = dict(pending.facts)
    return Deviation(
        from_mean=str(facts["from_mean"]),
        spread=str(facts["spread"]),
        kept=_mark(ruleset, part_key, counted, "panel_keep"),
        exclusions=[
            Exclusion(
                ballot=number,
                value=_value(one),
                mark=_mark(ruleset, part_key, counted, "panel_exclude", number),
            )
            for one in counted["ballots"]
            for number in [str(one.get("member") or one["slip"])]
        ],
    )


def _mark(
    ruleset: RuleSet, part_key: str, counted: Mapping[str, Any], kind: str, ballot: str | None = None
) -> Decimal | None:
    decision = Decision(path="", kind=kind, minute="", ballot=ballot)
    try:
        return queries.result(ruleset, part_key, counted, [decision]).mark
    except UnusableInput:  # too few would be left to count
        return None


def _value(one: Mapping[str, Any]) -> Decimal:
    if one.get("scores"):
        return sum((Decimal(score) for score in one["scores"].values()), Decimal(0))
    return Decimal(one["value"])
