# SPDX-License-Identifier: Apache-2.0
"""What a marker who drops out leaves unmarked goes to another one; what was marked stands."""

import io
from decimal import Decimal

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import text, update

from exam_portal.accounts.models import RoleGrant
from exam_portal.admin.fsck import differences
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import errors, lot_page, own_work, presentation, queries, service
from exam_portal.marking.models import Assignment
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, give, key, lock
from tests.portal.marking.test_desk import declare
from tests.portal.marking.test_lot import drawn_lot, told

WHY = "Nghỉ ốm từ ngày 18/01"


def take_back(session: Session, office: Office, round: int = 1) -> Assignment:
    return service.take_back(session, office.secretary, MARKED, bag=office.bag, round=round, reason=WHY)


def begun(session: Session, office: Office) -> None:
    """The first marker has marked one of two scripts, and the rest was taken back."""
    assign(session, office, 0, 1)
    give(session, office, 0, 0, "60")
    take_back(session, office)


def test_the_rest_is_marked_by_another_and_what_was_marked_stands_under_the_first_code(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        with pytest.raises(errors.NotAssigned):
            give(session, office, 0, 1, "55")
        assign(session, office, 1, 1)
        second = office.markers[1].account_id or 0
        (task,) = own_work.tasks(session, office.bag, 1, second)
        assert task.script.id == office.scripts[1].id
        with pytest.raises(errors.AlreadyMarked):
            give(session, office, 1, 0, "61")
        give(session, office, 1, 1, "55")
        assign(session, office, 2, 2)
        for script, value in enumerate(("62", "57")):
            give(session, office, 2, script, value)
        lock(session, office)
        marks = queries.marks_of_bag(session, office.bag.id)
        signers = [marks[script.id][0].signer for script in office.scripts]
        codes = [service.pseudonym(session, office.bag, one.account_id or 0) for one in office.markers]
        assert signers == codes[:2]
        assert [marks[script.id][0].value for script in office.scripts] == [Decimal(60), Decimal(55)]
        assert list(differences(session)) == []


def test_the_rest_goes_to_nobody_who_has_marked_these_scripts_or_is_related(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 1, 2)
        begun(session, office)
        declare(session, office, 2)
        for marker in range(3):  # had it before, marks it in the other round, is related
            with pytest.raises(errors.MarkerUnfit):
                assign(session, office, marker, 1)


def test_who_marked_before_dropping_out_signs_no_slip_of_another_round(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        with pytest.raises(errors.SignerMarkedBefore):
            key(session, office, 0, 0, 2, "78", signer="Người marker.0.a")


def test_nothing_is_taken_back_of_a_bag_that_is_marked(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        for script in (0, 1):
            give(session, office, 0, script, "60")
        with pytest.raises(errors.BagMarked):
            take_back(session, office)


def test_the_rest_of_third_marks_goes_on_too(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        for marker, value in ((0, "40"), (1, "80")):
            assign(session, office, marker, marker + 1)
            for script in (0, 1):
                give(session, office, marker, script, value)
        assign(session, office, 2, 3)
        give(session, office, 2, 0, "60")
        take_back(session, office, 3)
        assert presentation.parts(session, office.bag.competition_id)[0].bags[0].free_rounds == [3]
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 2, 3)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("UPDATE marks SET marker_id = (SELECT min(id) FROM accounts)", {"mark in nobody's bag"}),
        ("UPDATE assignments SET at = '2037-01-01 00:00:00.000000'", {"mark in nobody's bag", "assigned"}),
        ("UPDATE assignments SET round = 2 WHERE taken_back_at IS NOT NULL", {"mark in nobody's bag"}),
        ("DELETE FROM marks", {"taken back"}),
    ],
)
def test_fsck_holds_in_whose_hands_a_script_was_marked(
    database: Database, office: Office, change: str, codes: set[str]
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        assign(session, office, 1, 1)
        assert list(differences(session)) == []
        triggers.remove(session.connection())
        session.execute(text(change))
        session.expire_all()
        assert codes <= {one.code for one in differences(session)}


@pytest.mark.engines("sqlite")
def test_the_lot_draws_another_marker_for_the_rest_and_its_minute_tells_of_it(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        first = office.markers[0].account_id or 0
        code = service.pseudonym(session, office.bag, first)
        lot = drawn_lot(session, office)
        assert [office.bag.label, code] in told(session, "marking.lot_drawn")["barred"]
        assert code not in {row[2] for row in lot.given}
        assert {row[0] for row in lot.given} == {1, 2}
        (gone,) = lot_page.taken_back(session, [office.bag])
        assert (gone.code, gone.marks, gone.reason) == (code, 1, WHY)
        assert told(session, "marking.taken_back")["marks"] == 1
        assert list(differences(session)) == []
    secretary = Person.at(portal, database, office.secretary, MARKED)
    address = f"/staff/competitions/{office.hall.competition.public_id}/marking/lot/minute.pdf?part=written"
    minute = PdfReader(io.BytesIO(secretary.client.get(address).data))
    words = " ".join(" ".join(page.extract_text() for page in minute.pages).split())
    assert "Số điểm giữ nguyên" in words
    assert f"{code}" in words


@pytest.mark.engines("sqlite")
def test_the_first_marker_prints_the_slips_of_the_marks_that_stand_and_opens_nothing_else(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        assign(session, office, 1, 1)
    slips = f"/marking/bags/{office.bag.public_id}/handed-back-slips.pdf"
    marker = Person.at(portal, database, office.markers[0], MARKED)
    assert slips in marker.get("/marking")
    pages = PdfReader(io.BytesIO(marker.client.get(slips).data)).pages
    printed = " ".join(page.extract_text() for page in pages)
    assert office.scripts[0].mask_code in printed
    assert office.scripts[1].mask_code not in printed
    marker.get(f"/marking/bags/{office.bag.public_id}", 404)
    other = Person.at(portal, database, office.markers[1], MARKED)
    other.get(slips, 404)
    other.get(desk_of(database, office, 0), 404)
    other.get(desk_of(database, office, 1))


def without_a_role(database: Database, office: Office, marker: int) -> None:
    """The role of the marker is revoked."""
    with database.writing(unhurried=True) as session:
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.account_id == office.markers[marker].account_id)
            .values(revoked_at=MARKED, revoked_by=office.hall.house.chair.account_id)
        )


@pytest.mark.engines("sqlite")
def test_who_has_lost_the_role_prints_the_slips_of_the_own_marks_and_nothing_else(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        begun(session, office)
        assign(session, office, 1, 1)
        assign(session, office, 2, 2)
        for script in (0, 1):
            give(session, office, 2, script, "62")
    for marker in (0, 1, 2):
        without_a_role(database, office, marker)
    bag = f"/marking/bags/{office.bag.public_id}"
    first, second, third = (Person.at(portal, database, one, MARKED) for one in office.markers)
    for person, slips, codes in ((first, "handed-back-slips.pdf", 1), (third, "slips.pdf", 2)):
        assert f"{bag}/{slips}" in person.get("/marking")
        answer = person.client.get(f"{bag}/{slips}")
        assert answer.status_code == 200
        printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
        assert sum(script.mask_code in printed for script in office.scripts) == codes
    assert bag not in second.get("/marking")
    for slips in ("handed-back-slips.pdf", "slips.pdf"):
        second.get(f"{bag}/{slips}", 404)
    for person in (first, second, third):
        person.get(bag, 403)
    typist = Person.at(portal, database, office.typists[0], MARKED)
    typist.get(f"{bag}/handed-back-slips.pdf", 404)
