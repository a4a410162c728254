# SPDX-License-Identifier: Apache-2.0
"""Pages of a paper: keys, printing, correcting and revealing, in both languages, wide and narrow."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.core.database import Database
from exam_portal.papers import copies, draws, errata, preparing, resting, revealing, splitting
from exam_portal.sittings.models import Sitting
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    START,
    Board,
    a_competition,
    a_drawn,
    a_sealed,
    a_sitting,
    an_approved_bank,
    an_essay,
    an_opened,
    asking,
)
from tests.portal.papers.test_demands import HARD
from tests.portal.papers.test_draws import WORDS, carry_out
from tests.portal.papers.test_revealing import OVER, end
from tests.portal.reading import read_pages

GRADED = range(1, 12)
pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.thorough]


def test_officers_read_what_to_do_with_their_shares(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    holders = (board.author, board.house.chair, board.house.secretary)
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        paper = a_drawn(session, board, competition, bank)
        a_sitting(session, board, competition, NOW)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
    read_pages(app, database, NOW, new_person, album, [("split", board.author, f"{place}/split")])
    with database.writing(unhurried=True) as session:
        ids = [holder.account_id for holder in holders if holder.account_id is not None]
        prepared = splitting.prepare(
            session, paper=session.get_one(type(paper), paper.id), holders=ids, threshold=2
        )
        splitting.split(session, board.author, NOW, paper=paper, prepared=prepared)
        words = splitting.own_share(session, board.author, paper)
        splitting.take_share(session, board.author, NOW, paper=paper, typed=words)
    shown = [
        ("waiting", board.author, place),
        ("share-offered", board.house.chair, place),
        ("share", board.house.chair, f"{place}/share"),
    ]
    read_pages(app, database, NOW, new_person, album, shown)
    with database.writing(unhurried=True) as session:
        for holder in holders[1:]:
            words = splitting.own_share(session, holder, paper)
            splitting.take_share(session, holder, NOW, paper=paper, typed=words)
        a_sealed(session, board, session.get_one(type(paper), paper.id))
    shown = [("sealed", board.house.chair, place), ("open", board.house.chair, f"{place}/open")]
    read_pages(app, database, NOW, new_person, album, shown)


def test_the_board_reads_when_a_paper_may_be_printed(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, an_approved_bank(session, board))
        a_sitting(session, board, competition)
        a_sealed(session, board, paper)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}/print"
    read_pages(app, database, NOW, new_person, album, [("print-asked", board.author, place)])
    with database.writing(unhurried=True) as session:
        for member in (board.author, board.reviewer):
            copies.allow(session, member, NOW, paper=paper, mode="paper", opens_at=START)
    shown = [("print-allowed", board.author, place), ("print-closed", board.house.chair, place)]
    read_pages(app, database, NOW, new_person, album, shown)


def test_the_board_reads_what_it_asks_for_and_why_nothing_was_drawn(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    essays = [
        an_essay(n, difficulty=("0.9", "0.5", "0.1")[n % 3], tags=["enemies:x"] * (n < 5)) for n in GRADED
    ]
    lacking = asking(5, forms=2, bands=(HARD,))
    with database.writing(unhurried=True) as session:
        competition, bank = a_competition(session, board), an_approved_bank(session, board, essays)
        pool = preparing.pool(session, bank, NOW.date(), written=True)
        asked = resting.with_bank(session, bank, lacking, pool)
        draw = draws.prepare(
            session, board.author, NOW, competition=competition, part="written", kind="official", bank=bank,
            asked=asked, committed=draws.commit(session.keys, asked, "official"), pool=pool, ready_from=None,
        )  # fmt: skip
        draws.begin(session, board.author, NOW, draw=draw, **WORDS)
        place = f"/staff/competitions/{competition.public_id}/exam-papers"
    carry_out(database, draw)
    shown = [
        ("blueprint", board.author, f"{place}/draw/written/official/{bank.public_id}"),
        ("lacking", board.author, f"{place}/draws/{draw.public_id}"),
    ]
    read_pages(app, database, NOW, new_person, album, shown)


def test_corrections_and_the_revealing_of_a_paper_read_well_wide_and_narrow(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album, clock: At
) -> None:
    told = {"words": "“2024” sửa thành “2025”.", "reason": "Luật đã sửa đổi"}
    author, reviewer, chair = board.author, board.reviewer, board.house.chair
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, an_approved_bank(session, board))
        a_sealed(session, board, paper)
        sitting = a_sitting(session, board, competition)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
        wrong, right = (
            errata.propose(session, author, NOW, paper=paper, forms=["101"], **told) for _ in range(2)
        )
        for each in (wrong, right):
            errata.approve(session, reviewer, NOW, erratum=each)
        undo = f"{place}/errata/{wrong.public_id}/withdraw"
    shown = [
        ("corrections", author, place),
        ("correct", author, f"{place}/errata/new"),
        ("withdraw", author, undo),
    ]
    read_pages(app, database, NOW, new_person, album, shown)
    with database.writing(unhurried=True) as session:
        words = "Văn bản gốc đúng: giữ nguyên đề."
        undone = errata.propose_withdrawal(session, author, NOW, erratum=wrong, words=words)
        errata.approve(session, reviewer, NOW, erratum=undone)
        an_opened(session, board, paper)
    read_pages(app, database, NOW, new_person, album, [("reveal-too-early", chair, place)])
    with database.writing(unhurried=True) as session:
        end(session, session.get_one(Sitting, sitting.id))
    clock.set(OVER)
    read_pages(app, database, OVER, new_person, album, [("reveal", chair, place)])
    with database.writing(unhurried=True) as session:
        revealing.reveal(session, chair, OVER, paper=session.get_one(type(paper), paper.id))
    waiting = [("reveal-waits", chair, place), ("reveal-second", author, place)]
    read_pages(app, database, OVER, new_person, album, waiting)
    with database.writing(unhurried=True) as session:
        revealing.reveal(session, author, OVER, paper=session.get_one(type(paper), paper.id))
    revealed = [("revealed", author, place), ("revealed-organiser", board.house.organiser, place)]
    read_pages(app, database, OVER, new_person, album, revealed)
