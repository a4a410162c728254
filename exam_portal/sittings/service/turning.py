# SPDX-License-Identifier: Apache-2.0
"""Going on on paper where computers cannot: the reserve paper (đề dự phòng), by minute, by two people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, Hall, HallSide, PaperTurn, Room, Seat, Sitting
from exam_portal.sittings.place import Place
from exam_portal.sittings.service import locking

OPEN = ("awaiting", "authorised", "active", "paused")


def propose_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    reason: str,
    room: Room | None = None,
    seat: Seat | None = None,
) -> PaperTurn:
    """The turn to paper waits for a second person; until then everybody works on.

    Nobody has to start here what a lost laptop held: once that hall was withdrawn, the turn needs no start.
    """
    sitting = locking.sitting(session, sitting)
    if sitting.mode == "paper":
        raise errors.OnPaperAlready
    place = Place.of(sitting, room, seat)
    if is_lost(session, sitting.id):
        locking.require_not_over(locking.events(session, sitting.id), place.lies_in)
    else:
        locking.require_open(session, sitting, place.lies_in)
    turn = PaperTurn(sitting_id=sitting.id, **place.row, reason=reason, by=locking.person(actor), at=now)
    session.add(turn)
    session.flush()
    content = {"turn": turn.public_id, **place.told}
    locking.record(session, actor, now, sitting, "paper_turn_proposed", content, subject=turn.public_id)
    return turn


def approve_paper(session: Session, actor: Actor, now: datetime, *, turn: PaperTurn) -> int:
    """The attempts there are closed as they stand, for evidence; return how many people go on on paper.

    An attempt that was handed in stays handed in: its script exists, and there is one script each.
    """
    sitting = locking.sitting(session, session.get_one(Sitting, turn.sitting_id))
    turn = session.get_one(PaperTurn, turn.id, populate_existing=True)
    if turn.approved_by is not None:
        raise StaleState
    if turn.by == actor.account_id:
        raise errors.OtherInvigilator
    seats = _seats(session, turn)
    closed = session.scalars(
        select(Attempt).where(Attempt.seat_id.in_([one.id for one in seats]), Attempt.state.in_(OPEN))
    ).all()
    if not closed:
        raise StaleState
    heads = {one.public_id: one.head.hex() for one in closed}
    turn.approved_by, turn.approved_at = locking.person(actor), now
    attempts.refresh(session, sitting)
    content = {"turn": turn.public_id, "heads": heads}
    locking.record(session, actor, now, sitting, "paper_turn_approved", content, subject=turn.public_id)
    return len(heads)


def is_lost(session: Session, sitting_id: int) -> bool:
    """Whether the sitting was in the hands of a laptop whose results are not waited for any more."""
    query = select(Hall.id).where(
        Hall.sitting_id == sitting_id, Hall.side == HallSide.HOME.value, Hall.withdrawn_at.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def _seats(session: Session, turn: PaperTurn) -> Sequence[Seat]:
    query = select(Seat).where(Seat.sitting_id == turn.sitting_id)
    if turn.seat_id is not None:
        query = query.where(Seat.id == turn.seat_id)
    elif turn.room_id is not None:
        query = query.where(Seat.room_id == turn.room_id)
    return session.scalars(query).all()
