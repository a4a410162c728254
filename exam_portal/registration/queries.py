# SPDX-License-Identifier: Apache-2.0
"""Reads of registration: applications, findings, standings, candidates. Names are opened once per page."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from exam_portal.accounts import profiles
from exam_portal.accounts import queries as accounts
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.models import Account, AccountKind, OneTimeCode
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.calendar import local_day
from exam_portal.competitions.models import (
    Competition,
    Criterion,
    Decision,
    DecisionKind,
    MilestoneKind,
    Vacancy,
)
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.registration import eligibility
from exam_portal.registration.form_content import FormContent, load
from exam_portal.registration.models import (
    Application,
    Attachment,
    Candidate,
    Exclusion,
    RefusedDossier,
    VettingConclusion,
    VettingFinding,
    Withdrawal,
)

FORM_CONTEXT = "registration.form"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEntry:
    """A candidate as lists show one. ``status``: present | withdrawn | disqualified."""

    id: int
    public_id: str
    candidate_no: str
    account_id: int
    vacancy_id: int
    name: str
    birth_year: int | None
    unit: str
    status: str


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EligibleEntry:
    """An applicant about to become a candidate."""

    application_id: int
    account_id: int
    vacancy_id: int
    name: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many are left for a vacancy, against the minimum of the rule set."""

    vacancy_id: int
    vacancy_public_id: str
    vacancy_code: str
    vacancy_title: str
    eligible: int
    minimum: int
    decided: str  # the council's decision since the last change, or ""

    @property
    def below_minimum(self) -> bool:
        """Whether the council has to decide."""
        return self.eligible < self.minimum


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
    return session.scalar(_standing_conclusions().where(VettingConclusion.application_id == application_id))


def _standing_conclusions() -> Select[VettingConclusion]:
    later = aliased(VettingConclusion)
    return select(VettingConclusion).where(~exists().where(later.supersedes_id == VettingConclusion.id))


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


def form_of(session: Session, application: Application) -> FormContent:
    """Return the opened form of an application."""
    key_id = session.scalars(select(Account.key_id).where(Account.id == application.account_id)).one()
    return load(session.keys.open(key_id, application.form, FORM_CONTEXT))


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
                _counts(),
                ~exists().where(VettingConclusion.application_id == Application.id),
            )
        )
        or 0
    )


def eligible_by_name(session: Session, competition: Competition) -> list[EligibleEntry]:
    """Return eligible applicants of vacancies that go on, in the order of Vietnamese names."""
    postponed = {
        decision.vacancy_id
        for decision in competitions.decisions(session, competition.id)
        if decision.kind == DecisionKind.POSTPONE
    }
    rows = session.execute(
        select(Application.id, Application.account_id, Application.vacancy_id).where(
            Application.competition_id == competition.id, _is_eligible()
        )
    ).all()
    people = accounts.names_of(session, {row.account_id for row in rows})
    entries = [
        EligibleEntry(
            application_id=row.id,
            account_id=row.account_id,
            vacancy_id=row.vacancy_id,
            name=people[row.account_id],
        )
        for row in rows
        if row.vacancy_id not in postponed
    ]
    return sorted(entries, key=lambda entry: (names.order(entry.name), entry.application_id))


def standing(session: Session, vacancy_id: int) -> Standing:
    """Return how a vacancy stands against its minimum."""
    vacancy = session.get_one(Vacancy, vacancy_id)
    return standings(session, vacancy.competition, [vacancy])[0]


def standings(
    session: Session, competition: Competition, vacancies: Sequence[Vacancy] | None = None
) -> list[Standing]:
    """Return the standing of each vacancy: three queries, whatever their number."""
    chosen = competition.vacancies if vacancies is None else vacancies
    minimum = competitions.ruleset(competition).vacancy.min_candidates
    counts = dict(
        session.execute(
            select(Application.vacancy_id, func.count())
            .where(Application.competition_id == competition.id, _is_eligible(), ~_is_excluded())
            .group_by(Application.vacancy_id)
        ).all()
    )
    changes = _last_changes(session, competition.id)
    decisions = competitions.decisions(session, competition.id)
    return [
        Standing(
            vacancy_id=vacancy.id,
            vacancy_public_id=vacancy.public_id,
            vacancy_code=vacancy.code,
            vacancy_title=vacancy.title,
            eligible=counts.get(vacancy.id, 0),
            minimum=minimum,
            decided=_decided(decisions, vacancy.id, changes.get(vacancy.id)),
        )
        for vacancy in chosen
    ]


