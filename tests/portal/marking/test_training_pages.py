# SPDX-License-Identifier: Apache-2.0
"""What a marker reads in the training: the levels of the desk, each agreed mark, and what comes next."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.marking.training.models import TrainingScript
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, key
from tests.portal.marking.test_training import a_rule, a_script
from tests.portal.marking.typed import a_typed_office

pytestmark = pytest.mark.engines("sqlite")
LAW = "Nêu đúng và đủ văn bản, giải thích được"


def _address(office: Office, script: TrainingScript) -> str:
    return f"/marking/training/{office.hall.competition.public_id}/written/scripts/{script.public_id}"


def test_the_last_mark_of_a_try_that_fails_shows_its_agreed_mark_before_the_next_try(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        addresses = [_address(office, a_script(session, office, value)) for value in ("60", "45")]
        a_rule(session, office)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    marker.get(addresses[0])
    marker.post(addresses[0], total="61", comment="")
    marker.get(addresses[1])
    page = marker.post(addresses[1], total="70", comment="")
    assert "Ông/bà cho 70; điểm thống nhất là 45" in page
    assert "Lượt 1 chưa đạt: 1 trên 2 điểm là đúng" in page
    assert f'href="{addresses[0]}"' in page
    again = marker.get(addresses[1])
    assert "điểm thống nhất là 45" not in again
    marker.get(addresses[0])
    page = marker.post(addresses[0], total="60", comment="")
    assert "chưa đạt" not in page
    marker.get(addresses[1])
    page = marker.post(addresses[1], total="45", comment="")
    assert "Đã đạt: 2 trên 2 điểm là đúng" in page
    assert 'href="/marking"' in page.split("<main")[1]


def test_another_try_than_ones_own_shows_no_agreed_mark(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        address = _address(office, a_script(session, office))
        a_rule(session, office, needed=1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    for number in (-1, 0, 1, 2, 99):
        assert "điểm thống nhất là" not in marker.get(f"{address}?try={number}")


def test_the_training_shows_the_levels_and_the_steps_of_the_desk(portal: Flask, database: Database) -> None:
    office = a_typed_office(database, with_levels=True)
    scores = {"law": Decimal(30), "practice": Decimal(40)}
    with database.writing(unhurried=True) as session:
        address = _address(office, a_script(session, office, None, scores=scores))
        a_rule(session, office, needed=1)
    page = Person.at(portal, database, office.markers[0], MARKED).get(address)
    assert LAW in page
    assert "Từ 0 đến 100, bước điểm 0,5." in page


def test_a_refused_figure_is_told_at_the_criterion_it_was_given_for(
    portal: Flask, database: Database
) -> None:
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker, desk = Person.at(portal, database, office.markers[0], MARKED), desk_of(database, office)
    marker.get(desk)
    page = marker.post(desk, 422, score_law="30", score_practice="60,25", comment="", rests_on="0")
    assert 'href="#score_practice"' in page
    assert 'href="#score_law"' not in page


@pytest.mark.parametrize(
    ("field", "changed"),
    [("total", {"total": "780"}), ("page", {"page": "99"}), ("signer", {"signer": "GK-ABC12345"})],
)
def test_a_refused_slip_says_at_which_field(
    portal: Flask, database: Database, office: Office, field: str, changed: dict[str, Any]
) -> None:
    with database.writing(unhurried=True) as session:
        assert key(session, office, 1, 0, 1, "72") is None
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/bags/{office.bag.public_id}"
    slip = f"{place}/scripts/{office.scripts[0].public_id}/slips/1"
    typist = Person.at(portal, database, office.typists[0], MARKED)
    typist.get(slip)
    typed = {"paper": office.slips.public_id, "page": "1", "total": "72", "signer": "Ngô Văn Tùng", **changed}
    page = typist.post(slip, 422, **typed)
    assert f'href="#{field}"' in page
