# SPDX-License-Identifier: Apache-2.0
"""What the marking waits for stands on the home of whoever can do it, and of nobody else."""

import re
from decimal import Decimal

import pytest
from flask import Flask

from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import service
from exam_portal.marking.models import CorrectionProposal, Mark
from exam_portal.marking.training.models import TrainingScript
from tests.portal.competitions.builders import a_member, a_signed, holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.marking.builders import MARKED, Office, assign, give, key, key_twice, lock
from tests.portal.marking.test_board import with_role
from tests.portal.marking.test_training import a_rule, a_script, train

pytestmark = pytest.mark.engines("sqlite")
GIVE, ASK, LOCK = "Giao túi bài cho người chấm", "Đề nghị khóa điểm", "Khóa điểm"
CORRECT, LIFT, TRAIN = "Quyết định việc sửa điểm", "Ghép phách", "Hoàn thành tập huấn chấm thi"


def titles(portal: Flask, database: Database, actor: object) -> str:
    """The part of the home on which tasks stand."""
    page = Person.at(portal, database, actor, MARKED).get("/staff")  # type: ignore[arg-type]
    return page.split("<main")[1].split("Kỳ thi tuyển</h2>")[0]


def test_marks_that_came_on_slips_need_no_bag_given_out(
    portal: Flask, database: Database, office: Office
) -> None:
    assert GIVE in titles(portal, database, office.secretary)
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "72")
            key_twice(session, office, script, 2, "78")
    home = titles(portal, database, office.secretary)
    assert GIVE not in home
    assert ASK in home


def test_two_marks_that_differ_ask_for_a_third_marker_and_no_lock(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        for marker in (0, 1):
            assign(session, office, marker, marker + 1)
        for script, pair in enumerate((("44", "56"), ("72", "78"))):
            for marker, value in enumerate(pair):
                give(session, office, marker, script, value)
    home = titles(portal, database, office.secretary)
    assert "1 bài chờ chấm lần ba" in home
    assert ASK not in home
    with database.writing(unhurried=True) as session:
        assign(session, office, 2, 3)
    assert GIVE not in titles(portal, database, office.secretary)
    with database.writing(unhurried=True) as session:
        give(session, office, 2, 0, "49")
    assert ASK in titles(portal, database, office.secretary)


def test_whoever_keys_reads_on_the_home_nothing_that_an_own_act_moves(
    portal: Flask, database: Database, office: Office
) -> None:
    with_role(database, office, office.secretary, Role.TYPIST)
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "44")
        key_twice(session, office, 0, 2, "56")
        key_twice(session, office, 1, 1, "72")
        assert key(session, office, 0, 1, 2, "78") is None
    before = titles(portal, database, office.secretary)
    assert "chờ chấm lần ba" not in before
    with database.writing(unhurried=True) as session:
        assert key(session, office, 1, 1, 2, "78") is not None
        key_twice(session, office, 0, 3, "49")
    after = titles(portal, database, office.secretary)
    assert GIVE in before
    assert GIVE in after
    assert ASK not in after


def test_the_lock_waits_for_another_person_than_who_asked(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "72")
            key_twice(session, office, script, 2, "78")
        service.ask_lock(
            session,
            office.secretary,
            MARKED,
            competition_id=office.hall.competition.id,
            part="written",
            purpose="marking",
        )
    assert LOCK not in titles(portal, database, office.secretary)
    assert LOCK in titles(portal, database, office.hall.house.chair)
    assert LIFT not in titles(portal, database, office.hall.masker)
    with database.writing(unhurried=True) as session:
        lock(session, office)
    assert LOCK not in titles(portal, database, office.hall.house.chair)
    assert LIFT in titles(portal, database, office.hall.masker)


def proposed(session: Session, office: Office) -> int:
    """Marks from slips are locked, and a correction of the first one is proposed."""
    for script in (0, 1):
        key_twice(session, office, script, 1, "72")
        key_twice(session, office, script, 2, "78")
    lock(session, office)
    mark = session.query(Mark).first()
    assert mark is not None
    proposal = service.propose_correction(
        session,
        office.secretary,
        MARKED,
        bag=office.bag,
        mark=mark,
        value=Decimal(73),
        reason="Cộng sai",
        paper=a_signed(session, office.hall.house, office.hall.competition),
        page=1,
    )
    return proposal.id


def test_a_correction_waits_for_another_person_than_who_proposed_it(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        proposal_id = proposed(session, office)
    assert CORRECT not in titles(portal, database, office.secretary)
    assert CORRECT in titles(portal, database, office.hall.house.chair)
    with database.writing(unhurried=True) as session:
        proposal = session.get_one(CorrectionProposal, proposal_id)
        service.approve_correction(
            session, office.hall.house.chair, MARKED, bag=office.bag, proposal=proposal
        )
    assert CORRECT not in titles(portal, database, office.hall.house.chair)


def test_the_authority_that_is_asked_for_a_correction_is_led_to_no_page_that_refuses(
    portal: Flask, database: Database, office: Office
) -> None:
    organisation = office.hall.house.organisation
    with database.writing(unhurried=True) as session:
        proposed(session, office)
        authority = holding(a_member(session, "thamquyen", "Ngô Bá Khánh"), Role.AUTHORITY, organisation)
        grant(session, authority, organisation.id, MARKED)
    person = Person.at(portal, database, authority, MARKED)
    links = re.findall(r'href="(/staff/[^"]*/marking/marks[^"]*)"', person.get("/staff"))
    assert links
    page = person.get(links[0])
    assert "Cộng sai" in page
    for link in re.findall(r'href="(/[^"#]*)', page.split("<main")[1].split("</main")[0]):
        assert person.client.get(link).status_code == 200, link


def test_a_training_that_comes_first_stands_on_the_home_while_a_try_is_left(
    portal: Flask, database: Database, office: Office
) -> None:
    marker = office.markers[0]
    assert TRAIN not in titles(portal, database, marker)
    with database.writing(unhurried=True) as session:
        script = a_script(session, office)
        a_rule(session, office, needed=1, tries=1)
    assert TRAIN in titles(portal, database, marker)
    with database.writing(unhurried=True) as session:
        script = session.get_one(TrainingScript, script.id)
        train(session, office, script, "90")
        train(session, office, script, "60", marker=1)
    assert TRAIN not in titles(portal, database, marker)
    assert TRAIN not in titles(portal, database, office.markers[1])
    assert TRAIN in titles(portal, database, office.markers[2])
