# SPDX-License-Identifier: Apache-2.0
"""The time of a hearing, against a slow reading of the same facts that lets the seconds pass."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from exam_portal.interviews.room.timing import (
    Fact,
    FactKind,
    PhaseKey,
    PhaseStatus,
    PlannedPhase,
    current,
    reopenable,
    times,
    upcoming,
)

T0 = datetime(2027, 1, 28, 1, 0, tzinfo=UTC)
PREPARATION, PRESENTATION, QUESTIONS = PhaseKey
START, PAUSE, RESUME, END = FactKind
PLAN = [
    PlannedPhase(key=PREPARATION, minutes=2),
    PlannedPhase(key=PRESENTATION, minutes=1),
    PlannedPhase(key=QUESTIONS, minutes=2),
]
Told = tuple[PhaseKey, FactKind, int]
DAYS: dict[str, Sequence[Told]] = {
    "nothing yet": [],
    "runs over its minutes": [(PREPARATION, START, 5)],
    "ends early": [(PREPARATION, START, 5), (PREPARATION, END, 40)],
    "ends on the second": [(PREPARATION, START, 0), (PREPARATION, END, 120)],
    "ends a second late": [(PREPARATION, START, 0), (PREPARATION, END, 121)],
    "stands still twice": [
        (PRESENTATION, START, 10),
        (PRESENTATION, PAUSE, 30),
        (PRESENTATION, RESUME, 75),
        (PRESENTATION, PAUSE, 80),
        (PRESENTATION, RESUME, 81),
        (PRESENTATION, END, 150),
    ],
    "ends while it stands still": [
        (QUESTIONS, START, 10),
        (QUESTIONS, PAUSE, 20),
        (QUESTIONS, END, 99),
    ],
    "goes on after an end by mistake": [
        (QUESTIONS, START, 10),
        (QUESTIONS, END, 20),
        (QUESTIONS, RESUME, 50),
        (QUESTIONS, END, 60),
    ],
    "one after the other": [
        (PREPARATION, START, 0),
        (PREPARATION, END, 100),
        (PRESENTATION, START, 101),
        (PRESENTATION, END, 170),
        (QUESTIONS, START, 170),
    ],
}


def facts(told: Sequence[Told]) -> list[Fact]:
    return [Fact(phase=phase, kind=kind, at=T0 + timedelta(seconds=at)) for phase, kind, at in told]


def walked(told: Sequence[Told], key: PhaseKey, second: int) -> tuple[int, int, PhaseStatus]:
    """Return seconds used, seconds stood still, and the state: counted one second after the other."""
    used = stopped = 0
    pending = 0
    state = PhaseStatus.WAITING
    for now in range(second + 1):
        for phase, kind, at in told:
            if at == now and phase is key:
                if kind is RESUME:
                    stopped, pending = stopped + pending, 0
                state = {
                    START: PhaseStatus.RUNNING,
                    RESUME: PhaseStatus.RUNNING,
                    PAUSE: PhaseStatus.PAUSED,
                }.get(kind, PhaseStatus.ENDED)
        if now == second:
            break
        if state is PhaseStatus.RUNNING:
            used += 1
        elif state is PhaseStatus.PAUSED:
            stopped += 1
        elif state is PhaseStatus.ENDED:
            pending += 1
    return used, stopped, state


@pytest.mark.parametrize("name", DAYS)
def test_at_every_second_the_clock_says_what_the_passing_seconds_say(name: str) -> None:
    for second in range(200):
        told = [one for one in DAYS[name] if one[2] <= second]
        found = times(PLAN, facts(told), T0 + timedelta(seconds=second))
        for phase in found:
            used, stopped, state = walked(told, phase.key, second)
            assert phase.status is state, (name, second)
            assert phase.used == timedelta(seconds=used), (name, second)
            assert phase.stopped == timedelta(seconds=stopped), (name, second)
            assert phase.remaining + phase.used == phase.allowed
            assert phase.overrun == max(timedelta(0), phase.used - phase.allowed)


def test_the_last_second_is_no_overrun_and_the_next_one_is() -> None:
    started = facts([(PRESENTATION, START, 0)])
    at_the_end = times(PLAN, started, T0 + timedelta(seconds=60))[1]
    assert (at_the_end.remaining, at_the_end.overrun) == (timedelta(0), timedelta(0))
    after = times(PLAN, started, T0 + timedelta(seconds=61))[1]
    assert (after.remaining, after.overrun) == (timedelta(seconds=-1), timedelta(seconds=1))
    assert after.status is PhaseStatus.RUNNING  # nobody is cut off


def test_a_clock_that_was_turned_back_gives_nobody_time() -> None:
    told = facts([(PRESENTATION, START, 30), (PRESENTATION, PAUSE, 10)])
    assert times(PLAN, told, T0)[1].used == timedelta(0)


def test_phases_begin_in_their_order_and_none_comes_back() -> None:
    def keys(told: Sequence[Told]) -> list[PhaseKey]:
        return [one.key for one in upcoming(times(PLAN, facts(told), T0 + timedelta(seconds=200)))]

    assert keys([]) == [PREPARATION, PRESENTATION, QUESTIONS]
    assert keys([(PREPARATION, START, 0)]) == []
    assert keys([(PREPARATION, START, 0), (PREPARATION, PAUSE, 9)]) == []
    assert keys([(PREPARATION, START, 0), (PREPARATION, END, 9)]) == [PRESENTATION, QUESTIONS]
    assert keys([(QUESTIONS, START, 0), (QUESTIONS, END, 9)]) == []


def test_only_the_end_of_the_last_phase_can_be_taken_back() -> None:
    ended = [(PREPARATION, START, 0), (PREPARATION, END, 9)]
    now = T0 + timedelta(seconds=200)
    assert reopenable(times(PLAN, facts([]), now)) is None
    found = reopenable(times(PLAN, facts(ended), now))
    assert found is not None
    assert found.key is PREPARATION
    assert reopenable(times(PLAN, facts([*ended, (PRESENTATION, START, 20)]), now)) is None


def test_at_most_one_phase_is_on() -> None:
    for told in DAYS.values():
        for count in range(len(told) + 1):
            found = times(PLAN, facts(told[:count]), T0 + timedelta(seconds=200))
            on = [one for one in found if one.is_on]
            assert len(on) <= 1
            assert current(found) is (on[0] if on else None)


def test_parts_of_a_second_are_neither_lost_nor_given() -> None:
    stretches = [timedelta(milliseconds=ms) for ms in (1, 999, 1001, 333)]
    at = T0
    told: list[Fact] = []
    for stretch, kind in zip(stretches, itertools.cycle([START, PAUSE]), strict=False):
        told.append(Fact(phase=QUESTIONS, kind=RESUME if kind is START and told else kind, at=at))
        at += stretch
    found = times(PLAN, told, at)[2]
    assert found.used == stretches[0] + stretches[2]
    assert found.stopped == stretches[1] + stretches[3]
