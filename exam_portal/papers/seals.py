# SPDX-License-Identifier: Apache-2.0
"""Numbers of seals: each closes one envelope or bag of a competition, and has one spelling."""

import unicodedata

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.papers.models import Envelope, EnvelopeEvent, EnvelopeEventKind


def spelled(number: str) -> str:
    """Return the number in its one spelling, so that np-0417 and NP-0417 are the same seal."""
    return " ".join(unicodedata.normalize("NFC", number).upper().split())


def is_used(session: Session, competition_id: int, number: str) -> bool:
    """Whether a seal of this number closes, or closed, an envelope of the competition."""
    first = select(Envelope.id).where(Envelope.competition_id == competition_id, Envelope.seal_no == number)
    again = (
        select(EnvelopeEvent.id)
        .join(Envelope, Envelope.id == EnvelopeEvent.envelope_id)
        .where(
            Envelope.competition_id == competition_id,
            EnvelopeEvent.kind == EnvelopeEventKind.RESEALED.value,
            EnvelopeEvent.seal_no == number,
        )
    )
    return any(session.scalar(query.limit(1)) is not None for query in (first, again))
