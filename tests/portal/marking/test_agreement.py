# SPDX-License-Identifier: Apache-2.0
"""How far markers agree, shown while the marking runs: to its head alone, by code, touching no mark."""

import io
import random

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from exam_portal import background
from exam_portal.accounts.models import Account
from exam_portal.admin import fsck
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import errors, service
from exam_portal.marking.agreement import queries
from exam_portal.marking.agreement import service as agreement
from exam_portal.marking.models import Mark, MarkingReport
from exam_portal.marking.training.models import TrainingMark
from tests.portal.competitions.builders import holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.marking.agreed import carry_out, marked
from tests.portal.marking.builders import MARKED, Office, an_office
from tests.portal.marking.test_training import a_script

NEEDED = 30
JOB = agreement.JOBS[agreement.AGREEMENT]


def values(count: int, *, apart: int = 0) -> list[list[str]]:
    """Return two marks for each of so many scripts; the second marker gives `apart` more."""
    chance = random.Random(5)
    truth = [chance.randrange(30, 80) for _ in range(count)]
    return [[str(one), str(one + apart + chance.randrange(-3, 4))] for one in truth]


@pytest.fixture(autouse=True)
def known_jobs() -> None:
    """Who asks for a job knows it."""
    background.load_handlers()


@pytest.fixture
def busy(database: Database) -> Office:
    """As many scripts as figures need, all marked twice."""
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=NEEDED)
        marked(session, office, values(NEEDED, apart=4))
    return office


def place_of(office: Office) -> str:
    return f"/staff/competitions/{office.hall.competition.public_id}/marking/agreement"


def ask(database: Database, office: Office) -> str:
    with database.writing() as session:
        asked = agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.AGREEMENT)
        return asked.public_id


@pytest.mark.engines("sqlite")
def test_the_head_has_the_marks_compared_reads_the_report_and_prints_it(
    portal: Flask, database: Database, busy: Office
) -> None:
    place = place_of(busy)
    secretary = Person.at(portal, database, busy.secretary, MARKED)
    assert 'class="ep-plot"' not in secretary.get(f"{place}?part=written")
    secretary.post(place, part="written", purpose="marking")
    assert "data-running" in secretary.get(f"{place}?part=written")
    carry_out(database, JOB)
    page = secretary.get(f"{place}?part=written")
    assert page.count('class="ep-plot"') == 3
    with database.reading() as session:
        codes = [service.pseudonym(session, busy.bag, actor.account_id or 0) for actor in busy.markers[:2]]
        report = session.scalars(select(MarkingReport)).one()
        found = (report.content or {})["views"][0]
    assert [row["marker"] for row in found["markers"]] == sorted(codes)
    assert found["pairs"] == NEEDED
    for code in codes:
        assert code in page
    printed = secretary.client.get(f"{place}/{report.public_id}.pdf")
    pages = [" ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(printed.data)).pages]
    (planned,) = [text for text in pages if "Để hệ số tin cậy" in text]
    assert "Số người chấm cho một bài" in planned, "the sentence stands above its plot"


@pytest.mark.engines("sqlite")
def test_neither_the_report_nor_a_page_of_the_head_names_a_marker_or_a_candidate(
    portal: Flask, database: Database, busy: Office
) -> None:
    with database.writing() as session:
        office = busy
        service.assign_bag(
            session,
            office.secretary,
            MARKED,
            bag=office.bag,
            marker_id=office.markers[2].account_id or 0,
            round=1,
        )
    ask(database, busy)
    carry_out(database, JOB)
    secretary = Person.at(portal, database, busy.secretary, MARKED)
    pages = [secretary.get(f"{place_of(busy)}?part=written"), secretary.get(place_of(busy).rsplit("/", 1)[0])]
    with database.reading() as session:
        marker = service.pseudonym(session, busy.bag, busy.markers[2].account_id or 0)
    assert marker in pages[1]
    for page in pages:
        main = page.split("<main")[1]
        assert "Người marker" not in main
        assert "Nguyễn Thị Hạnh" not in main


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("count", [2, NEEDED])
def test_the_page_shows_marks_of_control_scripts_by_marker(
    portal: Flask, database: Database, count: int
) -> None:
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=count)
        marked(session, office, values(count))
        for _ in range(3):
            script = a_script(session, office, "60", purpose="control")
            session.add(a_control_mark(session, office, script.id, "75"))
    ask(database, office)
    carry_out(database, JOB)
    page = Person.at(portal, database, office.secretary, MARKED).get(f"{place_of(office)}?part=written")
    with database.reading() as session:
        code = service.pseudonym(session, office.bag, office.markers[0].account_id or 0)
        report = session.scalars(select(MarkingReport)).one()
    (row,) = (report.content or {})["views"][0]["controls"]
    assert (row["marker"], row["mean"], row["flags"]) == (code, "15.000", ["severity"])
    table = page.split("Bài kiểm soát</h3>")[1].split("</table>")[0]
    assert code in table
    assert "15,00" in table
    assert "cần xem" in table


