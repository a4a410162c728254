# SPDX-License-Identifier: Apache-2.0
"""Rooms, sittings and seats: who sits where and when, before anybody is summoned."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.competitions.service.drafts import ALLOWED_MODES
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.papers import queries as papers
from exam_portal.papers import revealing
from exam_portal.registration.models import Application, Candidate, Exclusion, Withdrawal
from exam_portal.sittings import admission, errors, letters
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, Room, Seat, Sitting, SittingEvent, SittingEventKind
from exam_portal.sittings.service import locking, shifts

SHEET_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SHEET_LENGTH = 8


def add_room(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    name: str,
    capacity: int,
    address: str = "",
) -> Room:
    """The competition has this room."""
    locking.competition(session, competition)
    room = Room(competition_id=competition.id, name=name, address=address, capacity=capacity)
    try:
        with session.begin_nested():
            session.add(room)
            session.flush()
    except IntegrityError as problem:
        raise errors.NameTaken from problem
    audit.record(
        session,
        actor,
        now,
        type="sittings.room_added",
        content={"room": room.public_id, "capacity": capacity},
        competition_id=competition.id,
        subject=competition.public_id,
    )
    return room


def create_sitting(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    starts_at: datetime,
    mode: str = "",
    duration_minutes: int | None = None,
) -> Sitting:
    """The part will be held then; mode and duration are the rule set's unless an allowed one is given."""
    locking.competition(session, competition)
    parts = competitions.ruleset(competition).parts
    held = next((one for one in parts if one.key == part and one.kind in admission.SEATED_KINDS), None)
    if held is None or (mode and mode not in ALLOWED_MODES[held.kind]):
        raise errors.NoSuchPart
    if starts_at < now:
        raise errors.StartInPast
    sitting = Sitting(
        competition_id=competition.id,
        part=part,
        mode=mode or held.mode,
        starts_at=starts_at,
        duration_seconds=60 * (duration_minutes or held.duration_minutes or 0),
        created_by=locking.person(actor),
        created_at=now,
    )
    session.add(sitting)
    session.flush()
    content = {"part": part, "mode": sitting.mode, "starts_at": starts_at.isoformat()}
    locking.record(session, actor, now, sitting, "created", {**content, "seconds": sitting.duration_seconds})
    return sitting


def reschedule(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, starts_at: datetime
) -> None:
    """The sitting is planned for another time; whoever was summoned already is written to."""
    sitting = locking.sitting(session, sitting)
    _require_not_started(session, sitting)
    if starts_at < now:
        raise errors.StartInPast
    before = sitting.starts_at
    sitting.starts_at = starts_at
    session.flush()
    content = {"before": before.isoformat(), "starts_at": starts_at.isoformat()}
    _write_to_seated(session, now, sitting, letters.Kind.CHANGED)
    locking.record(session, actor, now, sitting, "rescheduled", content)


def allot_seats(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    rooms: Sequence[Room],
    candidate_ids: Collection[int] | None = None,
) -> int:
    """Candidates without a seat in this part have one, by candidate number, room after room; return how many.

    ``candidate_ids`` names those who sit this part; None seats everybody who is still in the competition
    and has not failed a gate before it.
    """
    sitting = locking.sitting(session, sitting)
    _require_not_started(session, sitting)
    if candidate_ids is None:
        waiting = expected(session, sitting.competition_id, sitting.part)
    else:
        found = unseated(session, sitting.competition_id, sitting.part)
        waiting = [one for one in found if one in candidate_ids]
    if not waiting:
        raise errors.NobodyToSeat
    places = list(_places(session, sitting, rooms))
    if len(places) < len(waiting):
        raise errors.NotEnoughSeats(len(waiting), len(places))
    session.add_all(
        Seat(
            sitting_id=sitting.id,
            candidate_id=candidate_id,
            room_id=room_id,
            label=label,
            sheet_code=new_sheet_code(),
        )
        for candidate_id, (room_id, label) in zip(waiting, places, strict=False)
    )
    session.flush()
    letters.send_if_summoned(
        session,
        now,
        competition_id=sitting.competition_id,
        kind=letters.Kind.SUMMONS,
        candidate_ids=waiting,
    )
    locking.record(session, actor, now, sitting, "seats_allotted", {"seats": len(waiting)})
    return len(waiting)


def move_seat(session: Session, actor: Actor, now: datetime, *, seat: Seat, room: Room, label: str) -> None:
    """The candidate sits at another place of the same sitting; the sheet code stays with the candidate."""
    sitting = locking.sitting(session, seat.sitting)
    _require_not_started(session, sitting)
    if room.competition_id != sitting.competition_id:
        raise NotFound
    before = [seat.room.public_id, seat.label]
    seat.room_id, seat.label = room.id, label
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as problem:
        raise StaleState from problem
    letters.send_if_summoned(
        session,
        now,
        competition_id=sitting.competition_id,
        kind=letters.Kind.CHANGED,
        candidate_ids=[seat.candidate_id],
    )
    content = {"seat": seat.public_id, "before": before, "after": [room.public_id, label]}
    locking.record(session, actor, now, sitting, "seat_moved", content, subject=seat.public_id)


