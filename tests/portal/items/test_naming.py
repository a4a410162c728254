# SPDX-License-Identifier: Apache-2.0
"""Files without ids: no question takes the place of another that only begins like it."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.items import queries
from exam_portal.items.models import Item, ItemBank, ItemStage, ItemVersion
from tests.portal.competitions.pages import Person
from tests.portal.items.importing import examined
from tests.portal.papers.builders import Board, a_bank, approve_all
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")

STEM = "Phát biểu nào sau đây đúng?"
FIRST = f"{STEM}\nA. Hà Nội là thủ đô\nB. Huế là thủ đô\nC. Vinh là thủ đô\nANSWER: A\n".encode()
SECOND = f"{STEM}\nA. Nghị định do Chính phủ ban hành\nB. Luật do Bộ ban hành\nANSWER: A\n".encode()


@pytest.fixture
def bank(database: Database, board: Board) -> str:
    with database.writing(unhurried=True) as session:
        return a_bank(session, board).public_id


def take_in(person: Person, bank: str, content: bytes) -> str:
    """The file has been examined and taken in; return what its page said before."""
    report = examined(person, bank, content, "cau-hoi.txt")
    page = person.get(report)
    if f"{report}/commit" in page:
        person.post(f"{report}/commit")
    return page


def held(database: Database) -> tuple[int, int]:
    """How many questions and versions there are."""
    with database.reading() as session:
        items, versions = select(func.count(Item.id)), select(func.count(ItemVersion.id))
        return session.scalar(items) or 0, session.scalar(versions) or 0


def test_two_files_with_one_stem_bring_two_questions_and_bring_nothing_again(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    take_in(author, bank, FIRST)
    with database.writing(unhurried=True) as session:
        approve_all(session, board, session.scalars(select(ItemBank)).one())
    assert "đã phê duyệt sẽ có phiên bản mới" not in take_in(author, bank, SECOND)
    assert held(database) == (2, 2)
    for content in (SECOND, FIRST):
        assert "Tệp này không có gì mới" in take_in(author, bank, content)
    with database.reading() as session:
        (found,) = session.scalars(select(ItemBank))
        assert queries.counts(session, found.id) == {ItemStage.APPROVED: 1, ItemStage.DRAFT: 1}


def test_a_small_correction_is_a_new_version_of_its_own_question(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    take_in(author, bank, FIRST)
    take_in(author, bank, SECOND)
    for corrected in (FIRST.replace("Huế".encode(), b"Hue"), SECOND.replace(b"ANSWER: A", b"ANSWER: B")):
        assert "1 phiên bản mới" in take_in(author, bank, corrected)
    assert held(database) == (2, 4)


def test_a_question_that_came_under_the_same_id_meanwhile_is_not_replaced(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    early = examined(author, bank, FIRST, "mot.txt")
    take_in(author, bank, SECOND)
    page = author.get(early)
    assert "Có người đã soạn câu hỏi thuộc tệp này" in page
    assert f"{early}/commit" not in page
    author.get(f"{early}/items/1", status=404)
    author.post(f"{early}/commit", status=409)
    assert held(database) == (1, 1)
    assert "1 câu hỏi mới" in take_in(author, bank, FIRST)
    assert held(database) == (2, 2)
