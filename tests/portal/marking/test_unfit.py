# SPDX-License-Identifier: Apache-2.0
"""Whoever gives out bags is told that a marker is unfit, in the same bytes whatever the reason."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from exam_portal.admin.fsck import differences
from exam_portal.core import bags, triggers
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import errors, queries, service
from exam_portal.marking.training.models import TrainingScript
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.sittings.models import MaskBag
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.marking.builders import MARKED, Office, an_office, assign, key
from tests.portal.marking.test_board import with_role
from tests.portal.marking.test_desk import declare
from tests.portal.marking.test_lot import drawn_lot, place_of
from tests.portal.marking.test_training import a_rule, a_script, train

VARYING = re.compile(r'(?<=name="csrf_token")[^>]*| selected(="[^"]*")?|nonce="[^"]*"')  # and what was chosen


def tell(portal: Flask, database: Database, office: Office, marker: Actor) -> str:
    """What the secretary reads who wants to give the bag to this marker."""
    secretary = Person.at(portal, database, office.secretary, MARKED)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    address = f"{place}/bags/{office.bag.public_id}/assignments/new"
    secretary.get(address)
    return VARYING.sub("", secretary.post(address, 422, round="1", marker=marker.public_id, reason=""))


@pytest.mark.engines("sqlite")
def test_every_reason_against_a_marker_is_answered_in_the_same_bytes(
    portal: Flask, database: Database, office: Office
) -> None:
    related, colleague, untrained = office.markers
    organisation = office.hall.house.organisation
    with database.writing(unhurried=True) as session:
        signer = holding(a_member(session, "them.1", "Người thêm một"), Role.MARKER, organisation)
        grant(session, signer, organisation.id, MARKED)
        for number in (0, 1):
            key(session, office, number, 0, 2, "70", signer="Người thêm một")
        assign(session, office, 1, 2)
        declare(session, office, 0)
    with_role(database, office, office.typists[0], Role.MARKER)
    unfit = [related, colleague, signer, office.typists[0]]
    answers = [tell(portal, database, office, one) for one in unfit]
    with database.writing(unhurried=True) as session:
        a_script(session, office)
        a_rule(session, office)
    answers.append(tell(portal, database, office, untrained))
    assert len(set(answers)) == 1
    assert "Không thể giao túi cho người chấm này" in answers[0]


@pytest.mark.engines("sqlite")
def test_a_marker_without_a_bag_is_led_to_the_training_that_comes_first(
    portal: Flask, database: Database, office: Office
) -> None:
    training = f"/marking/training/{office.hall.competition.public_id}/written"
    assert training not in Person.at(portal, database, office.markers[0], MARKED).get("/marking")
    with database.writing(unhurried=True) as session:
        scripts = [a_script(session, office), a_script(session, office, "80")]
        a_rule(session, office)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    assert training in marker.get("/marking")
    marker.get(training)
    with database.writing(unhurried=True) as session:
        for script, value in zip(scripts, ("60", "80"), strict=True):
            train(session, office, session.get_one(TrainingScript, script.id), value)
    assert training not in marker.get("/marking")


@pytest.mark.engines("sqlite")
def test_a_marker_against_whom_nothing_stands_is_given_the_bag(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 2, 1)
        assert queries.assigned_rounds(session, office.bag.id) == {1: office.markers[2].account_id}


def a_short_bag(session: Session, office: Office) -> BagView:
    """One script was moved into a bag of its own, past the least size."""
    triggers.remove(session.connection())
    whole = session.get_one(MaskBag, office.bag.id)
    alone = MaskBag(
        competition_id=whole.competition_id,
        organisation_id=whole.organisation_id,
        part=whole.part,
        purpose=whole.purpose,
        label="99",
        by=whole.by,
        at=whole.at,
    )
    session.add(alone)
    session.flush()
    move = "UPDATE masked_scripts SET bag_id = :bag WHERE id = :script"
    session.execute(text(move), {"bag": alone.id, "script": office.scripts[0].id})
    return next(one for one in handover.bags_of(session, whole.competition_id) if one.label == "99")


def test_a_bag_of_few_scripts_is_given_to_nobody_by_hand_or_by_lot(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=bags.LEAST + 1)
        alone = a_short_bag(session, office)
        marker_id = office.markers[0].account_id or 0
        with pytest.raises(errors.BagTooSmall):
            service.assign_bag(session, office.secretary, MARKED, bag=alone, marker_id=marker_id, round=1)
        assign(session, office, 0, 1)
        with pytest.raises(errors.BagTooSmall):
            drawn_lot(session, office)


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [(4, 4, [4]), (12, 5, [5, 7]), (15, 5, [5, 5, 5]), (60, 25, [25, 25, 10]), (9, 5, [9]), (10, 5, [5, 5])],
)
def test_what_is_left_over_joins_the_last_bag_where_it_is_too_small(
    count: int, size: int, expected: list[int]
) -> None:
    found = bags.divided(range(count), size)
    assert [len(one) for one in found] == expected
    assert [script for bag in found for script in bag] == list(range(count))
    assert not any(bags.is_too_small(len(one), count) for one in found)


def test_the_lot_draws_nobody_who_has_not_passed_the_training_and_says_how_many_are_missing(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        scripts = [a_script(session, office), a_script(session, office, "80")]
        a_rule(session, office)
        bound = service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        facts: dict[str, Any] = {"bound": bound, "words": "ba", "witnesses": "Ban Giám sát"}
        for marker, missing in ((0, 2), (1, 1)):
            with pytest.raises(errors.TooFewMarkers) as refused:
                service.draw_lot(session, office.secretary, MARKED, **facts)
            assert (refused.value.missing, refused.value.untrained) == (missing, 3 - marker)
            for script, value in zip(scripts, ("60", "80"), strict=True):
                train(session, office, script, value, marker)
        lot = service.draw_lot(session, office.secretary, MARKED, **facts)
        trained = {service.pseudonym(session, office.bag, one.account_id or 0) for one in office.markers[:2]}
        assert set(lot.markers) == {row[2] for row in lot.given} == trained
        assert list(differences(session)) == []
