# SPDX-License-Identifier: Apache-2.0
"""When a paper script was handed in, and whether its candidate signed for it (domain 7: 17)."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.sittings import errors
from exam_portal.sittings.models import HandIn, Script, Seat, Sitting, SittingEvent
from exam_portal.sittings.models import SittingEventKind as Kind
from exam_portal.sittings.service import locking


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What the list says of one script: the minute (None: when the time ended), signed for, or refused."""

    at: datetime | None = None
    is_signed: bool = True
    witness: str = ""
    reason: str = ""


def note(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    scripts: Sequence[tuple[Seat, Script]],
    given: Mapping[int, HandedIn],
) -> None:
    """Each of these scripts has its line of the list (by seat id); else it was signed for at the end."""
    past = locking.events(session, sitting.id)
    for seat, script in scripts:
        session.add(_row(actor, now, past, seat, script, given.get(seat.id, HandedIn())))
    session.flush()


def correct_hand_in(
    session: Session, actor: Actor, now: datetime, *, seat: Seat, handed_in: HandedIn
) -> HandIn:
    """The script at this seat has another line; the former stays in the record."""
    sitting = locking.sitting(session, seat.sitting)
    past = locking.events(session, sitting.id)
    if locking.happened(past, Kind.HANDED_OVER) is not None:
        raise errors.AlreadyHandedOver
    script = session.scalar(
        select(Script).where(
            Script.sitting_id == sitting.id,
            Script.candidate_id == seat.candidate_id,
            Script.source == "paper",
        )
    )
    if script is None:
        raise errors.NotPresent
    row = _row(actor, now, past, seat, script, handed_in)
    session.add(row)
    session.flush()
    content = {"script": script.public_id, **told(row)}
    locking.record(session, actor, now, sitting, "hand_in_corrected", content, subject=script.public_id)
    return row


def told(row: HandIn) -> dict[str, object]:
    """Return what the record says of a line of the list: names and reasons by their hash."""
    return {
        "handed_in_at": audit.stamp(row.handed_in_at),
        "is_signed": row.is_signed,
        "witness": audit.digest(row.witness),
        "reason": audit.digest(row.reason),
    }


def _row(
    actor: Actor, now: datetime, past: list[SittingEvent], seat: Seat, script: Script, given: HandedIn
) -> HandIn:
    began = locking.happened(past, Kind.STARTED, seat.room_id)
    ended = locking.happened(past, Kind.ENDED, seat.room_id)
    at = given.at or (ended.at if ended else now)
    if began is None or not began.at <= at <= now:
        raise errors.OutsideSitting
    if not given.is_signed and not (given.witness.strip() and given.reason.strip()):
        raise errors.RefusalUnwitnessed
    return HandIn(
        script_id=script.id,
        handed_in_at=at,
        is_signed=given.is_signed,
        witness="" if given.is_signed else given.witness.strip(),
        reason="" if given.is_signed else given.reason.strip(),
        by=locking.person(actor),
        at=now,
    )
