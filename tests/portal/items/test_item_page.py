# SPDX-License-Identifier: Apache-2.0
"""The page of an item: what it asks and its key, in words, whatever its kind."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.items.models import Item
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import Person
from tests.portal.papers.builders import TOPIC, Board, a_bank, fill
from tests.portal.papers.walking import sign_in
from tests.portal.reading import read_pages
from tests.question_bank.builders import KINDS, options, raw_item

pytestmark = pytest.mark.engines("sqlite")

STATEMENTS = {
    "stimulus": "Ông A khiếu nại quyết định thu hồi đất của Ủy ban nhân dân huyện.",
    "items": [
        {"id": "gt", "kind": "description", "stem": "Đọc tiếp đoạn sau."},
        {
            "id": "a",
            "kind": "true_false",
            "stem": "Thời hiệu khiếu nại là 90 ngày.",
            "answer": True,
            "marks": "0.25",
        },
        {
            "id": "b",
            "kind": "single_choice",
            "stem": "Ai giải quyết lần đầu?",
            "options": options("0", "1"),
            "feedback": "Điều 18.",
        },
        {
            "id": "c",
            "kind": "essay",
            "stem": "Nêu ý kiến.",
            "rubric": [{"key": "y", "title": "Đủ căn cứ", "max": "3", "guidance": "Nêu Điều 9"}],
        },
    ],
}


def _bank(database: Database, board: Board, *items: dict[str, Any]) -> tuple[str, dict[str, str]]:
    common = {"topics": [TOPIC], "level": "apply"}
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, [common | each for each in items])
        rows = session.execute(select(Item.external_id, Item.public_id))
        place = f"/staff/banks/{bank.public_id}/items"
        return place, {row[0]: f"{place}/{row[1]}" for row in rows}


def _read(person: Person, address: str) -> str:
    """Return the words of a page above its raw fields, as they stand there."""
    page = person.get(address).split("<main")[1].split("<pre")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_whoever_reviews_reads_question_and_key_of_every_kind(
    app: Flask, database: Database, board: Board
) -> None:
    _place, items = _bank(database, board, *(raw_item(kind) for kind in KINDS))
    reviewer = sign_in(app, database, board.reviewer)
    pages = {kind: _read(reviewer, items[f"Q-{kind}"]) for kind in KINDS}
    for kind, words in {
        "true_false": ["A. Đúng", "B. Sai", "Đáp án: A"],
        "short_answer": ["Đáp án: Hội đồng nhân dân | HĐND (50%) | hội đồng… (25%)"],
        "numeric": ["Đáp án: 2,5 ± 0,1 | 2–3 (50%)"],
        "matching": ["1. Quốc hội", "Kiểm toán", "Đáp án: 1 – "],
        "ordering": ["Chấp hành", "Đáp án: "],
        "gap_fill": ["Nhiệm kỳ (1) …", "Đáp án: (1) 5; (2) A", "A. Phương án số 1"],
        "multiple_choice": ["B Phương án số 2", "0,5"],
        "essay": ["Ý 60", "Hướng dẫn"],
        "case_study": ["Tình huống", "Câu 1", "Một?", "của câu này đúng", "Câu 2", "Hai?", "Đáp án: B"],
    }.items():
        for said in words:
            assert said in pages[kind], f"{kind}: {said!r} is not in {pages[kind]}"


def test_each_part_of_a_case_study_stands_with_its_own_key(
    app: Flask, database: Database, board: Board
) -> None:
    study = raw_item("case_study", stem="", **STATEMENTS)
    _place, items = _bank(database, board, study, study | {"id": "kin", "restricted": True})
    reviewer = sign_in(app, database, board.reviewer)
    for name in ("Q-case_study", "kin"):
        page = _read(reviewer, items[name])
        told = ["Ông A khiếu nại", "Đọc tiếp đoạn sau.", "Câu 1", "90 ngày", "Đáp án: A", "Câu 2"]
        told += ["Ai giải quyết lần đầu?", "của câu này đúng", "Điều 18.", "Câu 3", "Đủ căn cứ", "Nêu Điều 9"]
        places = [page.index(words) for words in told]
        assert places == sorted(places)
    whole = html.unescape(reviewer.get(items["Q-case_study"]))
    assert '"stimulus": "Ông A khiếu nại' in whole  # as the file holds it, not in escapes


def test_items_of_every_kind_are_found_by_their_words_and_beside_the_like(
    app: Flask, database: Database, board: Board
) -> None:
    study = raw_item("case_study", stem="", **STATEMENTS)
    matching = raw_item("matching", stem="Ghép")
    like = [study | {"id": "TH-2"}, matching | {"id": "GH-2"}]
    place, items = _bank(database, board, study, matching, *like, raw_item("short_answer"))
    reviewer = sign_in(app, database, board.reviewer)
    bank = place.removesuffix("/items")
    for words, name in (("thời hiệu 90", "TH-2"), ("kiểm toán", "GH-2"), ("HĐND", "Q-short_answer")):
        page = reviewer.get(f"{bank}?words={words}")
        assert items[name] in page, words
        assert len(set(re.findall(rf"{place}/[a-z0-9]{{26}}", page))) == (1 if name.startswith("Q") else 2)
    assert items["TH-2"] in reviewer.get(items["Q-case_study"])
    assert items["GH-2"] in reviewer.get(items["Q-matching"])


@pytest.mark.thorough
def test_every_kind_reads_well_wide_and_narrow(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    kept = [raw_item(kind) for kind in ("matching", "gap_fill", "essay", "ordering", "multiple_choice")]
    study = raw_item("case_study", stem="", **STATEMENTS)
    secret = raw_item("true_false", id="kin", restricted=True)
    _place, items = _bank(database, board, study, secret, *kept)
    shown = [(name.removeprefix("Q-"), board.reviewer, address) for name, address in items.items()]
    read_pages(app, database, NOW, new_person, album, shown)
