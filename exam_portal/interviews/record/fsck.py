# SPDX-License-Identifier: Apache-2.0
"""The sealed records of ballots, their keys, shares and openings: held against the record."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.record.models import (
    RecordKey,
    RecordOpening,
    RecordShare,
    SealedRecord,
    SlipEnvelope,
)
from scoring.verify.canonical import sha256_of

WHERE = "interviews"


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each key, share, sealed record, opening and envelope that is not as it was recorded."""
    entrusted = acts.told(session, "interviews.record_entrusted")
    yield from acts.untold(WHERE, "record key", _keys(session), entrusted)
    yield from acts.compare(session, WHERE, "record share", ("interviews.record_share_taken",), _taken())
    counted = (act for act in acts.told(session, "interviews.counted") if "record" in act)
    yield from acts.untold(WHERE, "sealed record", _sealed(session), counted)
    opened = acts.told(session, "interviews.record_opened")
    yield from acts.untold(WHERE, "record opening", _openings(session), opened)
    sealed = ("interviews.slips_sealed", "interviews.slips_corrected")
    yield from acts.untold(WHERE, "slip envelope", _envelopes(session), acts.told(session, *sealed))


def _keys(session: Session) -> Iterator[acts.Facts]:
    for key in session.scalars(select(RecordKey).order_by(RecordKey.id)):
        yield {
            "_about": session.get_one(PanelSession, key.panel_id).public_id,
            "_by": key.by,
            "_at": audit.stamp(key.at),
            "threshold": key.threshold,
            "holders": {str(share.holder): share.fingerprint.hex() for share in key.shares},
            "public_key": key.public_key.hex(),
            "locked": audit.digest(key.locked),
            "reason": audit.digest(key.reason) if key.reason else None,
        }


def _taken() -> acts.Rows:
    columns = (
        PanelSession.public_id.label("_about"),
        RecordShare.holder.label("_by"),
        RecordShare.taken_at.label("_at"),
        RecordShare.fingerprint.label("share"),
    )
    return (
        select(*columns)
        .join(RecordKey, RecordKey.panel_id == PanelSession.id)
        .join(RecordShare, RecordShare.record_key_id == RecordKey.id)
        .where(RecordShare.taken_at.is_not(None))
    )


def _sealed(session: Session) -> Iterator[acts.Facts]:
    for kept in session.scalars(select(SealedRecord).order_by(SealedRecord.id)):
        hearing = session.get_one(Hearing, kept.hearing_id)
        yield {
            "_about": hearing.panel.public_id,
            "hearing": hearing.public_id,
            "record": sha256_of(kept.entries),
        }


def _openings(session: Session) -> Iterator[acts.Facts]:
    for row in session.scalars(select(RecordOpening).order_by(RecordOpening.id)):
        hearing = session.get_one(Hearing, row.hearing_id)
        yield {
            "_about": hearing.panel.public_id,
            "_by": row.by,
            "_at": audit.stamp(row.at),
            "hearing": hearing.public_id,
            "paper": session.get_one(SignedPaper, row.signed_paper_id).public_id,
            "witnesses": len(row.witnesses),
            "holders": [str(one) for one in row.holders],
            "agrees": row.agrees,
        }


def _envelopes(session: Session) -> Iterator[acts.Facts]:
    """Yield each entry of an envelope; one that corrects another corrects the last before it."""
    last: dict[int, int] = {}
    for row in session.scalars(select(SlipEnvelope).order_by(SlipEnvelope.id)):
        hearing = session.get_one(Hearing, row.hearing_id)
        follows = row.corrects_id == last.get(row.hearing_id)
        last[row.hearing_id] = row.id
        yield {
            "_about": hearing.panel.public_id,
            "_by": row.by,
            "_at": audit.stamp(row.at),
            "_type": "interviews.slips_corrected" if row.reason else "interviews.slips_sealed",
            "hearing": hearing.public_id,
            "number": row.number if follows else None,
            "seal_no": row.seal_no,
            "keeper": audit.digest(row.keeper),
            **({"reason": audit.digest(row.reason)} if row.reason else {}),
        }
