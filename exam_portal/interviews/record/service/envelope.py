# SPDX-License-Identifier: Apache-2.0
"""On paper the sealed envelope with the slips is the record: who keeps it, under which number and seal.

A mistyped number is corrected by an entry that names why; the one before stays beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.interviews import errors, queries
from exam_portal.interviews.models import Hearing
from exam_portal.interviews.record.errors import EnvelopeMissing, NothingCorrected, NothingSealed
from exam_portal.interviews.record.models import SlipEnvelope
from exam_portal.interviews.room.errors import ReasonMissing
from exam_portal.interviews.service import common


def register_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    number: str,
    seal_no: str,
    keeper: str,
) -> SlipEnvelope:
    """The slips of a counted hearing lie in a sealed envelope; number, seal and keeper are on record."""
    panel = common.locked(session, hearing.panel)
    if panel.mode != "paper":
        raise errors.OtherMode
    if not queries.has(session, hearing.id, "counted"):  # slips that were destroyed have no envelope
        raise NothingSealed
    if envelope_of(session, hearing.id) is not None:
        raise StaleState
    written = _written(number, seal_no, keeper)
    envelope = SlipEnvelope(hearing_id=hearing.id, reason="", by=common.account(actor), at=now, **written)
    session.add(envelope)
    session.flush()
    common.record(session, actor, now, panel, "interviews.slips_sealed", _told(hearing, written))
    return envelope


def correct_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    number: str,
    seal_no: str,
    keeper: str,
    reason: str,
) -> SlipEnvelope:
    """What is registered of the envelope is corrected, for a reason; the entry before stays as it was."""
    panel = common.locked(session, hearing.panel)
    before = envelope_of(session, hearing.id)
    if before is None:
        raise EnvelopeMissing
    why, written = " ".join(reason.split()), _written(number, seal_no, keeper)
    if not why:
        raise ReasonMissing
    if all(getattr(before, name) == value for name, value in written.items()):
        raise NothingCorrected
    envelope = SlipEnvelope(
        hearing_id=hearing.id,
        corrects_id=before.id,
        reason=why,
        by=common.account(actor),
        at=now,
        **written,
    )
    session.add(envelope)
    session.flush()
    facts = {**_told(hearing, written), "reason": audit.digest(why)}
    common.record(session, actor, now, panel, "interviews.slips_corrected", facts)
    return envelope


def envelope_of(session: Session, hearing_id: int) -> SlipEnvelope | None:
    """Return the envelope with the slips of a hearing as it was entered last, if it is registered."""
    return next(iter(envelope_entries(session, hearing_id)[::-1]), None)


def envelope_entries(session: Session, hearing_id: int) -> Sequence[SlipEnvelope]:
    """Return every entry about the envelope of a hearing, the first first: one query."""
    entries = select(SlipEnvelope).where(SlipEnvelope.hearing_id == hearing_id)
    return session.scalars(entries.order_by(SlipEnvelope.id)).all()


def _written(number: str, seal_no: str, keeper: str) -> dict[str, str]:
    return {"number": number.strip(), "seal_no": seal_no.strip(), "keeper": " ".join(keeper.split())}


def _told(hearing: Hearing, written: Mapping[str, str]) -> dict[str, str]:
    return {"hearing": hearing.public_id, **written, "keeper": audit.digest(written["keeper"])}
