# SPDX-License-Identifier: Apache-2.0
"""Numbers of seals: each closes one envelope or bag of a competition, and has one spelling.

Bags belong to the sittings, which stand above the papers: they say by a hook which seals close one.
"""

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.papers.models import Envelope, EnvelopeEvent, EnvelopeEventKind

OnABag: TypeAlias = Callable[[Session, int, str], bool]


def _on_none(_session: Session, _competition_id: int, _number: str) -> bool:
    return False


_on_a_bag: OnABag = _on_none


def fill(on_a_bag: OnABag) -> None:
    """The function answers from now on whether a seal closes a bag of the competition."""
    global _on_a_bag  # noqa: PLW0603 - one hook of the whole program, filled while it is put together
    _on_a_bag = on_a_bag


def spelled(number: str) -> str:
    """Return the number in its one spelling, so that np-0417 and NP-0417 are the same seal."""
    return " ".join(unicodedata.normalize("NFC", number).upper().split())


def is_used(session: Session, competition_id: int, number: str) -> bool:
    """Whether a seal of this number closes, or closed, an envelope or a bag of the competition.

    The competition's row stays locked until the end of the transaction: nobody else gives a seal meanwhile.
    """
    session.execute(select(Competition.id).where(Competition.id == competition_id).with_for_update())
    return _on_an_envelope(session, competition_id, number) or _on_a_bag(session, competition_id, number)


def _on_an_envelope(session: Session, competition_id: int, number: str) -> bool:
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
