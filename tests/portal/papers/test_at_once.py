# SPDX-License-Identifier: Apache-2.0
"""Two people do the same thing at the same moment: one wins, the other is told, nothing is doubled."""

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Base, Session
from exam_portal.core.errors import DomainError
from exam_portal.items import errors as item_errors
from exam_portal.items import imports
from exam_portal.items import service as items
from exam_portal.items.models import Item, ItemBank, ItemImport, ItemReview, ItemStage, ItemVersion
from exam_portal.papers import errors, queries, service
from exam_portal.papers.models import Envelope, KeyRelease, Paper, PaperContent, PaperSeal
from question_bank import formats
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import (
    START,
    a_bank,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_file,
    a_sealed,
    an_approved_bank,
    fill,
)


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[DomainError]:
    """Carry the acts out in transactions that begin together; return the refusals."""
    barrier, refusals = threading.Barrier(len(acts)), []

    def run(act: Callable[[Session], object]) -> None:
        barrier.wait(60)
        try:
            with database.writing(unhurried=True) as session:
                act(session)
        except DomainError as problem:
            refusals.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refusals


def _count(database: Database, model: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_taken_in_once(database: Database) -> None:
    content = a_file([a_choice(n) for n in range(1, 31)])
    result = formats.read(content)
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = a_bank(session, board)
        file = session.files.prepare(content, media_type="application/json", key_id=bank.key_id)
        kept = items.keep_import(
            session, board.author, NOW, bank=bank, file_name="x", file=file, report=imports.report(result)
        )

    def commit(session: Session) -> None:
        incoming = imports.incoming(session.keys, bank.key_id, result.items)
        items.commit_import(
            session, board.author, NOW, kept=session.get_one(ItemImport, kept.id), items=incoming
        )

    refusals = at_once(database, commit, commit)
    assert [type(each) for each in refusals] == [item_errors.ImportCommitted]
    assert (_count(database, Item), _count(database, ItemVersion)) == (30, 30)


def test_an_item_is_reviewed_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        fill(session, board, a_bank(session, board), [a_choice(1)])
        version = session.scalars(select(ItemVersion)).one()

    def reviewing(actor: Actor) -> Callable[[Session], object]:
        return lambda session: items.review(
            session,
            actor,
            NOW,
            version=session.get_one(ItemVersion, version.id),
            stage=ItemStage.REVIEWED,
            comment="",
        )

    refusals = at_once(database, reviewing(board.reviewer), reviewing(board.approver))
    assert (len(refusals), _count(database, ItemReview)) == (1, 1)


def test_a_new_item_of_one_id_is_written_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = a_bank(session, board)

    def writing(stem: str) -> Callable[[Session], object]:
        read = formats.read(a_file([a_choice(1, stem=stem)])).items

        def write(session: Session) -> None:
            (item,) = imports.incoming(session.keys, bank.key_id, read)
            items.write_item(
                session, board.author, NOW, bank=session.get_one(ItemBank, bank.id), item=item, is_new=True
            )

        return write

    refusals = at_once(database, writing("Một?"), writing("Hai?"))
    assert [type(each) for each in refusals] == [item_errors.ItemExists]
    assert (_count(database, Item), _count(database, ItemVersion)) == (1, 1)


def test_a_part_has_one_official_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)

    def name(session: Session) -> None:
        service.name_paper(
            session,
            board.author,
            NOW,
            competition=competition,
            part="written",
            kind="official",
            content=PaperContent.OUTSIDE,
        )

    refusals = at_once(database, name, name)
    assert [type(each) for each in refusals] == [errors.PaperExists]
    assert _count(database, Paper) == 1


def test_one_officer_at_two_windows_seals_and_opens_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        paper = a_drawn(session, board, a_competition(session, board), an_approved_bank(session, board))
        seen = service.commitments(paper)

    def seal(session: Session) -> None:
        found = session.get_one(Paper, paper.id)
        service.seal(session, board.author, NOW, paper=found, seen=seen)

    refusals = at_once(database, seal, seal)
    assert [type(each) for each in refusals] == [errors.AlreadySealed]
    assert _count(database, PaperSeal) == 1
    with database.writing(unhurried=True) as session:
        service.seal(session, board.house.chair, NOW, paper=session.get_one(Paper, paper.id), seen=seen)

    def release(session: Session) -> None:
        found = session.get_one(Paper, paper.id)
        service.release_key(session, board.house.chair, START, paper=found, opens_at=START)

    refusals = at_once(database, release, release)
    assert [type(each) for each in refusals] == [errors.AlreadyReleased]
    assert _count(database, KeyRelease) == 1


def test_two_officers_who_open_together_open_the_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        paper = a_drawn(session, board, a_competition(session, board), an_approved_bank(session, board))
        a_sealed(session, board, paper)

    def releasing(actor: Actor) -> Callable[[Session], object]:
        return lambda session: service.release_key(
            session, actor, START, paper=session.get_one(Paper, paper.id), opens_at=START
        )

    assert at_once(database, releasing(board.house.chair), releasing(board.house.secretary)) == []
    with database.reading() as session:
        assert queries.is_released(session, paper.id)


def test_an_envelope_of_one_label_is_registered_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        papers = [
            service.name_paper(
                session,
                board.author,
                NOW,
                competition=competition,
                part="written",
                kind=kind,
                content=PaperContent.OUTSIDE,
            )
            for kind in ("official", "reserve")
        ]

    def registering(paper: Paper) -> Callable[[Session], object]:
        return lambda session: service.register_envelope(
            session,
            board.author,
            NOW,
            paper=session.get_one(Paper, paper.id),
            label="ĐỀ-01",
            seal_no="S-1",
            copies=3,
            minute_no="1/BB",
        )

    refusals = at_once(database, *(registering(paper) for paper in papers))
    assert [type(each) for each in refusals] == [errors.LabelTaken]
    assert _count(database, Envelope) == 1
