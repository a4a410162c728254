# SPDX-License-Identifier: Apache-2.0
"""No way leads from writing an item to approving it: neither one by one, nor many at once, nor by a file."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.items import errors, queries, service
from exam_portal.items.models import Item, ItemBank, ItemReview, ItemStage
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import Board, a_bank, a_choice, fill
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")
EVERYTHING = queries.Filter()


def _words(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(word.stage, word.by) for word in session.scalars(select(ItemReview).order_by(ItemReview.id))]


def test_who_imported_items_moves_none_of_them_on_and_who_reviewed_them_approves_none(
    app: Flask, database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, [a_choice(1), a_choice(2)])
        place = f"/staff/banks/{bank.public_id}"
        items = [item.public_id for item in session.scalars(select(Item))]
    author, reviewer = (sign_in(app, database, who) for who in (board.author, board.reviewer))
    author.get(place)
    for word, stage in (("reviewed", "draft"), ("approved", "reviewed"), ("approved", "")):
        author.post(f"{place}/review", word=word, stage=stage, scope="all")
    for item in items:
        author.get(f"{place}/items/{item}")
        for word in ("reviewed", "approved"):
            author.post(f"{place}/items/{item}/review", status=422, stage=word)
    assert _words(database) == []
    reviewer.get(place)
    reviewer.post(f"{place}/review", word="reviewed", stage="draft", scope="all")
    reviewer.post(f"{place}/review", word="approved", stage="reviewed", scope="all")
    reviewer.post(f"{place}/items/{items[0]}/review", status=422, stage="approved")
    author.post(f"{place}/review", word="approved", stage="reviewed", scope="all")
    assert _words(database) == [("reviewed", board.reviewer.account_id)] * 2


def test_a_new_version_from_a_file_is_its_importer_s_own_whoever_wrote_the_item(
    database: Database, board: Board
) -> None:
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, [a_choice(1)])
        other = Board(
            house=board.house, author=board.reviewer, reviewer=board.author, approver=board.approver
        )
        fill(session, other, bank, [a_choice(1, version=2, stem="Câu đã sửa?")], file="sua.json")
    facts: dict[str, Any] = {"wanted": EVERYTHING, "stage": ItemStage.REVIEWED}
    with database.writing(unhurried=True) as session:
        held = session.scalars(select(ItemBank)).one()
        assert service.review_all(session, board.reviewer, NOW, bank=held, **facts) == 0
        version = queries.last_version(session, held.id, "Q-0001")
        with pytest.raises(errors.OwnItem):
            service.review(
                session, board.reviewer, NOW, version=version, stage=ItemStage.REVIEWED, comment=""
            )
        assert service.review_all(session, board.author, NOW, bank=held, **facts) == 1
