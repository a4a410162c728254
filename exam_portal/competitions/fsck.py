# SPDX-License-Identifier: Apache-2.0
"""An announced competition says what its notice said; its course and decisions are those recorded."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import conflicts, notice
from exam_portal.competitions.models import (
    Competition,
    ConflictOfInterest,
    Decision,
    Milestone,
    MilestoneKind,
    RelationOnPaper,
    Vacancy,
)
from exam_portal.competitions.service import course
from exam_portal.core.db import Session
from scoring.verify.canonical import sha256_of

ENVELOPE = ("_about", "_by", "_at")
FIXING = (MilestoneKind.ANNOUNCED, MilestoneKind.AMENDED)


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each competition that is not as announced, or whose course, decisions or relations differ."""
    yield from _notices(session)
    yield from acts.untold("competitions", "milestone", _milestones(session), _steps(session))
    yield from _decisions(session)
    yield from _relations(session)
    yield from _on_paper(session)


def _notices(session: Session) -> Iterator[Difference]:
    last: dict[int, Milestone] = {}
    for milestone in session.scalars(
        select(Milestone).where(Milestone.kind.in_(FIXING)).order_by(Milestone.id)
    ):
        last[milestone.competition_id] = milestone
    for identity, milestone in last.items():
        competition = session.get_one(Competition, identity)
        if sha256_of(competition.ruleset) != competition.ruleset_hash:
            yield Difference(where="competitions", code="ruleset", place=competition.public_id)
        if notice.hash_of(competition) != milestone.payload.get("notice"):
            yield Difference(where="competitions", code="notice", place=competition.public_id)


def _milestones(session: Session) -> Iterator[acts.Facts]:
    """Yield each milestone as its leaf tells it: words by their hash, all else of the payload as it is."""
    rows = (
        select(
            Competition.public_id.label("_about"),
            Milestone.actor_id.label("_by"),
            Milestone.at.label("_at"),
            Milestone.kind,
            Milestone.occurrence,
            Milestone.payload,
            SignedPaper.public_id.label("paper"),
        )
        .join(Competition, Competition.id == Milestone.competition_id)
        .outerjoin(SignedPaper, SignedPaper.id == Milestone.paper_id)
        .order_by(Milestone.id)
    )
    for row in acts.stored(session, rows):
        said = dict(row["payload"])
        if "words" in said:
            said["words"] = audit.digest(said["words"])
        place = {"milestone": row["kind"], "occurrence": row["occurrence"], "paper": row["paper"]}
        yield {name: row[name] for name in ENVELOPE} | {"said": said | place}


def _steps(session: Session) -> Iterator[acts.Facts]:
    """Yield the acts by which competitions reached their milestones, each with the whole of what it says."""
    for act in acts.told(session, *course.leaf_types()):
        if "milestone" in act:
            said = {name: value for name, value in act.items() if not name.startswith("_")}
            yield {name: act[name] for name in ENVELOPE} | {"said": said}


def _decisions(session: Session) -> Iterator[Difference]:
    earlier = aliased(Decision)
    rows = (
        select(
            Decision.public_id.label("_about"),
            Decision.recorded_by.label("_by"),
            Decision.recorded_at.label("_at"),
            Decision.kind,
            Decision.payload,
            Decision.page,
            Vacancy.public_id.label("vacancy"),
            SignedPaper.public_id.label("paper"),
            earlier.public_id.label("supersedes"),
        )
        .join(SignedPaper, SignedPaper.id == Decision.paper_id)
        .outerjoin(Vacancy, Vacancy.id == Decision.vacancy_id)
        .outerjoin(earlier, earlier.id == Decision.supersedes_id)
    )
    return acts.compare(session, "competitions", "decision", ("competitions.decision_recorded",), rows)


def _relations(session: Session) -> Iterator[Difference]:
    rows = select(
        Competition.public_id.label("_about"),
        ConflictOfInterest.declared_by.label("_by"),
        ConflictOfInterest.declared_at.label("_at"),
        ConflictOfInterest.account_id.label("account"),
        ConflictOfInterest.candidate_account_id.label("candidate_account"),
        ConflictOfInterest.relation,
    ).join(Competition, Competition.id == ConflictOfInterest.competition_id)
    stored = acts.stored(session, rows)
    told = acts.told(session, "competitions.conflict_declared")
    return acts.untold("competitions", "relation", (_kept_back(session, row) for row in stored), told)


def _on_paper(session: Session) -> Iterator[Difference]:
    rows = (
        select(
            Competition.public_id.label("_about"),
            RelationOnPaper.declared_by.label("_by"),
            RelationOnPaper.declared_at.label("_at"),
            RelationOnPaper.person,
            RelationOnPaper.candidate_account_id.label("candidate_account"),
            RelationOnPaper.relation,
            SignedPaper.public_id.label("paper"),
        )
        .join(Competition, Competition.id == RelationOnPaper.competition_id)
        .join(SignedPaper, SignedPaper.id == RelationOnPaper.signed_paper_id)
    )
    stored = (
        {**row, **conflicts.told(session, row["person"], row["candidate_account"], row["relation"])}
        for row in acts.stored(session, rows)
    )
    told = acts.told(session, "competitions.relation_typed")
    return acts.untold("competitions", "relation on paper", stored, told)


def _kept_back(session: Session, row: acts.Facts) -> acts.Facts:
    """Return a relation as its leaf tells it: without its kind."""
    kind = conflicts.kept_back(session, row["account"], row["candidate_account"], row["relation"])
    return {**row, "relation": kind}
