# SPDX-License-Identifier: Apache-2.0
"""Decisions recorded from their signed papers, and declared conflicts of interest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import conflicts, decisions, rulesets
from exam_portal.competitions.errors import AlreadyDeclared, AlreadySuperseded, NothingToRevoke
from exam_portal.competitions.models import (
    Competition,
    ConflictOfInterest,
    Decision,
    DecisionKind,
    Relation,
    RelationOnPaper,
    Vacancy,
)
from exam_portal.competitions.service import locking
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound


def record_decision(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    kind: DecisionKind,
    payload: Mapping[str, Any] | None = None,
    paper: SignedPaper,
    page: int = 1,
    vacancy: Vacancy | None = None,
    supersedes: Decision | None = None,
) -> Decision:
    """What the council, its chair or the authority decided is on record, with the page it stands on.

    It fits the rules, the candidates and the marks as they are now: a ranking can be made with it. A decision
    that was mistaken is replaced by another one, or taken back; its row, its paper and its leaf stay.
    """
    locking.lock(session, competition)
    audit.require_page(paper, page)
    _check_place(competition, paper, vacancy)
    _check_succession(session, competition, kind, supersedes)
    content = decisions.checked(
        kind, payload or {}, rulesets.of(competition), has_vacancy=vacancy is not None
    )
    decision = Decision(
        competition_id=competition.id,
        vacancy_id=vacancy.id if vacancy is not None else None,
        kind=kind.value,
        payload=content,
        paper_id=paper.id,
        page=page,
        supersedes_id=supersedes.id if supersedes is not None else None,
        recorded_by=locking.person(actor),
        recorded_at=now,
    )
    decisions.require_fit(session, decision, paper.number, supersedes)
    session.add(decision)
    session.flush()
    _record(session, actor, now, competition, decision, paper, vacancy, supersedes)
    return decision


def declare_conflict(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    account_id: int,
    candidate_account_id: int,
    relation: Relation,
) -> ConflictOfInterest:
    """The relation is on record: from here on this person has nothing to do with this candidate."""
    locking.lock(session, competition)
    facts = {
        "competition_id": competition.id,
        "account_id": account_id,
        "candidate_account_id": candidate_account_id,
        "relation": relation.value,
    }
    if session.scalar(select(ConflictOfInterest.id).filter_by(**facts)) is not None:
        raise AlreadyDeclared
    conflict = ConflictOfInterest(**facts, declared_by=locking.person(actor), declared_at=now)
    session.add(conflict)
    session.flush()
    kept_back = conflicts.kept_back(session, account_id, candidate_account_id, relation.value)
    content = {"account": account_id, "candidate_account": candidate_account_id, "relation": kept_back}
    locking.record(session, actor, now, competition, "conflict_declared", content)
    return conflict


def declare_on_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    person: str,
    candidate_account_id: int,
    relation: Relation,
    paper: SignedPaper,
) -> RelationOnPaper:
    """What somebody without an account has declared and signed is on record: the name signs nothing there."""
    locking.lock(session, competition)
    if paper.competition_id != competition.id or paper.kind != PaperKind.CONFLICT_DECLARATION:
        raise NotFound
    facts = {
        "competition_id": competition.id,
        "person": names.normalised(person),
        "candidate_account_id": candidate_account_id,
        "relation": relation.value,
    }
    if session.scalar(select(RelationOnPaper.id).filter_by(**facts)) is not None:
        raise AlreadyDeclared
    declared = RelationOnPaper(
        **facts, signed_paper_id=paper.id, declared_by=locking.person(actor), declared_at=now
    )
    session.add(declared)
    session.flush()
    content = conflicts.told(session, declared.person, candidate_account_id, relation.value)
    locking.record(session, actor, now, competition, "relation_typed", {**content, "paper": paper.public_id})
    return declared


def _check_place(competition: Competition, paper: SignedPaper, vacancy: Vacancy | None) -> None:
    """A paper or a vacancy of another competition is none of this one's."""
    if paper.competition_id != competition.id:
        raise NotFound
    if vacancy is not None and vacancy.competition_id != competition.id:
        raise NotFound


def _check_succession(
    session: Session, competition: Competition, kind: DecisionKind, earlier: Decision | None
) -> None:
    if earlier is None:
        if kind is DecisionKind.REVOKE:
            raise NothingToRevoke
        return
    if earlier.competition_id != competition.id:
        raise NotFound
    if session.scalar(select(Decision.id).where(Decision.supersedes_id == earlier.id)) is not None:
        raise AlreadySuperseded


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    decision: Decision,
    paper: SignedPaper,
    vacancy: Vacancy | None,
    supersedes: Decision | None,
) -> None:
    content = {
        "decision": decision.public_id,
        "kind": decision.kind,
        "payload": decision.payload,
        "vacancy": vacancy.public_id if vacancy is not None else None,
        "paper": paper.public_id,
        "page": decision.page,
        "supersedes": supersedes.public_id if supersedes is not None else None,
    }
    locking.record(session, actor, now, competition, "decision_recorded", content, subject=decision.public_id)
