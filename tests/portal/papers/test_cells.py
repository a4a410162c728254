# SPDX-License-Identifier: Apache-2.0
"""What a blueprint can ask for: restricted questions too, by topic and level that nobody else is told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.papers import draws, preparing, resting
from exam_portal.papers.models import Paper, PaperDraw, PaperDrawRun
from scoring.ruleset import parse
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import Person
from tests.portal.papers.builders import (
    CANARY,
    Board,
    a_choice,
    a_competition,
    a_sitting,
    an_approved_bank,
    an_essay,
    approve_all,
    asking,
    fill,
)
from tests.portal.papers.test_canary import SOUGHT, plain, rows
from tests.portal.papers.test_draws import WORDS
from tests.portal.papers.walking import carry_out, counted, draw, sign_in

pytestmark = pytest.mark.engines("sqlite")

RULES = Path("config/rulesets/leadership-weighted.toml")
SECRET = f"Chủ đề {CANARY}"
SEALED: dict[str, Any] = {
    "stem": "Phân tích.",
    "topics": [SECRET],
    "level": "apply",
    "difficulty": "0.8",
    "restricted": True,
}


def _place(database: Database, board: Board, secret: int, shown: int) -> tuple[str, str]:
    """The papers of a competition, and the form for one from a bank of so many restricted and open essays."""
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        restricted = [an_essay(n, **SEALED) for n in range(secret)]
        essays = [an_essay(100 + n, stem="Phân tích.", difficulty="0.2") for n in range(shown)]
        bank = an_approved_bank(session, board, [*restricted, *essays])
        a_sitting(session, board, competition)
        place = f"/staff/competitions/{competition.public_id}/exam-papers"
        return place, f"{place}/draw/written/official/{bank.public_id}"


def _statements(person: Person, database: Database, address: str) -> list[str]:
    """What the page asks the database, once everything that is kept is kept."""
    person.get(address)
    with counted(database) as statements:
        person.get(address)
    return statements


def _cell(page: str, topic: str) -> str:
    """The name of the field that asks for this topic."""
    return str(re.search(rf'<label[^>]*for="(cell-\w+)"[^>]*>\s*{topic} ·', page)[1])  # type: ignore[index]


def test_restricted_questions_are_asked_for_and_drawn_and_nobody_else_is_told_their_topic(
    app: Flask, database: Database, board: Board
) -> None:
    place, form = _place(database, board, secret=6, shown=6)
    author = sign_in(app, database, board.author)
    page = author.get(form)
    cells = {_cell(page, SECRET): "1", _cell(page, "Luật Hành chính"): "2"}
    asked = {"minutes": "180", "forms": "1", "easy_least": "1", "hard_below": "0.3", "easy_from": "0.7"}
    assert "Nothing was drawn" not in (shown := draw(author, database, form, **cells, **asked))
    assert SOUGHT not in plain(shown)
    with database.reading() as session:
        prepared, run = session.scalars(select(PaperDraw)).one(), session.scalars(select(PaperDrawRun)).one()
        paper = session.scalars(select(Paper)).one()
        assert prepared.blueprint["sealed"] == paper.blueprint["sealed"] == 1  # type: ignore[index]
        assert [cell.get("count") for cell in prepared.blueprint["cells"]] == [2, None]
        assert [each["cells"] for each in run.findings["forms"]["official"]] == [[2, 1]]  # type: ignore[index]
        assert SOUGHT not in rows(session)
        papers = f"{place}/{paper.public_id}"
    for actor in (board.author, board.house.organiser, board.house.secretary):
        assert SOUGHT not in plain(sign_in(app, database, actor).get(papers))
    assert SOUGHT not in plain(sign_in(app, database, board.house.secretary).get(form, status=403))


def test_what_restricted_questions_lack_is_kept_without_their_topic(
    app: Flask, database: Database, board: Board
) -> None:
    essays = [an_essay(n, **SEALED, tags=["enemies:nhom-1"] * (n < 4)) for n in range(6)]
    with database.writing(unhurried=True) as session:
        competition, bank = a_competition(session, board), an_approved_bank(session, board, essays)
        pool = preparing.pool(session, bank, NOW.date(), written=True)
        asked = resting.with_bank(session, bank, asking(4, counts={(SECRET, "apply"): 4}), pool)
        drawn = draws.prepare(
            session, board.author, NOW, competition=competition, part="written", kind="official", bank=bank,
            asked=asked, committed=draws.commit(session.keys, asked, "official"), pool=pool, ready_from=None,
        )  # fmt: skip
        draws.begin(session, board.author, NOW, draw=drawn, **WORDS)
        address = f"/staff/competitions/{competition.public_id}/exam-papers/draws/{drawn.public_id}"
    page = carry_out(sign_in(app, database, board.house.organiser), database, address)
    with database.reading() as session:
        (findings,) = session.scalars(select(PaperDrawRun.findings))
    assert [(each["need"], each["have"], each["topic"]) for each in findings["missing"]] == [(4, 3, "")]
    assert "một chủ đề và mức độ chỉ có câu hỏi hạn chế: " in page
    assert SOUGHT not in plain(page + json.dumps(findings))


def test_the_form_reads_no_content_of_open_questions_and_asks_as_often_of_any_bank(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        rules = parse(RULES.read_text())
        place = f"/staff/competitions/{a_competition(session, board, ruleset=rules).public_id}/exam-papers"
        bank = an_approved_bank(session, board, [a_choice(1), a_choice(2, restricted=True)])
    author = sign_in(app, database, board.author)
    form = f"{place}/draw/test/official/{bank.public_id}"
    few = _statements(author, database, form)
    with database.writing(unhurried=True) as session:
        fill(session, board, bank, [a_choice(n, restricted=n % 2 == 0) for n in range(1, 41)])
        approve_all(session, board, bank)
    many = _statements(author, database, form)
    assert len(few) == len(many) <= 15
    assert [each for each in many if "item_versions.content" in each] == []
    assert sum("item_versions.sealed_content" in each for each in many) == 1


def test_whoever_prepares_a_draw_is_told_of_options_that_name_others(
    app: Flask, database: Database, board: Board
) -> None:
    naming = a_choice(2)
    naming["options"][-1]["text"] = "Cả A và B"
    with database.writing(unhurried=True) as session:
        rules = parse(RULES.read_text())
        place = f"/staff/competitions/{a_competition(session, board, ruleset=rules).public_id}/exam-papers"
        plain_bank = an_approved_bank(session, board, [a_choice(1)]).public_id
        told_bank = an_approved_bank(session, board, [a_choice(1), naming]).public_id
    author = sign_in(app, database, board.author)
    words = "1 câu đã duyệt có phương án nhắc đến phương án khác"
    assert words in author.get(f"{place}/draw/test/official/{told_bank}")
    assert words not in author.get(f"{place}/draw/test/official/{plain_bank}")
    page = author.get(f"/staff/banks/{told_bank}?places=any&stage=approved")
    assert ("Q-0002" in page, "Q-0001" in page) == (True, False)
