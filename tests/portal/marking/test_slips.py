# SPDX-License-Identifier: Apache-2.0
"""Slips on paper: two people, each page once, nothing shown to the other; corrections by two."""

import io
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import text

from exam_portal.audit.kinds import PaperKind
from exam_portal.core import triggers
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.errors import StaleState
from exam_portal.marking import errors, queries, service, slip_list, slip_queries
from exam_portal.marking.models import Keying, Mark
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, SIGNERS, Office, assign, key, key_twice, lock
from tests.portal.marking.test_board import with_role


def test_a_slip_counts_when_two_typists_agree_and_every_keying_is_kept(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "72")
        assert key(session, office, 0, 0, 2, "78") is None
        assert key(session, office, 1, 0, 2, "87") is None
        assert slip_queries.keyings_differ(session, office.scripts[0].id, 2)
        assert session.query(Mark).count() == 1
        mark = key(session, office, 1, 0, 2, "78")
        assert mark is not None
        assert (mark.value, mark.signer, mark.marker_id) == ("78", SIGNERS[1], None)
        assert session.query(Keying).count() == 5
        entry = queries.marks_of_bag(session, office.bag.id)[office.scripts[0].id][1]
        assert (entry.paper_public_id, entry.page) == (office.slips.public_id, 2)


def test_the_same_typist_twice_is_no_agreement(database: Database, office: Office) -> None:
    with database.writing() as session:
        for _ in range(3):
            assert key(session, office, 0, 0, 1, "72") is None
        assert session.query(Mark).count() == 0


