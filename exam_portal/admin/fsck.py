# SPDX-License-Identifier: Apache-2.0
"""What no single slice can recompute: that bags, locks, typists' readings and counts agree with the rest."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from exam_portal.admin import training_against_record
from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.interviews.models import Ballot, HearingEvent
from exam_portal.marking import queries
from exam_portal.marking import service as marking
from exam_portal.marking.models import (
    Assignment,
    CorrectionProposal,
    Keying,
    LockRequest,
    Lot,
    LotSecret,
    Mark,
    MarkingReport,
    MarkLock,
)
from exam_portal.marking.service import lot as lot_verbs
from exam_portal.sittings import handover
from exam_portal.sittings.models import MaskBag, MaskedScript
from question_bank import draw_seed
from scoring.verify.canonical import sha256_of


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each bag given otherwise, lock that misfits its marks, mark without readings, wrong count."""
    for code, by, at, why in (
        ("assigned", Assignment.by, Assignment.at, Assignment.reason),
        ("taken_back", Assignment.taken_back_by, Assignment.taken_back_at, Assignment.taken_back_reason),
    ):
        told = acts.told(session, f"marking.{code}")
        yield from acts.untold("marking", code.replace("_", " "), _assignments(session, by, at, why), told)
    yield from _in_hands(session)
    yield from _lots(session)
    yield from _locks(session)
    yield from _readings(session)
    yield from acts.untold("marking", "slip keyed", _keyed(session), acts.told(session, "marking.slip_keyed"))
    yield from _ballots(session)
    yield from _reports(session)
    told_proposals = acts.told_about(session, "proposal", "marking.correction_proposed")
    proposed = acts.stored(session, _proposals(), {"reason"})
    yield from acts.untold("marking", "correction proposed", proposed, told_proposals)
    yield from training_against_record.differences(session)


def _assignments(
    session: Session,
    by: InstrumentedAttribute[Any],
    at: InstrumentedAttribute[Any],
    why: InstrumentedAttribute[Any],
) -> Iterator[acts.Facts]:
    """Yield who was given, or lost, a bag for which round; a marker goes by the name known to the record."""
    kept_columns = Assignment.bag_id, Assignment.round, Assignment.marker_id, why.label("reason")
    rows = select(*kept_columns, by.label("_by"), at.label("_at"))
    done = list(acts.stored(session, rows.where(at.is_not(None)).order_by(Assignment.id), {"reason"}))
    bags = {bag.id: bag for bag in handover.bags_by_id(session, {row["bag_id"] for row in done})}
    for row in done:
        bag = bags[row["bag_id"]]
        marker = marking.pseudonym(session, bag, row["marker_id"])
        kept = {name: row[name] for name in ("_by", "_at", "round", "reason")}
        if by is Assignment.taken_back_by:
            place = bag.id, row["round"], row["marker_id"]
            kept["marks"] = queries.marks_given(session, [bag]).get(place, 0)
        yield {**kept, "_about": bag.public_id, "bag": bag.label, "marker": marker}


def _in_hands(session: Session) -> Iterator[Difference]:
    """Whoever gave a mark at a desk had the bag then, for that round."""
    had = exists().where(
        Assignment.bag_id == MaskedScript.bag_id,
        Assignment.round == Mark.round,
        Assignment.marker_id == Mark.marker_id,
        Assignment.at <= Mark.at,
        (Assignment.taken_back_at.is_(None)) | (Assignment.taken_back_at >= Mark.at),
    )
    of_nobody = (
        select(Mark.public_id)
        .join(MaskedScript, MaskedScript.id == Mark.masked_script_id)
        .where(Mark.marker_id.is_not(None), ~had)
        .order_by(Mark.id)
    )
    for public_id in session.scalars(of_nobody):
        yield Difference(where="marking", code="mark in nobody's bag", place=public_id)


