# SPDX-License-Identifier: Apache-2.0
"""A report about the marks of a part is asked for, tried again, and kept once a job has computed it.

The verbs lock the bags of the part like every verb of marking, write one leaf each, and touch no mark.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.core import outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.marking import errors
from exam_portal.marking.models import Mark, MarkingReport
from exam_portal.marking.service import common
from exam_portal.marking.training import queries as training
from exam_portal.marking.training.models import TrainingMark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from scoring.verify.canonical import sha256_of

AGREEMENT, LIKENESS = "agreement", "likeness"
JOBS: Mapping[str, str] = {AGREEMENT: "marking.agreement", LIKENESS: "marking.likeness"}


def ask(
    session: Session, actor: Actor, now: datetime, *, bags: Sequence[BagView], kind: str
) -> MarkingReport:
    """The report will be computed; NothingNewToReport where there is one of everything that is there now."""
    first = bags[0]
    for bag in bags:
        handover.hold_bag(session, bag.id)
    found, of_controls = basis(session, bags, kind), controls_basis(session, bags, kind)
    known = reports(session, first, kind)
    if not found or any((each.basis, each.controls_basis) == (found, of_controls) for each in known):
        raise errors.NothingNewToReport
    asked = MarkingReport(
        competition_id=first.competition_id,
        part=first.part,
        purpose=first.purpose,
        kind=kind,
        basis=found,
        controls_basis=of_controls,
        by=common.account(actor),
        at=now,
    )
    session.add(asked)
    session.flush()
    outbox.enqueue(session, JOBS[kind], {"report": asked.public_id}, now, about=asked.public_id)
    bases = {"basis": asked.basis, "controls_basis": asked.controls_basis}
    _record(session, actor, now, "marking.report_asked", asked, bases)
    return asked


def repeat(session: Session, actor: Actor, now: datetime, *, report: MarkingReport) -> None:
    """The report is tried again at once; NothingNewToReport while it runs, or when it is there."""
    report = session.get_one(MarkingReport, report.id, with_for_update=True, populate_existing=True)
    found = standing(session, report)
    if report.computed_at is not None or (found is not None and not found.has_failed):
        raise errors.NothingNewToReport
    if found is None:
        job = JOBS[report.kind]
        outbox.enqueue(session, job, {"report": report.public_id}, now, about=report.public_id)
    else:
        outbox.retry(session, now, found.row_id)
    why = "" if found is None else found.last_error or ""
    _record(session, actor, now, "marking.report_repeated", report, {"after": why})


def keep(session: Session, now: datetime, *, report: MarkingReport, content: Mapping[str, Any]) -> None:
    """The report says this, and never anything else."""
    report.content, report.content_hash = dict(content), sha256_of(content)
    report.computed_at = now
    _record(session, SYSTEM, now, "marking.report_computed", report, {"hash": report.content_hash})


def standing(session: Session, report: MarkingReport) -> outbox.Standing | None:
    """Return how the job of a report stands; None once it is computed, or when its job is lost."""
    if report.computed_at is not None:
        return None
    return outbox.standing(session, JOBS[report.kind], report.public_id)


def reports(session: Session, bag: BagView, kind: str) -> Sequence[MarkingReport]:
    """Return the reports about the bag's part, the newest first."""
    return session.scalars(
        select(MarkingReport)
        .where(
            MarkingReport.competition_id == bag.competition_id,
            MarkingReport.part == bag.part,
            MarkingReport.purpose == bag.purpose,
            MarkingReport.kind == kind,
        )
        .order_by(MarkingReport.id.desc())
    ).all()


def basis(session: Session, bags: Sequence[BagView], kind: str) -> int:
    """Return the newest mark (or masked script) of the bags, nought where there is none."""
    scripts = [script.id for script in handover.scripts_of(session, [bag.id for bag in bags])]
    if kind == LIKENESS:
        return max(scripts, default=0)
    return session.scalar(select(func.max(Mark.id)).where(Mark.masked_script_id.in_(scripts))) or 0


def controls_basis(session: Session, bags: Sequence[BagView], kind: str) -> int:
    """Return the newest mark of a control script that lay in these bags, nought where there is none."""
    if kind == LIKENESS:
        return 0
    return session.scalar(select(func.max(TrainingMark.id)).where(training.is_control_mark(bags))) or 0


def _record(
    session: Session, actor: Actor, now: datetime, code: str, about: MarkingReport, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=about.competition_id,
        subject=about.public_id,
        content={"kind": about.kind, "part": about.part, "purpose": about.purpose, **facts},
    )