def _decided(decisions: Sequence[Decision], vacancy_id: int, changed_at: datetime | None) -> str:
    kinds = (DecisionKind.PROCEED, DecisionKind.NOMINATE, DecisionKind.POSTPONE)
    for decision in decisions:
        is_later = changed_at is None or decision.recorded_at >= changed_at
        if decision.vacancy_id == vacancy_id and decision.kind in kinds and is_later:
            return decision.kind
    return ""


def _last_changes(session: Session, competition_id: int) -> dict[int, datetime]:
    """Return per vacancy when somebody last left: a council's decision holds only from then on."""
    withdrawn = session.execute(
        select(Application.vacancy_id, func.max(Withdrawal.at))
        .join(Withdrawal, Withdrawal.application_id == Application.id)
        .where(Application.competition_id == competition_id)
        .group_by(Application.vacancy_id)
    ).all()
    excluded = session.execute(
        select(Candidate.vacancy_id, func.max(Exclusion.at))
        .join(Exclusion, Exclusion.candidate_id == Candidate.id)
        .where(Candidate.competition_id == competition_id)
        .group_by(Candidate.vacancy_id)
    ).all()
    latest: dict[int, datetime] = {}
    for vacancy_id, at in [*withdrawn, *excluded]:
        latest[vacancy_id] = max(latest.get(vacancy_id, at), at)
    return latest


def candidates(
    session: Session, competition_id: int, *, vacancy_id: int | None = None
) -> list[CandidateEntry]:
    """Return the candidates by number, with names, birth years and units opened once."""
    wanted = Candidate.competition_id == competition_id
    if vacancy_id is not None:
        wanted = and_(wanted, Candidate.vacancy_id == vacancy_id)
    rows = session.execute(
        select(Candidate, Application.form, Account.key_id, Exclusion.status, Withdrawal.id)
        .join(Application, Application.id == Candidate.application_id)
        .join(Account, Account.id == Candidate.account_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .where(wanted)
        .order_by(Candidate.candidate_no)
    ).all()
    people = accounts.names_of(session, {row.Candidate.account_id for row in rows})
    return [
        _candidate_entry(session, row.Candidate, row.form, row.key_id, row[3], row[4] is not None, people)
        for row in rows
    ]


def _candidate_entry(
    session: Session,
    candidate: Candidate,
    sealed: bytes,
    key_id: str,
    excluded: str | None,
    withdrawn: bool,
    people: Mapping[int, str],
) -> CandidateEntry:
    form = load(session.keys.open(key_id, sealed, FORM_CONTEXT))
    return CandidateEntry(
        id=candidate.id,
        public_id=candidate.public_id,
        candidate_no=candidate.candidate_no,
        account_id=candidate.account_id,
        vacancy_id=candidate.vacancy_id,
        name=people[candidate.account_id],
        birth_year=form.birth_date.year if form.birth_date else None,
        unit=form.present_unit,
        status=excluded or ("withdrawn" if withdrawn else "present"),
    )


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


def _entries(
    session: Session, condition: ColumnElement[bool], offset: int, limit: int | None
) -> list[ApplicationEntry]:
    standing = _standing_conclusions().subquery()
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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ConcludedEntry:
    """An application with its opened form and the words of its conclusion."""

    entry: ApplicationEntry
    content: FormContent
    reason: str


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


def counter_people(session: Session, competition: Competition) -> list[tuple[str, str]]:
    """Return the people a counter can enter a dossier for, by name: those whose account a counter opened.

    Which counter stands in the sealed profile; that it was one shows in the code that was printed.
    """
    organisation = competitions.organisation_of(session, competition)
    printed = select(OneTimeCode.account_id).where(OneTimeCode.purpose == Purpose.COUNTER)
    rows = session.scalars(
        select(Account).where(
            Account.kind == AccountKind.CANDIDATE, Account.disabled_at.is_(None), Account.id.in_(printed)
        )
    )
    people = []
    for account in rows:
        profile = profiles.read(session, account)
        if profile.counter == organisation.public_id:
            people.append((account.public_id, profile.name))
    return sorted(people, key=lambda person: names.order(person[1]))


def _counts() -> ColumnElement[bool]:
    """Submitted and not withdrawn."""
    return and_(
        Application.submitted_at.is_not(None), ~exists().where(Withdrawal.application_id == Application.id)
    )


def _is_eligible() -> ColumnElement[bool]:
    later = aliased(VettingConclusion)
    return and_(
        _counts(),
        exists().where(
            VettingConclusion.application_id == Application.id,
            VettingConclusion.outcome == "eligible",
            ~exists().where(later.supersedes_id == VettingConclusion.id),
        ),
    )


def _is_excluded() -> ColumnElement[bool]:
    return exists().where(Exclusion.candidate_id == Candidate.id, Candidate.application_id == Application.id)
