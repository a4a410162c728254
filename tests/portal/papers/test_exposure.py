# SPDX-License-Identifier: Apache-2.0
"""What stood in a held paper is known: the bank counts it, once, and the record tells of it."""

import pytest
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.core.triggers import PREFIX
from exam_portal.items import exposure, fsck
from exam_portal.items.models import Item
from exam_portal.papers.exposure import ERASED, LOST, _untold, tell_banks
from tests.portal.papers.builders import (
    START,
    a_board,
    a_competition,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_opened,
    asking,
)


def test_items_of_an_opened_paper_are_counted_once_and_those_of_a_sealed_one_not(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        paper = a_drawn(session, board, competition, bank)
        a_drawn(session, board, competition, bank, kind="reserve")
        a_sealed(session, board, paper)
    tell_banks(database, START)
    with database.writing(unhurried=True) as session:
        assert exposure.exposure_in_bank(session, bank.id) == {}
        an_opened(session, board, session.merge(paper))
    for _ in range(2):
        tell_banks(database, START)
    with database.reading() as session:
        ids = list(session.scalars(select(Item.id)))
        found = exposure.exposure_of(session, ids)
        assert len(found) == 10
        assert sorted(each.times for each in found.values()) == [0] * 6 + [1] * 4
        assert {each.last_held for each in found.values()} == {None, START}
        (told,) = session.scalars(select(Leaf).where(Leaf.type == "items.uses_kept"))
        assert (told.content["count"], told.content["paper"]) == (4, paper.public_id)
        assert [one for one in fsck.differences(session) if one.code.startswith("uses")] == []


@pytest.mark.engines("sqlite")
def test_a_form_whose_key_is_gone_is_on_record_once_and_asked_for_no_more(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        paper = a_drawn(session, board, a_competition(session, board), bank, asking(2, forms=2))
        an_opened(session, board, a_sealed(session, board, paper))
        session.keys.destroy(paper.forms[1].key_id)
    for _ in range(2):
        tell_banks(database, START)
    with database.writing(unhurried=True) as session:
        (lost,) = session.scalars(select(Leaf).where(Leaf.type == LOST))
        assert (lost.subject, lost.content["forms"]) == (paper.public_id, {"102": ERASED})
        assert len(exposure.exposure_in_bank(session, bank.id)) == 2  # of the other form
        other = a_drawn(session, board, a_competition(session, board, code="TT-7"), bank, asking(2))
        an_opened(session, board, a_sealed(session, board, other))
        session.keys.destroy(other.forms[0].key_id)
    for _ in range(2):
        tell_banks(database, START)
    with database.reading() as session:
        assert len(session.scalars(select(Leaf).where(Leaf.type == LOST)).all()) == 2
        assert _untold(session) == []


@pytest.mark.engines("sqlite")
def test_the_check_names_a_use_that_was_taken_away(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        paper = a_drawn(session, board, a_competition(session, board), an_approved_bank(session, board))
        an_opened(session, board, a_sealed(session, board, paper))
    tell_banks(database, START)
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}item_uses_delete"))
        session.execute(text("DELETE FROM item_uses WHERE id = (SELECT min(id) FROM item_uses)"))
    with database.reading() as session:
        assert "uses" in {one.code for one in fsck.differences(session)}
