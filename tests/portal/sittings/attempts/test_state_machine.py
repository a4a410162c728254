# SPDX-License-Identifier: Apache-2.0
"""Any order of saves, replays, moves, pauses, grants, submits and clocks, against a small model."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.sittings.attempts import chain, errors, fsck, quarantine, replaying, service
from exam_portal.sittings.models import Attempt, LateEvent, Sitting, SittingEvent, Submission, TimeGrant
from scoring import timing
from tests.harness.databases import settings_in
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.builders import HOUR, T0, Player, an_event, handed_in

MINUTE = timedelta(minutes=1)
PLAN = timing.SittingPlan(opens_at=T0, duration=HOUR, late=timedelta(0), grace=MINUTE, offline=10 * MINUTE)


class AttemptMachine(RuleBasedStateMachine):
    """Two devices, an invigilator and a clock; the model holds what was acknowledged and when time ends."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="attempt-machine-"))
        shutil.copyfile(self.template, self.folder / "portal.sqlite3")
        self.database = Database(settings_in(self.folder))
        with self.database.writing(unhurried=True) as session:
            attempt, sitting = builders.a_prepared_attempt(session)
            self.ids = (attempt.id, sitting.id)
            lease = service.take_attempt(session, NOBODY, T0, attempt=attempt, device="first")
            builders.start(session, sitting, T0)
        self.devices = [self.device(lease)]
        self.now = T0
        self.extra: list[timedelta] = []
        self.pauses: list[timing.Pause] = []
        self.receipt: Any = None
        self.kept_apart: set[str] = set()
        self.paused_at: datetime | None = None
        self.is_submitted = False
        self.promised: list[bytes] = []
        self.last: tuple[Player, Any, Any] | None = None

    def attempt(self, session: Session) -> Attempt:
        return session.get_one(Attempt, self.ids[0])

    def device(self, lease: str) -> Player:
        with self.database.reading() as session:
            attempt = self.attempt(session)
            return Player(self.database, builders.token_of(attempt, lease=lease), attempt.head, attempt.seq)

    def may_write(self, player: Player) -> bool:
        in_time = T0 <= self.now <= self.closes + MINUTE
        return player is self.devices[-1] and in_time and not self.paused_at and not self.is_submitted

    @rule(count=st.integers(1, 3), old=st.booleans())
    def save(self, count: int, old: bool) -> None:
        player = self.devices[0 if old else -1]
        player.now = self.now
        first = len(self.promised) + 1
        events = [an_event(first + n, "abcd"[(first + n) % 4]) for n in range(count)]
        batch = player.batch(*events)
        is_current = player.seq == len(self.promised)
        try:
            saved = player.send(batch)
        except DomainError as refused:
            was_due = self.may_write(player) and is_current
            if isinstance(refused, errors.AttemptClosed | errors.DeviceMoved) and refused.quarantined:
                self.kept_apart |= {event["nonce"] for event in events}
            self.look_again(player, refused)
            assert not was_due
            return
        assert self.may_write(player)
        assert is_current
        player.seq, player.head = saved.seq, saved.head
        self.promised += [chain.exact_bytes(event) for event in events]
        self.last = (player, batch, saved)

    def look_again(self, player: Player, refused: DomainError) -> None:
        if isinstance(refused, errors.StaleHead):
            player.seq, player.head = refused.seq, refused.head

    @precondition(lambda self: self.last is not None)
    @rule()
    def replay(self) -> None:
        assert self.last is not None
        player, batch, saved = self.last
        player.now = self.now
        assert player.send(batch) == saved

    @rule(seconds=st.sampled_from([1, 30, 59, 60, 61, 600, 1800, 3599, 3600, 3661]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: not self.is_submitted)
    @rule()
    def pause_or_resume(self) -> None:
        kind = "resumed" if self.paused_at else "paused"
        self.happens(SittingEvent(kind=kind, payload={}, by=1, at=self.now))
        if self.paused_at is None:
            self.paused_at = self.now
            return
        self.pauses.append(timing.Pause(starts_at=self.paused_at, ends_at=self.now))
        self.paused_at = None

    @rule(minutes=st.integers(1, 30))
    def grant(self, minutes: int) -> None:
        self.happens(TimeGrant(kind="extra_time", seconds=minutes * 60, reason="r", by=1, at=self.now))
        self.extra.append(minutes * MINUTE)

    @rule(minutes=st.integers(1, 30), is_approved=st.booleans())
    def credit(self, minutes: int, is_approved: bool) -> None:
        """An outage is given back once a second person has approved it; before that it gives nothing."""
        second = 2 if is_approved else None
        facts: dict[str, Any] = {"kind": "credit", "seconds": minutes * 60, "reason": "r", "by": 1}
        self.happens(TimeGrant(approved_by=second, at=self.now, **facts))
        if is_approved:
            self.extra.append(minutes * MINUTE)

    def happens(self, fact: Any) -> None:
        with self.database.writing() as session:
            sitting = session.get_one(Sitting, self.ids[1])
            fact.sitting_id = sitting.id
            session.add(fact)
            service.refresh(session, sitting)

    @property
    def closes(self) -> datetime:
        """When time ends: a function of nothing but what happened."""
        open_ = [timing.Pause(starts_at=self.paused_at)] if self.paused_at else []
        last = max((pause.ends_at or T0 for pause in self.pauses), default=T0)
        person = timing.PersonalTime(started_at=T0, extra=self.extra, pauses=[*self.pauses, *open_])
        return timing.closing_instant(PLAN, person, self.paused_at or last)

    @rule()
    def the_background_seals_whose_time_is_over(self) -> None:
        is_over = self.now > self.closes + MINUTE and not self.paused_at and not self.is_submitted
        with self.database.writing() as session:
            read = service.replay(session, self.attempt(session))
            sealed = service.seal_expired(session, self.now, [read])
        assert sealed == int(is_over)
        self.is_submitted |= is_over

    @precondition(lambda self: not self.is_submitted)
    @rule()
    def move(self) -> None:
        with self.database.writing() as session:
            code = service.move_attempt(session, NOBODY, self.now, attempt=self.attempt(session))
        with self.database.writing() as session:
            lease = service.take_attempt(
                session, NOBODY, self.now, attempt=self.attempt(session), device="other", code=code
            )
        self.devices.append(self.device(lease))

    @rule(old=st.booleans())
    def submit(self, old: bool) -> None:
        player = self.devices[0 if old else -1]
        is_holder = player is self.devices[-1]
        try:
            with self.database.writing() as session:
                done = handed_in(session, self.now, self.attempt(session), lease=player.token.lease)
        except DomainError:
            assert not is_holder or self.paused_at
            return
        assert done.seq == len(self.promised)
        assert self.receipt in (None, done.receipt)
        self.receipt = done.receipt
        self.is_submitted = True

    @invariant()
    def what_was_acknowledged_is_stored_byte_for_byte(self) -> None:
        with self.database.reading() as session:
            assert list(fsck.differences(session)) == []  # the chain holds, the facts give the row
            stored = replaying.events_of(session, self.attempt(session))
            assert [chain.exact_bytes(event) for event in stored] == self.promised

    @invariant()
    def what_was_said_to_be_kept_apart_is(self) -> None:
        with self.database.reading() as session:
            attempt = self.attempt(session)
            batches = session.scalars(select(LateEvent))
            found = {
                event["nonce"] for each in batches for event in quarantine.events_of(session, attempt, each)
            }
        assert found == self.kept_apart

    @invariant()
    def the_deadline_follows_from_what_happened(self) -> None:
        with self.database.reading() as session:
            assert self.attempt(session).closes_at == self.closes

    @invariant()
    def it_is_handed_in_once_or_not_at_all(self) -> None:
        with self.database.reading() as session:
            found = session.scalars(select(Submission)).all()
        assert len(found) == int(self.is_submitted)

    def teardown(self) -> None:
        self.database.dispose()
        shutil.rmtree(self.folder)


NOBODY = Actor(account_id=1)


def test_no_order_of_events_loses_an_acknowledged_answer_or_moves_a_deadline(
    sqlite_template: Path, request: pytest.FixtureRequest
) -> None:
    AttemptMachine.template = sqlite_template
    run_state_machine_as_test(
        AttemptMachine,
        settings=settings(
            max_examples=400 if request.config.getoption("--long") else 15,
            derandomize=not request.config.getoption("--long"),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
