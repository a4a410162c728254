# SPDX-License-Identifier: Apache-2.0
"""A part held in the portal, from its sealed paper to the marker's desk."""

import pytest

from exam_portal.core.database import Database
from exam_portal.sittings import errors, handover, masking, queries, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import StillRunning
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, a_hall, check_in
from tests.portal.sittings.computers import seal_a_paper, seated, states, summoned


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
