# SPDX-License-Identifier: Apache-2.0
"""The projection of an attempt follows from facts; every verb that adds such a fact calls ``refresh``."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.sittings.attempts.schedule import Schedule
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    PaperTurn,
    Sanction,
    SanctionLevel,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    Submission,
    TimeGrant,
)
from scoring import timing

DEFAULT_GRACE_SECONDS = 60
DEFAULT_OFFLINE_MINUTES = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Projection:
    """What the facts say about one attempt."""

    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    accepts_until: datetime | None

    def values(self) -> dict[str, Any]:
        """Return the columns with their values (``asdict`` copies deeply, which a hall would feel)."""
        return {
            "state": self.state,
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "accepts_until": self.accepts_until,
        }


@dataclasses.dataclass(frozen=True, slots=True)
class SittingFacts:
    """All facts of a sitting from which the projections of its attempts follow."""

    sitting: Sitting
    grace: timedelta
    offline: timedelta
    events: tuple[SittingEvent, ...]
    grants: tuple[TimeGrant, ...]
    present: frozenset[int]  # seats
    submitted: frozenset[int]  # attempts
    on_paper: frozenset[int] = frozenset()  # seats

    def schedule(self, seat_id: int, room_id: int) -> Schedule | None:
        """Return when the attempt at this seat opens and closes, once its room has started."""
        own = [event for event in self.events if event.room_id in (None, room_id)]
        started = _first(own, SittingEventKind.STARTED)
        return self._from(started, own, seat_id, room_id) if started else None

    def planned(self, seat_id: int, room_id: int) -> timedelta:
        """Return the time this seat has from the start on, whenever that is: duration and grants."""
        starts_at = self.sitting.starts_at
        return self._from(starts_at, [], seat_id, room_id).remaining(starts_at)

    def _from(self, started: datetime, own: list[SittingEvent], seat_id: int, room_id: int) -> Schedule:
        plan = timing.SittingPlan(
            opens_at=started,
            duration=timedelta(seconds=self.sitting.duration_seconds),
            late=timedelta(0),
            grace=self.grace,
            offline=self.offline,
        )
        person = timing.PersonalTime(
            started_at=started,
            extra=[given for grant in self.grants if (given := self._given(grant, seat_id, room_id))],
            pauses=_pauses(own),
        )
        return Schedule(plan=plan, person=person, ended_at=_first(own, SittingEventKind.ENDED))

    def evacuation(self, room_id: int) -> str | None:
        """Return what everybody in the room is told who has to leave it, while that lasts."""
        told: str | None = None
        for event in self.events:
            if event.room_id not in (None, room_id):
                continue
            if event.kind == SittingEventKind.PAUSED:
                told = event.payload.get("evacuation") or told
            elif event.kind == SittingEventKind.RESUMED:
                told = None
        return told

    def projection(self, attempt: Attempt, room_id: int) -> Projection:
        """Return what the facts say about the attempt."""
        schedule = self.schedule(attempt.seat_id, room_id)
        return Projection(
            state=self._state(attempt, room_id, schedule),
            opens_at=schedule.plan.opens_at if schedule else None,
            closes_at=schedule.closes_at if schedule else None,
            accepts_until=schedule.accepts_until if schedule else None,
        )

    def _state(self, attempt: Attempt, room_id: int, schedule: Schedule | None) -> str:
        cancelled = (
            event.kind == SittingEventKind.CANCELLED
            for event in self.events
            if event.room_id in (None, room_id)
        )
        if any(cancelled):
            return "void"
        if attempt.id in self.submitted:
            return "submitted"
        if attempt.seat_id in self.on_paper:
            return "void"
        if attempt.seat_id not in self.present:
            return "awaiting"
        if schedule is None:
            return "authorised"
        is_paused = (
            schedule.paused_since is not None and schedule.ended_at is None
        )  # the end ends a pause, too
        return "paused" if is_paused else "active"

    @staticmethod
    def _given(grant: TimeGrant, seat_id: int, room_id: int) -> timedelta:
        applies = grant.seat_id in (None, seat_id) and grant.room_id in (None, room_id)
        is_in_force = grant.kind == "extra_time" or grant.approved_by is not None
        return timedelta(seconds=grant.seconds if applies and is_in_force else 0)


def refresh(session: Session, sitting: Sitting, *, seat_ids: Collection[int] | None = None) -> None:
    """The projections of the sitting's attempts (or of those at these seats) are what the facts say."""
    session.flush()
    facts = facts_of(session, sitting)
    changes = [
        {"id": attempt.id, **projected.values()}
        for attempt, room_id in _attempts(session, sitting, seat_ids)
        if (projected := facts.projection(attempt, room_id)) != stored(attempt)
    ]
    if changes:
        session.execute(update(Attempt), changes)
        session.expire_all()


