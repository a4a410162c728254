# SPDX-License-Identifier: Apache-2.0
"""Whoever decides about a file sees, question by question, what it brings and what it replaces."""

import re

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.items import arrivals, coming
from tests.portal.items.importing import examined
from tests.portal.papers.builders import Board, a_bank, a_choice, a_file, an_approved_bank, fill
from tests.portal.papers.walking import counted, sign_in

pytestmark = pytest.mark.engines("sqlite")


def a_held_bank(database: Database, board: Board) -> str:
    """A bank with two approved questions, Q-0001 and Q-0002, and a draft, Q-0003."""
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, board, [a_choice(1), a_choice(2)])
        fill(session, board, bank, [a_choice(3)])
        return bank.public_id


def rows_of(page: str) -> list[str]:
    """The rows of the table in their order, without markup."""
    section = page[page.index('id="coming"') :].partition("</table>")[0]
    rows = re.findall(r'<tr class="ep-table__row">(.*?)</tr>', section, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_every_question_of_a_file_stands_in_its_place_with_what_becomes_of_it(
    app: Flask, database: Database, board: Board
) -> None:
    bank = a_held_bank(database, board)
    broken = a_choice(5, stem="Câu hỏng này?")
    broken["options"] = broken["options"][:1]
    other_key = a_choice(1)
    for option in other_key["options"]:
        option["fraction"] = "1" if option["id"] == "c" else "0"
    items = [a_choice(4, stem="Câu mới?"), other_key, broken, a_choice(2), a_choice(3, stem="Dự thảo sửa?")]
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file(items))
    page = author.get(report)
    new, leaving, refused, same, changed = rows_of(page)
    assert ("1 Q-0004 Câu mới?" in new, "mới" in new.removeprefix("1 Q-0004 Câu mới?")) == (True, True)
    assert "phiên bản mới, tạm ngừng rút đề" in leaving
    assert "Phiên bản 1 trong ngân hàng (Đã duyệt)" in leaving.replace("( ", "(").replace(" )", ")")
    assert "đáp án" in leaving.lower()  # the key is told apart among what differs
    assert "Câu hỏng này?" in refused
    assert "Quá ít hoặc quá nhiều phương án" in refused
    assert "không đổi" in same
    assert "phiên bản mới Phiên bản 1" in changed
    assert "1 câu đã phê duyệt sẽ có phiên bản mới" in page


def test_the_table_shows_what_is_asked_for_page_by_page_in_few_queries(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, board, [a_choice(number) for number in range(60)]).public_id
    items = [a_choice(number, stem=f"Sửa lần này {number}?") for number in range(40)]
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file([*items, a_choice(41), a_choice(70)]))
    with counted(database) as statements:
        first = author.get(report)
    assert len(statements) <= 25
    assert len(rows_of(first)) == coming.PAGE
    assert len(rows_of(author.get(f"{report}?page=2"))) == 42 - coming.PAGE
    assert len(rows_of(author.get(f"{report}?show=leaving&page=2"))) == 40 - coming.PAGE
    (same,) = rows_of(author.get(f"{report}?show=unchanged"))
    (new,) = rows_of(author.get(f"{report}?show=new"))
    assert ("Q-0041" in same, "Q-0070" in new) == (True, True)
    assert len(rows_of(author.get(f"{report}?show=nonsense&page=x"))) == coming.PAGE


def test_a_question_of_a_file_is_read_whole_before_it_is_in_the_bank(
    app: Flask, database: Database, board: Board
) -> None:
    bank = a_held_bank(database, board)
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file([a_choice(1, stem="Ai ký quyết định?"), a_choice(9)]))
    assert f"{report}/items/1" in author.get(report)
    page = author.get(f"{report}/items/1")
    assert "Ai ký quyết định?" in page
    assert "Đáp án: A" in page
    assert "không được rút vào đề nào" in page
    assert "không được rút" not in author.get(f"{report}/items/2")
    author.get(f"{report}/items/3", status=404)
    author.post(f"{report}/commit")
    author.get(f"{report}/items/1", status=404)


def test_the_words_of_a_restricted_question_stand_on_its_own_page_and_only_for_the_board(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, [a_choice(1, stem="Bản cũ KÍN?", restricted=True)])
        bank_id = bank.public_id
    author = sign_in(app, database, board.author)
    items = [a_choice(1, stem="Bản mới KÍN?", restricted=True), a_choice(2, stem="Câu KÍN?", restricted=True)]
    broken = a_choice(3, stem="Câu hỏng KÍN?", restricted=True)
    broken["options"] = broken["options"][:1]
    report = examined(author, bank_id, a_file([*items, broken]))
    page = author.get(report)
    assert len(rows_of(page)) == 3
    assert "KÍN" not in page
    own = author.get(f"{report}/items/1")
    assert ("Bản" in own, "KÍN?" in own, "phiên bản mới" in own) == (True, True, True)
    sign_in(app, database, board.house.secretary).get(f"{report}/items/1", status=403)


def test_an_old_file_does_not_bring_back_what_the_bank_has_corrected(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        for stem in ("Bản cũ?", "Bản đã sửa?"):
            fill(session, board, bank, [a_choice(1, stem=stem)])
        name, number = bank.public_id, bank.id
    author = sign_in(app, database, board.author)
    report = examined(author, name, a_file([a_choice(1, stem="Bản cũ?"), a_choice(2)]))
    page = author.get(report)
    old, new = rows_of(page)
    assert ("ngân hàng đã sửa sau đó, không nhận" in old, "mới" in new) == (True, True)
    assert "1 câu là bản cũ mà ngân hàng đã sửa sau đó" in page
    assert "Ngân hàng từng có bản này" in author.get(f"{report}/items/1")
    author.post(f"{report}/commit")
    with database.reading() as session:
        assert {key: each.version for key, each in arrivals.known(session, number).items()} == {
            "Q-0001": 2,
            "Q-0002": 1,
        }
