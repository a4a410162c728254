# SPDX-License-Identifier: Apache-2.0
"""Acts of the day by HTTP: another computer, the end of a sitting on computers, a suspension, a scan."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.registration.models import Exclusion
from exam_portal.results import admission as results
from exam_portal.sittings import handover, jobs, queries
from exam_portal.sittings.models import Attempt, ScriptScan, Seat, Sitting, Submission
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.attempts.builders import ITEMS
from tests.portal.sittings.builders import (
    LISTED,
    MINUTE,
    SECOND,
    START,
    Hall,
    a_hall,
    a_received,
    here,
    sheet_codes,
)
from tests.portal.sittings.computers import attempt_of, player_at, rules_with_a_test, running, states

ONE_ENGINE = pytest.mark.engines("sqlite")
CODE = re.compile(r"<strong>([2-9A-Z]{4} [2-9A-Z]{4})</strong>")
CONFIRM = re.compile(r"/staff/sanctions/[a-z2-7]{26}/confirm")
Sign = Callable[[Actor], Person]


@pytest.fixture
def sign_in(portal: Flask, database: Database, clock: At) -> Sign:
    """A function that opens a browser for somebody, at the time that the clock shows."""
    return lambda actor: Person.at(portal, database, actor, clock.now())


@pytest.fixture
def on_computers(database: Database, clock: At) -> tuple[Hall, Sitting]:
    """A test runs in the portal, with everybody present; its people hold their roles."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        form = attempt_builders.a_form(items=ITEMS[:3])
        sitting = running(session, hall, part="test", form=form)
        for actor in (hall.secretary, hall.invigilator, hall.second, hall.masker):
            grant(session, actor, hall.house.organisation.id, LISTED)
        session.refresh(sitting)
        session.refresh(hall.house.organisation)
    clock.set(START + 10 * MINUTE)
    return hall, sitting


def test_the_end_button_seals_what_is_open_and_the_test_is_marked_once_nothing_can_come(
    on_computers: tuple[Hall, Sitting], database: Database, sign_in: Sign, clock: At
) -> None:
    hall, sitting = on_computers
    place = f"/staff/sittings/{sitting.public_id}"
    with database.reading() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    player.answer(["a", "c"], item="Q-2")
    clock.set(START + 30 * MINUTE)
    invigilator = sign_in(hall.invigilator)
    assert "Vẫn còn thời gian làm bài: 0:30:00" in invigilator.get(f"{place}/board")
    assert "Vẫn còn thời gian làm bài" in invigilator.post(f"{place}/end", 409)
    invigilator.get(f"{place}/board")
    assert "Đã nộp" in invigilator.post(f"{place}/end", reason="Cháy ở tầng 3")
    with database.reading() as session:
        assert states(session, sitting) == ["submitted"] * 3
        assert {one.kind for one in session.scalars(select(Submission))} == {"by_invigilator"}
        assert queries.test_marks(session, sitting.competition_id, "test") == {}  # late ones may still come
    jobs.mark_tests(database, START + 41 * MINUTE + SECOND)
    with database.reading() as session:
        marks = queries.test_marks(session, sitting.competition_id, "test")
        assert sorted(marks.values()) == [("0", "3"), ("0", "3"), ("2", "3")]
    invigilator.get(f"{place}/board")
    invigilator.post(f"{place}/end", 409)  # it ends once


@ONE_ENGINE
def test_who_failed_the_test_is_listed_but_not_ticked_for_the_next_part(
    on_computers: tuple[Hall, Sitting], database: Database, sign_in: Sign, clock: At
) -> None:
    hall, sitting = on_computers
    results.register()
    with database.reading() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    player.answer(["a", "c"], item="Q-2")
    place = f"/staff/competitions/{hall.competition.public_id}"
    secretary = sign_in(hall.secretary)
    secretary.get(f"{place}/rooms/new")
    secretary.get(f"{place}/sittings/new")
    secretary.post(f"{place}/sittings/new", part="written", starts_at="21/01/2027 08:00")
    planned = re.findall(r"/staff/sittings/([a-z2-7]{26})/seats", secretary.page)
    seats = f"/staff/sittings/{planned[0]}/seats"
    assert ticked(secretary.get(seats)) == 3  # nobody knows yet
    invigilator = sign_in(hall.invigilator)
    invigilator.get(f"/staff/sittings/{sitting.public_id}/board")
    invigilator.post(f"/staff/sittings/{sitting.public_id}/end", reason="Đã thi xong")
    jobs.mark_tests(database, START + 60 * MINUTE)
    page = secretary.get(seats)
    assert ticked(page) == 1
    assert page.count("(không đạt)") == 2