def stored(attempt: Attempt) -> Projection:
    """Return what the attempt's row says."""
    return Projection(attempt.state, attempt.opens_at, attempt.closes_at, attempt.accepts_until)


def facts_of(session: Session, sitting: Sitting) -> SittingFacts:
    """Return the facts as they stand."""
    return dataclasses.replace(
        clock_of(session, sitting),
        present=frozenset(_present(session, sitting)),
        on_paper=seats_on_paper(session, sitting.id),
        submitted=frozenset(
            session.scalars(
                select(Submission.attempt_id)
                .join(Attempt, Attempt.id == Submission.attempt_id)
                .where(Attempt.sitting_id == sitting.id)
            )
        ),
    )


def seats_on_paper(session: Session, sitting_id: int) -> frozenset[int]:
    """Return the seats that go on on paper, as two people have decided."""
    turns = session.scalars(
        select(PaperTurn).where(PaperTurn.sitting_id == sitting_id, PaperTurn.approved_by.is_not(None))
    ).all()
    if not turns:
        return frozenset()
    rows = session.execute(select(Seat.id, Seat.room_id).where(Seat.sitting_id == sitting_id)).all()
    return frozenset(
        seat_id
        for seat_id, room_id in rows
        for turn in turns
        if turn.seat_id in (None, seat_id) and turn.room_id in (None, room_id)
    )


def clock_of(session: Session, sitting: Sitting) -> SittingFacts:
    """Return what bears on time alone: a screen asks for it every half minute, whatever the hall's size."""
    competition = session.get_one(Competition, sitting.competition_id)
    return SittingFacts(
        sitting=sitting,
        grace=grace_of(competition.ruleset),
        offline=timedelta(minutes=_timing(competition.ruleset, "offline_minutes", DEFAULT_OFFLINE_MINUTES)),
        events=tuple(
            session.scalars(
                select(SittingEvent)
                .where(SittingEvent.sitting_id == sitting.id)
                .order_by(SittingEvent.at, SittingEvent.id)
            )
        ),
        grants=tuple(session.scalars(select(TimeGrant).where(TimeGrant.sitting_id == sitting.id))),
        present=frozenset(),
        submitted=frozenset(),
    )


def grace_of(ruleset: Mapping[str, Any]) -> timedelta:
    """Return how long after closing an answer still counts (rule set: timing.grace_seconds)."""
    return timedelta(seconds=_timing(ruleset, "grace_seconds", DEFAULT_GRACE_SECONDS))


def _timing(ruleset: Mapping[str, Any], key: str, default: int) -> int:
    return int((ruleset.get("timing") or {}).get(key, default))


def _attempts(
    session: Session, sitting: Sitting, seat_ids: Collection[int] | None
) -> Iterable[tuple[Attempt, int]]:
    found = (
        select(Attempt, Seat.room_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(Attempt.sitting_id == sitting.id)
        .order_by(Attempt.id)  # as everybody does who locks several
        .with_for_update(of=Attempt)
    )
    if seat_ids is not None:
        found = found.where(Attempt.seat_id.in_(seat_ids))
    return ((attempt, room_id) for attempt, room_id in session.execute(found))


def _present(session: Session, sitting: Sitting) -> Iterable[int]:
    """Return the seats at which somebody may sit: last found present, identity checked, not sent away."""
    rows = session.execute(
        select(Attendance.seat_id, Attendance.status, Attendance.identity_checked)
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(Attendance.id)
    )
    last: dict[int, bool] = defaultdict(bool)
    for seat_id, status, identity_checked in rows:
        last[seat_id] = status == "present" and identity_checked
    sent_away = set(session.scalars(_suspended(sitting)))
    return (seat_id for seat_id, is_present in last.items() if is_present and seat_id not in sent_away)


def _suspended(sitting: Sitting) -> Select[Any]:
    return (
        select(Sanction.seat_id)
        .join(Seat, Seat.id == Sanction.seat_id)
        .where(
            Seat.sitting_id == sitting.id,
            Sanction.level == SanctionLevel.SUSPENSION.value,
            Sanction.confirmed_by.is_not(None),
        )
    )


def _first(events: Iterable[SittingEvent], kind: SittingEventKind) -> datetime | None:
    return next((event.at for event in events if event.kind == kind), None)


def _pauses(events: Iterable[SittingEvent]) -> tuple[timing.Pause, ...]:
    """Return the pauses as a union: a room's pause inside one of all rooms is not counted twice.

    What lets the clock run in a room ends whatever held it up there: rooms come back one by one.
    """
    pauses: list[timing.Pause] = []
    since: datetime | None = None
    for event in events:
        if event.kind == SittingEventKind.PAUSED:
            since = since or event.at
        elif event.kind == SittingEventKind.RESUMED and since is not None:
            pauses.append(timing.Pause(starts_at=since, ends_at=event.at))
            since = None
    if since is not None:
        pauses.append(timing.Pause(starts_at=since))
    return tuple(pauses)
