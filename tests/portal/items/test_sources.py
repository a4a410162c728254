# SPDX-License-Identifier: Apache-2.0
"""Legal sources that end, what a change of one touches, and items that never stand together."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.items import exposure, instruments
from exam_portal.items.models import Item, ItemBank
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    Board,
    a_bank,
    a_choice,
    a_competition,
    a_drawn,
    approve_all,
    asking,
    fill,
)
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")


def _resting(number: int, instrument: str, until: str | None = None, **fields: Any) -> dict[str, Any]:
    source = {"instrument": instrument, "article": "Điều 19", "valid_from": None, "valid_to": until}
    return a_choice(number, source=source, **fields)


@pytest.fixture
def bank(database: Database, board: Board) -> str:
    """Items under two instruments, some with an end, one restricted."""
    items = [
        _resting(1, "Luật số 80/2025/QH15", "2027-01-10"),
        _resting(2, "Luật 80/2025/QH15", "2026-01-01", stem="Câu cũ?"),
        _resting(3, "Luật 80/2025/QH15", restricted=True),
        _resting(4, "Luật 180/2025/QH15"),
        *(_resting(number, "Luật 72/2025/QH15") for number in range(5, 10)),
    ]
    with database.writing(unhurried=True) as session:
        made = a_bank(session, board)
        fill(session, board, made, items)
        return f"/staff/banks/{made.public_id}"


def test_a_change_of_an_instrument_names_items_restricted_ones_too_and_papers(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(ItemBank)).one()
        approve_all(session, board, held)
        competition = a_competition(session, board)
        official = a_drawn(session, board, competition, held)
        reserve = a_drawn(session, board, competition, held, kind="reserve")
        use = exposure.Use(form="101", item="Q-0001", version=1)
        exposure.keep(
            session, board.author, NOW, bank=held, paper=official.public_id, held_at=NOW, uses=[use]
        )
        papers = official.public_id, reserve.public_id
    reader = sign_in(app, database, board.reviewer)
    assert all(paper not in reader.get(f"{bank}/instruments") for paper in papers)
    page = reader.get(f"{bank}/instruments?instrument=80/2025/qh15&article=19&day=2026-12-31")
    assert [name in page for name in ("Q-0001", "Q-0002", "Q-0003", "Q-0004", "Q-0005")] == [True] * 3 + [
        False
    ] * 2
    assert page.count("soạn phiên bản mới hoặc loại") == 2  # the second has ended by itself
    assert all(paper in page for paper in papers)
    assert "1 câu, dùng ngày" in page
    assert "bí mật cho đến khi mở đề" in page
    assert "Q-0001" not in reader.get(f"{bank}/instruments?instrument=80/2025/QH15&article=1")
    assert papers[0] not in reader.get(f"{bank}/instruments?instrument=Khong co")


def test_sources_that_end_are_told_on_the_page_of_the_bank(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    reader = sign_in(app, database, board.reviewer)
    page = reader.get(bank)
    assert "1 câu hỏi có căn cứ sắp hết hiệu lực" in page
    assert "1 câu hỏi có căn cứ đã hết hiệu lực" in page
    assert [name in reader.get(f"{bank}?source=soon") for name in ("Q-0001", "Q-0002")] == [True, False]
    assert [name in reader.get(f"{bank}?source=over") for name in ("Q-0001", "Q-0002")] == [False, True]


def test_enemies_and_use_stand_on_the_page_of_an_item_and_enemies_are_edited_there(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(ItemBank)).one()
        more = [
            a_choice(20, tags=["Enemies: Khiếu nại", "luật"], difficulty="0.5", feedback="Vì Điều 28"),
            a_choice(21, tags=["enemies:khiếu nại"]),
            a_choice(22, tags=["enemies:khiếu nại"], restricted=True),
        ]
        fill(session, board, held, more, file="doi.json")
        use = exposure.Use(form="101", item="Q-0020", version=1)
        exposure.keep(session, board.author, NOW, bank=held, paper="p" * 26, held_at=NOW, uses=[use])
        ids = {item.external_id: item.public_id for item in session.scalars(select(Item))}
    author = sign_in(app, database, board.author)
    place = f"{bank}/items/{ids['Q-0020']}"
    page = author.get(place)
    assert ids["Q-0021"] in page
    assert ids["Q-0022"] not in page
    assert "1, lần cuối ngày 23/11/2026" in page
    assert "Khiếu nại" in author.get(f"{place}/edit")
    fields: dict[str, Any] = {f"option_{letter}": f"Phương án {letter}" for letter in "abc"}
    fields |= {"stem": "Ai giải quyết?", "topic": "Luật", "level": "apply", "answer": "a", "marks": "1"}
    fields["began_from"] = "1"
    author.post(f"{place}/edit", external_id="Q-0020", enemies="tố cáo, Tố cáo, thẩm quyền", **fields)
    with database.reading() as session:
        content = session.get_one(Item, _row(session, "Q-0020")).versions[-1].content
    assert content is not None
    assert content["tags"] == ["luật", "enemies:tố cáo", "enemies:Tố cáo", "enemies:thẩm quyền"]
    assert (content["difficulty"], content["feedback"]) == ("0.5", "Vì Điều 28")
    assert ids["Q-0021"] not in author.get(place)


def test_a_paper_is_named_for_the_version_that_stood_in_it_though_a_later_one_rests_elsewhere(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(ItemBank)).one()
        approve_all(session, board, held)
        paper = a_drawn(session, board, a_competition(session, board), held)
        use = exposure.Use(form="101", item="Q-0005", version=1)
        exposure.keep(session, board.author, NOW, bank=held, paper=paper.public_id, held_at=NOW, uses=[use])
        later = [_resting(5, "Luật 90/2026/QH16", version=2)]
        fill(session, board, held, later, file="moi.json")
    reader = sign_in(app, database, board.reviewer)
    page = reader.get(f"{bank}/instruments?instrument=72/2025/QH15")
    assert "Q-0005" not in page
    assert "1 câu, dùng ngày" in page
    page = reader.get(f"{bank}/instruments?instrument=90/2026/QH16")
    assert "Q-0005" in page
    assert "1 câu, dùng ngày" not in page


def test_a_source_ends_with_the_day_in_ha_noi(
    app: Flask, database: Database, board: Board, clock: At, bank: str
) -> None:
    at = datetime(2027, 1, 10, 23, 30, tzinfo=UTC)  # 06:30 of the day after its last in Hà Nội
    clock.set(at)
    reader = sign_in(app, database, board.reviewer, at)
    page = reader.get(bank)
    assert "2 câu hỏi có căn cứ đã hết hiệu lực" in page
    assert "Q-0001" in reader.get(f"{bank}?source=over")
    assert "Q-0001" not in reader.get(f"{bank}?source=soon")


def test_a_case_study_rests_on_the_sources_of_its_questions_in_papers_too(
    database: Database, board: Board
) -> None:
    def case(number: int, restricted: bool) -> dict[str, Any]:
        parts = [
            {
                "id": f"c{place}",
                "kind": "true_false",
                "stem": "Đúng hay sai?",
                "answer": True,
                "source": source,
            }
            for place, source in enumerate(
                (
                    {"instrument": "Nghị định 71/2023/NĐ-CP", "article": "Điều 5", "valid_to": "2027-01-31"},
                    {"instrument": "Nghị định 71/2023/NĐ-CP", "article": "Điều 7", "valid_to": "2026-12-31"},
                )
            )
        ]
        fields = a_choice(
            number, kind="case_study", stimulus="Tình huống", items=parts, restricted=restricted
        )
        return {name: value for name, value in fields.items() if name not in {"options", "marks"}}

    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, [case(1, False), case(2, True), case(3, False)])
        approve_all(session, board, bank)
        a_drawn(session, board, a_competition(session, board), bank, asking(2), written=True)
        for article, held in (("Điều 5", 3), ("Điều 7", 3), ("Điều 57", 0)):
            found = instruments.touched(session, bank, "71/2023/NĐ-CP", article)
            assert [(each.article, each.valid_to) for each in found] == [
                ("Điều 5; Điều 7", "2026-12-31")
            ] * held
        assert instruments.ending(session, bank.id, NOW.date())[0] == 2
        assert [each.items for each in instruments.papers(session, bank, "71/2023/NĐ-CP", "Điều 7")] == [None]
        assert instruments.papers(session, bank, "72/2023/NĐ-CP") == []


def _row(session: Any, external_id: str) -> int:
    return int(session.scalars(select(Item.id).where(Item.external_id == external_id)).one())
