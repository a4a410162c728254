# SPDX-License-Identifier: Apache-2.0
"""Items that are nearly the same are shown beside one, in a file's report and for the whole bank."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.outbox import OutboxRow
from exam_portal.items.models import Item, ItemBank
from tests.portal.competitions.builders import NOW
from tests.portal.items.importing import examined
from tests.portal.papers.builders import Board, a_bank, a_choice, a_file, fill
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")
STEM = "Thời hạn giải quyết khiếu nại lần đầu theo Luật Khiếu nại không quá bao nhiêu ngày?"
SECRET = "Cơ quan nào quyết định điều động cán bộ lãnh đạo giữa các đơn vị sự nghiệp?"


def _with(number: int, stem: str, **fields: object) -> dict[str, object]:
    options = [
        {"id": name, "text": words, "fraction": "1" if name == "a" else "0"}
        for name, words in (
            ("a", "Ba mươi ngày làm việc"),
            ("b", "Mười lăm ngày"),
            ("c", "Cả A và B đều sai"),
        )
    ]
    return a_choice(number, stem=stem, options=options, **fields)


@pytest.fixture
def bank(database: Database, board: Board) -> str:
    """A bank with one open item, one restricted, and one that has nothing to do with them."""
    with database.writing(unhurried=True) as session:
        made = a_bank(session, board)
        fill(session, board, made, [_with(1, STEM), _with(2, SECRET, restricted=True), a_choice(3)])
        return f"/staff/banks/{made.public_id}"


def _work(database: Database) -> None:
    with database.reading() as session:
        waiting = session.scalars(select(OutboxRow.id).where(OutboxRow.kind == "items.compare")).all()
    for row_id in waiting:
        outbox.perform(database, row_id, lambda: NOW)


def test_the_report_of_a_file_says_what_its_items_are_like(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    again = [_with(11, STEM.replace("không quá", "tối đa")), _with(12, SECRET), a_choice(13), a_choice(1)]
    report = examined(author, bank.rpartition("/")[2], a_file([*again, _with(14, STEM.lower())]))
    assert "data-running" in author.get(report)
    _work(database)
    page = author.get(report)
    assert "data-running" not in page
    table = page[page.index("Giống câu hỏi đã có") :]
    assert "Q-0011" in table
    assert "Q-0001" not in table  # the file itself brings a new version of it
    assert "Q-0014" in table
    assert "Q-0002" not in table  # restricted
    assert "Q-0013" not in table


def test_a_file_whose_comparison_came_to_no_end_is_compared_once_more(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    report = examined(
        author, bank.rpartition("/")[2], a_file([_with(11, STEM.replace("không quá", "tối đa"))])
    )
    with database.writing() as session:  # its job is gone
        session.execute(delete(OutboxRow).where(OutboxRow.kind == "items.compare"))
    page = author.get(report)
    assert "data-running" not in page
    assert f"{report}/compare" in page
    assert "data-running" in author.post(f"{report}/compare")
    _work(database)
    assert "Q-0011" in author.get(report)


def test_the_bank_is_compared_with_itself_and_restricted_items_with_nothing(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(ItemBank)).one()
        fill(session, board, held, [_with(21, STEM + " "), _with(22, SECRET)], file="them.json")
        ids = {item.external_id: item.public_id for item in session.scalars(select(Item))}
    reviewer = sign_in(app, database, board.reviewer)
    reviewer.get(f"{bank}/alike")
    assert "data-running" in reviewer.post(f"{bank}/alike")
    reviewer.post(f"{bank}/alike")
    with database.reading() as session:
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.kind == "items.compare")).all()) == 1
    _work(database)
    page = reviewer.get(f"{bank}/alike")
    assert "100%" in page
    assert ids["Q-0021"] in page
    assert "Q-0002" not in page
    assert ids["Q-0001"] in reviewer.get(f"{bank}/items/{ids['Q-0021']}")
    beside = reviewer.get(f"{bank}/items/{ids['Q-0022']}")
    assert ids["Q-0002"] not in beside
    assert ids["Q-0022"] not in reviewer.get(f"{bank}/items/{ids['Q-0002']}").replace(
        f"/items/{ids['Q-0002']}", ""
    )
