# SPDX-License-Identifier: Apache-2.0
"""Options that name others wait for a decision; many items are moved on at once; what is said is sealed."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from exam_portal.core.database import Database
from exam_portal.items import fsck, queries, service
from exam_portal.items.models import Item, ItemBank, ItemReview, ItemStage, ItemVersion
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import Board, a_bank, a_choice, fill
from tests.portal.papers.walking import counted, sign_in

pytestmark = pytest.mark.engines("sqlite")
ALL_ABOVE = "Cả A và B đều đúng"
WHY = "Phương án D giữ nguyên khi in đề giấy."


def naming(number: int, *, checked: bool = True, **own: Any) -> dict[str, Any]:
    """A choice whose last option names the others."""
    item = a_choice(number, shuffle=True, positional_checked=checked, **own)
    item["options"] = [dict(option) for option in item["options"]]
    item["options"][-1]["text"] = ALL_ABOVE
    return item


def placed(database: Database, board: Board, *items: dict[str, Any]) -> tuple[str, list[str]]:
    """A bank with these items as drafts: its address, and those of their pages."""
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board)
        fill(session, board, bank, list(items))
        place = f"/staff/banks/{bank.public_id}"
        ids = session.scalars(select(Item.public_id).order_by(Item.external_id)).all()
        return place, [f"{place}/items/{public_id}" for public_id in ids]


@pytest.mark.parametrize("restricted", [False, True])
def test_an_item_whose_key_changes_with_the_order_is_approved_with_a_reason_only(
    app: Flask, database: Database, board: Board, restricted: bool
) -> None:
    place, (item,) = placed(database, board, naming(1, restricted=restricted))
    reviewer, approver = (sign_in(app, database, who) for who in (board.reviewer, board.approver))
    assert ALL_ABOVE in reviewer.get(item)
    reviewer.post(f"{item}/review", stage="reviewed", comment="")
    approver.get(place)
    approver.post(f"{place}/review", word="approved", scope="all")
    assert "ghi rõ lý do" in approver.get(item)
    approver.post(f"{item}/review", status=422, stage="approved", comment="  ")
    with database.reading() as session:
        assert session.scalars(select(ItemReview.stage)).all() == ["reviewed"]
    assert WHY in approver.post(f"{item}/review", stage="approved", comment=WHY)
    with database.reading() as session:
        words = session.scalars(select(ItemReview).order_by(ItemReview.id)).all()
        assert [word.stage for word in words] == ["reviewed", "approved"]
        assert words[1].sealed_comment is not None
        assert WHY.encode() not in words[1].sealed_comment


@pytest.mark.parametrize(("how", "is_shuffled", "fixed"), [("fix", True, ["c"]), ("still", False, [])])
@pytest.mark.parametrize("checked", [True, False])
def test_one_click_settles_where_such_an_option_stands(
    app: Flask, database: Database, board: Board, how: str, is_shuffled: bool, fixed: list[str], checked: bool
) -> None:
    place, (item,) = placed(database, board, naming(1, checked=checked))
    author = sign_in(app, database, board.author)
    assert f"{item}/places" in author.get(item)
    assert f"{item}/places" not in author.post(f"{item}/places", how=how)
    author.post(f"{item}/places", status=409, how=how)
    author.post(f"{item}/places", status=404, how="x")
    with database.reading() as session:
        version = session.scalars(select(ItemVersion).order_by(ItemVersion.id.desc())).first()
        assert version is not None
        assert version.content is not None
        assert (version.version, version.places) == (2, "settled")
        assert (version.content["shuffle"], version.content["positional_checked"]) == (is_shuffled, True)
        assert [each["id"] for each in version.content["options"] if each.get("fixed")] == fixed
    assert "Q-0001" in author.get(f"{place}?places=any")
    assert "Q-0001" not in author.get(f"{place}?places=open")


def test_the_form_asks_what_becomes_of_such_an_option_before_it_saves(
    app: Flask, database: Database, board: Board
) -> None:
    place, (item,) = placed(database, board, a_choice(1))
    author = sign_in(app, database, board.author)
    page = author.get(f"{item}/edit")
    typed: dict[str, Any] = {
        "external_id": "Q-0001", "began_from": "1", "stem": "Điều nào đúng?", "topic": "Khiếu nại",
        "level": "apply", "option_a": "Một", "option_b": "Hai", "option_c": ALL_ABOVE,
        "answer": "a", "marks": "1", "shuffle": "y",
    }  # fmt: skip
    assert 'name="places" value="fix"' not in page
    page = author.post(f"{item}/edit", status=422, **typed)
    assert 'name="places" value="fix"' in page
    author.post(f"{item}/edit", **typed, places="fix")
    with database.reading() as session:
        version = session.scalars(select(ItemVersion).order_by(ItemVersion.id.desc())).first()
        assert version is not None
        assert version.content is not None
        assert [bool(each.get("fixed")) for each in version.content["options"]] == [False, False, True]
        assert version.content["shuffle"]
    del typed["shuffle"]
    author.get(f"{item}/edit")
    author.post(f"{item}/edit", **{**typed, "began_from": "2", "stem": "Điều nào sai?"})
    assert place


def test_the_ticked_items_are_moved_on_and_no_others(app: Flask, database: Database, board: Board) -> None:
    place, items = placed(database, board, *(a_choice(number) for number in range(1, 31)))
    ids = [address.rsplit("/", 1)[-1] for address in items]
    author, reviewer = (sign_in(app, database, who) for who in (board.author, board.reviewer))
    with counted(database) as statements:
        page = reviewer.get(place)
    assert len(statements) <= 16
    assert all(f'value="{public_id}"' in page for public_id in ids[: queries.PAGE])
    for chosen in ({"item": ids[:3]}, {"scope": "all"}):
        author.get(place)
        author.post(f"{place}/review", word="reviewed", **chosen)  # own ones
    reviewer.get(place)
    assert "ít nhất một câu hỏi" in reviewer.post(f"{place}/review", word="reviewed")
    reviewer.post(f"{place}/review", word="reviewed", item=[*ids[:2], "unknown"])
    with database.reading() as session:
        rows = session.execute(select(Item.public_id).join(ItemVersion).join(ItemReview)).all()
        assert sorted(row[0] for row in rows) == sorted(ids[:2])
    page = reviewer.post(f"{place}/review", word="reviewed", item=ids[1:3])
    assert "1 câu hỏi đã đánh dấu giữ nguyên" in page
    reviewer.get(place)
    reviewer.post(f"{place}/review", word="reviewed", scope="all", words="khong co")
    reviewer.get(place)
    reviewer.post(f"{place}/review", word="reviewed", scope="all")
    with database.reading() as session:
        assert session.scalar(select(func.count(ItemReview.id))) == len(items)
        assert list(fsck.differences(session)) == []


def test_fsck_holds_every_word_on_an_item_and_what_was_said_with_it(
    app: Flask, database: Database, board: Board
) -> None:
    placed(database, board, a_choice(1), a_choice(2), a_choice(3))
    with database.writing(unhurried=True) as session:
        bank = session.scalars(select(ItemBank)).one()
        one, other, third = session.scalars(select(ItemVersion).order_by(ItemVersion.id))
        service.review(session, board.reviewer, NOW, version=one, stage=ItemStage.RETURNED, comment=WHY)
        wanted = queries.Filter(ids=frozenset({other.item.public_id, third.item.public_id}))
        service.review_all(session, board.reviewer, NOW, bank=bank, wanted=wanted, stage=ItemStage.REVIEWED)
    changes = {
        "UPDATE item_reviews SET stage = 'retired' WHERE id = 1": ["review"],
        "UPDATE item_reviews SET sealed_comment = x'00' WHERE id = 1": ["review"],
        "UPDATE item_reviews SET by = (SELECT min(id) FROM accounts) WHERE id = 2": ["review"],
        "DELETE FROM item_reviews WHERE id = 3": ["review"],
        "DELETE FROM item_reviews WHERE id = 1": ["review gone"],
    }
    with database.reading() as session:
        assert list(fsck.differences(session)) == []
    for change, codes in changes.items():
        with database.writing(unhurried=True) as session:
            for act in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS append_only_item_reviews_{act}"))
            session.execute(text(change))
            assert sorted({found.code for found in fsck.differences(session)}) == codes, change
            session.rollback()


def test_what_rests_on_an_instrument_is_told_page_by_page(
    app: Flask, database: Database, board: Board
) -> None:
    source = {"instrument": "Luật 80/2025/QH15", "article": "Điều 1", "valid_from": None, "valid_to": None}
    place, _ = placed(database, board, *(a_choice(number, source=source) for number in range(1, 61)))
    reviewer = sign_in(app, database, board.reviewer)
    address = f"{place}/instruments?instrument=80/2025/QH15"
    with counted(database) as statements:
        first = reviewer.get(address)
    assert len(statements) <= 16
    assert ("Q-0025" in first, "Q-0026" in first, "60" in first) == (True, False, True)
    last = reviewer.get(f"{address}&page=9")
    assert ("Q-0050" in last, "Q-0051" in last, "Q-0060" in last) == (False, True, True)
