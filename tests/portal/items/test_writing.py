# SPDX-License-Identifier: Apache-2.0
"""Editing an item in its form: what the form does not ask, and what it shows as it stands, stays."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.items.models import Item
from tests.portal.papers.builders import Board, a_bank, a_choice, an_essay, fill
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")

CHOICE: dict[str, Any] = {
    **{f"option_{letter}": f"Phương án {letter}" for letter in "abc"},
    "topic": "Luật",
    "level": "apply",
    "answer": "a",
    "began_from": "1",
}


def _places(database: Database, board: Board, *items: dict[str, Any], language: str = "vi") -> dict[str, str]:
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, items, language=language)
        rows = session.execute(select(Item.external_id, Item.public_id)).all()
        return {row[0]: f"/staff/banks/{bank.public_id}/items/{row[1]}" for row in rows}


def _held(database: Database, external_id: str) -> dict[str, Any]:
    with database.reading() as session:
        found = session.scalars(select(Item).where(Item.external_id == external_id)).one().versions[-1]
        held: dict[str, Any] = json.loads(json.dumps(found.content))
        return held


def test_an_edited_item_keeps_its_language_its_id_and_small_marks(
    app: Flask, database: Database, board: Board
) -> None:
    place = _places(database, board, a_choice(1, id="Câu-01", marks="0.2"), language="en")["Câu-01"]
    author = sign_in(app, database, board.author)
    assert 'value="0,2"' in author.get(f"{place}/edit")
    author.post(f"{place}/edit", external_id="Câu-01", stem="Who decides?", marks="0,2", **CHOICE)
    held = _held(database, "Câu-01")
    assert (held["stem"], held["language"], held["marks"]) == ("Who decides?", "en", "0.2")
    author.get("/".join(place.split("/")[:-1]) + "/new/single_choice")
    page = author.post(
        "/".join(place.split("/")[:-1]) + "/new/single_choice",
        status=422,
        external_id="Câu-02",
        stem="Ai?",
        marks="1",
        **CHOICE,
    )
    assert "Chỉ dùng" in page or "chữ cái" in page


def test_an_essay_keeps_the_keys_of_its_rubric_and_one_of_two_topics_is_not_edited(
    app: Flask, database: Database, board: Board
) -> None:
    places = _places(database, board, an_essay(1), an_essay(2, topics=["Luật", "Quản lý"]))
    author = sign_in(app, database, board.author)
    author.get(f"{places['TL-001']}/edit")
    rubric: dict[str, Any] = {"title_1": "Nội dung", "max_1": "60", "title_2": "Diễn đạt", "max_2": "30"}
    author.post(
        f"{places['TL-001']}/edit",
        external_id="TL-001",
        stem="Hãy phân tích.",
        topic="Luật",
        level="apply",
        began_from="1",
        title_3="Sáng tạo",
        max_3="10",
        **rubric,
    )
    held = _held(database, "TL-001")
    assert [row["key"] for row in held["rubric"]] == ["noi_dung", "dien_dat", "c1"]
    assert "/edit" not in author.get(places["TL-002"])
    author.get(f"{places['TL-002']}/edit", 404)
