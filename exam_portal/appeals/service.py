# SPDX-License-Identifier: Apache-2.0
"""Reviews of marking: asked for in time, admitted, marked again by others, decided on a signed minute."""

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from exam_portal.accounts import queries as accounts
from exam_portal.appeals import errors, queries
from exam_portal.appeals.models import ReviewRequest, ReviewStep
from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden
from exam_portal.registration.models import Candidate
from exam_portal.results import marks_input, runs
from exam_portal.results import service as results
from exam_portal.results import steps as result_steps
from exam_portal.results.unmasking import lifted_of
from exam_portal.sittings import masking
from exam_portal.sittings.models import MaskBag


class Reason(enum.StrEnum):
    """Why a candidate asks (after the reason codes for reviews of marking in use abroad)."""

    TOTALLING = "totalling"  # marks wrongly added
    ENTRY = "entry"  # a mark wrongly entered
    MIXED_UP = "mixed_up"  # another script's mark
    NOT_MARKED = "not_marked"  # an answer or a page was not marked
    SCHEME = "scheme"  # the mark scheme was misapplied
    OTHER = "other"


def request_review(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    candidate: Candidate,
    part: str,
    reason: Reason,
    words: str,
    received_at: datetime | None = None,
    paper: SignedPaper | None = None,
) -> ReviewRequest:
    """The candidate has asked for a review of a part, once and in time; the receipt says when.

    ``received_at`` is the stamp of a paper request that the counter enters: it decides, not the entry.
    """
    competition = session.get_one(Competition, candidate.competition_id)
    session.refresh(competition, with_for_update=True)
    asked_at = received_at or now
    _check_window(session, competition, asked_at)
    _check_part(session, competition, candidate, part)
    account = accounts.account(session, candidate.account_id)
    request = ReviewRequest(
        competition_id=competition.id,
        candidate_id=candidate.id,
        part=part,
        reason_code=reason.value,
        words=session.keys.seal(account.key_id, words.encode(), queries.CONTEXT),
        receipt_no=_next_receipt(session, competition.id),
        requested_at=asked_at,
        by=_person(actor),
        signed_paper_id=paper.id if paper is not None else None,
    )
    session.add(request)
    session.flush()
    facts = {
        "candidate": candidate.candidate_no,
        "reason": reason.value,
        "words": audit.digest(request.words),
        "receipt_no": request.receipt_no,
        "received_at": audit.stamp(asked_at),
        "paper": paper.public_id if paper else None,
    }
    _record(session, actor, now, request, "appeal", **facts)
    return request


def admit_request(session: Session, actor: Actor, now: datetime, *, request: ReviewRequest) -> ReviewStep:
    """The request is admitted: the script will be marked again."""
    _require_open(session, request)
    return _step(session, actor, now, request, "admitted")


def refuse_request(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    request: ReviewRequest,
    reason: str,
    paper: SignedPaper | None = None,
) -> ReviewStep:
    """The request is refused, with the reason that the candidate is told."""
    _require_open(session, request)
    if not reason.strip():
        raise errors.ReasonMissing
    return _step(session, actor, now, request, "refused", words=reason.strip(), paper=paper)


def bag_for_review(session: Session, actor: Actor, now: datetime, *, request: ReviewRequest) -> MaskBag:
    """The script lies under a fresh code before the review board; former marks and names are not with it."""
    happened = _locked_steps(session, request)
    if "admitted" not in happened:
        raise errors.NotAdmitted
    if "bagged" in happened:
        raise errors.AlreadyBagged
    script = queries.script_of(session, request)
    if script is None:
        raise errors.NothingToReview
    bag = masking.mask_scripts(
        session,
        actor,
        now,
        competition=session.get_one(Competition, request.competition_id),
        part=request.part,
        purpose=queries.purpose_of(request.public_id),
        script_ids=[script.id],
    )[0]
    _step(session, actor, now, request, "bagged")
    return bag


def decide_review(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    request: ReviewRequest,
    paper: SignedPaper,
    words: str = "",
) -> ReviewStep:
    """The review is decided on a signed minute: the mark before, the mark by the rule after."""
    happened = _locked_steps(session, request)
    if "decided" in happened:
        raise errors.AlreadyDecided
    place = (request.part, queries.purpose_of(request.public_id))
    if place not in lifted_of(session, request.competition_id):
        raise errors.NotMarkedAgain
    before, after = marks_before_and_after(session, request)
    if after is None:
        raise errors.StillPending("marks_missing")
    return _step(
        session,
        actor,
        now,
        request,
        "decided",
        words=words.strip(),
        paper=paper,
        outcome=_outcome(before, after),
        old_mark=before,
        new_mark=after,
    )


