# SPDX-License-Identifier: Apache-2.0
"""Reads of vetting: findings, conclusions, and what the machine reads about each criterion."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.calendar import local_day
from exam_portal.competitions.models import (
    Criterion,
    MilestoneKind,
)
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.registration import eligibility
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import (
    Application,
    VettingConclusion,
    VettingFinding,
)
from exam_portal.registration.queries import conditions
from exam_portal.registration.queries.dossiers import ApplicationEntry, applications, attachments, form_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ConcludedEntry:
    """An application with its opened form and the words of its conclusion."""

    entry: ApplicationEntry
    content: FormContent
    reason: str


def findings(session: Session, application_id: int) -> dict[int, VettingFinding]:
    """Return the standing finding of each criterion (those no later one supersedes)."""
    later = aliased(VettingFinding)
    rows = session.scalars(
        select(VettingFinding).where(
            VettingFinding.application_id == application_id,
            ~exists().where(later.supersedes_id == VettingFinding.id),
        )
    )
    return {row.criterion_id: row for row in rows}


def conclusion(session: Session, application_id: int) -> VettingConclusion | None:
    """Return the standing conclusion on an application."""
    return session.scalar(
        conditions.standing_conclusions().where(VettingConclusion.application_id == application_id)
    )


def automatic_reading(
    session: Session, application: Application, criterion: Criterion, now: datetime
) -> eligibility.Reading:
    """Return what the machine reads about one criterion today."""
    return automatic_readings(session, application, [criterion], now)[criterion.id]


def automatic_readings(
    session: Session, application: Application, criteria: Sequence[Criterion], now: datetime
) -> dict[int, eligibility.Reading]:
    """Return what the machine reads about each criterion today; the form is opened once."""
    form, today = form_of(session, application), local_day(now)
    kinds = frozenset(attachment.kind for attachment in attachments(session, application.id))
    return {
        criterion.id: eligibility.read(criterion.kind, criterion.params, form, kinds, today)
        for criterion in criteria
    }


def vetting_is_open(session: Session, competition_id: int) -> bool:
    """Whether registration has closed and the list has not been approved."""
    reached = {kind for kind, _ in competitions.reached(session, competition_id)}
    return MilestoneKind.REGISTRATION_CLOSED in reached and MilestoneKind.LIST_APPROVED not in reached


def undecided_count(session: Session, competition_id: int) -> int:
    """Return how many submitted, not withdrawn applications have no conclusion."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Application)
            .where(
                Application.competition_id == competition_id,
                conditions.counts(),
                ~exists().where(VettingConclusion.application_id == Application.id),
            )
        )
        or 0
    )


def concluded(session: Session, competition_id: int, outcome: str) -> list[ConcludedEntry]:
    """Return the applications with this conclusion, by name: the reason is the board's, or its findings'."""
    entries = [entry for entry in applications(session, competition_id) if entry.state == outcome]
    found = [
        ConcludedEntry(
            entry=entry,
            content=form_of(session, session.get_one(Application, entry.id)),
            reason=_reason(session, entry.id),
        )
        for entry in entries
    ]
    return sorted(found, key=lambda row: names.order(row.entry.name))


def _reason(session: Session, application_id: int) -> str:
    standing = conclusion(session, application_id)
    failed = [row.reason for row in findings(session, application_id).values() if row.decision == "not_met"]
    return "; ".join([*failed, *([standing.reason] if standing and standing.reason else [])])
