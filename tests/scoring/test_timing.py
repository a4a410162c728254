# SPDX-License-Identifier: Apache-2.0
"""Time tables at second steps around every boundary of a sitting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ruleset import read_ruleset
from scoring.timing import Pause, PersonalTime, PhaseState, SittingPlan, phase, plan_of
from tests.scoring.builders import gate_content, weighted_content

T0 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def a_plan(**overrides: Any) -> SittingPlan:
    given: dict[str, Any] = {
        "opens_at": T0,
        "duration": 60 * MINUTE,
        "late": 10 * MINUTE,
        "grace": MINUTE,
        "offline": 10 * MINUTE,
        **overrides,
    }
    return SittingPlan(**given)


STARTED = PersonalTime(started_at=T0)


@pytest.mark.parametrize(
    ("after", "state", "saves", "quarantines", "remaining"),
    [
        (-SECOND, PhaseState.BEFORE, False, False, 60 * MINUTE),
        (timedelta(0), PhaseState.RUNNING, True, False, 60 * MINUTE),
        (60 * MINUTE - SECOND, PhaseState.RUNNING, True, False, SECOND),
        (60 * MINUTE, PhaseState.GRACE, True, False, timedelta(0)),
        (61 * MINUTE - SECOND, PhaseState.GRACE, True, False, timedelta(0)),
        (61 * MINUTE, PhaseState.GRACE, True, False, timedelta(0)),
        (61 * MINUTE + SECOND, PhaseState.OFFLINE_WINDOW, False, True, timedelta(0)),
        (71 * MINUTE, PhaseState.OFFLINE_WINDOW, False, True, timedelta(0)),
        (71 * MINUTE + SECOND, PhaseState.CLOSED, False, False, timedelta(0)),
    ],
)
def test_a_sitting_passes_through_its_states_to_the_second(
    after: timedelta, state: PhaseState, saves: bool, quarantines: bool, remaining: timedelta
) -> None:
    found = phase(a_plan(), STARTED, T0 + after)
    assert (found.state, found.accepts_saves, found.quarantines, found.remaining) == (
        state,
        saves,
        quarantines,
        remaining,
    )


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (-SECOND, PhaseState.BEFORE),
        (timedelta(0), PhaseState.MAY_START),
        (10 * MINUTE, PhaseState.MAY_START),
        (10 * MINUTE + SECOND, PhaseState.TOO_LATE),
    ],
)
def test_late_is_counted_to_the_second(after: timedelta, state: PhaseState) -> None:
    found = phase(a_plan(), PersonalTime(), T0 + after)
    assert (found.state, found.may_start) == (state, state is PhaseState.MAY_START)
    assert not found.accepts_saves


def test_the_chair_may_admit_later_and_nobody_may_start_after_the_end() -> None:
    admitted = PersonalTime(admitted_late_until=T0 + 20 * MINUTE)
    assert phase(a_plan(), admitted, T0 + 20 * MINUTE).may_start
    assert not phase(a_plan(), admitted, T0 + 20 * MINUTE + SECOND).may_start
    forever = PersonalTime(admitted_late_until=T0 + 90 * MINUTE)
    assert phase(a_plan(), forever, T0 + 60 * MINUTE).state is PhaseState.TOO_LATE


def test_whoever_comes_late_to_a_common_start_ends_with_the_others() -> None:
    late = PersonalTime(started_at=T0 + 9 * MINUTE)
    assert phase(a_plan(), late, T0 + 30 * MINUTE).closes_at == T0 + 60 * MINUTE


def test_in_a_start_window_the_clock_is_the_candidates_own() -> None:
    plan = a_plan(window_ends_at=T0 + 30 * MINUTE)
    own = PersonalTime(started_at=T0 + 25 * MINUTE)
    assert phase(plan, own, T0 + 26 * MINUTE).closes_at == T0 + 85 * MINUTE
    assert phase(plan, PersonalTime(), T0 + 40 * MINUTE).may_start
    assert not phase(plan, PersonalTime(), T0 + 40 * MINUTE + SECOND).may_start


def test_extra_minutes_and_credited_outages_move_the_end() -> None:
    given = PersonalTime(started_at=T0, extra=(15 * MINUTE, 5 * MINUTE), credited=(12 * MINUTE,))
    found = phase(a_plan(), given, T0 + 91 * MINUTE)
    assert (found.closes_at, found.state) == (T0 + 92 * MINUTE, PhaseState.RUNNING)


def test_a_credit_after_the_end_opens_the_time_again() -> None:
    assert phase(a_plan(), STARTED, T0 + 65 * MINUTE).state is PhaseState.OFFLINE_WINDOW
    credited = PersonalTime(started_at=T0, credited=(12 * MINUTE,))
    assert phase(a_plan(), credited, T0 + 65 * MINUTE).state is PhaseState.RUNNING


def test_while_a_pause_lasts_the_remaining_time_stands_still() -> None:
    paused = PersonalTime(started_at=T0, pauses=(Pause(starts_at=T0 + 20 * MINUTE),))
    for minutes in (20, 25, 500):
        found = phase(a_plan(), paused, T0 + minutes * MINUTE)
        assert (found.state, found.remaining, found.accepts_saves) == (PhaseState.PAUSED, 40 * MINUTE, True)
    resumed = PersonalTime(
        started_at=T0, pauses=(Pause(starts_at=T0 + 20 * MINUTE, ends_at=T0 + 32 * MINUTE),)
    )
    assert phase(a_plan(), resumed, T0 + 32 * MINUTE).state is PhaseState.RUNNING
    assert phase(a_plan(), resumed, T0 + 33 * MINUTE).closes_at == T0 + 72 * MINUTE


def test_overlapping_pauses_of_room_and_person_give_time_back_once() -> None:
    both = PersonalTime(
        started_at=T0,
        pauses=(
            Pause(starts_at=T0 + 20 * MINUTE, ends_at=T0 + 30 * MINUTE),
            Pause(starts_at=T0 + 25 * MINUTE, ends_at=T0 + 32 * MINUTE),
        ),
    )
    assert phase(a_plan(), both, T0 + 40 * MINUTE).closes_at == T0 + 72 * MINUTE


@pytest.mark.parametrize(("starts", "gained"), [(-10, 5), (60, 0), (90, 0), (59, 15)])
def test_a_pause_gives_back_only_time_of_the_sitting(starts: int, gained: int) -> None:
    pause = Pause(starts_at=T0 + starts * MINUTE, ends_at=T0 + (starts + 15) * MINUTE)
    found = phase(a_plan(), PersonalTime(started_at=T0, pauses=(pause,)), T0 + 200 * MINUTE)
    assert found.closes_at == T0 + (60 + gained) * MINUTE


def test_after_submission_nothing_is_accepted() -> None:
    done = PersonalTime(started_at=T0, submitted_at=T0 + 30 * MINUTE)
    assert phase(a_plan(), done, T0 + 30 * MINUTE - SECOND).accepts_saves
    found = phase(a_plan(), done, T0 + 30 * MINUTE)
    assert (found.state, found.accepts_saves, found.quarantines) == (PhaseState.SUBMITTED, False, False)


def test_whoever_never_started_saves_nothing() -> None:
    found = phase(a_plan(), PersonalTime(), T0 + 61 * MINUTE + SECOND)
    assert not found.accepts_saves
    assert not found.quarantines


@pytest.mark.parametrize(("minutes", "late"), [(15, 5), (30, 5), (31, 5), (59, 5), (60, 10), (180, 10)])
def test_lateness_follows_the_duration_of_the_part(minutes: int, late: int) -> None:
    rules = gate_content()
    rules["parts"][0]["duration_minutes"] = minutes
    plan = plan_of(read_ruleset(rules), "written", T0)
    assert (plan.duration, plan.late) == (minutes * MINUTE, late * MINUTE)
    assert (plan.grace, plan.offline) == (60 * SECOND, 10 * MINUTE)


def test_a_part_without_a_duration_has_no_plan() -> None:
    rules = weighted_content()
    vote = {"key": "confidence", "kind": "vote", "role": "advisory", "panel": {"size": 7}}
    rules["parts"].append(vote)
    with pytest.raises(ValueError, match="no duration"):
        plan_of(read_ruleset(rules), "confidence", T0)


@given(
    st.lists(st.tuples(st.integers(-30, 120), st.integers(0, 60)), max_size=5),
    st.lists(st.integers(0, 30), max_size=3),
    st.integers(0, 7200),
)
def test_what_is_given_never_shortens_the_time(
    pauses: list[tuple[int, int]], extra: list[int], seconds: int
) -> None:
    person = PersonalTime(
        started_at=T0,
        extra=tuple(minutes * MINUTE for minutes in extra),
        pauses=tuple(
            Pause(starts_at=T0 + starts * MINUTE, ends_at=T0 + (starts + length) * MINUTE)
            for starts, length in pauses
        ),
    )
    now = T0 + seconds * SECOND
    given, bare = phase(a_plan(), person, now), phase(a_plan(), STARTED, now)
    assert given.closes_at >= bare.closes_at
    assert given.remaining >= bare.remaining
    assert given.accepts_saves or not bare.accepts_saves
    later = phase(a_plan(), person, now + SECOND)
    assert later.closes_at >= given.closes_at
    assert later.remaining <= given.remaining