def close_reviews(session: Session, actor: Actor, now: datetime, *, competition: Competition) -> Milestone:
    """Nobody can ask for a review any more, and every request has been decided."""
    return results.close_reviews(session, actor, now, competition=competition, waiting=queries.count_waiting)


def marks_before_and_after(session: Session, request: ReviewRequest) -> tuple[str | None, str | None]:
    """Return the mark without and with the review; None for the second while the review lacks a mark."""
    competition = session.get_one(Competition, request.competition_id)
    candidate = session.get_one(Candidate, request.candidate_id)
    vacancy = queries.vacancy_of(session, request)
    gathered = marks_input.gather(session, competition, vacancy)
    after = marks_input.compute(competition, gathered).to_json()
    sheet = next(one for one in gathered["candidates"] if one["id"] == candidate.candidate_no)
    marks = sheet["parts"].get(request.part, {"marks": []})["marks"]
    sheet["parts"][request.part] = {"marks": [one for one in marks if one.get("kind") != "remark"]}
    before = marks_input.compute(competition, gathered).to_json()
    return (
        queries.mark_of(before, candidate.candidate_no, request.part),
        queries.mark_of(after, candidate.candidate_no, request.part),
    )


def _check_window(session: Session, competition: Competition, asked_at: datetime) -> None:
    until = result_steps.request_deadline(session, competition)
    reached = competitions.reached(session, competition.id)
    if (MilestoneKind.MARKS_POSTED, "") not in reached:
        raise errors.MarksNotPosted
    if until is None:
        raise errors.NotReviewable
    if asked_at > until or (MilestoneKind.REVIEWS_CLOSED, "") in reached:
        raise errors.TooLate(until)


def _check_part(session: Session, competition: Competition, candidate: Candidate, part: str) -> None:
    """The part is reviewable, the candidate has a mark in it, and has not asked before."""
    parts = {one.key: one for one in competitions.ruleset(competition).parts}
    if part not in parts or not parts[part].reviewable:
        raise errors.NotReviewable
    run = runs.latest_run(session, candidate.vacancy_id)
    if run is None or queries.mark_of(run.output, candidate.candidate_no, part) is None:
        raise errors.NothingToReview
    asked = select(ReviewRequest.id).where(
        ReviewRequest.candidate_id == candidate.id, ReviewRequest.part == part
    )
    if session.scalar(asked) is not None:
        raise errors.AlreadyRequested


def _next_receipt(session: Session, competition_id: int) -> str:
    count = session.scalar(
        select(func.count()).select_from(ReviewRequest).where(ReviewRequest.competition_id == competition_id)
    )
    return f"PK-{(count or 0) + 1:04d}"


def _locked_steps(session: Session, request: ReviewRequest) -> dict[str, ReviewStep]:
    """Return what has happened to the request; acts on it come one after the other from here on."""
    session.execute(select(ReviewRequest.id).where(ReviewRequest.id == request.id).with_for_update())
    return queries.steps(session, request.id)


def _require_open(session: Session, request: ReviewRequest) -> None:
    if set(_locked_steps(session, request)) & {"admitted", "refused"}:
        raise errors.AlreadyAnswered


def _step(
    session: Session,
    actor: Actor,
    now: datetime,
    request: ReviewRequest,
    kind: str,
    *,
    words: str = "",
    paper: SignedPaper | None = None,
    outcome: str = "",
    old_mark: str | None = None,
    new_mark: str | None = None,
) -> ReviewStep:
    step = ReviewStep(
        request_id=request.id,
        kind=kind,
        outcome=outcome,
        old_mark=old_mark,
        new_mark=new_mark,
        words=words,
        signed_paper_id=paper.id if paper is not None else None,
        by=_person(actor),
        at=now,
    )
    session.add(step)
    session.flush()
    facts = {
        "outcome": outcome,
        "old": old_mark,
        "new": new_mark,
        "words": audit.digest(words),
        "paper": paper.public_id if paper is not None else None,
    }
    _record(session, actor, now, request, f"appeals.{kind}", **facts)
    return step


def _outcome(before: str | None, after: str) -> str:
    if before is None or Decimal(before) == Decimal(after):
        return "unchanged"
    return "raised" if Decimal(after) > Decimal(before) else "lowered"


def _person(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, request: ReviewRequest, code: str, **facts: object
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=request.competition_id,
        subject=request.public_id,
        content={"request": request.public_id, "part": request.part, **facts},
    )
