# SPDX-License-Identifier: Apache-2.0
"""The course of a sitting: start, pause, resume, end; time given to one, a room or all."""

from datetime import datetime

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.papers import queries as papers
from exam_portal.papers import revealing
from exam_portal.papers.models import Paper
from exam_portal.sittings import errors, letters
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import (
    Attempt,
    GrantKind,
    Room,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    TimeGrant,
)
from exam_portal.sittings.place import Place
from exam_portal.sittings.service import locking

Kind = SittingEventKind


def start(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, room: Room | None = None
) -> SittingEvent:
    """The clock runs in the room (or in all): never before its time, never before its paper is open."""
    sitting = locking.sitting(session, sitting)
    past = locking.events(session, sitting.id)
    locking.require_not_over(past, room.id if room else None)
    if locking.happened(past, Kind.STARTED, room.id if room else None) is not None:
        raise StaleState
    if room is None and any(event.kind == Kind.STARTED for event in past):
        raise StaleState
    if now < sitting.starts_at:
        raise errors.TooEarly(sitting.starts_at)
    if (MilestoneKind.SUMMONED, "") not in competitions.reached(session, sitting.competition_id):
        raise errors.NotSummoned
    if not _is_on_paper(session, sitting, room):
        _require_opened(session, sitting)
    event = locking.note(session, actor, now, sitting, Kind.STARTED, room=room)
    attempts.refresh(session, sitting)
    audit.state_program(session, now, competition_id=sitting.competition_id)
    locking.record(session, actor, now, sitting, "open", {"part": sitting.part, "room": _id(room)})
    return event


def pause(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    reason: str,
    room: Room | None = None,
) -> SittingEvent:
    """The clock stands still there until it is resumed."""
    sitting = locking.sitting(session, sitting)
    past = locking.require_open(session, sitting, room.id if room else None)
    if _stands_still(past, room.id if room else None):
        raise StaleState
    event = locking.note(session, actor, now, sitting, Kind.PAUSED, room=room, payload={"reason": reason})
    attempts.refresh(session, sitting)
    locking.record(session, actor, now, sitting, "paused", {"room": _id(room)})
    return event


def evacuate(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    reason: str,
    instructions: str,
    room: Room | None = None,
) -> SittingEvent:
    """The clock stands still there and the screens show nothing but where to go, until it is resumed.

    It may follow a pause that lasts already: what counts is the whole of the time that stood still.
    """
    sitting = locking.sitting(session, sitting)
    past = locking.require_open(session, sitting, room.id if room else None)
    lasting = _since_resumed(past, room.id if room else None)
    if any("evacuation" in event.payload for event in lasting):
        raise StaleState
    told = {"reason": reason, "evacuation": instructions}
    event = locking.note(session, actor, now, sitting, Kind.PAUSED, room=room, payload=told)
    attempts.refresh(session, sitting)
    locking.record(session, actor, now, sitting, "evacuated", {"room": _id(room)})
    return event


def resume(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, room: Room | None = None
) -> SittingEvent:
    """The clock runs again there; what the pause took is given back to everybody it held up."""
    sitting = locking.sitting(session, sitting)
    past = locking.require_open(session, sitting, room.id if room else None)
    if not (_stands_still(past, room.id) if room else _stands_anywhere(past)):
        raise StaleState
    event = locking.note(session, actor, now, sitting, Kind.RESUMED, room=room)
    attempts.refresh(session, sitting)
    locking.record(session, actor, now, sitting, "resumed", {"room": _id(room)})
    return event


def end(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    room: Room | None = None,
    reason: str = "",
) -> SittingEvent:
    """No attempt runs any more there, and no paper is out; on computers ``seal`` then seals what was open.

    While somebody there still has time, that needs a reason, which is kept; TimeRemains without one.
    """
    sitting = locking.sitting(session, sitting)
    locking.require_open(session, sitting, room.id if room else None)
    cut_short = _working(session, sitting, room, now)
    if cut_short and not reason.strip():
        raise errors.TimeRemains(cut_short)
    payload = {"reason": reason.strip(), "cut_short": cut_short} if cut_short else {}
    event = locking.note(session, actor, now, sitting, Kind.ENDED, room=room, payload=payload)
    attempts.refresh(session, sitting)
    told = {"part": sitting.part, "room": _id(room), **({"cut_short": cut_short} if cut_short else {})}
    locking.record(session, actor, now, sitting, "close", told)
    return event


def _working(session: Session, sitting: Sitting, room: Room | None, now: datetime) -> int:
    """Return how many attempts there still have time."""
    found = (
        select(func.count())
        .select_from(Attempt)
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(
            Attempt.sitting_id == sitting.id,
            Attempt.state.in_(("active", "paused")),
            Attempt.closes_at > now,
        )
    )
    if room is not None:
        found = found.where(Seat.room_id == room.id)
    return session.scalars(found).one()


