# SPDX-License-Identifier: Apache-2.0
"""What the pages of registration show, as plain values: built from rows, read by templates."""

import dataclasses
import io
from collections.abc import Sequence
from datetime import datetime

from flask import Response, send_file
from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Account
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Criterion, MilestoneKind, Vacancy
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.core.storage import Blob
from exam_portal.registration import preference, queries
from exam_portal.registration.eligibility import Reading
from exam_portal.registration.form_content import AttachmentKind, FormContent
from exam_portal.registration.models import (
    Application,
    Attachment,
    PreferenceFinding,
    RefusedDossier,
    VettingConclusion,
    VettingFinding,
    Withdrawal,
)
from scoring.ruleset import PreferencePoints

ATTACHMENT_CONTEXT = "registration.attachment"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """A document of a dossier, decrypted for one response."""

    stream: io.BytesIO
    media_type: str
    file_name: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document as the dossier lists it."""

    public_id: str
    id: int
    kind: AttachmentKind
    file_name: str
    size: int
    uploaded_at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FailedCriterion:
    """A criterion that the board found not to be met, with its reason."""

    text: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPage:
    """One application with what surrounds it."""

    application: Application
    competition: Competition
    vacancy: Vacancy
    name: str
    content: FormContent
    missing: tuple[str, ...]
    documents: Sequence[DocumentLine]
    state: str
    conclusion: VettingConclusion | None
    withdrawal: Withdrawal | None
    may_withdraw: bool
    failed: Sequence[FailedCriterion]
    preference: PreferencePoints  # what the rule set gives
    given: PreferenceFinding | None  # what the board found


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """One criterion with the automatic reading and the board's word."""

    criterion: Criterion
    reading: Reading
    finding: VettingFinding | None


def draft_page(session: Session, application: Application) -> ApplicationPage:
    """Return a draft as its form and its review page show it."""
    return application_page(session, application)


def standing_page(session: Session, application: Application) -> ApplicationPage:
    """Return a submitted application as its applicant sees where it stands.

    The board's conclusion shows once the list has been approved, not while the board is at work.
    """
    page = application_page(session, application)
    reached = competitions.reached(session, application.competition_id)
    if (MilestoneKind.LIST_APPROVED, "") in reached:
        return page
    state = page.state if page.state in ("draft", "withdrawn") else "submitted"
    return dataclasses.replace(page, conclusion=None, failed=(), given=None, state=state)


def application_page(session: Session, application: Application) -> ApplicationPage:
    """Return everything about one application, opened with the person's key."""
    content = queries.form_of(session, application)
    withdrawal = session.scalar(select(Withdrawal).where(Withdrawal.application_id == application.id))
    conclusion = queries.conclusion(session, application.id)
    reached = competitions.reached(session, application.competition_id)
    submitted = application.submitted_at is not None
    return ApplicationPage(
        application=application,
        competition=session.get_one(Competition, application.competition_id),
        vacancy=session.get_one(Vacancy, application.vacancy_id),
        name=accounts.names_of(session, [application.account_id])[application.account_id],
        content=content,
        missing=content.missing(),
        documents=document_lines(session, application),
        state=_state(submitted, withdrawal, conclusion),
        conclusion=conclusion,
        withdrawal=withdrawal,
        failed=[
            FailedCriterion(text=session.get_one(Criterion, number).text, reason=row.reason)
            for number, row in queries.findings(session, application.id).items()
            if row.decision == "not_met"
        ],
        may_withdraw=submitted and withdrawal is None and (MilestoneKind.SUMMONED, "") not in reached,
        preference=preference.rules(session, application),
        given=preference.finding(session, application.id),
    )


def document_lines(session: Session, application: Application) -> list[DocumentLine]:
    """Return the documents of a dossier with their opened names: three queries."""
    rows = queries.attachments(session, application.id)
    key_id = session.scalars(select(Account.key_id).where(Account.id == application.account_id)).one()
    sizes = dict(
        session.execute(select(Blob.id, Blob.size).where(Blob.id.in_([row.blob_id for row in rows]))).all()
    )
    return [
        DocumentLine(
            public_id=row.public_id,
            id=row.id,
            kind=AttachmentKind(row.kind),
            file_name=_file_name(session, key_id, row),
            size=sizes[row.blob_id],
            uploaded_at=row.uploaded_at,
        )
        for row in rows
    ]


def _file_name(session: Session, key_id: str, attachment: Attachment) -> str:
    try:
        return session.keys.open(key_id, attachment.file_name, ATTACHMENT_CONTEXT).decode()
    except KeyErased:
        return names.ERASED


def criterion_lines(session: Session, application: Application, now: datetime) -> list[CriterionLine]:
    """Return each criterion of the vacancy with the machine's reading and the standing finding."""
    vacancy = session.get_one(Vacancy, application.vacancy_id)
    found = queries.findings(session, application.id)
    readings = queries.automatic_readings(session, application, vacancy.criteria, now)
    return [
        CriterionLine(criterion=criterion, reading=readings[criterion.id], finding=found.get(criterion.id))
        for criterion in vacancy.criteria
    ]


def opened(session: Session, attachment: Attachment) -> OpenedDocument:
    """Return the document, decrypted with the person's key."""
    blob = session.get_one(Blob, attachment.blob_id)
    return OpenedDocument(
        stream=io.BytesIO(session.files.read(session, blob)),
        media_type=blob.media_type,
        file_name=_file_name(session, blob.key_id, attachment),
    )


def file_response(document: OpenedDocument) -> Response:
    """Return the document as the browser shows or saves it, never cached."""
    answer = send_file(
        document.stream, mimetype=document.media_type, download_name=document.file_name, max_age=0
    )
    assert isinstance(answer, Response)
    return answer


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    """A refused dossier with what its receipt says."""

    refusal: RefusedDossier
    competition: Competition
    vacancy: Vacancy
    name: str


def refusal_page(session: Session, refusal: RefusedDossier) -> RefusalPage:
    """Return a refused dossier with its competition and the person's name."""
    return RefusalPage(
        refusal=refusal,
        competition=session.get_one(Competition, refusal.competition_id),
        vacancy=session.get_one(Vacancy, refusal.vacancy_id),
        name=accounts.name_of(session, refusal.account_id),
    )


def _state(submitted: bool, withdrawal: Withdrawal | None, conclusion: VettingConclusion | None) -> str:
    if withdrawal is not None:
        return "withdrawn"
    if conclusion is not None:
        return conclusion.outcome
    return "submitted" if submitted else "draft"