def test_a_later_mark_of_a_control_script_calls_for_another_report_and_is_in_that_one_alone(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        office = an_office(session)
        marked(session, office, values(2))
        scripts = [a_script(session, office, "60", purpose="control") for _ in range(2)]
        session.add(a_control_mark(session, office, scripts[0].id, "75"))
    ask(database, office)
    carry_out(database, JOB)
    with database.writing(unhurried=True) as session:
        with pytest.raises(errors.NothingNewToReport):
            agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.AGREEMENT)
        session.add(a_control_mark(session, office, scripts[1].id, "50"))
        session.flush()
        first = session.scalars(select(MarkingReport)).one()
        assert queries.marks_since(session, [office.bag], first) == 1
        second = agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.AGREEMENT)
        assert queries.marks_since(session, [office.bag], second) == 0
        told = [
            [row["mark"] for row in queries.document(session, one)["controls"]] for one in (first, second)
        ]
        assert told == [["75"], ["75", "50"]]
        assert [one for one in fsck.differences(session) if "report" in one.code] == []


def a_control_mark(session: Session, office: Office, script_id: int, value: str) -> TrainingMark:
    """Return a mark of a control script in the first marker's bag."""
    marker_id = office.markers[0].account_id or 0
    return TrainingMark(
        training_script_id=script_id,
        marker_id=marker_id,
        try_number=0,
        bag_id=office.bag.id,
        round=1,
        value=value,
        scores={},
        signer=service.pseudonym(session, office.bag, marker_id),
        at=MARKED,
    )


@pytest.mark.engines("sqlite")
def test_with_too_few_scripts_the_page_says_how_many_there_are_and_how_many_are_needed(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        marked(session, office, values(2))
    ask(database, office)
    carry_out(database, JOB)
    page = Person.at(portal, database, office.secretary, MARKED).get(f"{place_of(office)}?part=written")
    assert "Mới có 2 bài được chấm hai lần; từ 30 bài trở lên mới nêu số liệu" in page
    assert 'class="ep-plot"' not in page


def test_a_report_changes_no_mark_and_no_leaf_of_one(database: Database, busy: Office) -> None:
    def given() -> list[tuple[int, str]]:
        with database.reading() as session:
            return [(row.id, row.value) for row in session.scalars(select(Mark).order_by(Mark.id))]

    before = given()
    ask(database, busy)
    carry_out(database, JOB)
    assert given() == before
    assert len(before) == 2 * NEEDED


def test_a_second_report_needs_new_marks(database: Database, busy: Office) -> None:
    ask(database, busy)
    with pytest.raises(errors.NothingNewToReport), database.writing() as session:
        agreement.ask(session, busy.secretary, MARKED, bags=[busy.bag], kind=agreement.AGREEMENT)


def test_without_a_mark_there_is_nothing_to_report(database: Database, office: Office) -> None:
    with pytest.raises(errors.NothingNewToReport), database.writing() as session:
        agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.AGREEMENT)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["marker", "typist", "masking board"])
def test_who_marks_keys_or_masks_cannot_open_the_page(
    portal: Flask, database: Database, office: Office, who: str
) -> None:
    actors = {"marker": office.markers[0], "typist": office.typists[0], "masking board": office.hall.masker}
    person = Person.at(portal, database, actors[who], MARKED)
    person.get(f"{place_of(office)}?part=written", 403)


@pytest.mark.engines("sqlite")
def test_a_secretary_who_also_marks_in_the_competition_cannot_open_it(
    portal: Flask, database: Database, office: Office
) -> None:
    secretary = office.secretary
    opened = Person.at(portal, database, secretary, MARKED)
    opened.get(f"{place_of(office)}?part=written")
    with database.writing() as session:
        organisation = office.hall.house.organisation
        person = session.get_one(Account, secretary.account_id)
        both = holding(person, Role.MARKER, organisation)
        grant(session, both, organisation.id, MARKED)
    Person.at(portal, database, secretary, MARKED).get(f"{place_of(office)}?part=written", 403)


def test_the_name_on_a_slip_becomes_a_code_however_it_is_written(database: Database, office: Office) -> None:
    with database.reading() as session:
        codes = {
            queries.code_of(session, office.bag, name)
            for name in ("Ngô Văn Tùng", "ngô  văn tùng", "NGÔ VĂN TÙNG ")
        }
        desk = service.pseudonym(session, office.bag, office.markers[0].account_id or 0)
        assert queries.code_of(session, office.bag, desk) == desk
    assert len(codes) == 1
    assert codes != {desk}


def test_a_report_that_no_job_computed_is_found(database: Database, busy: Office) -> None:
    ask(database, busy)
    carry_out(database, JOB)
    with database.writing() as session:
        assert [one for one in fsck.differences(session) if "report" in one.code] == []
        forged = MarkingReport(
            competition_id=busy.bag.competition_id,
            part="written",
            purpose="marking",
            kind=agreement.AGREEMENT,
            basis=1,
            by=busy.secretary.account_id or 0,
            at=MARKED,
            content={"views": []},
            content_hash="sha256:" + "0" * 64,
            computed_at=MARKED,
        )
        session.add(forged)
        session.flush()
        found = {(one.code, one.place) for one in fsck.differences(session)}
    assert {("report", forged.public_id), ("report unrecorded", forged.public_id)} <= found