def prepare(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, kept_apart: bool = False
) -> int:
    """A sitting on computers has its sealed paper and an attempt for each seat; return how many are new.

    PaperKnown where another sitting holds that paper at another time, unless whoever prepares says that the
    candidates of both are kept apart: that is on record.
    """
    sitting = locking.sitting(session, sitting)
    if sitting.paper_id is None:
        sitting.paper_id = _sealed_paper(session, sitting)
        session.flush()
    if not session.scalar(select(Attempt.id).where(Attempt.sitting_id == sitting.id).limit(1)):
        if kept_apart and (other := shifts.other_shift(session, sitting)):
            locking.record(session, actor, now, sitting, "paper_shared", {"other": audit.stamp(other)})
        elif not kept_apart:
            shifts.require_unknown(session, sitting)
    return attempts.prepare_attempts(session, actor, now, sitting=sitting)


def use_reserve_paper(session: Session, actor: Actor, now: datetime, *, sitting: Sitting) -> None:
    """The sealed reserve paper takes the place of the official one, before the sitting starts."""
    sitting = locking.sitting(session, sitting)
    _require_not_started(session, sitting)
    if session.scalar(select(Attempt.id).where(Attempt.sitting_id == sitting.id).limit(1)):
        raise StaleState
    sitting.paper_id = _sealed_paper(session, sitting, "reserve")
    session.flush()
    locking.record(session, actor, now, sitting, "paper_chosen", {"kind": "reserve"})


def unseated(session: Session, competition_id: int, part: str) -> list[int]:
    """Return the candidates of the competition, by number, who have no seat in this part (any more)."""
    cancelled = select(SittingEvent.sitting_id).where(SittingEvent.kind == SittingEventKind.CANCELLED.value)
    seated = set(
        session.scalars(
            select(Seat.candidate_id)
            .join(Sitting, Sitting.id == Seat.sitting_id)
            .where(
                Sitting.competition_id == competition_id,
                Sitting.part == part,
                Sitting.id.not_in(cancelled),
            )
        )
    )
    return [one for one in in_competition(session, competition_id) if one not in seated]


def expected(session: Session, competition_id: int, part: str) -> list[int]:
    """Return those without a seat in this part who are to have one: nobody who failed a gate before it."""
    waiting = unseated(session, competition_id, part)
    failed = admission.failed(session, competition_id, part, waiting)
    return [one for one in waiting if one not in failed]


def has_left(session: Session, candidate_id: int) -> bool:
    """Whether the candidate has withdrawn or was disqualified."""
    candidate = session.get_one(Candidate, candidate_id)
    excluded = select(Exclusion.id).where(Exclusion.candidate_id == candidate_id)
    withdrawn = select(Withdrawal.id).where(Withdrawal.application_id == candidate.application_id)
    return session.scalar(excluded) is not None or session.scalar(withdrawn) is not None


def in_competition(session: Session, competition_id: int) -> list[int]:
    """Return the candidates, by number, who have neither withdrawn nor been excluded."""
    query = (
        select(Candidate.id)
        .join(Application, Application.id == Candidate.application_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .where(Candidate.competition_id == competition_id, Exclusion.id.is_(None), Withdrawal.id.is_(None))
        .order_by(Candidate.candidate_no)
    )
    return list(session.scalars(query))


def new_sheet_code() -> str:
    """Return the random code of a blank; it says nothing about the candidate, the room or the order."""
    return "".join(secrets.choice(SHEET_ALPHABET) for _ in range(SHEET_LENGTH))


def _write_to_seated(session: Session, now: datetime, sitting: Sitting, kind: letters.Kind) -> None:
    seated = session.scalars(select(Seat.candidate_id).where(Seat.sitting_id == sitting.id)).all()
    letters.send_if_summoned(
        session, now, competition_id=sitting.competition_id, kind=kind, candidate_ids=seated
    )


def _sealed_paper(session: Session, sitting: Sitting, kind: str = "official") -> int:
    paper = papers.sealed(session, sitting.competition_id, sitting.part, kind)
    if paper is None:
        raise errors.PaperNotSealed
    revealing.require_secret(session, paper.id)
    return paper.id


def _places(session: Session, sitting: Sitting, rooms: Sequence[Room]) -> Iterator[tuple[int, str]]:
    """Yield the free places of the rooms: as many as each holds, numbered on from those taken."""
    taken = dict(
        session.execute(
            select(Seat.room_id, func.count()).where(Seat.sitting_id == sitting.id).group_by(Seat.room_id)
        ).all()
    )
    used = set(session.execute(select(Seat.room_id, Seat.label).where(Seat.sitting_id == sitting.id)))
    for room in rooms:
        free = room.capacity - taken.get(room.id, 0)
        labels = (f"{number:02d}" for number in range(1, room.capacity + len(used) + 1))
        open_labels = (label for label in labels if (room.id, label) not in used)
        yield from ((room.id, label) for _, label in zip(range(max(free, 0)), open_labels, strict=False))


def _require_not_started(session: Session, sitting: Sitting) -> None:
    if any(event.kind == SittingEventKind.STARTED for event in locking.events(session, sitting.id)):
        raise errors.SittingStarted