def _lots(session: Session) -> Iterator[Difference]:
    """A lot gives what its secret, words and lists give again, and is on record like the secret before it."""
    rows = session.execute(select(LotSecret, Lot).join(Lot, Lot.secret_id == LotSecret.id).order_by(Lot.id))
    drawn = []
    for bound, lot in rows.all():
        is_bound = draw_seed.commitment(bytes.fromhex(lot.secret)) == bound.commitment
        if not is_bound or lot_verbs.again(lot) != lot.given:
            yield Difference(where="marking", code="lot", place=lot.public_id)
        drawn.append({**_of_part(bound, lot), **lot_verbs.told(bound, lot)})
    yield from acts.untold("marking", "lot drawn", drawn, _of_parts(session, "marking.lot_drawn"))
    secrets = [
        {**_of_part(bound, bound), "commitment": bound.commitment}
        for bound in session.scalars(select(LotSecret).order_by(LotSecret.id))
    ]
    yield from acts.untold("marking", "lot bound", secrets, _of_parts(session, "marking.lot_bound"))


def _of_part(
    place: LotSecret | MarkLock | LockRequest, act: LotSecret | Lot | MarkLock | LockRequest
) -> dict[str, Any]:
    """Return about which part this was done, by whom and when."""
    about = f"{place.competition_id}/{place.part}/{place.purpose}"
    return {"_about": about, "_by": act.by, "_at": audit.stamp(act.at)}


def _locks(session: Session) -> Iterator[Difference]:
    """A lock counted scripts and standing marks; corrections replace marks and change neither number.

    Only a third mark that a correction called for comes after the lock.
    """
    yield from acts.untold("marking", "lock", _locked(session), _of_parts(session, "mark-lock"))
    asked = _of_parts(session, "marking.lock_asked")
    yield from acts.untold("marking", "lock request", _asked(session), asked)
    correction = aliased(Mark)
    called_for = exists().where(
        correction.masked_script_id == Mark.masked_script_id,
        correction.supersedes_id.is_not(None),
        correction.id < Mark.id,
    )
    came_later = and_(Mark.round == 3, called_for)
    for lock in session.scalars(select(MarkLock).order_by(MarkLock.id)):
        scripts = select(MaskedScript.id).join(MaskBag, MaskBag.id == MaskedScript.bag_id)
        own = scripts.where(
            MaskBag.competition_id == lock.competition_id,
            MaskBag.part == lock.part,
            MaskBag.purpose == lock.purpose,
        )
        count = session.scalar(select(func.count()).select_from(own.subquery()))
        marks = session.scalar(
            select(func.count()).where(
                Mark.masked_script_id.in_(own), Mark.supersedes_id.is_(None), ~came_later
            )
        )
        if (count, marks) != (lock.scripts, lock.marks):
            yield Difference(where="marking", code="lock", place=f"{lock.part}/{lock.purpose}")


def _locked(session: Session) -> Iterator[acts.Facts]:
    for lock in session.scalars(select(MarkLock).order_by(MarkLock.id)):
        paper = session.get(SignedPaper, lock.signed_paper_id or 0)
        yield {
            **_of_part(lock, lock),
            "scripts": lock.scripts,
            "marks": lock.marks,
            "asked_by": lock.asked_by,
            "paper": paper.public_id if paper else None,
        }


def _asked(session: Session) -> Iterator[acts.Facts]:
    for request in session.scalars(select(LockRequest).order_by(LockRequest.id)):
        yield _of_part(request, request)


def _of_parts(session: Session, code: str) -> Iterator[acts.Facts]:
    """Yield what the record says of parts; the leaf names one bag, which leads to the part."""
    bags = dict(session.execute(select(MaskBag.public_id, MaskBag.competition_id)).all())
    for act in acts.told(session, code):
        yield {**act, "_about": f"{bags.get(act['_about'])}/{act['part']}/{act['purpose']}"}


