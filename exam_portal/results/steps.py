# SPDX-License-Identifier: Apache-2.0
"""The steps between marks and result: reviews closed, opinion recorded, result recognised. None overtakes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import calendar, milestones
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.errors import MilestoneRefused
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.results import errors, runs
from exam_portal.results.models import Run

Kind = MilestoneKind
Waiting = Callable[[Session, int], int]


def close_reviews(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, waiting: Waiting
) -> Milestone:
    """Nobody can ask for a review any more: the days for requests are over and each request is decided.

    ``waiting`` counts the undecided requests (the stage after this one keeps them) under the lock.
    """
    session.refresh(competition, with_for_update=True)
    until = request_deadline(session, competition)
    undecided = waiting(session, competition.id)
    if until is not None and (now <= until or undecided):
        raise errors.ReviewWindowOpen(until, undecided)
    return course.reach(session, actor, now, competition, Kind.REVIEWS_CLOSED)


def request_deadline(session: Session, competition: Competition) -> datetime | None:
    """Return until when reviews may be asked for; None before marks are posted, or if no part is reviewable.

    The day of posting does not count; the last working day counts to its end.
    """
    ruleset = competitions.ruleset(competition)
    posted = competitions.milestone(session, competition.id, Kind.MARKS_POSTED)
    if posted is None or not any(part.reviewable for part in ruleset.parts):
        return None
    first = calendar.local_day(posted.at)
    return calendar.end_of_day(calendar.add_working_days(first, ruleset.review.request_days))


def record_opinion(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, paper: SignedPaper
) -> Milestone:
    """The opinion of the Party committee is on record by number and date; its words stay on paper."""
    return course.reach(
        session, actor, now, competition, Kind.OPINION_RECORDED, payload=_facts(paper), paper=paper
    )


def recognise(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, paper: SignedPaper
) -> Milestone:
    """The appointing authority has recognised exactly the result that the current runs state."""
    session.refresh(competition, with_for_update=True)
    chosen = runs.complete_runs(session, competition)
    payload = {**_facts(paper), "runs": _hashes(chosen)}
    return course.reach(session, actor, now, competition, Kind.RECOGNISED, payload=payload, paper=paper)


def recognition(
    session: Session, competition: Competition, chosen: Sequence[tuple[Vacancy, Run]]
) -> dict[str, str] | None:
    """Return number and date of the decision that recognised these runs, or raise RecognitionOutdated."""
    found = [
        one for one in competitions.milestones_of(session, competition.id) if one.kind == Kind.RECOGNISED
    ]
    if not found:
        return None  # a rule set may leave the step out; otherwise the order has been checked
    if found[-1].payload.get("runs") != _hashes(chosen):
        raise errors.RecognitionOutdated
    return {name: found[-1].payload[name] for name in ("number", "date")}


def refuse_after_end(found: milestones.Reached) -> None:
    """Raise MilestoneRefused when the competition is annulled or archived."""
    ended = {kind for kind, _ in found} & set(milestones.AFTER_END)
    if ended:
        raise MilestoneRefused(Kind.MARKS_POSTED, reason="over")


def _facts(paper: SignedPaper) -> dict[str, str]:
    return {"number": paper.number, "date": paper.issued_on.isoformat()}


def _hashes(chosen: Sequence[tuple[Vacancy, Run]]) -> Mapping[str, str]:
    return {vacancy.code: run.output_hash for vacancy, run in chosen}
