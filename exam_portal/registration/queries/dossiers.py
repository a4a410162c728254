# SPDX-License-Identifier: Apache-2.0
"""Reads of applications: lists, the opened form, documents, and dossiers that came too late."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Account
from exam_portal.competitions.models import (
    Vacancy,
)
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.registration.form_content import FormContent, load
from exam_portal.registration.models import (
    Application,
    Attachment,
    RefusedDossier,
    Withdrawal,
)
from exam_portal.registration.queries import conditions

FORM_CONTEXT = "registration.form"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationEntry:
    """An application as lists show one. ``state``: draft | submitted | eligible | ineligible | withdrawn."""

    id: int
    public_id: str
    receipt_no: str | None
    account_id: int
    vacancy_id: int
    vacancy_title: str
    name: str
    source: str
    stamped_at: datetime | None
    state: str


def form_of(session: Session, application: Application) -> FormContent:
    """Return the opened form of an application."""
    key_id = session.scalars(select(Account.key_id).where(Account.id == application.account_id)).one()
    return opened(session, key_id, application.form)


def opened(session: Session, key_id: str, sealed: bytes) -> FormContent:
    """Return the form that was sealed under the person's key; an empty one where the person was erased."""
    try:
        return load(session.keys.open(key_id, sealed, FORM_CONTEXT))
    except KeyErased:
        return FormContent()


def applications(
    session: Session,
    competition_id: int,
    *,
    vacancy_id: int | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[ApplicationEntry]:
    """Return submitted applications in the order of receipts: two queries, whatever their number."""
    return _entries(
        session,
        and_(
            Application.competition_id == competition_id,
            Application.submitted_at.is_not(None),
            *([Application.vacancy_id == vacancy_id] if vacancy_id is not None else []),
        ),
        offset,
        limit,
    )


def own_applications(session: Session, account_id: int) -> list[ApplicationEntry]:
    """Return a person's own applications, drafts included."""
    return _entries(session, Application.account_id == account_id, 0, None)


def count_applications(session: Session, competition_id: int) -> int:
    """Return how many applications have been submitted."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Application)
            .where(Application.competition_id == competition_id, Application.submitted_at.is_not(None))
        )
        or 0
    )


def attachments(session: Session, application_id: int) -> Sequence[Attachment]:
    """Return the documents that lie in a dossier."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.application_id == application_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def refused_dossiers(session: Session, competition_id: int) -> Sequence[RefusedDossier]:
    """Return the dossiers that came too late, by receipt."""
    return session.scalars(
        select(RefusedDossier)
        .where(RefusedDossier.competition_id == competition_id)
        .order_by(RefusedDossier.receipt_no)
    ).all()


def _entries(
    session: Session, condition: ColumnElement[bool], offset: int, limit: int | None
) -> list[ApplicationEntry]:
    standing = conditions.standing_conclusions().subquery()
    rows = session.execute(
        select(Application, Vacancy.title, Withdrawal.id, standing.c.outcome)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .outerjoin(standing, standing.c.application_id == Application.id)
        .where(condition)
        .order_by(Application.receipt_no, Application.id)
        .offset(offset)
        .limit(limit)
    ).all()
    people = accounts.names_of(session, {row.Application.account_id for row in rows})
    return [_application_entry(row.Application, row[1], row[2] is not None, row[3], people) for row in rows]


def _application_entry(
    application: Application, title: str, withdrawn: bool, outcome: str | None, people: Mapping[int, str]
) -> ApplicationEntry:
    state = "submitted" if application.submitted_at else "draft"
    return ApplicationEntry(
        id=application.id,
        public_id=application.public_id,
        receipt_no=application.receipt_no,
        account_id=application.account_id,
        vacancy_id=application.vacancy_id,
        vacancy_title=title,
        name=people[application.account_id],
        source=application.source,
        stamped_at=application.stamped_at,
        state="withdrawn" if withdrawn else (outcome or state),
    )
