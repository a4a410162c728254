# SPDX-License-Identifier: Apache-2.0
"""The pages of marking, walked by secretary, typists, markers and chair."""

import re
from typing import Any

import pytest
from flask import Flask

from exam_portal.accounts.models import Account
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import holding
from tests.portal.competitions.pages import Person, grant, upload
from tests.portal.marking.builders import MARKED, Office, assign

pytestmark = pytest.mark.engines("sqlite")
SLIP = re.compile(r"/scripts/([a-z2-7]{26})/slips/(\d)")
PAPER: dict[str, Any] = {
    "paper_number": "03/PC",
    "paper_issued_on": "19/01/2027",
    "paper_signed_by": "Ban chấm thi",
}


def test_a_bag_is_taken_back_from_its_marker(portal: Flask, database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    back = f"{place}/bags/{office.bag.public_id}/assignments/1/take-back"
    secretary = Person.at(portal, database, office.secretary, MARKED)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    assert office.bag.public_id in marker.get("/marking")
    assert back in secretary.get(place)
    secretary.get(back)
    secretary.post(back, 422, reason=" ")
    assert office.bag.public_id in marker.get("/marking")
    secretary.get(back)
    secretary.post(back, reason="Nghỉ ốm từ ngày 18/01")
    secretary.get(back, 404)
    assert back not in secretary.get(place)
    assert office.bag.public_id not in marker.get("/marking")


def test_a_typist_who_marks_too_is_led_to_no_scan_of_slips(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    slip = f"{place}/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}/slips/2"
    scan = f"/papers/{office.slips.public_id}"
    typist = Person.at(portal, database, office.typists[0], MARKED)
    assert scan in typist.get(slip)
    with database.writing(unhurried=True) as session:
        both = holding(
            session.get_one(Account, office.typists[0].account_id),
            Role.MARKER,
            office.hall.house.organisation,
        )
        grant(session, both, office.hall.house.organisation.id, MARKED)
    typist = Person.at(portal, database, office.typists[0], MARKED)
    assert scan not in typist.get(slip)
    typist.get(scan, 404)


def test_slips_are_filed_keyed_twice_locked_and_each_mark_opens_its_page(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    people = [Person.at(portal, database, actor, MARKED) for actor in office.typists[:2]]
    secretary = Person.at(portal, database, office.secretary, MARKED)
    assert "0 / 2" in secretary.get(place)
    people[0].get(f"{place}/slips/new")
    people[0].post(f"{place}/slips/new", **PAPER, paper_scan=upload(a_pdf(6)))
    code = {script.public_id: script.mask_code for script in office.scripts}
    first, second = office.scripts
    key = f"{place}/bags/{office.bag.public_id}/scripts"
    paper = re.search(r"/papers/([a-z2-7]{26})", people[0].get(f"{key}/{first.public_id}/slips/1"))
    assert paper

    def keyed(who: int, script: str, round: int, value: str, page: int) -> str:
        people[who].get(f"{key}/{script}/slips/{round}")
        signer = ("Ngô Văn Tùng", "Đặng Thị Thu", "Mai Xuân Phúc")[round - 1]
        fields: dict[str, Any] = {"paper": paper[1], "page": str(page), "total": value, "signer": signer}
        return people[who].post(f"{key}/{script}/slips/{round}", **fields)

    for who in (0, 1):
        keyed(who, first.public_id, 1, "72", 1)
    keyed(0, first.public_id, 2, "78", 2)
    differs = keyed(1, first.public_id, 2, "87", 2)
    assert code[first.public_id] in differs
    assert "78" not in re.sub(
        r"[A-Z2-7]{10}|[a-z2-7]{26}", "", people[1].page.split("<main")[1].split("</main")[0]
    )
    keyed(1, first.public_id, 2, "78", 2)
    for who in (0, 1):
        keyed(who, second.public_id, 1, "44", 3)
        keyed(who, second.public_id, 2, "56", 4)
    assert "primary" not in secretary.get(place).split("<main")[1]
    for who in (0, 1):
        keyed(who, second.public_id, 3, "49", 5)
    secretary.get(place)
    secretary.post(f"{place}/ask-lock", part="written", purpose="marking")
    assert f'{place}/lock"' not in secretary.get(place)
    chair = Person.at(portal, database, office.hall.house.chair, MARKED)
    assert f'{place}/lock"' in chair.get(place)
    chair.post(f"{place}/lock", part="written", purpose="marking")
    marks = secretary.get(f"{place}/marks?part=written&purpose=marking")
    assert "75,00" in marks
    assert "49,00" in marks
    assert f"/papers/{paper[1]}#page=5" in marks
    assert secretary.client.get(f"{place}/differences.pdf?part=written").data.startswith(b"%PDF")


def test_a_marker_works_through_a_bag_and_prints_the_slips(
    portal: Flask, database: Database, office: Office
) -> None:
    secretary = Person.at(portal, database, office.secretary, MARKED)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    bag = f"/marking/bags/{office.bag.public_id}"
    assert office.bag.public_id not in marker.get("/marking")
    page = secretary.get(f"{place}/bags/{office.bag.public_id}/assignments/new")
    assert str(office.markers[0].public_id) in page
    blank = secretary.client.get(f"{place}/bags/{office.bag.public_id}/slips/1.pdf")
    assert blank.data.startswith(b"%PDF")
    secretary.post(
        f"{place}/bags/{office.bag.public_id}/assignments/new", round="1", marker=office.markers[0].public_id
    )
    assert office.bag.public_id in marker.get("/marking")
    desk = f"{bag}/scripts/{office.scripts[0].public_id}"
    marker.get(bag)
    page = marker.get(desk)
    assert all(name not in page for name in ("Nguyễn Thị Hạnh", "Trần Quốc Bảo"))
    marker.post(f"{desk}/draft", 200, total="71,", comment="", tab="a", rests_on="0")
    assert 'value="71,"' in marker.get(desk)
    assert "100,5" in marker.post(desk, 422, total="100,5", comment="", rests_on="1")
    marker.post(desk, total="71,5", comment="Ý thứ ba thiếu dẫn chứng", rests_on="1")
    assert "71,5" in marker.get(bag)
    marker.get(f"{bag}/slips.pdf", 404)
    other = f"{bag}/scripts/{office.scripts[1].public_id}"
    marker.get(other)
    marker.post(other, total="60", comment="", rests_on="0")
    assert marker.client.get(f"{bag}/slips.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("who", ["other marker", "typist", "masking board"])
def test_a_bag_that_is_somebody_elses_does_not_exist(
    portal: Flask, database: Database, office: Office, who: str
) -> None:
    with database.writing() as session:
        assign(session, office, 0, 1)
    actors: dict[str, tuple[Actor, int]] = {
        "other marker": (office.markers[1], 404),
        "typist": (office.typists[0], 403),
        "masking board": (office.hall.masker, 403),
    }
    actor, status = actors[who]
    Person.at(portal, database, actor, MARKED).get(f"/marking/bags/{office.bag.public_id}", status)


def test_locked_marks_are_not_shown_before_the_lock(
    portal: Flask, database: Database, office: Office
) -> None:
    chair = Person.at(portal, database, office.hall.house.chair, MARKED)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    chair.get(f"{place}/marks?part=written&purpose=marking", 404)
