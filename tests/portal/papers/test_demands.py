# SPDX-License-Identifier: Apache-2.0
"""What a board asks for: bands of difficulty hold in every form, and no named question is dropped unseen."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.papers import asked as asking_module
from exam_portal.papers import errors, opened, preparing
from exam_portal.papers.errors import NamedBar
from exam_portal.papers.models import Paper, PaperDraw
from question_bank.blueprint import Cell, Difficulty
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import (
    Board,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_essay,
    an_opened,
    asking,
)
from tests.portal.papers.test_draws import WORDS, a_preparation, carry_out
from tests.portal.papers.walking import sign_in

EASY = Cell(topic=None, level=None, least=2, most=3, easiness_from=Decimal("0.7"))
HARD = Cell(topic=None, level=None, least=1, most=1, easiness_to=Decimal("0.3"))
MEAN = Difficulty(mean=Decimal("0.5"), tolerance=Decimal("0.5"))


def graded(count: int = 12) -> list[dict[str, Any]]:
    """Questions that are medium, hard and easy in turn."""
    return [a_choice(n, difficulty=("0.9", "0.5", "0.1")[n % 3]) for n in range(1, count + 1)]


def test_bands_of_difficulty_hold_in_every_form_and_come_back_from_what_was_sealed(
    database: Database,
) -> None:
    asked = asking(5, forms=2, bands=(EASY, HARD))
    assert asking_module.of(asked.whole()) == asked
    assert asked.stored()["cells"][1:] == [{"from": "0.7", "min": 2, "max": 3}, {"to": "0.3", "count": 1}]
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, a_board(session), graded())
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        ((_, drawn),) = preparing.draw(session, pool, asked, kind="official")
        assert all(2 <= form["cells"][1] <= 3 and form["cells"][2] == 1 for form in drawn.balance)
        many = asking(5, forms=2, bands=(replace(HARD, least=3, most=3),))
        with pytest.raises(errors.BankLacks) as refused:
            preparing.draw(session, pool, many, kind="official")
        assert [(each.high, each.need, each.have) for each in refused.value.missing] == [("0.3", 6, 4)]
        assert refused.value.without == ("sharing", "bands")


@pytest.mark.engines("sqlite")
def test_a_band_that_leaves_nothing_to_chance_or_stands_beside_another_paper_is_not_drawn(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank, competition = an_approved_bank(session, board, graded()), a_competition(session, board)
        with pytest.raises(errors.NoChance) as refused:
            a_preparation(
                session, board, competition, bank, asking(5, bands=(replace(HARD, least=4, most=4),))
            )
        assert [(each.high, each.need, each.have) for each in refused.value.missing] == [("0.3", 5, 4)]
        a_drawn(session, board, competition, bank, asking(2))
        with pytest.raises(errors.NamedBesideOther):
            a_preparation(session, board, competition, bank, asking(2, bands=(EASY,)), "reserve")


BARRED: list[tuple[dict[str, Any], NamedBar]] = [
    ({"left_out": ("Q-0001",)}, NamedBar.LEFT_OUT),
    ({"with_reserve": True}, NamedBar.RESERVE),
    ({"forms": 2}, NamedBar.FORMS),
    ({"forms": 2, "may_share": True, "max_shared": 1}, NamedBar.SHARED),
    ({"counts": {}, "total": 1}, NamedBar.TOO_MANY),
    ({"enemies": [("Q-0001", "Q-0002")]}, NamedBar.ENEMIES),
    ({"bank_enemies": [("Q-0001", "Q-0002", "Q-0003")]}, NamedBar.ENEMIES),
    ({"difficulty": MEAN}, NamedBar.NO_DIFFICULTY),
    ({"counts": {("Chủ đề khác", "understand"): 4}, "total": 5}, NamedBar.COUNTS),
    ({"bands": (replace(EASY, easiness_from=Decimal("0.4"), least=0, most=0),)}, NamedBar.BANDS),
]


@pytest.mark.engines("sqlite")
def test_a_question_that_was_named_stands_in_every_form_or_the_draw_is_refused_and_names_it(
    database: Database,
) -> None:
    named = ("Q-0001", "Q-0002")
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        other = [a_choice(number, topics=["Chủ đề khác"]) for number in range(13, 20)]
        items = [a_choice(1), a_choice(2, topics=["Thứ ba"], difficulty="0.5"), *graded()[2:], *other]
        bank, competition = an_approved_bank(session, board, items), a_competition(session, board)
        for facts, bar in BARRED:
            asked = asking(4, **{"total": 6, "included": named, **facts})
            with pytest.raises(errors.NamedUnfit) as refused:
                a_preparation(session, board, competition, bank, asked)
            assert (refused.value.bar, set(refused.value.codes) <= {*named}) == (bar, True), facts
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        fitting = asking(4, total=6, included=named, forms=3, may_share=True)
        ((_, drawn),) = preparing.draw(session, pool, fitting, kind="official")
        kept = preparing.keep(
            session, board.author, NOW, competition=competition, part="written", bank=bank, asked=fitting,
            draws=[("official", drawn)], ready_from=None,
        )  # fmt: skip
        an_opened(session, board, a_sealed(session, board, kept[0]))
        forms = [opened.opened_form(session, form.id).items for form in kept[0].forms]
        assert [{*named} <= {item.id for item in form} for form in forms] == [True] * 3


@pytest.mark.engines("sqlite")
def test_a_board_asks_for_easy_and_hard_questions_on_the_page_and_sees_them_in_each_form(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        essays = [an_essay(n, difficulty=("0.9", "0.5", "0.1")[n % 3]) for n in range(1, 13)]
        competition, bank = a_competition(session, board), an_approved_bank(session, board, essays)
        place = f"/staff/competitions/{competition.public_id}/exam-papers"
        address = f"{place}/draw/written/official/{bank.public_id}"
    author = sign_in(app, database, board.author)
    page = author.get(address)
    assert 'name="easy_from"' in page
    (cell,) = set(re.findall(r'name="(cell-[0-9a-f]{12})"', page))
    asked: dict[str, Any] = {
        cell: "5",
        "minutes": "60",
        "forms": "1",
        "easy_from": "0,7",
        "hard_below": "0,3",
    }
    for wrong in (
        {"easy_least": "4", "hard_least": "2"},
        {"easy_least": "3", "easy_most": "2"},
        {"easy_least": "1", "easy_from": "0,2"},
        {"hard_least": "4"},
    ):
        author.post(address, status=422, **(asked | wrong))
    author.post(address, **(asked | {"easy_least": "2", "hard_least": "1", "hard_most": "1"}))
    with database.reading() as session:
        draw = session.scalars(select(PaperDraw)).one()
    shown = f"{place}/draws/{draw.public_id}"
    assert "độ khó từ 0,7: ít nhất 2; độ khó dưới 0,3: 1" in author.get(shown)
    author.post(f"{shown}/begin", **WORDS)
    carry_out(database, draw)
    with database.reading() as session:
        paper = session.scalars(select(Paper)).one().public_id
    page = author.get(f"{place}/{paper}")
    assert "độ khó dưới 0,3" in page
    minutes = PdfReader(io.BytesIO(author.client.get(f"{place}/{paper}/minutes/drawing").get_data()))
    told = " ".join(" ".join(each.extract_text() for each in minutes.pages).split())
    assert "độ khó từ 0,7: ít nhất 2; độ khó dưới 0,3: 1" in told
    assert "None" not in told
