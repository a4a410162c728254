# SPDX-License-Identifier: Apache-2.0
"""Reading competitions: what an actor may see, what the public may see, where a competition stands."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import aliased, selectinload

from exam_portal.accounts.models import Organisation
from exam_portal.competitions import milestones, rulesets
from exam_portal.competitions.models import (
    Competition,
    CompetitionKind,
    ConflictOfInterest,
    Criterion,
    Decision,
    Milestone,
    MilestoneKind,
    RelationOnPaper,
    Vacancy,
)
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from scoring.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A competition with where it stands, for lists."""

    competition: Competition
    organisation: Organisation
    state: str
    vacancies: int
    places: int


def visible(session: Session, actor: Actor) -> list[Standing]:
    """Return the competitions of the actor's own places, drafts included, the newest first."""
    rows = session.execute(
        select(Competition, Organisation)
        .join(Organisation, Organisation.id == Competition.organisation_id)
        .where(is_visible(actor))
        .options(selectinload(Competition.vacancies))
        .order_by(Competition.created_at.desc(), Competition.id.desc())
    ).all()
    return _standings(session, [(row[0], row[1]) for row in rows])


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which staff see a competition: a role in its organisation, or in itself."""
    grants = [grant for grant in actor.grants if grant.role is not Role.ADMINISTRATOR]
    organisations = {place for grant in grants for place in grant.organisation_ids}
    own = {grant.competition_id for grant in grants if grant.competition_id is not None}
    if not organisations and not own:
        return false()
    return or_(Competition.organisation_id.in_(organisations), Competition.id.in_(own))


def competition(session: Session, actor: Actor, public_id: str) -> Competition:
    """Return a competition that the actor may see as staff, else NotFound."""
    found = session.scalar(select(Competition).where(Competition.public_id == public_id, is_visible(actor)))
    if found is None:
        raise NotFound
    return found


def public_notices(session: Session) -> list[Standing]:
    """Return the announced competitions, those that close last first; never a rehearsal, never a draft."""
    rows = session.execute(
        select(Competition, Organisation)
        .join(Organisation, Organisation.id == Competition.organisation_id)
        .where(Competition.kind == CompetitionKind.REAL, _has_been(MilestoneKind.ANNOUNCED))
        .options(selectinload(Competition.vacancies))
        .order_by(Competition.apply_closes_at.desc(), Competition.id.desc())
    ).all()
    return _standings(session, [(row[0], row[1]) for row in rows])


def notice(session: Session, public_id: str) -> Competition:
    """Return an announced competition with posts and criteria, for anybody who knows its address."""
    found = session.scalar(
        select(Competition)
        .where(Competition.public_id == public_id, _has_been(MilestoneKind.ANNOUNCED))
        .options(selectinload(Competition.vacancies).selectinload(Vacancy.criteria))
    )
    if found is None:
        raise NotFound
    return found


def vacancy(session: Session, competition: Competition, public_id: str) -> Vacancy:
    """Return a vacancy of this competition, else NotFound."""
    found = session.scalar(
        select(Vacancy).where(Vacancy.public_id == public_id, Vacancy.competition_id == competition.id)
    )
    if found is None:
        raise NotFound
    return found


def criterion(session: Session, vacancy: Vacancy, public_id: str) -> Criterion:
    """Return a criterion of this vacancy, else NotFound."""
    found = session.scalar(
        select(Criterion).where(Criterion.public_id == public_id, Criterion.vacancy_id == vacancy.id)
    )
    if found is None:
        raise NotFound
    return found


def organisation_of(session: Session, competition: Competition) -> Organisation:
    """Return the authority that runs the competition."""
    return session.get_one(Organisation, competition.organisation_id)


def organisations_to_create_in(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Return the organisations for which the actor may create competitions."""
    places = {p for g in actor.grants if g.role is Role.ORGANISER for p in g.organisation_ids}
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(places)).order_by(Organisation.id)
    ).all()


def ruleset(competition: Competition) -> RuleSet:
    """Return the rule set of a competition, with every default filled in."""
    return rulesets.of(competition)