@ONE_ENGINE
def test_the_code_for_another_computer_is_shown_once_and_moves_the_attempt(
    on_computers: tuple[Hall, Sitting], database: Database, sign_in: Sign
) -> None:
    hall, sitting = on_computers
    with database.reading() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
        assert seat is not None
        attempt = attempt_of(session, seat)
    player_at(database, seat, START + MINUTE)
    invigilator = sign_in(hall.invigilator)
    board = f"/staff/sittings/{sitting.public_id}/board"
    invigilator.get(board)
    code = CODE.search(invigilator.post(f"/staff/attempts/{attempt.public_id}/device", 200))
    assert code
    assert code[1] not in invigilator.get(board)
    own = Actor(account_id=hall.candidates[0].account_id, is_candidate=True)
    computer = sign_in(own)
    address = f"/sit/{attempt.public_id}"
    computer.get(address)
    before = lease_of(database, attempt)
    computer.post(f"{address}/device", 200, code="2222 2222")
    assert lease_of(database, attempt) == before
    computer.get(address)
    computer.post(f"{address}/device", code=code[1].lower())
    assert lease_of(database, attempt) != before
    third = sign_in(own)
    third.get(address)
    taken = lease_of(database, attempt)
    third.post(f"{address}/device", 200, code=code[1])  # it worked once
    assert lease_of(database, attempt) == taken


@ONE_ENGINE
def test_only_who_invigilates_gives_out_a_code(
    on_computers: tuple[Hall, Sitting], database: Database, sign_in: Sign
) -> None:
    hall, _ = on_computers
    with database.reading() as session:
        attempt = session.scalars(select(Attempt).order_by(Attempt.id)).first()
    assert attempt is not None
    masker = sign_in(hall.masker)
    masker.get(f"/staff/competitions/{hall.competition.public_id}/masking")
    masker.post(f"/staff/attempts/{attempt.public_id}/device", 403)


@ONE_ENGINE
def test_the_second_invigilator_confirms_a_suspension_with_its_signed_minute(
    on_computers: tuple[Hall, Sitting], database: Database, sign_in: Sign
) -> None:
    hall, sitting = on_computers
    place = f"/staff/sittings/{sitting.public_id}"
    with database.reading() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    first, second = sign_in(hall.invigilator), sign_in(hall.second)
    first.get(f"/staff/seats/{seat.public_id}/sanctions/new")
    first.post(f"/staff/seats/{seat.public_id}/sanctions/new", level="suspension", reason="Mang điện thoại")
    found = CONFIRM.search(second.get(f"{place}/incidents"))
    assert found
    assert CONFIRM.search(first.get(f"{place}/incidents")) is None  # nobody confirms the own act
    assert "chấm dứt việc dự tuyển" in second.get(found[0])
    half = second.post(found[0], 422, paper_number="01/BB")
    assert "01/BB" in half
    second.get(found[0])
    page = second.post(
        found[0],
        paper_number="01/BB-CT",
        paper_issued_on="18/01/2027",
        paper_signed_by="Đỗ Thị Mai, Bùi Văn Long",
        paper_scan=upload(a_pdf(), "bien-ban.pdf"),
    )
    assert "Bị loại" in page
    assert "Bị loại" in second.get(f"{place}/board")
    with database.reading() as session:
        exclusion = session.scalars(select(Exclusion)).one()
        assert (exclusion.status, exclusion.paper_id is not None) == ("disqualified", True)
        assert states(session, sitting) == ["submitted", "active", "active"]


@ONE_ENGINE
def test_a_valid_scan_lies_with_its_script_and_reaches_the_marker_without_a_name(
    hall: Hall, database: Database, sign_in: Sign, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = a_received(session, hall)
        code = min(sheet_codes(session, sitting))
        place = f"/staff/competitions/{here(session, hall).public_id}"
    clock.set(START + 200 * MINUTE)
    masker = sign_in(hall.masker)
    masker.get(f"{place}/scans")
    masker.post(f"{place}/scans", sheet_code=f"{code[:4]} {code[4:].lower()}", scan=upload(a_pdf(3)))
    masker.get(f"{place}/masking/written")
    masker.post(f"{place}/masking/written", bag_size="")
    with database.reading() as session:
        scan = session.scalars(select(ScriptScan)).one()
        assert scan.pages == 3
        [bag] = handover.bags_of(session, sitting.competition_id)
        kinds = [handover.content(session, one.id).kind for one in handover.scripts(session, bag.id)]
    assert sorted(kinds) == ["physical", "physical", "scan"]


def ticked(page: str) -> int:
    """Return how many candidates are ticked in the form."""
    boxes = re.findall(r'<input[^>]*name="candidates"[^>]*>', page)
    return sum(" checked" in box for box in boxes)


def lease_of(database: Database, attempt: Attempt) -> str | None:
    """Return which device holds the attempt."""
    with database.reading() as session:
        return session.get_one(Attempt, attempt.id).lease