def cancel(session: Session, actor: Actor, now: datetime, *, sitting: Sitting, reason: str) -> SittingEvent:
    """The sitting does not count: its attempts are void evidence, its people may sit anew."""
    sitting = locking.sitting(session, sitting)
    locking.require_not_over(locking.events(session, sitting.id))
    event = locking.note(session, actor, now, sitting, Kind.CANCELLED, payload={"reason": reason})
    attempts.refresh(session, sitting)
    seated = session.scalars(select(Seat.candidate_id).where(Seat.sitting_id == sitting.id)).all()
    letters.send_if_summoned(
        session,
        now,
        competition_id=sitting.competition_id,
        kind=letters.Kind.CHANGED,
        candidate_ids=seated,
    )
    locking.record(session, actor, now, sitting, "cancelled", {"part": sitting.part})
    return event


def grant_time(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    kind: GrantKind,
    seconds: int,
    reason: str,
    room: Room | None = None,
    seat: Seat | None = None,
) -> TimeGrant:
    """One candidate, a room or all have more time; a credited outage counts once a second person approves."""
    sitting = locking.sitting(session, sitting)
    place = Place.of(sitting, room, seat)
    locking.require_open(session, sitting, place.lies_in)
    grant = TimeGrant(
        sitting_id=sitting.id,
        **place.row,
        kind=kind.value,
        seconds=seconds,
        reason=reason,
        by=locking.person(actor),
        at=now,
    )
    session.add(grant)
    attempts.refresh(session, sitting)
    content = {"grant": grant.public_id, "kind": kind.value, "seconds": seconds, **place.told}
    locking.record(session, actor, now, sitting, "time_granted", content, subject=grant.public_id)
    return grant


def approve_credit(session: Session, actor: Actor, now: datetime, *, grant: TimeGrant) -> None:
    """The credited outage counts: a second person has approved it."""
    sitting = locking.sitting(session, session.get_one(Sitting, grant.sitting_id))
    grant = session.get_one(TimeGrant, grant.id, populate_existing=True)
    if grant.kind != GrantKind.CREDIT or grant.approved_by is not None:
        raise StaleState
    if grant.by == actor.account_id:
        raise errors.OtherInvigilator
    locking.require_open(session, sitting, grant.room_id)
    grant.approved_by, grant.approved_at = locking.person(actor), now
    attempts.refresh(session, sitting)
    content = {"grant": grant.public_id, "seconds": grant.seconds}
    locking.record(session, actor, now, sitting, "credit_approved", content, subject=grant.public_id)


def _stands_still(past: list[SittingEvent], room_id: int | None) -> bool:
    """Whether the clock stands still there: by a pause of the room itself or of all rooms."""
    return bool(_since_resumed(past, room_id))


def _since_resumed(past: list[SittingEvent], room_id: int | None) -> list[SittingEvent]:
    """Return the pauses that last there; for all rooms, those of all rooms that no room has left."""
    lasting: list[SittingEvent] = []
    for event in past:
        if event.kind == Kind.PAUSED and event.room_id in (None, room_id):
            lasting.append(event)
        elif event.kind == Kind.RESUMED and (room_id is None or event.room_id in (None, room_id)):
            lasting.clear()
    return lasting


def _stands_anywhere(past: list[SittingEvent]) -> bool:
    """Whether some room stands still, as far as events tell."""
    stopped = False
    for event in past:
        if event.kind == Kind.PAUSED:
            stopped = True
        elif event.kind == Kind.RESUMED and event.room_id is None:
            stopped = False
    return stopped


def _is_on_paper(session: Session, sitting: Sitting, room: Room | None) -> bool:
    """Whether everybody there goes on on paper, so that no computer needs the key."""
    here = select(Seat.id).where(Seat.sitting_id == sitting.id)
    if room is not None:
        here = here.where(Seat.room_id == room.id)
    seats = set(session.scalars(here))
    return bool(seats) and seats <= attempts.seats_on_paper(session, sitting.id)


def _require_opened(session: Session, sitting: Sitting) -> None:
    """A paper that the portal holds has been opened by two officers before its clock runs."""
    query = select(Paper).where(
        Paper.id == sitting.paper_id
        if sitting.paper_id is not None
        else (Paper.competition_id == sitting.competition_id)
        & (Paper.part == sitting.part)
        & (Paper.kind == "official")
    )
    paper = session.scalar(query)
    is_inside = paper is not None and paper.content == "inside"
    if paper is not None and is_inside and not papers.is_released(session, paper.id):
        raise errors.PaperNotOpened
    if paper is not None:
        revealing.require_secret(session, paper.id)
    if sitting.mode != "paper" and not is_inside:
        raise errors.PaperNotOpened


def _id(room: Room | None) -> str | None:
    return room.public_id if room is not None else None
