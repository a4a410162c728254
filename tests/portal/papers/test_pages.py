# SPDX-License-Identifier: Apache-2.0
"""The pages of papers, walked by the board that draws, the officers who seal and open, and everybody else."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.items.models import ItemBank
from exam_portal.papers.models import Envelope, Paper
from exam_portal.sittings.models import Sitting, SittingEvent
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, a_member, holding
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.papers.builders import (
    CANARY,
    START,
    TOPIC,
    Board,
    a_choice,
    a_competition,
    a_sitting,
    an_approved_bank,
    an_essay,
)
from tests.portal.papers.walking import counted, draw, seal, settle, sign_in

pytestmark = pytest.mark.engines("sqlite")

PAPER: dict[str, Any] = {
    "paper_number": "03/BB-BĐT",
    "paper_issued_on": "20/11/2026",
    "paper_signed_by": "Phạm Thu Hà, Trưởng ban đề thi",
}


@pytest.fixture
def place(database: Database, board: Board) -> str:
    """The address of the papers of a competition: essays in its bank, a sitting of its written part."""
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        an_approved_bank(session, board, [an_essay(n) for n in range(1, 7)] + [a_choice(1)])
        a_sitting(session, board, competition)
        return f"/staff/competitions/{competition.public_id}/exam-papers"


def _bank(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(ItemBank)).one().public_id


def _drawn(author: Person, database: Database, place: str) -> str:
    """Draw the official written paper through the pages; return its address."""
    new = f"{place}/new/written/official"
    author.get(place)
    author.get(new)
    page = author.post(new, content="inside", bank=_bank(database))
    cells = dict.fromkeys(re.findall(r'name="(cell-[0-9a-f]{12})"', page), "2")
    asked: dict[str, Any] = cells | {"minutes": "180", "forms": "1", "with_reserve": "y"}
    draw(author, database, f"{place}/draw/written/official/{_bank(database)}", **asked)
    with database.reading() as session:
        paper = session.scalars(select(Paper).where(Paper.kind == "official")).one()
        return f"{place}/{paper.public_id}"


def test_a_paper_is_drawn_sealed_and_opened_by_the_people_who_may(
    app: Flask, database: Database, board: Board, place: str, clock: At
) -> None:
    author, chair, secretary = (
        sign_in(app, database, who) for who in (board.author, board.house.chair, board.house.secretary)
    )
    paper = _drawn(author, database, place)
    seal(author, paper)
    assert f"{paper}/seal" not in author.get(paper)  # one's own second seal is not offered
    author.post(f"{paper}/seal", status=409)
    seal(chair, paper)
    chair.post(f"{paper}/release", status=409)
    assert f"{paper}/release" not in chair.get(paper)
    clock.set(START)
    chair, secretary = (
        sign_in(app, database, who, START) for who in (board.house.chair, board.house.secretary)
    )
    chair.get(paper)
    chair.post(f"{paper}/release")
    chair.post(f"{paper}/release", status=409)
    secretary.get(paper)
    secretary.post(f"{paper}/release")
    for kind in ("drawing", "handover", "opening"):
        content = secretary.client.get(f"{paper}/minutes/{kind}").get_data()
        assert 1 <= len(PdfReader(io.BytesIO(content)).pages) <= 2
        told = " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
        )
        for words in ("Nguyễn Văn An, Lê Thị Bình", "4711 sông Hồng"):
            assert (words in told) == (kind == "drawing")


def test_a_board_that_asks_for_too_much_is_told_what_the_bank_lacks(
    app: Flask, database: Database, board: Board, place: str
) -> None:
    author = sign_in(app, database, board.author)
    form = f"{place}/draw/written/official/{_bank(database)}"
    page = author.get(form)
    (cell,) = set(re.findall(r'name="(cell-[0-9a-f]{12})"', page))
    asked: dict[str, Any] = {cell: "6", "minutes": "180", "forms": "1", "with_reserve": "y"}
    page = author.post(form, status=422, **asked)
    assert TOPIC in page
    page = author.post(form, status=422, minutes="180", forms="1")
    assert 'value="180"' in page
    author.post(form, status=422, **(asked | {cell: "7"}))
    author.post(form, status=422, **(asked | {"minutes": "x"}))
    one = asked | {cell: "1"}
    assert "CV-99" in author.post(form, status=422, **(one | {"left_out": "CV-99"}))
    author.post(form, status=422, **(one | {"enemies": "CV-01"}))
    known = an_essay(1)["id"], an_essay(2)["id"]
    asked |= {"left_out": known[0], "enemies": "; ".join(known)}
    assert known[0] in author.post(form, status=422, **asked)


def test_a_paper_is_not_prepared_weeks_ahead(
    app: Flask, database: Database, board: Board, place: str, clock: At
) -> None:
    clock.set(START - timedelta(hours=24, seconds=1))
    author = sign_in(app, database, board.author)
    form = f"{place}/draw/written/official/{_bank(database)}"
    (cell,) = set(re.findall(r'name="(cell-[0-9a-f]{12})"', author.get(form)))
    author.post(form, status=422, minutes="180", forms="1", **{cell: "1"})
    clock.set(START - timedelta(hours=24))
    author.post(form, minutes="180", forms="1", **dict[str, Any]({cell: "1"}))


def test_a_cancelled_sitting_opens_no_paper(
    app: Flask, database: Database, board: Board, place: str, clock: At
) -> None:
    paper = _drawn(sign_in(app, database, board.author), database, place)
    chair = sign_in(app, database, board.house.chair)
    seal(sign_in(app, database, board.author), paper)
    seal(chair, paper)
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        session.add(
            SittingEvent(
                sitting_id=sitting.id, kind="cancelled", payload={}, by=board.house.chair.account_id, at=NOW
            )
        )
        competition = session.get_one(Competition, sitting.competition_id)
        a_sitting(session, board, competition, START + timedelta(days=1))
    clock.set(START + timedelta(hours=1))
    chair = sign_in(app, database, board.house.chair, START + timedelta(hours=1))
    chair.get(paper)
    chair.post(f"{paper}/release", status=409)


def test_envelopes_are_registered_and_followed_with_their_scans(
    app: Flask, database: Database, board: Board, place: str
) -> None:
    author = sign_in(app, database, board.author)
    new = f"{place}/new/written/official"
    author.get(new)
    author.post(new, content="outside")
    with database.reading() as session:
        paper = f"{place}/{session.scalars(select(Paper)).one().public_id}"
    author.get(f"{paper}/envelopes/new")
    facts: dict[str, Any] = {
        "label": "ĐỀ-CT-01",
        "seal_no": "S-0042",
        "copies": "12",
        "minute_no": "03/BB-BĐT",
    }
    page = author.post(f"{paper}/envelopes/new", status=422, **(facts | {"copies": "zwölf"}))
    assert "#copies" in page
    page = author.post(f"{paper}/envelopes/new", **facts, **PAPER, paper_scan=upload(a_pdf(), "bien-ban.pdf"))
    assert "S-0042" in page
    assert "/scan" in page or "papers/" in page
    author.get(f"{paper}/envelopes/new")
    author.post(f"{paper}/envelopes/new", status=422, **facts)  # the same label again
    with database.reading() as session:
        envelope = f"{paper}/envelopes/{session.scalars(select(Envelope)).one().public_id}"
    author.get(envelope)
    seen: dict[str, Any] = {
        "seal_no": "S-0042",
        "seal_intact": "no",
        "witnesses": "Nguyễn Văn An, Lê Thị Bình",
    }
    author.post(envelope, status=422, kind="resealed", **seen)
    page = author.post(envelope, status=422, kind="copied", **seen)
    assert "#reason" in page
    page = author.post(envelope, kind="copied", reason="Rách mép", **seen)
    assert "Nguyễn Văn An" in page
    content = author.client.get(f"{paper}/minutes/opening").get_data()
    assert "S-0042" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


TOLD = re.compile(rf"{CANARY}|\bTL-\d+\b")  # as words: letters of a token may come to stand so by chance
OFFICERS = {Role.SETTING_BOARD, Role.CHAIR, Role.SECRETARY}
READERS = OFFICERS | {Role.ORGANISER, Role.INVIGILATOR, Role.AUTHORITY, Role.OVERSIGHT}


def test_no_role_reads_a_word_of_a_paper_and_only_officers_act(
    app: Flask, database: Database, board: Board, place: str
) -> None:
    paper = _drawn(sign_in(app, database, board.author), database, place)
    for role in Role:
        with database.writing(unhurried=True) as session:
            account = a_member(session, f"vai.{role.value}", "Người Thử")
            actor = holding(account, role, board.house.organisation)
            grant(session, actor, board.house.organisation.id, NOW)
        person = sign_in(app, database, actor)
        for address in (place, paper, f"{paper}/minutes/drawing"):
            answer = person.client.get(address)
            assert answer.status_code == (200 if role in READERS else 403), (role, address)
            assert TOLD.findall(_words(answer)) == [], (role, address)
        for act in ("seal", "release"):
            person.get("/competitions")
            answered = person.client.post(
                f"{paper}/{act}",
                data={
                    "csrf_token": _token(
                        person, "/staff/banks/new" if role is Role.SETTING_BOARD else "/account"
                    )
                },
                headers={"Sec-Fetch-Site": "same-origin"},
            ).status_code
            assert answered == (409 if role in OFFICERS else 403), (role, act)


def _words(answer: TestResponse) -> str:
    """What an answer says: a page with its markup, or the text of a document."""
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True)
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages)


def _token(person: Person, address: str) -> str:
    person.client.get(address, follow_redirects=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', person.client.get(address).get_data(as_text=True))
    return found[1] if found else ""


def test_another_authority_sees_no_paper(app: Flask, database: Database, board: Board, place: str) -> None:
    paper = _drawn(sign_in(app, database, board.author), database, place)
    elsewhere = settle(database, "b")
    for actor in (elsewhere.author, elsewhere.house.chair, elsewhere.house.organiser):
        person = sign_in(app, database, actor)
        for address in (place, paper, f"{paper}/minutes/drawing"):
            person.get(address, status=404)


def test_the_pages_take_as_many_queries_for_one_paper_as_for_many(
    app: Flask, database: Database, board: Board, place: str
) -> None:
    author = sign_in(app, database, board.author)
    new = f"{place}/new/written/official"
    author.get(new)
    author.post(new, content="outside")
    with database.reading() as session:
        paper = f"{place}/{session.scalars(select(Paper)).one().public_id}"
    counts = []
    for numbers in (range(1, 3), range(3, 20)):
        for number in numbers:
            author.get(f"{paper}/envelopes/new")
            author.post(
                f"{paper}/envelopes/new",
                label=f"B{number}",
                seal_no=f"S{number}",
                copies="1",
                minute_no="1/BB",
            )
        author.get(paper)
        with counted(database) as statements:
            author.get(paper)
        counts.append(len(statements))
    assert counts[0] == counts[1] < 25


def test_the_notice_comes_before_the_draw(app: Flask, database: Database, board: Board) -> None:
    from tests.portal.competitions.builders import a_complete_draft

    with database.writing(unhurried=True) as session:
        draft = a_complete_draft(session, board.house, code="TT-2026-33")
        an_approved_bank(session, board, [an_essay(1)])
        place = f"/staff/competitions/{draft.public_id}/exam-papers"
    author = sign_in(app, database, board.author)
    form = f"{place}/draw/written/official/{_bank(database)}"
    page = author.get(form)
    assert "TL-001" in page  # the setting board sees what it chooses from
    author.post(form, status=422, minutes="180", forms="1", chosen="TL-001")
