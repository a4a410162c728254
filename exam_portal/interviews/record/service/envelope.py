# SPDX-License-Identifier: Apache-2.0
"""On paper the sealed envelope with the slips is the record: who keeps it, under which number and seal."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.interviews import errors, queries
from exam_portal.interviews.models import Hearing
from exam_portal.interviews.record.errors import NothingSealed
from exam_portal.interviews.record.models import SlipEnvelope
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
    envelope = SlipEnvelope(
        hearing_id=hearing.id,
        number=number.strip(),
        seal_no=seal_no.strip(),
        keeper=" ".join(keeper.split()),
        by=common.account(actor),
        at=now,
    )
    session.add(envelope)
    session.flush()
    facts = {
        "hearing": hearing.public_id,
        "number": envelope.number,
        "seal_no": envelope.seal_no,
        "keeper": audit.digest(envelope.keeper),
    }
    common.record(session, actor, now, panel, "interviews.slips_sealed", facts)
    return envelope


def envelope_of(session: Session, hearing_id: int) -> SlipEnvelope | None:
    """Return the envelope with the slips of a hearing, if it is registered."""
    return session.scalar(select(SlipEnvelope).where(SlipEnvelope.hearing_id == hearing_id))
