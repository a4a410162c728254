# SPDX-License-Identifier: Apache-2.0
"""What the setting board says about an item, and what a reviewer sees of a new version."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.items import fsck
from exam_portal.items.models import Item, ItemBank, ItemComment
from tests.portal.papers.builders import Board, a_bank, a_choice, an_approved_bank, fill
from tests.portal.papers.walking import sign_in

pytestmark = pytest.mark.engines("sqlite")
SAID = "Đáp án B mới đúng theo khoản 2."


def _place(database: Database, board: Board, *versions: dict[str, Any], approved: int = 0) -> str:
    """An item in these versions, of which so many have been approved; the address of its page."""
    with database.writing(unhurried=True) as session:
        bank = a_bank(session, board) if not approved else an_approved_bank(session, board, [versions[0]])
        for number, content in enumerate(versions[approved:], start=approved + 1):
            fill(session, board, bank, [content | {"version": number}], file=f"{number}.json")
        item = session.scalars(select(Item)).one().public_id
        return f"/staff/banks/{bank.public_id}/items/{item}"


def test_the_author_and_a_reviewer_talk_about_an_item_without_moving_it(
    app: Flask, database: Database, board: Board
) -> None:
    place = _place(database, board, a_choice(1, restricted=True))
    author, reviewer = (sign_in(app, database, who) for who in (board.author, board.reviewer))
    reviewer.get(place)
    assert SAID in reviewer.post(f"{place}/comments", words=SAID)
    assert SAID in author.get(place)
    assert "Đã sửa." in author.post(f"{place}/comments", words=" Đã sửa. ")
    author.post(f"{place}/comments", status=422, words="  ")
    with database.reading() as session:
        bank, told = session.scalars(select(ItemBank)).one(), session.scalars(select(ItemComment)).all()
        assert len(told) == 2
        assert not any(SAID.encode() in row.sealed_words for row in told)
        leaves = session.scalars(select(Leaf).where(Leaf.type == "items.commented")).all()
        assert [leaf.content["bank"] for leaf in leaves] == [bank.public_id] * 2
        assert SAID not in str([leaf.content for leaf in leaves])
        assert list(fsck.differences(session)) == []
    with database.writing(unhurried=True) as session:
        session.execute(text("DROP TRIGGER append_only_item_comments_update"))
        session.execute(text("UPDATE item_comments SET by = (SELECT max(id) FROM accounts) WHERE id = 1"))
    with database.reading() as session:
        assert [found.code for found in fsck.differences(session)] == ["comment"]


def test_a_reviewer_sees_what_changed_since_the_version_that_was_approved(
    app: Flask, database: Database, board: Board
) -> None:
    first = a_choice(1, stem="Thời hạn giải quyết là 10 ngày làm việc?")
    second = first | {"stem": "Thời hạn giải quyết là 12 ngày làm việc?"}
    third = first | {"stem": "Thời hạn giải quyết là 15 ngày làm việc?", "level": "apply"}
    third["options"] = [dict(option) for option in first["options"]]
    third["options"][0]["fraction"], third["options"][1]["fraction"] = "0", "1"
    place = _place(database, board, first, second, third, approved=1)
    reviewer = sign_in(app, database, board.reviewer)
    reviewer.client.get("/language/en")
    page = reviewer.get(place)
    assert "10<span" in page
    assert "15<span" in page
    assert ">12<" not in page
    assert page.count("[taken out:") == page.count("[put in:") == 1  # the question text
    assert page.count("after: ") == 3  # level, two shares of the marks
    between = reviewer.get(f"{place}/changes?before=2&after=3")
    assert "12<span" in between
    assert "10<span" not in between
    assert reviewer.get(f"{place}/changes?before=7&after=x").count("after: ") == 3  # as on its own page


def test_the_board_sees_that_an_item_is_earned_only_as_a_whole(
    app: Flask, database: Database, board: Board
) -> None:
    first = a_choice(1, kind="multiple_choice")
    place = _place(database, board, first, first | {"grading": "exact"})
    reviewer = sign_in(app, database, board.reviewer)
    words = "Chỉ được điểm khi đúng toàn bộ"
    assert reviewer.get(place).count(words) == 2  # the fact, and what has changed
    assert reviewer.get(f"{place}/changes?before=1&after=2").count(words) == 1


def test_a_version_that_nothing_precedes_is_compared_with_nothing(
    app: Flask, database: Database, board: Board
) -> None:
    place = _place(database, board, a_choice(1))
    reviewer = sign_in(app, database, board.reviewer)
    assert f"{place}/changes" not in reviewer.get(place)
    assert "[put in:" not in reviewer.get(f"{place}/changes")
