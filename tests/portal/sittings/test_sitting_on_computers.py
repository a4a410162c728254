# SPDX-License-Identifier: Apache-2.0
"""A part held in the portal, from its sealed paper to the marker's desk."""

import pytest
from sqlalchemy import select

from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.papers.models import Paper, PaperForm, PaperSeal
from exam_portal.sittings import errors, handover, masking, queries, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import StillRunning
from exam_portal.sittings.models import Attempt, Sitting
from tests.portal.competitions.builders import a_member, holding
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, a_room, check_in, here


def test_a_sitting_on_computers_waits_for_a_sealed_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = seated(session, hall)
        with pytest.raises(errors.PaperNotSealed):
            service.prepare(session, hall.secretary, LISTED, sitting=sitting)
        seal_a_paper(session, hall)
        assert service.prepare(session, hall.secretary, LISTED, sitting=sitting) == 3
        assert service.prepare(session, hall.secretary, LISTED, sitting=sitting) == 0


def test_its_clock_runs_once_two_officers_have_opened_the_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        with pytest.raises(errors.PaperNotOpened):
            service.start(session, hall.invigilator, START, sitting=sitting)
        attempt_builders.open_paper(session, sitting)
        service.start(session, hall.invigilator, START, sitting=sitting)


def test_who_is_checked_in_works_from_the_start_and_is_sealed_at_the_end(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        check_in(session, hall, sitting.seats[1], START + 4 * MINUTE)
        assert states(session, sitting) == ["active", "active", "awaiting"]
        with pytest.raises(StillRunning):
            masking.mask_scripts(session, hall.masker, START, competition=hall.competition, part="written")
        service.end(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting)
        while attempts.seal_all(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting):
            pass
        assert states(session, sitting) == ["submitted", "submitted", "awaiting"]
        assert {seat.attempt_state for seat in queries.board(session, sitting)} == {"submitted", "awaiting"}


def test_its_scripts_reach_the_marker_as_text_without_a_hand_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        service.end(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting)
        attempts.seal_all(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting)
        [bag] = masking.mask_scripts(
            session, hall.masker, START + 101 * MINUTE, competition=hall.competition, part="written"
        )
        [script] = handover.scripts(session, bag.id)
        content = handover.content(session, script.id)
    assert content.kind == "text"
    assert [answer.item for answer in content.answers] == ["Q-1", "Q-2", "Q-3", "E-1"]


def seated(session: Session, hall: Hall) -> Sitting:
    """The written part is planned in the portal, and everybody has a seat."""
    room = a_room(session, hall)
    sitting = service.create_sitting(
        session,
        hall.secretary,
        LISTED,
        competition=here(session, hall),
        part="written",
        starts_at=START,
        mode="portal",
    )
    service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=[room])
    session.expire(sitting, ["seats"])
    return sitting


def summoned(session: Session, hall: Hall) -> Sitting:
    """Its paper is sealed, its attempts are prepared, its people summoned."""
    sitting = seated(session, hall)
    seal_a_paper(session, hall)
    service.prepare(session, hall.secretary, LISTED, sitting=sitting)
    service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
    return sitting


def seal_a_paper(session: Session, hall: Hall) -> Paper:
    """The official paper of the part is drawn and sealed by two officers."""
    by = hall.competition.created_by
    paper = Paper(
        competition_id=hall.competition.id,
        part="written",
        kind="official",
        content="inside",
        blueprint={"schema": "exam-portal/blueprint/1"},
        created_by=by,
        created_at=LISTED,
    )
    session.add(paper)
    session.flush()
    row = attempt_builders._form_row(session, attempt_builders.a_form())
    session.add(PaperForm(paper_id=paper.id, drawn_by=by, drawn_at=LISTED, **row))
    for number in (1, 2):
        officer = holding(
            a_member(session, f"de.{number}", "Cán bộ đề"), Role.SETTING_BOARD, hall.house.organisation
        )
        session.add(PaperSeal(paper_id=paper.id, commitments={}, by=officer.account_id, at=LISTED))
    session.flush()
    return paper


def states(session: Session, sitting: Sitting) -> list[str]:
    """Return where the attempts stand, by seat."""
    found = select(Attempt.state).where(Attempt.sitting_id == sitting.id).order_by(Attempt.seat_id)
    return list(session.scalars(found))
