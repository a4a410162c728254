# SPDX-License-Identifier: Apache-2.0
"""What the server would propose as incidents of a sitting, and what people made of it."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from exam_portal.core.db import Session
from exam_portal.sittings import proposals
from exam_portal.sittings.attempts import projection
from exam_portal.sittings.models import (
    Attempt,
    Contact,
    ContactGap,
    LeaseChange,
    ProposalRuling,
    Room,
    Seat,
    ServerStart,
    Sitting,
    Submission,
)
from exam_portal.sittings.proposals import Change, Proposal, Restart, Silence
from scoring.timing import Pause

RUNNING = frozenset({"active", "paused"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """A proposal on which nobody has ruled, with the key by which a page names it."""

    key: str
    found: Proposal
    seat: str | None  # public ids
    room: str | None


def open_proposals(
    session: Session, sitting: Sitting, now: datetime, silent_seconds: int
) -> list[OpenProposal]:
    """Return what looks like an incident and waits for an invigilator's word, the latest first."""
    if sitting.mode == "paper":
        return []
    after = timedelta(seconds=silent_seconds)
    facts = projection.clock_of(session, sitting)
    screens = session.execute(_screens(sitting)).all()
    opened = [one.opens_at for one in screens if one.opens_at]
    if not opened:
        return []
    pauses = {room_id: _pauses(facts, room_id) for room_id in {one.room_id for one in screens}}
    silences = [
        one
        for one in _silences(session, sitting, screens, now, after)
        if _lasted(one, pauses[one.room_id], now) > after
    ]
    watched: dict[int, int] = defaultdict(int)
    for one in screens:
        watched[one.room_id] += one.seen_at is not None
    ends = max((one.closes_at for one in screens if one.closes_at), default=now)
    found = proposals.propose(
        silences,
        watched,
        _changes(session, sitting, {one.attempt_id: one for one in screens}),
        _restarts(session, min(opened), min(ends, now)),
    )
    ruled = rulings(session, sitting)
    seats = {one.seat_id: one.seat for one in screens}
    rooms = {one.room_id: one.room for one in screens}
    return [
        OpenProposal(
            key=key_of(one, seats, rooms),
            found=one,
            seat=seats.get(one.seat_id) if one.seat_id else None,
            room=rooms.get(one.room_id) if one.room_id else None,
        )
        for one in found
        if not any(_settles(ruling, one) for ruling in ruled)
    ]


def rulings(session: Session, sitting: Sitting) -> Sequence[ProposalRuling]:
    """Return what was made of proposals, the latest first."""
    found = select(ProposalRuling).where(ProposalRuling.sitting_id == sitting.id)
    return session.scalars(found.order_by(ProposalRuling.id.desc())).all()


def key_of(found: Proposal, seats: dict[int, str], rooms: dict[int, str]) -> str:
    """Return by what a page names a proposal: its kind, place and beginning."""
    place = seats.get(found.seat_id or 0) or rooms.get(found.room_id or 0) or "all"
    return f"{found.kind.value}-{place}-{int(found.began_at.timestamp() * 1000)}"


def _settles(ruling: ProposalRuling, found: Proposal) -> bool:
    """Whether people have ruled on this: the same thing, and at a time that overlaps."""
    until = ruling.ended_at or ruling.at
    same = found.covers(ruling.kind, ruling.seat_id, ruling.room_id)
    return same and ruling.began_at <= (found.ended_at or until) and found.began_at <= until


def _screens(sitting: Sitting) -> Any:
    return (
        select(
            Seat.id.label("seat_id"),
            Seat.public_id.label("seat"),
            Seat.room_id,
            Room.public_id.label("room"),
            Attempt.id.label("attempt_id"),
            Attempt.state,
            Attempt.opens_at,
            Attempt.closes_at,
            Attempt.last_event_at,
            Contact.seen_at,
            Submission.at.label("submitted_at"),
        )
        .join(Room, Room.id == Seat.room_id)
        .join(Attempt, Attempt.seat_id == Seat.id)
        .outerjoin(Contact, Contact.attempt_id == Attempt.id)
        .outerjoin(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting.id)
    )


def _silences(
    session: Session, sitting: Sitting, screens: Collection[Row[Any]], now: datetime, after: timedelta
) -> Iterator[Silence]:
    """Yield silences within the time of each seat: those that ended, and those that last."""
    by_attempt = {one.attempt_id: one for one in screens}
    gaps = (
        select(ContactGap.attempt_id, ContactGap.silent_from, ContactGap.silent_until)
        .join(Attempt, Attempt.id == ContactGap.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
    )
    for row in session.execute(gaps):
        clipped = _clip(by_attempt[row.attempt_id], row.silent_from, row.silent_until, now)
        if clipped:
            yield clipped
    for one in screens:
        if one.seen_at is None or one.state not in RUNNING:
            continue
        last = max(one.seen_at, one.last_event_at or one.seen_at)
        clipped = _clip(one, last, None, now) if now - last > after else None
        if clipped:
            yield clipped


def _clip(screen: Row[Any], since: datetime, until: datetime | None, now: datetime) -> Silence | None:
    if screen.opens_at is None or screen.closes_at is None:
        return None
    end = min(screen.closes_at, screen.submitted_at or screen.closes_at)
    if until is None:
        until = end if end <= now and screen.state == "active" else None
    since, until = max(since, screen.opens_at), until and min(until, end)
    if until is not None and until <= since:
        return None
    return Silence(seat_id=screen.seat_id, room_id=screen.room_id, since=since, until=until)


def _lasted(silence: Silence, pauses: Sequence[Pause], now: datetime) -> timedelta:
    """Return how much of the silence was the candidate's time."""
    until = silence.until or now
    still = sum(
        (
            max(min(one.ends_at or now, until) - max(one.starts_at, silence.since), timedelta(0))
            for one in pauses
        ),
        timedelta(0),
    )
    return until - silence.since - still


def _pauses(facts: projection.SittingFacts, room_id: int) -> Sequence[Pause]:
    schedule = facts.schedule(0, room_id)
    return schedule.person.pauses if schedule else ()


def _changes(session: Session, sitting: Sitting, screens: dict[int, Row[Any]]) -> Iterator[Change]:
    """Yield each time another computer took an attempt while its time ran; the first one is no change."""
    rows = session.execute(
        select(LeaseChange.attempt_id, LeaseChange.at, LeaseChange.device, LeaseChange.moved_by)
        .join(Attempt, Attempt.id == LeaseChange.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
        .order_by(LeaseChange.id)
    )
    has_moved: set[int] = set()
    for row in rows:
        screen = screens[row.attempt_id]
        if row.moved_by is not None:
            has_moved.add(row.attempt_id)
        elif row.attempt_id in has_moved and screen.opens_at and row.at >= screen.opens_at:
            yield Change(seat_id=screen.seat_id, room_id=screen.room_id, at=row.at, device=row.device)


def _restarts(session: Session, begins: datetime, ends: datetime) -> Iterator[Restart]:
    found = select(ServerStart.at, ServerStart.last_contact_at).where(
        ServerStart.at > begins, ServerStart.last_contact_at.is_not(None), ServerStart.last_contact_at < ends
    )
    for row in session.execute(found):
        yield Restart(since=max(row.last_contact_at, begins), at=row.at)
