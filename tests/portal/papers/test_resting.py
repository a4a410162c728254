# SPDX-License-Identifier: Apache-2.0
"""A draw keeps to what the bank says: enemies by tag, questions that rest, and how much forms may share."""

from datetime import date, datetime, timedelta

import pytest

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.items.models import ItemBank
from exam_portal.papers import asked as asking_module
from exam_portal.papers import drawing, errors, exposure, opened, preparing, resting
from exam_portal.papers.asked import Asked
from question_bank.item import Item
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import (
    START,
    Board,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_opened,
    approve_all,
    asking,
    fill,
    read,
)

LATER = START + timedelta(days=61)  # more than one month after, less than three


def _asked(session: Session, bank: ItemBank, asked: Asked, day: date | None = None) -> Asked:
    pool = preparing.pool(session, bank, day or NOW.date(), written=False)
    return resting.with_bank(session, bank, asked, pool)


def _held(session: Session) -> tuple[Board, ItemBank, frozenset[str]]:
    """Four of ten questions stood in a paper that was opened."""
    board = a_board(session)
    bank = an_approved_bank(session, board)
    paper = a_drawn(session, board, a_competition(session, board), bank)
    held = opened.items_of(session, paper)
    an_opened(session, board, a_sealed(session, board, paper))
    return board, bank, held


def test_a_case_study_is_restricted_and_in_force_by_all_its_questions() -> None:
    def a_case(**inner: object) -> Item:
        case = {
            **a_choice(1),
            "kind": "case_study",
            "stimulus": "Tình huống.",
            "items": [a_choice(2, **inner)],
        }
        del case["options"], case["marks"]
        (item,) = read([case])
        return item

    over = {"instrument": "Luật 22/2008/QH12", "article": None, "valid_from": None, "valid_to": "2020-06-30"}
    assert not drawing.is_in_force(a_case(source=over), NOW.date())
    assert drawing.is_in_force(a_case(source=over), date(2020, 6, 30))
    assert drawing.is_in_force(a_case(), NOW.date())
    assert (a_case(restricted=True).restricted, a_case().restricted) == (True, False)


def test_a_paper_is_drawn_in_the_language_that_most_of_its_bank_has(database: Database) -> None:
    assert preparing.commonest(["vi", "en", "vi"]) == "vi"
    assert preparing.commonest(["vi", "en"]) == "en"  # by its code where as many have another
    assert preparing.commonest([]) == "vi"
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        fill(session, board, bank, [a_choice(n) for n in range(11, 15)], file="en.json", language="en")
        approve_all(session, board, bank)
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        assert [item.language for item in pool.items] == ["vi"] * 10
        ((_, drawn),) = preparing.draw(session, pool, asking(), kind="official")
        assert drawn.forms[0].item_count == 4


def test_a_question_rests_after_so_many_papers_or_for_so_many_months_unless_it_is_asked_for(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        _, bank, held = _held(session)
    exposure.tell_banks(database, START)
    with database.reading() as session:
        found = _asked(session, bank, asking(6, max_exposure=1))
        assert set(found.resting) == held
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        ((_, drawn),) = preparing.draw(session, pool, found, kind="official")
        assert drawn.forms[0].item_count == 6
        more = _asked(session, bank, asking(7, max_exposure=1))
        with pytest.raises(errors.BankLacks) as refused:
            preparing.require_enough(pool, more, kind="official")
        assert refused.value.resting == 4
        assert not _asked(session, bank, asking(6, max_exposure=2)).resting
        assert set(_asked(session, bank, asking(6, cool_down_months=3), LATER.date()).resting) == held
        assert not _asked(session, bank, asking(6, cool_down_months=1), LATER.date()).resting
        one = min(held)
        kept = _asked(session, bank, asking(6, max_exposure=1, included=(one,)))
        assert set(kept.resting) == held - {one}
        assert asking_module.of(kept.whole()) == kept


def test_enemies_by_tag_and_by_hand_never_meet_and_an_included_question_is_in_every_form(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        tagged = [a_choice(n, tags=["enemies:thẩm quyền"]) for n in range(1, 5)]
        bank = an_approved_bank(session, board, [*tagged, *(a_choice(n) for n in range(5, 12))])
        asked = _asked(session, bank, asking(5, enemies=[("Q-0005", "Q-0006")], included=("Q-0007",)))
        assert asked.bank_enemies == (("Q-0001", "Q-0002", "Q-0003", "Q-0004"),)
        paper = a_drawn(session, board, a_competition(session, board), bank, asked)
        held = opened.items_of(session, paper)
        assert "Q-0007" in held
        assert len(held & {"Q-0001", "Q-0002", "Q-0003", "Q-0004"}) <= 1
        assert not {"Q-0005", "Q-0006"} <= held
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        with pytest.raises(errors.NotApproved):
            preparing.require_enough(pool, asking(3, included=("Q-9999",)), kind="official")


def test_forms_share_no_more_than_is_allowed(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        asked = asking(6, forms=2, may_share=True, max_shared=2)
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        ((_, drawn),) = preparing.draw(session, pool, asked, kind="official")
        assert [form["shared"] for form in drawn.balance] == [2, 2]
        few = asking(6, forms=2, may_share=True, max_shared=1)
        with pytest.raises(errors.BankLacks):
            preparing.draw(session, pool, few, kind="official")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 13, "2024-12-15"), ("2028-02-29", 12, "2027-02-28")],
)
def test_months_are_counted_back_to_a_day_that_exists(day: str, months: int, before: str) -> None:
    assert resting.months_before(datetime.fromisoformat(day).date(), months) == date.fromisoformat(before)
