# SPDX-License-Identifier: Apache-2.0
"""Printing papers: before the start two board members and nobody else, the key after the last sitting."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.items.models import ItemBank
from exam_portal.papers import copies, errata, errors, fsck, opened, splitting
from exam_portal.papers.models import Paper, PrintWord
from exam_portal.sittings.models import Sitting, SittingEvent
from question_bank.paper import numbers_of, permutation
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At, Person
from tests.portal.papers.builders import (
    CANARY,
    START,
    Board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    a_sitting,
    an_approved_bank,
    an_opened,
)
from tests.portal.papers.walking import sign_in

OVER = START + timedelta(hours=2)
FILES = {"codes": "2", "kind": "docx"}


@pytest.fixture
def place(database: Database, board: Board) -> str:
    """The address of a sealed paper of a part that is held on paper; one of its questions is restricted."""
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        items = [a_choice(number, restricted=number == 1) for number in range(1, 5)]
        paper = a_drawn(session, board, competition, an_approved_bank(session, board, items))
        a_sealed(session, board, paper)
        a_sitting(session, board, competition)
        return f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"


@pytest.fixture
def people(app: Flask, database: Database, board: Board) -> dict[str, Person]:
    """The browsers of the setting board and the chair, signed in."""
    house = board.house
    actors = {"one": board.author, "two": board.reviewer, "three": board.approver, "chair": house.chair}
    return {name: sign_in(app, database, actor) for name, actor in actors.items()}


@pytest.fixture
def chair(app: Flask, database: Database, place: str, board: Board, clock: At) -> Person:
    """The chair at the start of the sitting, when two officers have opened the paper."""
    with database.writing(unhurried=True) as session:
        an_opened(session, board, session.scalars(select(Paper)).one())
    clock.set(START)
    return sign_in(app, database, board.house.chair, START)


def files_of(person: Person, place: str, status: int = 200, **fields: str) -> dict[str, bytes]:
    """What the person gets who asks for the files."""
    person.get(f"{place}/print")
    sent = {"csrf_token": person.token, **FILES, **fields}
    answer = person.client.post(f"{place}/print", data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    if status != 200:
        return {}
    name = re.search(r'filename="?([^";]+)', answer.headers["Content-Disposition"])
    assert name is not None
    if not name[1].endswith(".zip"):
        return {name[1]: answer.data}
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def allow(person: Person, place: str, status: int = 303) -> str:
    """The person gives the word to print before the start."""
    person.get(f"{place}/print")
    return person.post(f"{place}/print/allow", status=status)


def end(database: Database, board: Board) -> None:
    """Every sitting has ended."""
    with database.writing(unhurried=True) as session:
        for sitting in session.scalars(select(Sitting)):
            facts: dict[str, Any] = {"payload": {}, "by": board.house.chair.account_id, "at": OVER}
            session.add(SittingEvent(sitting_id=sitting.id, kind="ended", **facts))


def leaves(database: Database, code: str) -> list[Leaf]:
    with database.reading() as session:
        return list(session.scalars(select(Leaf).where(Leaf.type == code).order_by(Leaf.id)))


def test_before_the_start_two_members_allow_it_and_only_they_print(
    database: Database, place: str, people: dict[str, Person], board: Board
) -> None:
    files_of(people["one"], place, status=409)
    assert "Đồng ý cho in" not in people["chair"].get(f"{place}/print")
    allow(people["chair"], place, status=403)
    allow(people["one"], place)
    assert "Đồng ý cho in" not in people["one"].get(f"{place}/print")
    allow(people["one"], place, status=409)
    files_of(people["one"], place, status=409)
    allow(people["two"], place)
    for other in ("three", "chair"):
        files_of(people[other], place, status=409)
    files_of(people["one"], place, status=409, key="1")  # its key stays closed
    assert leaves(database, "papers.printed") == []

    found = files_of(people["two"], place)
    assert len(found) == 2
    (told,) = leaves(database, "papers.printed")
    digests = {hashlib.sha256(content).hexdigest() for content in found.values()}
    assert set(told.content["files"].values()) == digests
    assert told.content["before_opening"] is True
    assert told.content["what"] == "booklets"


def test_the_key_is_printed_after_the_last_sitting_has_ended_and_not_before(
    database: Database, place: str, chair: Person, board: Board
) -> None:
    files = files_of(chair, place, kind="pdf")
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(next(iter(files.values())))).pages)
    assert "Mã đề 101" in pages
    assert "Trang 1/" in pages
    assert "HẾT" in pages
    assert CANARY in pages
    assert "ĐÁP ÁN" not in pages
    files_of(chair, place, status=409, key="1")
    end(database, board)
    with database.writing(unhurried=True) as session:  # a further shift has been set
        competition = session.scalars(select(Sitting)).one()
        later = Sitting(
            competition_id=competition.competition_id,
            part="written",
            mode="paper",
            starts_at=OVER + timedelta(days=1),
            duration_seconds=3600,
            created_by=board.house.organiser.account_id,
            created_at=NOW,
        )
        session.add(later)
    files_of(chair, place, status=409, key="1")
    with database.writing(unhurried=True) as session:
        event: dict[str, Any] = {"payload": {}, "by": board.house.chair.account_id, "at": OVER}
        session.add(SittingEvent(sitting_id=later.id, kind="cancelled", **event))
    (sheet,) = files_of(chair, place, key="1", kind="pdf").values()
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages)
    assert "ĐÁP ÁN" in words
    assert "Mã đề 102" in words
    assert leaves(database, "papers.printed")[-1].content["what"] == "key"


def test_no_word_is_given_for_computers_after_the_start_or_for_divided_keys(
    database: Database, place: str, people: dict[str, Person], board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(Paper)).one()
        for mode, now, refusal in (("portal", NOW, errors.NotOnPaper), ("paper", START, errors.Started)):
            with pytest.raises(refusal):
                copies.allow(session, board.author, now, paper=held, mode=mode, opens_at=START)
        competition = a_competition(session, board, code="KHAC")
        paper = a_drawn(session, board, competition, session.scalars(select(ItemBank)).one())
        a_sitting(session, board, competition)
        holders = [board.author.account_id, board.house.chair.account_id]
        prepared = splitting.prepare(session, paper=paper, holders=[h for h in holders if h], threshold=2)
        splitting.split(session, board.author, NOW, paper=paper, prepared=prepared)
        for holder in (board.author, board.house.chair):
            words = splitting.own_share(session, holder, paper)
            splitting.take_share(session, holder, NOW, paper=paper, typed=words)
        a_sealed(session, board, paper)
        other = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
    assert "Khóa của đề này" in people["one"].get(f"{other}/print")
    assert "Khóa của đề này" in allow(people["one"], other, status=409)


def test_restricted_questions_are_printed_only_while_their_board_s_key_exists(
    database: Database, place: str, chair: Person
) -> None:
    with database.writing(unhurried=True) as session:
        session.keys.destroy(session.scalars(select(ItemBank)).one().key_id)
    files_of(chair, place, status=410)
    assert leaves(database, "papers.printed") == []


def test_a_word_to_print_that_nobody_gave_is_found(database: Database, place: str, board: Board) -> None:
    def found() -> Iterator[str]:
        with database.reading() as session:
            yield from (each.code for each in fsck.differences(session))

    assert "print word" not in set(found())
    with database.writing(unhurried=True) as session:
        paper = session.scalars(select(Paper)).one()
        session.add(PrintWord(paper_id=paper.id, by=board.approver.account_id, at=NOW))
    assert "print word" in set(found())


def test_a_corrected_paper_comes_with_a_sheet_that_names_the_question_by_each_booklets_number(
    database: Database, place: str, people: dict[str, Person], board: Board
) -> None:
    allow(people["one"], place)
    allow(people["two"], place)
    files_of(people["one"], place, status=409, corrections="1")  # nothing was corrected
    with database.writing(unhurried=True) as session:
        paper = session.scalars(select(Paper)).one()
        told: dict[str, Any] = {"forms": ["101"], "words": "“2024” sửa thành “2025”.", "reason": "Luật mới"}
        (item, *_) = opened.items_of(session, paper)
        made = errata.propose(session, board.author, NOW, paper=paper, question=item, **told)
    assert len(files_of(people["two"], place)) == 2  # it waits for a second person
    with database.writing(unhurried=True) as session:
        paper = session.scalars(select(Paper)).one()
        made = errata.erratum(session, paper, made.public_id)
        errata.approve(session, board.reviewer, NOW, erratum=made)
        form = opened._decrypt(session, paper.forms[0])
        seed = opened.shuffle_seed(session, paper.forms[0].id)
    files = files_of(people["two"], place, kind="pdf")
    (sheet,) = [content for name, content in files.items() if "dinh-chinh" in name]
    assert len(files) == 3
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages]
    assert len(pages) == 2
    for code, page in zip(("101", "102"), pages, strict=True):
        number = numbers_of(form, permutation(form, seed=seed, candidate=code))[item]
        assert f"Mã đề {code}" in page
        assert f"Câu {number}." in page
        assert "sửa thành" in page
    alone = files_of(people["one"], place, corrections="1")
    assert len(alone) == 1
    assert leaves(database, "papers.printed")[-1].content["what"] == "corrections"
    for other in ("three", "chair"):
        files_of(people[other], place, status=409, corrections="1")