def test_another_signer_or_page_is_a_difference_too(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assert key(session, office, 0, 0, 1, "72") is None
        assert key(session, office, 1, 0, 1, "72", signer="Ngô Văn Tuấn") is None
        assert slip_queries.keyings_differ(session, office.scripts[0].id, 1)
        assert key(session, office, 2, 0, 1, "72", page=2) is None
        assert key(session, office, 1, 0, 1, "72", signer=" ngô  văn tùng ") is not None


def test_no_typist_is_shown_a_figure_of_another(database: Database, office: Office) -> None:
    first, second = office.typists[0].account_id, office.typists[1].account_id
    assert first is not None
    assert second is not None
    with database.writing() as session:
        key(session, office, 0, 0, 1, "72")
        competition_id, script = office.hall.competition.id, office.scripts[0].id
        states = {
            (who, row.state)
            for who in (first, second)
            for row in slip_list.slips(session, competition_id, who)
            if (row.script.id, row.round) == (script, 1)
        }
        assert states == {(first, "own"), (second, "second")}
        assert not {"value", "scores"} & set(slip_list.SlipRow.__slots__)


def test_a_page_carries_one_mark_and_exists(database: Database, office: Office) -> None:
    from exam_portal.audit.papers import NoSuchPage

    with database.writing() as session:
        key_twice(session, office, 0, 1, "72")
        with pytest.raises(errors.SlipUsed):
            key(session, office, 0, 1, 1, "72", page=1)
        with pytest.raises(NoSuchPage):
            key(session, office, 0, 1, 1, "72", page=99)


def test_nobody_signs_both_marks_of_a_script(database: Database, office: Office) -> None:
    with database.writing() as session:
        key_twice(session, office, 0, 1, "72")
        with pytest.raises(errors.SignerMarkedBefore):
            key(session, office, 0, 0, 2, "78", signer=SIGNERS[0])


def test_a_paper_of_another_kind_or_competition_holds_no_slips(database: Database, office: Office) -> None:
    with database.writing() as session:
        other = a_signed(session, office.hall.house, office.hall.competition)
        with pytest.raises(errors.NotASlip):
            service.key_slip(
                session,
                office.typists[0],
                MARKED,
                bag=office.bag,
                script=office.scripts[0],
                round=1,
                value=Decimal(72),
                scores={},
                signer="A",
                paper=other,
                page=1,
            )


def test_after_the_lock_nothing_is_keyed_and_two_people_correct(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "60")
            key_twice(session, office, script, 2, "62")
        mark = session.query(Mark).filter_by(masked_script_id=office.scripts[0].id, round=1).one()
        paper = a_signed(session, office.hall.house, office.hall.competition)
        facts: dict[str, Any] = {
            "bag": office.bag,
            "mark": mark,
            "value": Decimal(61),
            "reason": "Cộng sai",
            "paper": paper,
        }
        with pytest.raises(errors.NotLocked):
            service.propose_correction(session, office.secretary, MARKED, page=1, **facts)
        lock(session, office)
        with pytest.raises(errors.MarksLocked):
            key(session, office, 0, 0, 1, "70")
        with pytest.raises(errors.MarksLocked):
            lock(session, office)
        proposal = service.propose_correction(session, office.secretary, MARKED, page=1, **facts)
        assert queries.values(queries.marks_of_bag(session, office.bag.id)[office.scripts[0].id])[1] == 60
        approve: dict[str, Any] = {"bag": office.bag, "proposal": proposal}
        with pytest.raises(errors.SamePerson):
            service.approve_correction(session, office.secretary, MARKED, **approve)
        service.approve_correction(session, office.hall.house.chair, MARKED, **approve)
        assert queries.values(queries.marks_of_bag(session, office.bag.id)[office.scripts[0].id])[1] == 61
        assert session.get_one(Mark, mark.id).value == "60"
        with pytest.raises(StaleState):
            service.approve_correction(session, office.hall.house.chair, MARKED, **approve)


def test_a_proposal_that_a_later_one_replaced_is_approved_no_more(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "60")
            key_twice(session, office, script, 2, "62")
        lock(session, office)
        mark = session.query(Mark).filter_by(masked_script_id=office.scripts[0].id, round=1).one()
        paper = a_signed(session, office.hall.house, office.hall.competition)
        facts: dict[str, Any] = {
            "bag": office.bag,
            "mark": mark,
            "reason": "Cộng sai",
            "paper": paper,
            "page": 1,
        }
        earlier, later = (
            service.propose_correction(session, office.secretary, MARKED, value=Decimal(value), **facts)
            for value in ("61", "63")
        )
        chair = office.hall.house.chair
        with pytest.raises(StaleState):
            service.approve_correction(session, chair, MARKED, bag=office.bag, proposal=earlier)
        service.approve_correction(session, chair, MARKED, bag=office.bag, proposal=later)
        assert queries.values(queries.marks_of_bag(session, office.bag.id)[office.scripts[0].id])[1] == 63


@pytest.mark.engines("sqlite")
def test_a_mask_code_of_wide_letters_stands_on_one_line_of_its_slip(
    portal: Flask, database: Database, office: Office
) -> None:
    widest = "WMWMWWMWMW"
    with database.writing() as session:
        triggers.remove(session.connection())
        change = text("UPDATE masked_scripts SET mask_code = :code WHERE id = :script")
        session.execute(change, {"code": widest, "script": office.scripts[0].id})
    secretary = Person.at(portal, database, office.secretary, MARKED)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/bags/{office.bag.public_id}"
    printed = PdfReader(io.BytesIO(secretary.client.get(f"{place}/slips/1.pdf").data))
    assert widest in "\n".join(page.extract_text() for page in printed.pages)


@pytest.mark.engines("sqlite")
def test_each_slip_is_one_page_that_says_by_itself_what_it_is(
    portal: Flask, database: Database, office: Office
) -> None:
    secretary = Person.at(portal, database, office.secretary, MARKED)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/bags/{office.bag.public_id}"
    printed = PdfReader(io.BytesIO(secretary.client.get(f"{place}/slips/2.pdf").data))
    pages = [" ".join(page.extract_text().split()) for page in printed.pages]
    codes = sorted(script.mask_code for script in office.scripts)
    assert len(pages) == len(codes)
    for page, code in zip(pages, codes, strict=True):
        for words in (
            "PHIẾU CHẤM THI",
            "Chấm lần 2, phần thi: Bài thi viết",
            "TT-2026-01",
            code,
            "NGƯỜI CHẤM",
        ):
            assert words in page, (words, page)


@pytest.mark.engines("sqlite")
def test_a_slip_says_where_it_stands_and_offers_the_scan_that_was_keyed_from_last(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/bags/{office.bag.public_id}"
    one, other = (f"{place}/scripts/{script.public_id}/slips/1" for script in office.scripts)
    first, second = (Person.at(portal, database, who, MARKED) for who in office.typists[:2])
    with database.writing(unhurried=True) as session:
        a_signed(session, office.hall.house, office.hall.competition)
        newer = a_paper(
            session,
            office.secretary,
            office.hall.house.organisation.id,
            competition_id=office.hall.competition.id,
            kind=PaperKind.MARK_SLIP,
            content=a_pdf(4),
            confidential=True,
        )
    chosen = f'<option value="{office.slips.public_id}" selected>'
    assert newer.public_id in first.get(one)
    assert chosen not in first.page
    first.post(one, paper=office.slips.public_id, page="1", total="72", signer=SIGNERS[0])
    assert "Ông/bà đã nhập phiếu này" in first.get(one)
    assert "Ông/bà đã nhập phiếu này" not in second.get(one)
    assert chosen in first.get(other)
    second.post(one, paper=office.slips.public_id, page="1", total="72", signer=SIGNERS[0])
    for typist in (first, second):
        assert "Phiếu đã có điểm" in typist.get(one)
        assert 'name="total"' not in typist.page


@pytest.mark.engines("sqlite")
def test_of_the_slips_of_an_own_bag_a_typist_reads_neither_a_mark_nor_a_difference(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 2)
        key_twice(session, office, 0, 1, "72")
        assert key(session, office, 0, 1, 1, "44") is None
        assert key(session, office, 1, 1, 1, "56") is None
    with_role(database, office, office.markers[0], Role.TYPIST)
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/bags/{office.bag.public_id}"
    typist = Person.at(portal, database, office.markers[0], MARKED)
    for script in office.scripts:
        page = typist.get(f"{place}/scripts/{script.public_id}/slips/1")
        assert "Phiếu đã có điểm" not in page
        assert "khác nhau" not in page


@pytest.mark.engines("sqlite")
def test_what_waits_for_a_typist_stands_above_what_he_or_she_has_done(
    database: Database, office: Office
) -> None:
    first = office.typists[0].account_id
    assert first is not None
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "72")
        assert key(session, office, 0, 0, 2, "78") is None
        assert key(session, office, 1, 1, 1, "60") is None
        assert key(session, office, 0, 1, 2, "61") is None
        assert key(session, office, 1, 1, 2, "16") is None
        rows = slip_list.slips(session, office.hall.competition.id, first)
    assert [row.state for row in rows] == ["differs", "second", "own", "done"]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("round", ["0", "4", "99", "9" * 30])
def test_there_are_slips_of_three_rounds_and_no_other(
    portal: Flask, database: Database, office: Office, round: str
) -> None:
    typist = Person.at(portal, database, office.typists[0], MARKED)
    board = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    slip = f"{board}/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}/slips"
    typist.get(f"{slip}/3")
    typist.get(f"{slip}/{round}", 404)
