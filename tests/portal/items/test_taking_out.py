# SPDX-License-Identifier: Apache-2.0
"""Questions leave a bank as files: to its own board, on record, and without losing anything unseen."""

import hashlib
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.items import taking_out
from exam_portal.items.models import Item
from question_bank import formats
from tests.portal.competitions.pages import Person
from tests.portal.papers.builders import Board, a_choice, an_approved_bank, an_essay
from tests.portal.papers.walking import settle, sign_in

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def bank(database: Database, board: Board) -> str:
    """The address of a bank: two questions, an essay, and a restricted question."""
    items = [a_choice(1), a_choice(2), an_essay(3), a_choice(4, stem="MẬT THẬT", restricted=True)]
    with database.writing(unhurried=True) as session:
        return f"/staff/banks/{an_approved_bank(session, board, items).public_id}"


def _taken(person: Person, bank: str, **fields: Any) -> TestResponse:
    """What the browser is given."""
    person.get(bank)
    return person.client.post(
        f"{bank}/take-out",
        data={"csrf_token": person.token, **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def _leaves(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [leaf.content for leaf in session.scalars(select(Leaf).where(Leaf.type == "items.taken_out"))]


def _ids(database: Database, *names: str) -> list[str]:
    with database.reading() as session:
        rows = session.scalars(select(Item).where(Item.external_id.in_(names)).order_by(Item.external_id))
        return [row.public_id for row in rows]


def test_a_whole_bank_leaves_in_the_native_form_restricted_questions_too_and_is_on_record(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    assert "Xuất các câu hỏi này" in author.get(bank)
    answer = _taken(author, bank, scope="all", format="native")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert re.fullmatch(
        r"attachment; filename=Ngan-hang-cau-hoi-4-cau-[\d-]+\.json", answer.headers["Content-Disposition"]
    )
    read = formats.read(answer.get_data())
    assert [item.id for item in read.items] == ["Q-0001", "Q-0002", "Q-0004", "TL-003"]
    assert [item.stem for item in read.items if item.restricted] == ["MẬT THẬT"]
    (leaf,) = _leaves(database)
    digest = hashlib.sha256(answer.get_data()).hexdigest()
    told = {name: leaf[name] for name in ("format", "count", "restricted", "left_out", "file")}
    assert told == {"format": "native", "count": 4, "restricted": 1, "left_out": 0, "file": digest}


def test_what_a_format_cannot_hold_is_told_before_there_is_a_file(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    author.get(bank)
    page = author.post(f"{bank}/take-out", status=422, scope="all", format="aiken")
    assert {"Q-0004", "TL-003"} <= set(re.findall(r'<span class="ep-code">([^<]+)</span>', page))
    assert "Vẫn xuất 2 câu hỏi" in page
    assert "MẬT THẬT" not in page
    assert _leaves(database) == []
    answer = _taken(author, bank, scope="all", format="aiken", told="1")
    assert answer.get_data(as_text=True).count("ANSWER: A") == 2
    assert [(leaf["count"], leaf["restricted"], leaf["left_out"]) for leaf in _leaves(database)] == [
        (2, 0, 2)
    ]


def test_only_ticked_questions_leave_and_nothing_is_made_of_nothing(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    author.get(bank)
    assert "Không có câu hỏi nào để xuất" in author.post(f"{bank}/take-out", scope="chosen", format="gift")
    author.post(f"{bank}/take-out", status=404, scope="all", format="exe")
    answer = _taken(author, bank, scope="chosen", format="xlsx", item=_ids(database, "Q-0002"), told="1")
    assert [item.stem for item in formats.read(answer.get_data()).items] == [a_choice(2)["stem"]]
    assert [leaf["count"] for leaf in _leaves(database)] == [1]


def test_too_many_questions_for_one_file_are_refused(
    app: Flask, database: Database, board: Board, bank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "MOST_AT_ONCE", 3)
    author = sign_in(app, database, board.author)
    author.get(bank)
    page = author.post(f"{bank}/take-out", scope="all", format="gift", topic="", words="")
    assert "mỗi tệp ghi tối đa 3 câu hỏi" in page
    assert _leaves(database) == []


def test_nobody_but_the_board_of_the_bank_takes_questions_out(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    other = settle(database, "b")
    for actor, status in ((board.house.chair, 403), (board.house.organiser, 403), (other.author, 404)):
        person = sign_in(app, database, actor)
        person.get("/account")
        person.post(f"{bank}/take-out", status=status, scope="all", format="native")
    assert _leaves(database) == []
