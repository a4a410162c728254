# SPDX-License-Identifier: Apache-2.0
"""In the hall: all that happened, signed by this laptop and sealed for home. Then nothing more is written."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.core.actors import Actor
from exam_portal.core.db import Base, Session
from exam_portal.core.parcels import Parcels
from exam_portal.core.storage import Blob
from exam_portal.papers.models import KeyRelease, PaperForm
from exam_portal.registration.models import Exclusion
from exam_portal.sittings.attempts import late, quarantine, replaying, submit
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import LEAF, PROJECTION, RESULTS, RETURNED, SCHEMA
from exam_portal.sittings.hall.errors import AnswersMayCome, NotAHall
from exam_portal.sittings.models import (
    AnswerEvent,
    Attempt,
    Attendance,
    ContactGap,
    Hall,
    HallSide,
    HandIn,
    Incident,
    LateEvent,
    LeaseChange,
    PaperTurn,
    ProposalRuling,
    Sanction,
    Script,
    ScriptBag,
    Seat,
    SeatCall,
    Sitting,
    SittingEvent,
    SittingMessage,
    Submission,
    TimeGrant,
)
from exam_portal.sittings.service import collecting, locking


def here(session: Session) -> Hall:
    """Return what this installation holds as a hall, or raise NotAHall."""
    found = session.scalar(select(Hall).where(Hall.side == HallSide.HALL.value))
    if found is None:
        raise NotAHall
    return found


def close(session: Session, actor: Actor, now: datetime, *, hall: Hall) -> bytes:
    """The hall is closed, and its results are in the file that is returned; asked again, in a file anew.

    Raises AnswersMayCome while somebody works or a computer may still bring what was written in time.
    """
    sitting = session.get_one(Sitting, hall.sitting_id, with_for_update=True)
    hall = session.get_one(Hall, hall.id, populate_existing=True)
    if hall.closed_at is None:
        _require_over(session, sitting, now)
        locking.record(session, actor, now, sitting, "hall_closed", {"hall": hall.public_id})
        hall.closed_at = now
        session.flush()
        audit.checkpoint(session, now, competition_id=sitting.competition_id)
        audit.checkpoint(session, now, competition_id=None)
    parcels = Parcels.of(session.keys, session.signer)
    file, _ = parcels.pack(RESULTS, hall.public_id, hall.sealing_key, _content(session, hall, sitting))
    return file


def _require_over(session: Session, sitting: Sitting, now: datetime) -> None:
    past = locking.events(session, sitting.id)
    if not collecting.is_over(session, sitting, past) or submit.running(session, sitting.id):
        raise AnswersMayCome(None)
    until = late.expected_until(session, sitting)
    if until is not None and now <= until:
        raise AnswersMayCome(until)


def _content(session: Session, hall: Hall, sitting: Sitting) -> dict[str, Any]:
    seats = select(Seat.id).where(Seat.sitting_id == sitting.id)
    candidates = select(Seat.candidate_id).where(Seat.sitting_id == sitting.id)
    tried = _of(session, Attempt, Attempt.sitting_id == sitting.id)
    ids = [one.id for one in tried]
    scripts = select(Script.id).where(Script.sitting_id == sitting.id)
    own = {"sitting_id": sitting.id}
    found: dict[type[Base], Sequence[Any]] = {
        SignedPaper: _of(session, SignedPaper),
        SittingEvent: _of(session, SittingEvent, **own),
        Attendance: _of(session, Attendance, Attendance.seat_id.in_(seats)),
        TimeGrant: _of(session, TimeGrant, **own),
        PaperTurn: _of(session, PaperTurn, **own),
        Incident: _of(session, Incident, **own),
        ProposalRuling: _of(session, ProposalRuling, **own),
        SittingMessage: _of(session, SittingMessage, **own),
        SeatCall: _of(session, SeatCall, SeatCall.seat_id.in_(seats)),
        ContactGap: _of(session, ContactGap, ContactGap.attempt_id.in_(ids)),
        Sanction: _of(session, Sanction, Sanction.seat_id.in_(seats)),
        Exclusion: _of(session, Exclusion, Exclusion.candidate_id.in_(candidates)),
        KeyRelease: _of(session, KeyRelease, KeyRelease.paper_id == sitting.paper_id),
        LeaseChange: _of(session, LeaseChange, LeaseChange.attempt_id.in_(ids)),
        Submission: _of(session, Submission, Submission.attempt_id.in_(ids)),
        Script: _of(session, Script, **own),
        HandIn: _of(session, HandIn, HandIn.script_id.in_(scripts)),
        ScriptBag: _of(session, ScriptBag, **own),
    }
    tables = {
        model.__tablename__: [rows.dump(row, RETURNED[model]) for row in found[model]] for model in found
    }
    return {
        **tables,
        "_": SCHEMA,
        "package": hall.package.hex(),
        "sitting": sitting.public_id,
        "attempts": [rows.dump(one, PROJECTION) for one in tried],
        "events": {one.public_id: list(_events(session, one)) for one in tried},
        "late": {one.public_id: list(_late(session, one)) for one in tried},
        "files": {one.public_id: _file(session, one) for one in found[SignedPaper]},
        "paper_keys": _keys(session, sitting),
        "log": _log(session, sitting.competition_id),
        "installation": _checkpoint(session, None),
    }


def _of(session: Session, model: Any, *conditions: Any, **equal: Any) -> Sequence[Any]:
    return session.scalars(select(model).where(*conditions).filter_by(**equal).order_by(model.id)).all()


def _events(session: Session, attempt: Attempt) -> Iterator[Mapping[str, Any]]:
    """Yield the journal with its contents in the clear (the package is sealed), its chain checked again."""
    kept = session.execute(
        select(AnswerEvent.lease, AnswerEvent.received_at)
        .where(AnswerEvent.attempt_id == attempt.id)
        .order_by(AnswerEvent.seq)
    ).all()
    events = replaying.events_of(session, attempt)
    for event, (lease, received_at) in zip(events, kept, strict=True):
        yield {"event": event, "lease": lease, "received_at": instant(received_at)}


def _late(session: Session, attempt: Attempt) -> Iterator[Mapping[str, Any]]:
    for batch in _of(session, LateEvent, attempt_id=attempt.id):
        yield {
            "lease": batch.lease,
            "body": rows.to_text(quarantine.body_of(session, attempt, batch)),
            "closed_at": instant(batch.closed_at),
            "received_at": instant(batch.received_at),
        }


def _file(session: Session, paper: SignedPaper) -> Mapping[str, str]:
    blob = session.get_one(Blob, paper.blob_id)
    return {"media_type": blob.media_type, "content": rows.to_text(session.files.read(session, blob))}


def _keys(session: Session, sitting: Sitting) -> Mapping[str, str]:
    """Return the keys of the opened paper: where they lay with officers, home has none to mark with."""
    query = select(PaperForm.key_id).where(PaperForm.paper_id == sitting.paper_id)
    found = session.scalars(query).all()
    return {one: session.keys.take_out(one).hex() for one in found if session.keys.exists(one)}


def _log(session: Session, competition_id: int) -> Mapping[str, Any]:
    log = record.log_of_competition(session, competition_id)
    assert log is not None  # opening the hall began it
    written = [rows.dump(leaf, LEAF) for leaf in _leaves(session, log.id)]
    return {**_checkpoint(session, competition_id), "leaves": written}


def _leaves(session: Session, log_id: int) -> Iterator[Leaf]:
    for start in itertools.count(step=1_000):
        chunk = record.sequenced(session, log_id, start=start, limit=1_000)
        yield from chunk
        if len(chunk) < 1_000:
            return


def _checkpoint(session: Session, competition_id: int | None) -> dict[str, Any]:
    """Return what the last checkpoint of the log says, with its signature."""
    log = record.log_of_competition(session, competition_id)
    signed = record.checkpoints_of(session, log.id) if log is not None else ()
    if log is None or not signed:
        return {"origin": "", "size": 0, "root": "", "note": ""}
    last = signed[-1]
    return {"origin": log.origin, "size": last.size, "root": last.root.hex(), "note": last.note}