def _keyed(session: Session) -> Iterator[acts.Facts]:
    """Yield each reading of a slip: two of them make a mark, and nobody else's may stand among them."""
    rows = (
        select(Keying, MaskedScript.mask_code, MaskBag.public_id, Competition.public_id, SignedPaper)
        .join(MaskedScript, MaskedScript.id == Keying.masked_script_id)
        .join(MaskBag, MaskBag.id == MaskedScript.bag_id)
        .join(Competition, Competition.id == MaskedScript.competition_id)
        .join(SignedPaper, SignedPaper.id == Keying.signed_paper_id)
    )
    for keying, code, bag, competition, paper in session.execute(rows.order_by(Keying.id)):
        yield {
            **marking.read_of(session, competition, keying, paper),
            "_about": bag,
            "_by": keying.typist_id,
            "_at": audit.stamp(keying.at),
            "code": code,
        }


def _readings(session: Session) -> Iterator[Difference]:
    """A mark taken from a slip stands on two equal readings by different people."""
    readings = (
        select(Keying.masked_script_id, Keying.round, Keying.value)
        .group_by(Keying.masked_script_id, Keying.round, Keying.value)
        .having(func.count(func.distinct(Keying.typist_id)) >= 2)
    )
    agreed = {tuple(row) for row in session.execute(readings)}
    taken = select(Mark).where(
        Mark.marker_id.is_(None), Mark.supersedes_id.is_(None), Mark.signed_paper_id.is_not(None)
    )
    for mark in session.scalars(taken.order_by(Mark.id)):
        if (mark.masked_script_id, mark.round, mark.value) not in agreed:
            yield Difference(where="marking", code="readings", place=mark.public_id)


def _reports(session: Session) -> Iterator[Difference]:
    """Each report to the head of the marking is what was recorded, and none that was recorded is gone."""
    computed = MarkingReport.computed_at.is_not(None)
    for found in session.scalars(select(MarkingReport).where(computed).order_by(MarkingReport.id)):
        if sha256_of(found.content) != found.content_hash:
            yield Difference(where="marking", code="report", place=found.public_id)
    about = MarkingReport.public_id.label("_about")
    rows = select(about, MarkingReport.kind, MarkingReport.part, MarkingReport.purpose)
    bases = MarkingReport.basis, MarkingReport.controls_basis
    asked = rows.add_columns(*bases, MarkingReport.by.label("_by"), MarkingReport.at.label("_at"))
    yield from acts.compare(session, "marking", "report asked", ("marking.report_asked",), asked)
    done = rows.where(computed).add_columns(
        MarkingReport.computed_at.label("_at"), MarkingReport.content_hash.label("hash")
    )
    yield from acts.compare(session, "marking", "report unrecorded", ("marking.report_computed",), done)


def _proposals() -> acts.Rows:
    columns = (
        CorrectionProposal.public_id.label("_about"),
        CorrectionProposal.by.label("_by"),
        CorrectionProposal.at.label("_at"),
        Mark.public_id.label("mark"),
        CorrectionProposal.value,
        CorrectionProposal.reason,
        CorrectionProposal.page,
        SignedPaper.public_id.label("paper"),
    )
    rows = select(*columns).select_from(CorrectionProposal)
    rows = rows.join(Mark, Mark.id == CorrectionProposal.mark_id).order_by(CorrectionProposal.id)
    return rows.join(SignedPaper, SignedPaper.id == CorrectionProposal.signed_paper_id)


def _ballots(session: Session) -> Iterator[Difference]:
    """As many ballots are kept of a hearing as its count says were valid."""
    counts = session.execute(select(Ballot.hearing_id, func.count()).group_by(Ballot.hearing_id))
    kept = {row[0]: row[1] for row in counts}
    for event in session.scalars(select(HearingEvent).where(HearingEvent.kind == "counted")):
        if kept.get(event.hearing_id, 0) != event.payload["returned"] - event.payload["invalid"]:
            yield Difference(where="interviews", code="count", place=str(event.hearing_id))
