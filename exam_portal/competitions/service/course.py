# SPDX-License-Identifier: Apache-2.0
"""The course of a competition: the one function that writes milestones, and what follows the notice."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import milestones, notice, rulesets
from exam_portal.competitions.errors import (
    MilestoneRefused,
    NotARehearsal,
    PaperRequired,
    TooEarly,
    WindowShortened,
)
from exam_portal.competitions.models import Competition, CompetitionKind, Milestone, MilestoneKind
from exam_portal.competitions.service import locking
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session

# Where the record of a competition has its own word for a milestone (integrity 2.4); all others are
# competitions.<kind>.
LEAF_TYPES: Mapping[MilestoneKind, str] = {
    MilestoneKind.ANNOUNCED: "config",
    MilestoneKind.LIST_APPROVED: "roster",
    MilestoneKind.UNMASKED: "unblind",
}
PUBLICATIONS = frozenset({MilestoneKind.MARKS_POSTED, MilestoneKind.PUBLISHED})
ON_PAPER_ONLY = frozenset(
    {
        MilestoneKind.AMENDED,
        MilestoneKind.OPINION_RECORDED,
        MilestoneKind.RECOGNISED,
        MilestoneKind.ANNULLED,
    }
)


def reach(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    kind: MilestoneKind,
    *,
    occurrence: str = "",
    payload: Mapping[str, Any] | None = None,
    paper: SignedPaper | None = None,
    words: str = "",
) -> Milestone:
    """The competition has reached this, after everything that must come before it; its log says so.

    ``payload`` holds what the leaf may hold: ids, codes, hashes and figures. ``occurrence`` is the part's key
    for masks; numbers are given by themselves. ``words`` are kept for the reader, and only their hash enters
    the leaf. The head of the log is signed.
    """
    reached = locking.lock(session, competition)
    occurrence = occurrence or milestones.next_occurrence(kind, reached)
    if kind in milestones.PER_PART and not occurrence:
        raise ValueError(f"{kind.value} belongs to a part: name it as the occurrence")
    milestones.check(kind, occurrence, reached, rulesets.course_of(competition))
    _check_time(kind, competition, now)
    if kind in ON_PAPER_ONLY and paper is None:
        raise PaperRequired
    step = Step(kind=kind, occurrence=occurrence, payload=dict(payload or {}), paper=paper, words=words)
    return _write(session, actor, now, competition, step)


def close_registration(session: Session, actor: Actor, now: datetime, competition: Competition) -> Milestone:
    """The register of applications is closed: its period is over, and vetting begins."""
    return reach(session, actor, now, competition, MilestoneKind.REGISTRATION_CLOSED)


def amend_dates(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    apply_closes_at: datetime,
    paper: SignedPaper,
) -> Milestone:
    """The period for applications ends later, as a signed paper says; nobody who relied on it loses a day."""
    reached = locking.lock(session, competition)
    if (MilestoneKind.REGISTRATION_CLOSED, "") in reached:
        raise MilestoneRefused(MilestoneKind.AMENDED, reason="over")
    if apply_closes_at <= competition.apply_closes_at:
        raise WindowShortened(competition.apply_closes_at)
    before = competition.apply_closes_at
    competition.apply_closes_at = apply_closes_at
    session.flush()
    payload = {
        "closes_before": before.isoformat(),
        "closes_at": apply_closes_at.isoformat(),
        "notice": notice.hash_of(competition),
    }
    return reach(session, actor, now, competition, MilestoneKind.AMENDED, payload=payload, paper=paper)


def shift_clock(
    session: Session, actor: Actor, now: datetime, competition: Competition, *, seconds: int
) -> None:
    """The rehearsal's own clock runs so many seconds further ahead; weeks of windows pass in minutes."""
    locking.lock(session, competition)
    if competition.kind != CompetitionKind.REHEARSAL or seconds <= 0:
        raise NotARehearsal
    competition.clock_offset_seconds += seconds
    session.flush()
    content = {"seconds": seconds, "offset": competition.clock_offset_seconds}
    locking.record(session, actor, now, competition, "clock_shifted", content)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One milestone about to be written."""

    kind: MilestoneKind
    occurrence: str
    payload: dict[str, Any]
    paper: SignedPaper | None
    words: str


def leaf_types() -> frozenset[str]:
    """Return by which types of leaves a log can tell of milestones."""
    return frozenset(
        {"publish", *LEAF_TYPES.values(), *(f"competitions.{kind.value}" for kind in MilestoneKind)}
    )


def _leaf_type(step: Step) -> str:
    """A step to the public whose payload carries the hash of a ``publication`` is its ``publish`` leaf."""
    if step.kind in PUBLICATIONS and "publication" in step.payload:
        return "publish"
    return LEAF_TYPES.get(step.kind, f"competitions.{step.kind.value}")


def _leaf_content(step: Step) -> dict[str, Any]:
    words = {"words": audit.digest(step.words)} if step.words else {}
    paper = step.paper.public_id if step.paper is not None else None
    place = {"milestone": step.kind.value, "occurrence": step.occurrence, "paper": paper}
    return {**step.payload, **words, **place}


def _check_time(kind: MilestoneKind, competition: Competition, now: datetime) -> None:
    if kind is MilestoneKind.REGISTRATION_CLOSED and now <= competition.apply_closes_at:
        raise TooEarly(kind, competition.apply_closes_at)


def _write(session: Session, actor: Actor, now: datetime, competition: Competition, step: Step) -> Milestone:
    milestone = Milestone(
        competition_id=competition.id,
        kind=step.kind.value,
        occurrence=step.occurrence,
        payload=step.payload | ({"words": step.words} if step.words else {}),
        paper_id=step.paper.id if step.paper is not None else None,
        actor_id=locking.person(actor),
        at=now,
    )
    session.add(milestone)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        type=_leaf_type(step),
        content=_leaf_content(step),
        competition_id=competition.id,
        subject=competition.public_id,
    )
    if step.kind not in milestones.DRAFTING:
        audit.state_program(session, now, competition_id=competition.id)
    audit.checkpoint(session, now, competition_id=competition.id)
    return milestone
