# SPDX-License-Identifier: Apache-2.0
"""Reads of people: candidates by number, who is about to become one, whom a counter knows."""

import dataclasses
from collections import defaultdict
from typing import Any

from sqlalchemy import Row, Select, case, func, select

from exam_portal.accounts import profiles
from exam_portal.accounts import queries as accounts
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.models import Account, AccountKind, OneTimeCode
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, DecisionKind, Vacancy
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.registration.models import Application, Candidate, Exclusion, Withdrawal
from exam_portal.registration.queries import conditions, dossiers
from scoring.verify.canonical import sha256_of


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
    past_units: tuple[str, ...]
    nominated_by: str
    line_manager: str
    status: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NamedCandidate:
    """A candidate as one chooses one from a list. ``status`` as of a CandidateEntry."""

    id: int
    public_id: str
    candidate_no: str
    name: str
    status: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EligibleEntry:
    """An applicant about to become a candidate."""

    application_id: int
    account_id: int
    vacancy_id: int
    name: str


def candidates(
    session: Session,
    competition_id: int,
    *,
    vacancy_id: int | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[CandidateEntry]:
    """Return the candidates by number, with names, birth years and units opened once."""
    rows = session.execute(
        _numbered(competition_id, vacancy_id)
        .add_columns(Application.form, Account.key_id)
        .join(Account, Account.id == Candidate.account_id)
        .offset(offset)
        .limit(limit)
    ).all()
    people = accounts.names_of(session, {row.account_id for row in rows})
    return [_candidate_entry(session, row, people[row.account_id]) for row in rows]


def named_candidates(session: Session, competition_id: int) -> list[NamedCandidate]:
    """Return the candidates by number, to choose from: no form is opened."""
    rows = session.execute(_numbered(competition_id, None)).all()
    people = accounts.names_of(session, {row.account_id for row in rows})
    return [
        NamedCandidate(
            id=row.id,
            public_id=row.public_id,
            candidate_no=row.candidate_no,
            name=people[row.account_id],
            status=row.status,
        )
        for row in rows
    ]


def count_candidates(session: Session, competition_id: int) -> int:
    """Return how many candidates have a number."""
    query = select(func.count()).select_from(Candidate).where(Candidate.competition_id == competition_id)
    return session.scalar(query) or 0


def lists(session: Session, competition_id: int | None = None) -> dict[str, str]:
    """Return, by competition, the hash of its list: who stands on it, for which post, under which number."""
    query = (
        select(Competition.public_id, Candidate, Application.public_id, Vacancy.public_id)
        .join(Competition, Competition.id == Candidate.competition_id)
        .join(Application, Application.id == Candidate.application_id)
        .join(Vacancy, Vacancy.id == Candidate.vacancy_id)
        .order_by(Candidate.candidate_no, Candidate.id)
    )
    if competition_id is not None:
        query = query.where(Candidate.competition_id == competition_id)
    found = defaultdict(list)
    for competition, candidate, application, vacancy in session.execute(query):
        facts = [candidate.candidate_no, candidate.public_id, candidate.account_id, application, vacancy]
        found[competition].append([*facts, candidate.admitted_at.isoformat()])
    return {competition: sha256_of(rows) for competition, rows in found.items()}


def eligible_by_name(session: Session, competition: Competition) -> list[EligibleEntry]:
    """Return eligible applicants of vacancies that go on, in the order of Vietnamese names."""
    postponed = {
        decision.vacancy_id
        for decision in competitions.decisions(session, competition.id)
        if decision.kind == DecisionKind.POSTPONE
    }
    rows = session.execute(
        select(Application.id, Application.account_id, Application.vacancy_id).where(
            Application.competition_id == competition.id, conditions.is_eligible()
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


def _numbered(competition_id: int, vacancy_id: int | None) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Candidate.id,
            Candidate.public_id,
            Candidate.candidate_no,
            Candidate.account_id,
            Candidate.vacancy_id,
            func.coalesce(
                Exclusion.status, case((Withdrawal.id.is_not(None), "withdrawn"), else_="present")
            ).label("status"),
        )
        .join(Application, Application.id == Candidate.application_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .where(Candidate.competition_id == competition_id)
        .order_by(Candidate.candidate_no)
    )
    return query if vacancy_id is None else query.where(Candidate.vacancy_id == vacancy_id)


def _candidate_entry(session: Session, row: Row[Any], name: str) -> CandidateEntry:
    form = dossiers.opened(session, row.key_id, row.form)
    return CandidateEntry(
        id=row.id,
        public_id=row.public_id,
        candidate_no=row.candidate_no,
        account_id=row.account_id,
        vacancy_id=row.vacancy_id,
        name=name,
        birth_year=form.birth_date.year if form.birth_date else None,
        unit=form.present_unit,
        past_units=tuple(period.unit for period in form.history),
        nominated_by=form.nominated_by,
        line_manager=form.line_manager,
        status=row.status,
    )