def reached(session: Session, competition_id: int) -> dict[tuple[MilestoneKind, str], datetime]:
    """Return what a competition has reached, in order, with the instant of each."""
    return {
        (MilestoneKind(found.kind), found.occurrence): found.at
        for found in milestones_of(session, competition_id)
    }


def milestones_of(session: Session, competition_id: int) -> Sequence[Milestone]:
    """Return the milestones of a competition in the order in which they were reached."""
    return session.scalars(
        select(Milestone).where(Milestone.competition_id == competition_id).order_by(Milestone.id)
    ).all()


def state(session: Session, competition: Competition) -> str:
    """Return where the competition stands: ``draft``, ``returned``, or its last milestone."""
    return milestones.state(list(reached(session, competition.id)))


def is_draft(session: Session, competition: Competition) -> bool:
    """Whether the draft may be changed: never submitted, or sent back since."""
    return milestones.in_draft(list(reached(session, competition.id)))


def milestone(
    session: Session, competition_id: int, kind: MilestoneKind, occurrence: str = ""
) -> Milestone | None:
    """Return one milestone, if it has been reached."""
    return session.scalar(
        select(Milestone).where(
            Milestone.competition_id == competition_id,
            Milestone.kind == kind.value,
            Milestone.occurrence == occurrence,
        )
    )


def may_reach(session: Session, competition: Competition, kind: MilestoneKind, occurrence: str = "") -> bool:
    """Whether the order would let the competition reach this now; for buttons, never instead of ``reach``."""
    found = list(reached(session, competition.id))
    occurrence = occurrence or milestones.next_occurrence(kind, found)
    return milestones.may_reach(kind, occurrence, found, rulesets.course_of(competition))


def decisions(session: Session, competition_id: int, *, superseded: bool = False) -> Sequence[Decision]:
    """Return the decisions in force, the newest first; ``superseded`` includes those that others replaced."""
    query = select(Decision).where(Decision.competition_id == competition_id).order_by(Decision.id.desc())
    if not superseded:
        later = aliased(Decision)
        query = query.where(~exists().where(later.supersedes_id == Decision.id))
    return session.scalars(query).all()


def decision(session: Session, competition: Competition, public_id: str) -> Decision:
    """Return a decision of this competition, else NotFound."""
    found = session.scalar(
        select(Decision).where(Decision.public_id == public_id, Decision.competition_id == competition.id)
    )
    if found is None:
        raise NotFound
    return found


def conflicts(session: Session, competition_id: int) -> set[tuple[int, int]]:
    """Return (account, candidate's account) of every declared conflict of interest."""
    rows = session.execute(
        select(ConflictOfInterest.account_id, ConflictOfInterest.candidate_account_id).where(
            ConflictOfInterest.competition_id == competition_id
        )
    )
    return {(account, candidate) for account, candidate in rows}


def related_on_paper(session: Session, competition_id: int) -> set[tuple[str, int]]:
    """Return (name, candidate's account) of every relation that was declared on paper."""
    rows = session.execute(
        select(RelationOnPaper.person, RelationOnPaper.candidate_account_id).where(
            RelationOnPaper.competition_id == competition_id
        )
    )
    return {(person, candidate) for person, candidate in rows}


def _has_been(kind: MilestoneKind) -> ColumnElement[bool]:
    return exists().where(Milestone.competition_id == Competition.id, Milestone.kind == kind.value)


def _standings(session: Session, rows: Sequence[tuple[Competition, Organisation]]) -> list[Standing]:
    """Return where each competition stands: one query more, whatever their number."""
    found: dict[int, list[tuple[MilestoneKind, str]]] = {competition.id: [] for competition, _ in rows}
    for identity, kind, occurrence in session.execute(
        select(Milestone.competition_id, Milestone.kind, Milestone.occurrence)
        .where(Milestone.competition_id.in_(found))
        .order_by(Milestone.id)
    ):
        found[identity].append((MilestoneKind(kind), occurrence))
    return [
        Standing(
            competition=competition,
            organisation=organisation,
            state=milestones.state(found[competition.id]),
            vacancies=len(competition.vacancies),
            places=sum(vacancy.places for vacancy in competition.vacancies),
        )
        for competition, organisation in rows
    ]
