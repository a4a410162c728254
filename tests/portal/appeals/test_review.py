# SPDX-License-Identifier: Apache-2.0
"""A review of marking: in time, by others, by the rule, and what it changes in public."""

import threading
from datetime import timedelta

import pytest

from exam_portal.appeals import errors, queries, service
from exam_portal.appeals.models import ReviewRequest
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import PanelSession
from exam_portal.registration.models import Candidate
from exam_portal.results import bundle, steps
from exam_portal.results import errors as result_errors
from exam_portal.results import queries as results
from scoring.verify import bundle as verifying
from tests.portal.results import builders as at
from tests.portal.results.builders import OVER, POSTED, Stage, a_stage

ASKED = POSTED + timedelta(days=2)
FIVE = {0: ["70", "72"], 1: ["66", "68"], 2: ["48", "50"], 3: ["44", "46"], 4: ["60", "61"]}
VOTES = {0: ["80.5"] * 7, 1: ["78"] * 7, 4: ["70"] * 7}


def ask(session: Session, stage: Stage, place: int = 2, **overrides: object) -> ReviewRequest:
    """The candidate asks for a review of the written mark."""
    candidate = session.get_one(Candidate, stage.candidates[place].id)
    facts = {
        "part": "written",
        "reason": service.Reason.SCHEME,
        "words": "Câu 2 chưa được chấm.",
        **overrides,
    }
    actor = Actor(account_id=candidate.account_id, is_candidate=True)
    return service.request_review(session, actor, ASKED, candidate=candidate, **facts)  # type: ignore[arg-type]


def the_posted_marks(session: Session, people: int = 5) -> Stage:
    """Five candidates; one failed the written part by a point; marks are posted as publication 1."""
    stage = a_stage(session, people=people)
    at.marked(session, stage, {place: FIVE[place] for place in range(people)})
    at.hear(session, stage, {place: VOTES[place] for place in VOTES if place < people})
    at.compute(session, stage)
    at.publish(session, stage)
    return stage


def marked_again(session: Session, stage: Stage, request: ReviewRequest, *values: str) -> str:
    """The request is admitted, masked anew, marked by the review board, locked and unmasked."""
    service.admit_request(session, stage.secretary, ASKED, request=request)
    service.bag_for_review(session, stage.masker, ASKED, request=request)
    purpose = queries.purpose_of(request.public_id)
    at.key_review(session, stage, purpose, values)
    at.lock(session, stage, purpose, OVER)
    at.unmask(session, stage, purpose, OVER)
    return purpose


def decide(session: Session, stage: Stage, request: ReviewRequest) -> str:
    """The review is decided on its signed minute."""
    paper = at.a_signed(session, stage, PaperKind.REVIEW_PAPER)
    step = service.decide_review(session, stage.chair, OVER, request=request, paper=paper)
    return f"{step.old_mark} {step.new_mark} {step.outcome}"


def test_a_review_opens_the_gate_and_turns_the_result_round(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = the_posted_marks(session)
        request = ask(session, stage)
        marked_again(session, stage, request, "52", "50", "52")
        assert decide(session, stage, request) == "49.00 52.00 raised"
        panel = session.query(PanelSession).one()
        hearing = panels.add_supplementary_hearing(
            session,
            stage.secretary,
            OVER,
            panel=panel,
            candidate=session.get_one(Candidate, stage.candidates[2].id),
            paper=at.a_signed(session, stage, PaperKind.COUNCIL_DECISION),
        )
        at.ballots(session, stage, hearing, ["81"] * 7, at=OVER)
        run = at.compute(session, stage, OVER, "phúc khảo PK-0001")
        assert (at.outcome(run, 2)["total"], at.outcome(run, 2)["outcome"]) == ("81.00", "selected")
        with pytest.raises(result_errors.ReasonMissing):
            at.prepared(session, stage, "marks", OVER)
        second = at.publish(session, stage, "marks", OVER, "Kết quả phúc khảo PK-0001")
        assert (second.number, second.content["supersedes"]) == (2, 1)
        first = results.former(session, second)
        assert first is not None
        changed = results.effects(first.content, second.content)[0][1]
        marks = {part: (change.before, change.after) for part, change in changed[0].marks}
        assert marks == {"written": ("49.00", "52.00"), "programme": (None, "81.00")}
        assert [one.candidate for one in changed] == ["003"]
        service.close_reviews(session, stage.secretary, OVER, competition=at.here(session, stage))
        opinion = at.a_signed(session, stage, PaperKind.OPINION)
        facts = {"competition": at.here(session, stage)}
        steps.record_opinion(session, stage.secretary, OVER, paper=opinion, **facts)
        recognition = at.a_signed(session, stage, PaperKind.RECOGNITION)
        steps.recognise(session, stage.authority, OVER, paper=recognition, **facts)
        assert at.publish(session, stage, "results", OVER).number == 3
        bundle.seal(session, OVER, at.here(session, stage))
    with database.reading() as session:
        report = verifying.check(results.bundle(session, at.here(session, stage)))
        assert report.exit_status == 0, report.text()


def test_a_request_after_the_last_day_is_told_what_that_day_was(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = the_posted_marks(session, people=2)
        until = steps.request_deadline(session, at.here(session, stage))
        assert until is not None
        ask(session, stage, 0, received_at=until)
        with pytest.raises(errors.TooLate) as refused:
            ask(session, stage, 1, received_at=until + timedelta(seconds=1))
        assert refused.value.until == until


def test_each_part_is_reviewed_once_and_only_where_the_rules_say_so(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = the_posted_marks(session, people=2)
        request = ask(session, stage, 0)
        with pytest.raises(errors.AlreadyRequested):
            ask(session, stage, 0)
        with pytest.raises(errors.NotReviewable):
            ask(session, stage, 0, part="programme")
        with pytest.raises(errors.NotAdmitted):
            service.bag_for_review(session, stage.masker, ASKED, request=request)
        with pytest.raises(errors.NotMarkedAgain):
            decide(session, stage, request)
        service.refuse_request(session, stage.secretary, ASKED, request=request, reason="Không có căn cứ")
        with pytest.raises(errors.AlreadyAnswered):
            service.admit_request(session, stage.secretary, ASKED, request=request)


def test_reviews_close_after_the_last_day_once_every_request_is_decided(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = the_posted_marks(session, people=2)
        request = ask(session, stage, 0)
        competition = at.here(session, stage)
        for when in (ASKED, OVER):
            with pytest.raises(result_errors.ReviewWindowOpen):
                service.close_reviews(session, stage.secretary, when, competition=competition)
        marked_again(session, stage, request, "72", "72")
        with pytest.raises(result_errors.ReviewWindowOpen):
            service.close_reviews(session, stage.secretary, OVER, competition=competition)
        assert decide(session, stage, request) == "71.00 72.00 raised"
        service.close_reviews(session, stage.secretary, OVER, competition=competition)


def test_two_who_ask_at_once_for_the_same_candidate_leave_one_request(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = the_posted_marks(session, people=2)
    told: list[str] = []

    def one() -> None:
        try:
            with database.writing(unhurried=True) as session:
                told.append(ask(session, stage, 0).receipt_no)
        except errors.AlreadyRequested:
            told.append("told")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["PK-0001", "told"]
