# SPDX-License-Identifier: Apache-2.0
"""Standards held against the record: who judged what, what each gave, what came out, and its conclusion."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.core.db import Session
from exam_portal.results.models import StandardRound, StandardSetting
from scoring.verify.canonical import sha256_of


def differences(session: Session) -> Iterator[Difference]:
    """Yield each standard, estimate and round that is not as it was recorded."""
    told = (
        ("standard", _begun, "results.standard_begun"),
        ("standard round", _rounds, "results.standard_round"),
        ("standard excused", _excused, "results.standard_excused"),
        ("estimate", _estimates, "results.standard_estimated"),
        ("standard computed", _computed, "results.standard_computed"),
        ("standard concluded", _concluded, "results.standard_concluded"),
    )
    for code, stored, type_ in told:
        yield from acts.untold("results", code, stored(session), acts.told(session, type_))
    for current in session.scalars(select(StandardRound).where(StandardRound.computed_at.is_not(None))):
        if sha256_of(current.content) != current.content_hash:
            yield Difference(where="results", code="standard content", place=current.public_id)


def _all(session: Session) -> Iterator[StandardSetting]:
    yield from session.scalars(select(StandardSetting).order_by(StandardSetting.id))


def _begun(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        yield {
            "_about": one.public_id,
            "_by": one.created_by,
            "_at": audit.stamp(one.created_at),
            "method": one.method,
            "items": sha256_of(one.items),
            "judges": sorted(one.judge_ids),
        }


def _rounds(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        for current in one.rounds:
            yield {
                "_about": one.public_id,
                "_by": current.opened_by,
                "_at": audit.stamp(current.opened_at),
                "round": current.number,
            }


def _excused(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        for judge in one.judges:
            if judge.excused_at is not None:
                yield {
                    "_about": one.public_id,
                    "_by": judge.excused_by,
                    "_at": audit.stamp(judge.excused_at),
                    "judge": judge.account_id,
                    "reason": judge.reason,
                }


def _estimates(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        for current in one.rounds:
            for estimate in current.estimates:
                yield {
                    "_about": one.public_id,
                    "_by": estimate.by,
                    "_at": audit.stamp(estimate.at),
                    "round": current.number,
                    "shares": estimate.hash,
                }


def _computed(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        for current in one.rounds:
            if current.computed_at is not None:
                yield {
                    "_about": one.public_id,
                    "_at": audit.stamp(current.computed_at),
                    "round": current.number,
                    "hash": current.content_hash,
                }


def _concluded(session: Session) -> Iterator[acts.Facts]:
    for one in _all(session):
        if one.concluded_at is not None:
            yield {
                "_about": one.public_id,
                "_by": one.concluded_by,
                "_at": audit.stamp(one.concluded_at),
                "rounds": len(one.rounds),
                "hash": one.rounds[-1].content_hash,
            }
