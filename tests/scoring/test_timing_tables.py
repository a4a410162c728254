# SPDX-License-Identifier: Apache-2.0
"""Nobody has a second more or less: the rules against a slow reading of them that lets the seconds pass.

``timing.phase`` computes; the reference here counts. It walks from second to second, lets the clock of the
candidate run or stand still, and knows neither sums nor merged intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from scoring.timing import Pause, PersonalTime, PhaseState, SittingPlan, closing_instant, phase

T0 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DURATION, LATE, GRACE, OFFLINE = 120, 20, 10, 30  # seconds, so that every second can be looked at
END = 460


@dataclass(frozen=True, kw_only=True)
class Case:
    """A candidate's day, in seconds after the start."""

    started: int | None = 0
    submitted: int | None = None
    window: int | None = None
    admitted: int | None = None
    given: tuple[int, ...] = ()
    credited: tuple[int, ...] = ()
    pauses: tuple[tuple[int, int | None], ...] = ()


def at(second: int) -> datetime:
    return T0 + timedelta(seconds=second)


def asked(case: Case) -> tuple[SittingPlan, PersonalTime]:
    """The case as the rules take it."""
    plan = SittingPlan(
        opens_at=T0,
        duration=timedelta(seconds=DURATION),
        late=timedelta(seconds=LATE),
        grace=timedelta(seconds=GRACE),
        offline=timedelta(seconds=OFFLINE),
        window_ends_at=None if case.window is None else at(case.window),
    )
    person = PersonalTime(
        started_at=None if case.started is None else at(case.started),
        submitted_at=None if case.submitted is None else at(case.submitted),
        admitted_late_until=None if case.admitted is None else at(case.admitted),
        extra=[timedelta(seconds=one) for one in case.given],
        credited=[timedelta(seconds=one) for one in case.credited],
        pauses=[Pause(starts_at=at(a), ends_at=None if b is None else at(b)) for a, b in case.pauses],
    )
    return plan, person


def counted(case: Case) -> list[tuple[PhaseState, int]]:
    """State and seconds left at every second from the start, by letting the seconds pass one by one."""
    begins = 0 if case.window is None else (case.started or 0)
    left = DURATION
    for one in case.given + case.credited:
        left += one
    over_since: int | None = None
    found = []
    for second in range(END):
        still = any(a <= second and (b is None or second < b) for a, b in case.pauses)
        if second >= begins and left == 0 and over_since is None:
            over_since = second
        holds_up = still and over_since is None
        found.append((_state(case, second, over_since, is_still=holds_up), left))
        if second >= begins and left > 0 and not still:
            left -= 1
    return found


def _state(case: Case, second: int, over_since: int | None, *, is_still: bool) -> PhaseState:
    if case.submitted is not None and second >= case.submitted:
        return PhaseState.SUBMITTED
    if is_still:
        return PhaseState.PAUSED
    if over_since is None:
        return PhaseState.RUNNING
    if second - over_since <= GRACE:
        return PhaseState.GRACE
    return PhaseState.OFFLINE_WINDOW if second - over_since <= GRACE + OFFLINE else PhaseState.CLOSED


STARTS = [Case(), Case(started=15), Case(started=45, window=40), Case(started=0, window=40)]
GIVEN: list[dict[str, tuple[int, ...]]] = [
    {},
    {"given": (30,)},
    {"credited": (12,)},
    {"given": (15, 5), "credited": (7,)},
]
PAUSES: list[tuple[tuple[int, int | None], ...]] = [
    (),
    ((50, 70),),
    ((0, 10),),
    ((50, 70), (60, 80)),  # of the room and of all, overlapping
    ((50, 70), (70, 75)),  # one after the other
    ((40, 90), (50, 60)),  # one inside the other
    ((50, 60), (100, 130)),
    ((119, 150),),  # the last second
    ((120, 150),),  # a second too late, unless time was given
    ((80, None),),  # it lasts
    ((50, 70), (60, None)),
    ((-30, 5),),  # from before the start
]


@pytest.mark.parametrize("pauses", PAUSES, ids=str)
@pytest.mark.parametrize("start", STARTS, ids=["common", "late to it", "own, late in window", "own, at once"])
def test_every_second_is_what_counting_gives(start: Case, pauses: tuple[tuple[int, int | None], ...]) -> None:
    for given in GIVEN:
        for submitted in (None, 100):
            case = replace(start, pauses=pauses, submitted=submitted, **given)  # type: ignore[arg-type]
            plan, person = asked(case)
            begins = 0 if case.window is None else case.started or 0
            for second, (state, left) in enumerate(counted(case)):
                if second < begins:
                    continue
                found = phase(plan, person, at(second))
                seen = (found.state, int(found.remaining.total_seconds()))
                assert seen == (state, left), (case, second)
                takes = state is not PhaseState.SUBMITTED
                in_time = state in {PhaseState.RUNNING, PhaseState.PAUSED, PhaseState.GRACE}
                assert found.accepts_saves == (takes and in_time), (case, second)
                assert found.quarantines == (state is PhaseState.OFFLINE_WINDOW), (case, second)
                assert not found.may_start
                assert found.closes_at == closing_instant(plan, person, at(second))


@pytest.mark.parametrize("pauses", PAUSES, ids=str)
def test_the_end_that_is_told_is_the_second_at_which_time_runs_out(
    pauses: tuple[tuple[int, int | None], ...],
) -> None:
    """Once no pause lasts, ``closes_at`` is said in advance and does not move any more."""
    case = Case(pauses=pauses, given=(30,))
    if any(end is None for _, end in pauses):
        return
    plan, person = asked(case)
    over = next(second for second, (_, left) in enumerate(counted(case)) if left == 0)
    last = max([end or 0 for _, end in pauses], default=0)
    for second in range(max(last, 0), END, 7):
        assert phase(plan, person, at(second)).closes_at == at(over)


@pytest.mark.parametrize("window", [None, 40])
@pytest.mark.parametrize("admitted", [None, 35, 90, 400])
def test_who_has_not_begun_may_begin_until_the_second_that_the_rules_name(
    window: int | None, admitted: int | None
) -> None:
    plan, person = asked(Case(started=None, window=window, admitted=admitted))
    until = max((window or 0) + LATE, admitted or 0)
    for second in range(-5, END):
        found = phase(plan, person, at(second))
        is_open = 0 <= second <= until and (window is not None or second < DURATION)
        expected = (
            PhaseState.BEFORE if second < 0 else PhaseState.MAY_START if is_open else PhaseState.TOO_LATE
        )
        assert (found.state, found.may_start) == (expected, is_open), second
        assert not found.accepts_saves
        assert not found.quarantines
