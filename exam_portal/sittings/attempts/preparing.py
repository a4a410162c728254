# SPDX-License-Identifier: Apache-2.0
"""Attempts exist before the start: one for each seat, its form allotted by a rule that anybody can check."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from exam_portal.accounts.models import Account
from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.papers.models import PaperForm
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import chain, projection
from exam_portal.sittings.attempts.errors import NotPrepared
from exam_portal.sittings.models import Attempt, Attendance, Seat, Sitting

ALLOTMENT_DOMAIN = b"exam/allotment/v1"


def prepare_attempts(session: Session, actor: Actor, now: datetime, *, sitting: Sitting) -> int:
    """Every seat of the sitting has its attempt; return how many were added. Doing it again adds nothing."""
    session.get_one(Sitting, sitting.id, with_for_update=True)
    forms = _forms(session, sitting)
    rows = [
        _row(sitting, seat_id, key_id, forms, now) for seat_id, key_id in _seats_without(session, sitting)
    ]
    if not rows:
        return 0
    session.execute(insert(Attempt), rows)
    projection.refresh(session, sitting)
    heads = hashlib.sha256(b"".join(sorted(row["head"] for row in rows))).hexdigest()
    audit.record(
        session,
        actor,
        now,
        type="sittings.attempts_prepared",
        content={"sitting": sitting.public_id, "count": len(rows), "heads": f"sha256:{heads}"},
        competition_id=sitting.competition_id,
        subject=sitting.public_id,
    )
    return len(rows)


def authorise(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, seats: Sequence[Seat]
) -> None:
    """The invigilator has checked these people's identity at their seats: their attempts may run."""
    known = projection.facts_of(session, sitting).present
    added = [seat for seat in seats if seat.id not in known and seat.sitting_id == sitting.id]
    if not added:
        return
    last = _last_attendances(session, sitting)
    rows = [
        {
            "seat_id": seat.id,
            "status": "present",
            "identity_checked": True,
            "arrived_at": now,
            "supersedes_id": last.get(seat.id),
            "by": actor.account_id,
            "at": now,
        }
        for seat in added
    ]
    session.execute(insert(Attendance), rows)
    content = {"sitting": sitting.public_id, "seats": [seat.public_id for seat in added]}
    projection.refresh(session, sitting, seat_ids=[seat.id for seat in added])
    audit.record(
        session,
        actor,
        now,
        type="attendance",
        content=content,
        competition_id=sitting.competition_id,
        subject=sitting.public_id,
    )


def form_index(seat: str, forms: int) -> int:
    """Return which of the forms a seat gets: evenly spread, the same whenever it is asked."""
    digest = hashlib.sha256(ALLOTMENT_DOMAIN + seat.encode()).digest()
    return int.from_bytes(digest[:8], "big") % forms


def _row(
    sitting: Sitting, seat: tuple[int, str], key_id: str, forms: Sequence[PaperForm], now: datetime
) -> dict[str, Any]:
    seat_id, seat_public_id = seat
    form = forms[form_index(seat_public_id, len(forms))]
    public_id, salt = new_public_id(), secrets.token_bytes(32)
    return {
        "public_id": public_id,
        "sitting_id": sitting.id,
        "seat_id": seat_id,
        "form_id": form.id,
        "key_id": key_id,
        "salt": salt,
        "head": chain.first_head(public_id, form.commitment, salt),
        "seq": 0,
        "state": "awaiting",
        "created_at": now,
    }


def _forms(session: Session, sitting: Sitting) -> Sequence[PaperForm]:
    if sitting.mode == "paper" or sitting.paper_id is None:
        raise NotPrepared
    found = select(PaperForm).where(PaperForm.paper_id == sitting.paper_id).order_by(PaperForm.code)
    forms = session.scalars(found).all()
    if not forms:
        raise NotPrepared
    return forms


def _seats_without(session: Session, sitting: Sitting) -> Sequence[tuple[tuple[int, str], str]]:
    found = (
        select(Seat.id, Seat.public_id, Account.key_id)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .join(Account, Account.id == Candidate.account_id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .where(Seat.sitting_id == sitting.id, Attempt.id.is_(None))
        .order_by(Seat.id)
    )
    return [((seat_id, public_id), key_id) for seat_id, public_id, key_id in session.execute(found)]


def _last_attendances(session: Session, sitting: Sitting) -> dict[int, int]:
    found = (
        select(Attendance.seat_id, func.max(Attendance.id))
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.sitting_id == sitting.id)
        .group_by(Attendance.seat_id)
    )
    return {row[0]: row[1] for row in session.execute(found)}
