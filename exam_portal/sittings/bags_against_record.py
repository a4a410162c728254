# SPDX-License-Identifier: Apache-2.0
"""Bags of scripts: what was declared, sealed, found and counted is what the record says."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.sittings.models import (
    BagCount,
    ScriptBag,
    ScriptHandover,
    Sitting,
    SittingEvent,
    SittingEventKind,
)
from exam_portal.sittings.service import bags


def differences(session: Session, where: str) -> Iterator[Difference]:
    """Yield each handing over that stands otherwise than it was declared and received."""
    told = acts.told(session, "sittings.scripts_declared")
    yield from acts.untold(where, "declaration", _declared(session), told)
    told = acts.told(session, "sittings.scripts_received")
    yield from acts.untold(where, "handover", _received(session), told)


def _declared(session: Session) -> Iterator[acts.Facts]:
    query = select(Sitting, SittingEvent).join(SittingEvent, SittingEvent.sitting_id == Sitting.id)
    events = query.where(SittingEvent.kind == SittingEventKind.HANDED_OVER.value).order_by(SittingEvent.id)
    for sitting, event in session.execute(events).all():
        yield {
            "_about": sitting.public_id,
            "_by": event.by,
            "_at": audit.stamp(event.at),
            **event.payload,
            "bags": bags.declared(bags.of_sitting(session, sitting)),
        }


def _received(session: Session) -> Iterator[acts.Facts]:
    query = select(Sitting, ScriptHandover).join(ScriptHandover, ScriptHandover.sitting_id == Sitting.id)
    for sitting, handover in session.execute(query.order_by(ScriptHandover.id)).all():
        packed = bags.of_sitting(session, sitting)
        paper = session.get(SignedPaper, handover.signed_paper_id or 0)
        yield {
            "_about": sitting.public_id,
            "_by": handover.received_by,
            "_at": audit.stamp(handover.at),
            "handed_by": handover.handed_by,
            "scripts": handover.scripts,
            "sheets": handover.sheets,
            "bags": bags.received(packed, _counts(session, packed)),
            "paper": paper.public_id if paper else None,
        }


def _counts(session: Session, packed: Sequence[ScriptBag]) -> Sequence[BagCount]:
    query = select(BagCount).where(BagCount.bag_id.in_([bag.id for bag in packed]))
    return session.scalars(query.order_by(BagCount.id)).all()
