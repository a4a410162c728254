# SPDX-License-Identifier: Apache-2.0
"""What home holds of the day in the hall, against the words of scenario D."""

from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.papers.models import Paper
from exam_portal.registration.models import Candidate as Listed
from exam_portal.results import bundle
from exam_portal.results import service as results
from exam_portal.sittings import queries
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import (
    AnswerEvent,
    Attempt,
    ContactGap,
    LateEvent,
    LeaseChange,
    Seat,
    Sitting,
    SittingEvent,
    Submission,
    TimeGrant,
)
from tests.journeys.computers import Candidate
from tests.journeys.examination_hall import AT_SCREENS
from tests.portal.sittings.builders import MINUTE
from tests.portal.sittings.computers import (
    mark_tests,
)
from tests.portal.sittings.hall import builders

SECOND = timedelta(seconds=1)  # by which the clocks of two processes may differ
DYING = timedelta(seconds=30)  # after the stroke of the minute; a busy machine is not quick


def the_hall_is_as_described(session: Session, sitting: Sitting) -> datetime:
    """Eight candidates handed in a test of 60 items and 60 minutes on a closed network; return its start."""
    board = queries.board(session, sitting)
    assert [seat.attempt_state for seat in board] == ["submitted"] * 8
    assert (sitting.mode, sitting.duration_seconds) == ("lan", 3600)
    paper = session.get_one(Paper, sitting.paper_id)
    assert [form.item_count for form in paper.forms] == [60]
    return session.scalars(select(SittingEvent.at).where(SittingEvent.kind == "started")).one()


def nobody_was_heard_while_it_was_dead(session: Session, began: datetime) -> None:
    """From minute 20 to minute 32 nothing arrived from anybody; what was written then came after it."""
    dead = (began + 20 * MINUTE, began + 32 * MINUTE)
    for attempt in session.scalars(select(Attempt)):
        arrived = session.scalars(
            select(AnswerEvent.received_at).where(AnswerEvent.attempt_id == attempt.id)
        ).all()
        assert not [at for at in arrived if dead[0] + DYING < at < dead[1]]
        assert [at for at in arrived if dead[1] <= at < dead[1] + MINUTE]
    gaps = session.execute(select(ContactGap.silent_from, ContactGap.silent_until)).all()
    whole = [one for one in gaps if one[0] <= dead[0] + DYING and one[1] >= dead[1]]
    assert len(whole) >= len(AT_SCREENS)


def the_move_is_on_record(session: Session, began: datetime, moved_in: tuple[datetime, datetime]) -> None:
    """Of eight attempts one changed its machine, from minute 41 on, while an invigilator was at it."""
    [moved] = session.scalars(select(LeaseChange).where(LeaseChange.moved_by.is_not(None))).all()
    before, after = moved_in
    assert began + 41 * MINUTE <= before
    assert before - SECOND <= moved.at <= after + SECOND
    seat = session.get_one(Seat, session.get_one(Attempt, moved.attempt_id).seat_id)
    assert session.get_one(Listed, seat.candidate_id).candidate_no == "005"


def no_answer_is_lost(session: Session, plain: dict[int, Candidate]) -> None:
    """Whatever was answered counts: by each journal of a computer, and by the number at each screen."""
    for seat in session.scalars(select(Seat)):
        number = int(session.get_one(Listed, seat.candidate_id).candidate_no)
        attempt = session.scalars(select(Attempt).where(Attempt.seat_id == seat.id)).one()
        responses = attempts.replay(session, attempt).answers.responses
        if number in plain:
            assert responses == plain[number].given
            assert len(responses) == 60
        else:
            assert len(responses) == 36


def everybody_had_twelve_minutes_more(session: Session, began: datetime) -> None:
    """One credit for all, by one person and approved by another; who wrote in minute 65 wrote in time."""
    [credit] = session.scalars(select(TimeGrant)).all()
    assert (credit.kind, credit.seconds, credit.room_id, credit.seat_id) == ("credit", 720, None, None)
    assert credit.approved_by not in {None, credit.by}
    for attempt in session.scalars(select(Attempt)):
        found = select(AnswerEvent.seq).where(AnswerEvent.received_at > began + 60 * MINUTE)
        assert session.scalars(found.where(AnswerEvent.attempt_id == attempt.id)).all()
    assert session.scalars(select(LateEvent)).all() == []
    handed_in = session.scalars(select(Submission)).all()
    assert {one.kind for one in handed_in} == {"by_candidate"}
    assert all(began + 60 * MINUTE < one.at < began + 72 * MINUTE for one in handed_in)


def one_question_decides(session: Session, sitting: Sitting) -> None:
    """30 of 60 passes and 29 of 60 (48.33) fails; the others are ranked before them by what they have."""
    competition = session.get_one(Competition, sitting.competition_id)
    actor = Actor(account_id=sitting.created_by)
    later = builders.HOME_AGAIN
    assert mark_tests(session, actor, later, sitting) == 8
    [vacancy] = session.scalars(select(Vacancy)).all()
    run = results.compute_run(session, actor, later, competition=competition, vacancy=vacancy)
    found = {one["id"]: one for one in run.output["candidates"]}
    marks = {number: one["parts"]["test"] for number, one in found.items()}
    assert (marks["001"]["mark"], marks["001"]["passed"]) == ("50.00", True)
    assert (marks["005"]["mark"], marks["005"]["passed"]) == ("48.33", False)
    ranked = sorted((one for one in found.values() if one["rank"]), key=lambda one: one["rank"])
    assert [one["id"] for one in ranked] == ["006", "003", "002", "007", "004", "008", "001"]
    bundle.seal(session, later, competition)
