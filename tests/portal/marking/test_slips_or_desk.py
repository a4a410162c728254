# SPDX-License-Identifier: Apache-2.0
"""A round of typed scripts is marked at a desk or on slips: no slip tells which script is a control."""

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.marking import errors, own_work, rounds, service, slip_list
from exam_portal.marking.models import Keying
from exam_portal.sittings import handover
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, give, key, key_twice
from tests.portal.marking.test_training import a_rule, a_script, hidden
from tests.portal.marking.typed import a_typed_office


@pytest.fixture
def typed(database: Database) -> Office:
    """Five typed scripts in one bag, with a control script among those that a marker is given."""
    office = a_typed_office(database, people=5, with_rubric=False)
    with database.writing(unhurried=True) as session:
        a_rule(session, office, is_required=False, control_every=5)
        a_script(session, office, purpose="control", answer="Bài đối chứng: công khai, có thời hạn.")
    return office


def test_no_slip_is_keyed_of_a_round_that_a_marker_has_at_a_desk(database: Database, typed: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, typed, 0, 1)
        (control,) = hidden(session, typed, 0)
        for script in range(len(typed.scripts)):
            with pytest.raises(errors.RoundAtDesk):
                key(session, typed, 0, script, 1, "72")
        assert session.query(Keying).count() == 0
        marker = typed.markers[0].account_id or 0
        tasks = own_work.tasks(session, typed.bag, 1, marker)
        assert {task.script.id for task in tasks if task.state != "done"} == {
            control.id,
            *(script.id for script in typed.scripts),
        }
        assert key(session, typed, 0, 0, 2, "72") is None  # the other round is on slips


def test_no_desk_is_given_a_round_of_which_a_slip_was_keyed(database: Database, typed: Office) -> None:
    with database.writing(unhurried=True) as session:
        assert key(session, typed, 0, 0, 1, "72") is None  # keyed once: no mark yet
        with pytest.raises(errors.RoundOnSlips):
            assign(session, typed, 0, 1)
        assert rounds.of_bag(session, typed.bag) == [2]
        assert rounds.waiting(session, [typed.bag]) == {2: [typed.bag.label]}  # nor by a lot
        assign(session, typed, 0, 2)


def test_a_bag_taken_back_goes_on_with_slips_and_then_to_no_desk(database: Database, typed: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, typed, 0, 1)
        give(session, typed, 0, 0, "70")
        service.take_back(session, typed.secretary, MARKED, bag=typed.bag, round=1, reason="Đi công tác")
        assert key_twice(session, typed, 1, 1, "66").round == 1
        with pytest.raises(errors.AlreadyMarked):
            key(session, typed, 0, 0, 1, "72")
        with pytest.raises(errors.RoundOnSlips):
            assign(session, typed, 1, 1)


def test_a_typist_is_asked_for_no_slip_of_a_round_at_a_desk(database: Database, typed: Office) -> None:
    with database.writing(unhurried=True) as session:
        typist, competition = typed.typists[0].account_id or 0, typed.hall.competition.id
        both = slip_list.slips(session, competition, typist)
        assert {row.round for row in both} == {1, 2}
        assign(session, typed, 0, 1)
        left = slip_list.slips(session, competition, typist)
        assert [row.round for row in left] == [2] * len(typed.scripts)


def test_sheets_of_paper_that_a_marker_was_handed_are_keyed_from_their_slips(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assert handover.typed(session, [office.bag]) == set()
        assign(session, office, 0, 1)
        own = handover.staff_names(session, [office.markers[0].account_id or 0])
        assert key(session, office, 0, 0, 1, "72", signer=next(iter(own.values()))) is None
        assert {1, 2} == {
            row.round
            for row in slip_list.slips(session, office.hall.competition.id, office.typists[1].account_id or 0)
        }


@pytest.mark.engines("sqlite")
def test_pages_say_why_and_print_no_slips_of_a_round_at_a_desk(
    portal: Flask, database: Database, typed: Office
) -> None:
    place = f"/staff/competitions/{typed.hall.competition.public_id}/marking"
    secretary = Person.at(portal, database, typed.secretary, MARKED)
    slips = f'href="{place}/bags/{typed.bag.public_id}/slips/1.pdf"'
    assert slips in secretary.get(place)
    with database.writing(unhurried=True) as session:
        assign(session, typed, 0, 1)
    assert slips not in secretary.get(place)
    assert slips.replace("1.pdf", "2.pdf") in secretary.page
    typist = Person.at(portal, database, typed.typists[0], MARKED)
    at = f"{place}/bags/{typed.bag.public_id}/scripts/{typed.scripts[0].public_id}/slips/1"
    typist.get(at)
    answer = typist.post(at, 422, total="72", signer="Ngô Văn Tùng", paper=typed.slips.public_id, page="1")
    assert "Vòng này chấm trên màn hình" in answer
