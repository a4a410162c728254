# SPDX-License-Identifier: Apache-2.0
"""The pages of the sittings, walked by the people who use them, from the empty plan to the label sheet."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings import queries
from exam_portal.sittings.models import Sitting
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import At, Person, upload
from tests.portal.sittings.builders import MINUTE, START, Hall, a_hall, a_started

pytestmark = pytest.mark.engines("sqlite")
SITTING = re.compile(r"/staff/sittings/([a-z2-7]{26})")
SEAT = re.compile(r"/staff/seats/([a-z2-7]{26})/attendance")
Sign = Callable[[Actor], Person]


@pytest.fixture
def sign_in(portal: Flask, database: Database, clock: At) -> Sign:
    """A function that opens a browser for somebody, at the time that the clock shows."""
    return lambda actor: Person.at(portal, database, actor, clock.now())


def test_a_written_part_goes_from_the_plan_to_the_label_sheet(hall: Hall, sign_in: Sign, clock: At) -> None:
    place = f"/staff/competitions/{hall.competition.public_id}"
    secretary = sign_in(hall.secretary)
    assert "Chưa" in secretary.get(f"{place}/sittings")
    secretary.get(f"{place}/rooms/new")
    secretary.post(f"{place}/rooms/new", name="P.101", location="Nhà A", capacity="20")
    secretary.get(f"{place}/sittings/new")
    secretary.post(f"{place}/sittings/new", part="written", starts_at="18/01/2027 08:00")
    found = SITTING.search(secretary.page)
    assert found
    sitting = f"/staff/sittings/{found[1]}"
    page = secretary.get(f"{sitting}/seats")
    rooms = re.findall(r'name="rooms"[^>]*value="([a-z2-7]{26})"', page)
    people = re.findall(r'name="candidates"[^>]*value="([a-z2-7]{26})"', page)
    assert len(people) == 3
    assert "Nguyễn Thị Hạnh" in secretary.post(f"{sitting}/seats", rooms=rooms, candidates=people)
    secretary.get(f"{place}/summons")
    secretary.post(f"{place}/summons", reason="")
    for name in ("doors", "attendance"):
        assert secretary.client.get(f"{sitting}/documents/{name}.pdf").data.startswith(b"%PDF")
    assert secretary.client.get(f"{sitting}/documents/blanks.pdf").data.startswith(b"%PDF")
    assert secretary.client.get(f"{place}/summonses.pdf").data.startswith(b"%PDF")

    clock.set(START)
    invigilator, second = sign_in(hall.invigilator), sign_in(hall.second)
    board = invigilator.get(f"{sitting}/board")
    invigilator.post(f"{sitting}/start")
    seats = SEAT.findall(board)
    first = f"/staff/seats/{seats[0]}"
    invigilator.get(f"{first}/attendance")
    assert "Có mặt" in invigilator.post(f"{first}/attendance", finding="present", seen="0")
    clock.set(START + 20 * MINUTE)
    late = f"/staff/seats/{seats[1]}/attendance"
    invigilator.get(late)
    refused = invigilator.post(late, 422, finding="present", seen="0")
    assert "08:10:00" in refused
    invigilator.post(late, finding="refused_late", seen="0")
    third = f"/staff/seats/{seats[2]}/attendance"
    invigilator.get(third)
    invigilator.post(third, finding="present", seen="0", arrived_at="18/01/2027 07:50")

    invigilator.get(f"{sitting}/time-grants/new")
    invigilator.post(f"{sitting}/time-grants/new", kind="credit", minutes="12", reason="Mất điện")
    grant = re.search(r"/staff/time-grants/[a-z2-7]{26}/approve", second.get(f"{sitting}/board"))
    assert grant
    second.post(grant[0])
    invigilator.get(f"{first}/sanctions/new")
    invigilator.post(f"{first}/sanctions/new", level="reprimand", reason="Trao đổi")
    sanction = re.search(r"/staff/sanctions/([a-z2-7]{26})/confirm", second.get(f"{sitting}/incidents"))
    assert sanction
    second.post(sanction[0])
    minute = second.client.get(f"/staff/sanctions/{sanction[1]}/minute.pdf")
    assert minute.data.startswith(b"%PDF")

    clock.set(START + 192 * MINUTE)
    invigilator, masker = sign_in(hall.invigilator), sign_in(hall.masker)
    invigilator.get(f"{sitting}/board")
    invigilator.post(f"{sitting}/end")
    invigilator.get(f"{sitting}/scripts")
    bag: dict[str, Any] = {"bags-0-label": "Túi 1", "bags-0-seal_no": "BT-01"}
    bag |= {"bags-0-scripts": "1", "bags-0-sheets": "4"}
    assert "không khớp" in invigilator.post(f"{sitting}/hand-over", 422, **bag)
    invigilator.get(f"{sitting}/scripts")
    counts: dict[str, Any] = {f"sheets-{seats[0]}": "4"}
    invigilator.post(f"{sitting}/scripts", **counts)
    incident = f"{sitting}/incidents/new"
    invigilator.get(f"{incident}?seat={seats[2]}&category=no_script")
    invigilator.post(
        incident,
        category="no_script",
        seat=seats[2],
        occurred_at="18/01/2027 11:00",
        description="Không nộp bài",
    )
    invigilator.get(f"{sitting}/scripts")
    invigilator.post(f"{sitting}/hand-over", **bag)
    assert invigilator.client.get(f"{sitting}/documents/handover.pdf").data.startswith(b"%PDF")

    masker.get(f"{sitting}/receipt")
    seen: dict[str, Any] = {"bags-0-seal_no": "BT-01", "bags-0-intact": "yes", "bags-0-sheets": "4"}
    assert "không khớp" in masker.post(f"{sitting}/receipt", 422, **seen | {"bags-0-scripts": "2"})
    masker.post(f"{sitting}/receipt", **seen | {"bags-0-scripts": "1"})
    masker.get(f"{place}/masking/written")
    masker.post(f"{place}/masking/written", bag_size="")
    assert masker.client.get(f"{place}/masking/written/labels.pdf").data.startswith(b"%PDF")


def test_only_the_masking_board_opens_the_label_sheet(hall: Hall, sign_in: Sign) -> None:
    place = f"/staff/competitions/{hall.competition.public_id}"
    for actor in (hall.secretary, hall.invigilator, hall.house.chair):
        assert sign_in(actor).client.get(f"{place}/masking/written/labels.pdf").status_code in {403, 404}


def test_a_scan_whose_code_nobody_printed_is_refused_at_its_field(hall: Hall, sign_in: Sign) -> None:
    place = f"/staff/competitions/{hall.competition.public_id}"
    masker = sign_in(hall.masker)
    masker.get(f"{place}/scans")
    page = masker.post(f"{place}/scans", 422, sheet_code="ABCD 2345", scan=upload(a_pdf()))
    assert "ABCD2345" in page


def test_the_live_board_answers_304_while_nothing_changes(
    hall: Hall, sign_in: Sign, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        address = f"/staff/sittings/{a_started(session, hall).public_id}/board.json"
    clock.set(START + MINUTE)
    client = sign_in(hall.invigilator).client
    first = client.get(address)
    assert first.json is not None
    assert first.json["rooms"][0]["closes_at"] is not None
    clock.set(START + 2 * MINUTE)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_board_asks_as_often_for_a_full_room_as_for_a_small_one(database: Database) -> None:
    counted = []
    for people, mark in ((2, "a"), (20, "b")):
        with database.writing(unhurried=True) as session:
            sitting_id = a_started(session, a_hall(session, people=people, mark=mark)).id
        counted.append(count_queries(database, sitting_id))
    assert counted[0] == counted[1] <= 12


def count_queries(database: Database, sitting_id: int) -> int:
    """Return how many statements the board needs."""
    statements: list[str] = []
    with database.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        sitting = session.get_one(Sitting, sitting_id)
        queries.board(session, sitting)
        queries.room_states(session, sitting, START)
    return len(statements)


def test_a_candidate_sees_the_own_place_once_summoned_and_nobody_elses(
    hall: Hall, database: Database, portal: Flask, sign_in: Sign
) -> None:
    own, other = hall.candidates[:2]
    candidate = sign_in(Actor(account_id=own.account_id, is_candidate=True))
    assert "P.101" not in candidate.get("/me/sittings")
    with database.writing(unhurried=True) as session:
        a_started(session, hall)
    assert "P.101" in candidate.get("/me/sittings")
    mine = candidate.client.get(f"/me/candidacies/{own.public_id}/summons.pdf")
    assert mine.data.startswith(b"%PDF")
    assert candidate.client.get(f"/me/candidacies/{other.public_id}/summons.pdf").status_code == 404
