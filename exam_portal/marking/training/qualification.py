# SPDX-License-Identifier: Apache-2.0
"""Who is qualified: at least k of the training scripts within a tolerance, in one of n tries. Pure."""

import dataclasses
from collections.abc import Collection, Mapping
from decimal import Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What qualifies."""

    needed: int
    tolerance: Decimal
    tries: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a marker is with the training."""

    try_number: int  # the one under way, or the last
    done: frozenset[int]  # scripts that are marked in it
    within: int  # of them, close enough to the agreed mark
    count: int  # scripts to mark in a try
    is_qualified: bool
    is_over: bool  # every try is used up without success


def state(rule: Rule, scripts: Collection[int], differences: Mapping[int, Mapping[int, Decimal]]) -> State:
    """Return where a marker stands, from the differences to the agreed marks by try and script.

    A try counts when every script of the training has its mark in it.
    """
    wanted = frozenset(scripts)
    number = 1
    for number in range(1, rule.tries + 1):
        found = {script: gap for script, gap in differences.get(number, {}).items() if script in wanted}
        within = sum(abs(gap) <= rule.tolerance for gap in found.values())
        is_complete = bool(wanted) and set(found) == wanted
        is_qualified = is_complete and within >= min(rule.needed, len(wanted))
        is_last = number == rule.tries
        if is_qualified or not is_complete or is_last:
            return State(
                try_number=number,
                done=frozenset(found),
                within=within,
                count=len(wanted),
                is_qualified=is_qualified,
                is_over=is_complete and is_last and not is_qualified,
            )
    raise AssertionError("a rule has at least one try")


def passes_with(rule: Rule, before: State, difference: Decimal) -> bool:
    """Whether a marker who stands there passes with one more mark, so far from the agreed one."""
    within = before.within + (abs(difference) <= rule.tolerance)
    return len(before.done) + 1 == before.count and within >= min(rule.needed, before.count)
