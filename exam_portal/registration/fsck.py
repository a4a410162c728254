# SPDX-License-Identifier: Apache-2.0
"""Who takes part is who was found eligible, listed and not excluded, as the record says."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Criterion, Vacancy
from exam_portal.core.db import Session
from exam_portal.core.storage import Blob
from exam_portal.registration import queries
from exam_portal.registration.models import (
    Application,
    Attachment,
    Candidate,
    Exclusion,
    PreferenceFinding,
    RefusedDossier,
    VettingConclusion,
    VettingFinding,
    Withdrawal,
)

Finding = type[VettingFinding] | type[PreferenceFinding] | type[VettingConclusion]
WORDS = frozenset({"reason"})


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each application, document, finding, list and departure that the record tells otherwise."""
    yield from _dossiers(session)
    yield from _documents(session)
    yield from _vetting(session)
    yield from _list(session)
    yield from _departures(session)


def _dossiers(session: Session) -> Iterator[Difference]:
    """An application that counts is this person's, for this post, in time; so is one that was refused."""
    submitted = select(
        Application.public_id.label("_about"),
        func.coalesce(Application.entered_by, Application.account_id).label("_by"),
        Application.submitted_at.label("_at"),
        Application.account_id.label("account"),
        Vacancy.public_id.label("vacancy"),
        Application.source,
        Application.receipt_no,
        Application.stamped_at,
        Application.form,
    )
    rows = submitted.join(Vacancy, Vacancy.id == Application.vacancy_id)
    acts_ = ("registration.submitted", "registration.dossier_entered")
    counting = rows.where(Application.submitted_at.is_not(None))
    yield from acts.compare(session, "registration", "application", acts_, counting, {"form"})
    refused = select(
        RefusedDossier.public_id.label("_about"),
        RefusedDossier.by.label("_by"),
        RefusedDossier.at.label("_at"),
        RefusedDossier.account_id.label("account"),
        Vacancy.public_id.label("vacancy"),
        RefusedDossier.receipt_no,
        RefusedDossier.stamped_at,
        RefusedDossier.reason,
    ).join(Vacancy, Vacancy.id == RefusedDossier.vacancy_id)
    yield from acts.compare(session, "registration", "refusal", ("registration.dossier_refused",), refused)


def _documents(session: Session) -> Iterator[Difference]:
    """A document is the file that was attached: the hash is that of the file in the store."""
    rows = (
        select(
            Application.public_id.label("_about"),
            Attachment.public_id.label("attachment"),
            Blob.sha256,
        )
        .join(Application, Application.id == Attachment.application_id)
        .join(Blob, (Blob.id == Attachment.blob_id) & (Blob.sha256 == Attachment.sha256), isouter=True)
    )
    attached = rows.add_columns(
        Attachment.kind, Attachment.uploaded_by.label("_by"), Attachment.uploaded_at.label("_at")
    )
    removed = rows.add_columns(Attachment.removed_at.label("_at")).where(Attachment.removed_at.is_not(None))
    yield from acts.compare(session, "registration", "document", ("registration.attached",), attached)
    act = ("registration.attachment_removed",)
    yield from acts.compare(session, "registration", "document removed", act, removed)


def _vetting(session: Session) -> Iterator[Difference]:
    found = _said_of(VettingFinding).add_columns(
        VettingFinding.decision, VettingFinding.automatic, Criterion.public_id.label("criterion")
    )
    for code, act, rows in (
        ("finding", "criterion_found", found.join(Criterion, Criterion.id == VettingFinding.criterion_id)),
        ("preference", "preference_found", _said_of(PreferenceFinding).add_columns(PreferenceFinding.points)),
        ("conclusion", "concluded", _said_of(VettingConclusion).add_columns(VettingConclusion.outcome)),
    ):
        yield from acts.compare(session, "registration", code, (f"registration.{act}",), rows, WORDS)
    yield from _succession(session, VettingFinding, VettingFinding.criterion_id)
    yield from _succession(session, PreferenceFinding)
    yield from _succession(session, VettingConclusion)


def _said_of(model: Finding) -> acts.Rows:
    return select(
        Application.public_id.label("_about"), model.by.label("_by"), model.at.label("_at"), model.reason
    ).join(Application, Application.id == model.application_id)


def _succession(
    session: Session, model: Finding, *also_by: InstrumentedAttribute[int]
) -> Iterator[Difference]:
    """Each word supersedes the one before it, so that the last one stands."""
    former = func.lag(model.id).over(partition_by=[model.application_id, *also_by], order_by=model.id)
    rows = select(model.application_id, model.supersedes_id, former.label("former")).subquery()
    wrong = rows.c.supersedes_id.is_distinct_from(rows.c.former)
    places = select(Application.public_id).join(rows, rows.c.application_id == Application.id).where(wrong)
    for place in session.scalars(places.distinct().order_by(Application.public_id)):
        yield Difference(where="registration", code="succession", place=place)


def _list(session: Session) -> Iterator[Difference]:
    rows = [{"_about": place, "list": hash_} for place, hash_ in queries.lists(session).items()]
    told = [act for act in acts.told(session, "roster") if act.get("list") is not None]
    return acts.untold("registration", "list", rows, told)


def _departures(session: Session) -> Iterator[Difference]:
    withdrawn = (
        select(
            Application.public_id.label("_about"),
            Withdrawal.by.label("_by"),
            Withdrawal.at.label("_at"),
            Withdrawal.reason,
            Withdrawal.stamped_at,
            SignedPaper.public_id.label("paper"),
        )
        .join(Application, Application.id == Withdrawal.application_id)
        .outerjoin(SignedPaper, SignedPaper.id == Withdrawal.paper_id)
    )
    yield from acts.compare(
        session, "registration", "withdrawal", ("registration.withdrawn",), withdrawn, WORDS
    )
    excluded = (
        select(
            Candidate.public_id.label("_about"),
            Exclusion.by.label("_by"),
            Exclusion.at.label("_at"),
            Exclusion.status,
            Exclusion.reason,
            SignedPaper.public_id.label("paper"),
        )
        .join(Candidate, Candidate.id == Exclusion.candidate_id)
        .outerjoin(SignedPaper, SignedPaper.id == Exclusion.paper_id)
    )
    act = ("registration.candidate_excluded",)
    yield from acts.compare(session, "registration", "exclusion", act, excluded, WORDS)
