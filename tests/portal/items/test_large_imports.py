# SPDX-License-Identifier: Apache-2.0
"""A large file is taken in portion by portion: nobody waits long, and nobody ever sees a part of it."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from exam_portal.core.database import Database
from exam_portal.items import arrivals, errors, imports, queries, service, standings
from exam_portal.items.imports import Incoming
from exam_portal.items.models import ItemBank, ItemImport, ItemStage
from question_bank import formats
from tests.portal.competitions.builders import NOW
from tests.portal.papers.builders import Board, a_bank, a_board, a_choice, a_file

LARGE = 5_000


@dataclasses.dataclass(slots=True)
class Desk:
    """A setting board with one bank; what it does takes one short transaction each."""

    database: Database
    board: Board
    bank_id: int
    key_id: str

    @classmethod
    def of(cls, database: Database) -> "Desk":
        """An empty bank."""
        with database.writing(unhurried=True) as session:
            board = a_board(session)
            bank = a_bank(session, board)
            return cls(database, board, bank.id, bank.key_id)

    def read(self, native: Sequence[dict[str, Any]]) -> tuple[int, list[Incoming]]:
        """The file has been read and kept; return the import and its items."""
        content = a_file(native)
        result = formats.read(content)
        file = self.database.files.prepare(content, media_type="application/json", key_id=self.key_id)
        items, report = (
            imports.incoming(self.database.keys, self.key_id, result.items),
            imports.report(result),
        )
        with self.database.writing() as session:
            kept = service.keep_import(
                session,
                self.board.author,
                NOW,
                bank=session.get_one(ItemBank, self.bank_id),
                file_name="items.json",
                file=file,
                report=report,
            )
            return kept.id, items

    def stage(self, import_id: int, items: Sequence[Incoming]) -> None:
        """These items of the file are written."""
        with self.database.writing() as session:
            kept = session.get_one(ItemImport, import_id)
            service.stage_import(session, self.board.author, NOW, kept=kept, items=items)

    def commit(self, import_id: int, items: Sequence[Incoming]) -> tuple[int, int, int]:
        """The file is taken in; return how many items were new, changed and known."""
        with self.database.writing() as session:
            kept = session.get_one(ItemImport, import_id)
            plan = service.commit_import(session, self.board.author, NOW, kept=kept, items=items)
            return len(plan.new), len(plan.changed), plan.unchanged

    def write(self, item: dict[str, Any], *, is_new: bool) -> int:
        """Somebody writes one item; return its version."""
        (entry,) = imports.incoming(self.database.keys, self.key_id, formats.read(a_file([item])).items)
        with self.database.writing() as session:
            bank = session.get_one(ItemBank, self.bank_id)
            written = service.write_item(
                session, self.board.reviewer, NOW, bank=bank, item=entry, is_new=is_new
            )
            return written.version

    def seen(self) -> tuple[int, ...]:
        """How many items each way of reading the bank shows."""
        with self.database.reading() as session:
            bank = session.get_one(ItemBank, self.bank_id)
            nothing = queries.Filter()
            return (
                {held.id: n for held, n in queries.banks(session, [bank.organisation_id])}[bank.id],
                queries.search(session, bank.id, nothing)[1],
                sum(queries.counts(session, bank.id).values()),
                len(arrivals.known(session, bank.id)),
                len(queries.heads(session, bank.id, nothing)),
                len(queries.every(session, bank.id, stage=ItemStage.DRAFT, kinds=["single_choice"])),
                len(queries.topics(session, bank.id)),
            )

    def version(self, external_id: str) -> tuple[int, str]:
        """The last version of an item with its stem."""
        with self.database.reading() as session:
            found = queries.last_version(session, self.bank_id, external_id)
            return found.version, service.content_of(session, found).stem


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk.of(database)


@pytest.mark.engines("sqlite")
def test_thousands_of_items_are_taken_in_and_reviewed_without_holding_the_writer_for_long(desk: Desk) -> None:
    import_id, items = desk.read([a_choice(number) for number in range(LARGE)])
    for portion in imports.portions(items):
        desk.stage(import_id, portion)
    assert desk.seen() == (0,) * 7
    assert desk.commit(import_id, items) == (LARGE, 0, 0)
    assert desk.seen() == (*(LARGE,) * 5, 0, 1)
    with desk.database.reading() as session:
        bank, board = session.get_one(ItemBank, desk.bank_id), desk.board
        facts: dict[str, Any] = {"wanted": queries.Filter(), "stage": ItemStage.REVIEWED}
        found = service.movable(session, board.reviewer, bank=bank, **facts)
    moved = 0
    for among in imports.portions([head.id for head in found]):
        with desk.database.writing() as session:
            moved += service.review_all(session, board.reviewer, NOW, bank=bank, among=among, **facts)
    assert moved == LARGE


def test_nothing_of_a_file_is_seen_before_all_of_it_is(desk: Desk) -> None:
    desk.write(a_choice(1), is_new=True)
    before = desk.seen()
    import_id, items = desk.read([a_choice(1, stem="Câu đã sửa?"), a_choice(2), a_choice(3)])
    desk.stage(import_id, items)
    assert desk.seen() == before
    assert desk.version("Q-0001")[0] == 1
    with desk.database.reading() as session:
        stamp = queries.pool_stamp(session, desk.bank_id)
        assert queries.item(session, desk.bank_id, _public_id(desk, "Q-0001")).versions[-1].version == 1
        assert standings.is_last(session, queries.last_version(session, desk.bank_id, "Q-0001"))
    assert desk.commit(import_id, items) == (2, 1, 0)
    assert desk.version("Q-0001") == (2, "Câu đã sửa?")
    assert desk.seen()[:5] == (3,) * 5
    with desk.database.reading() as session:
        assert queries.pool_stamp(session, desk.bank_id) != stamp


def test_what_a_crash_left_is_completed_by_the_next_try(desk: Desk) -> None:
    import_id, items = desk.read([a_choice(number) for number in range(6)])
    desk.stage(import_id, items[:4])
    desk.stage(import_id, items)
    assert desk.commit(import_id, items) == (6, 0, 0)
    with pytest.raises(errors.ImportCommitted):
        desk.stage(import_id, items)
    assert desk.seen()[:5] == (6,) * 5


def test_what_a_crash_left_of_another_file_is_in_nobody_s_way(desk: Desk) -> None:
    abandoned, items = desk.read([a_choice(1, stem="Bỏ dở?"), a_choice(2, stem="Bỏ dở?")])
    desk.stage(abandoned, items)
    assert desk.write(a_choice(1, stem="Viết tay?"), is_new=True) == 2
    import_id, fresh = desk.read([a_choice(2, stem="Tệp mới?")])
    assert desk.commit(import_id, fresh) == (1, 0, 0)
    assert (desk.version("Q-0001")[1], desk.version("Q-0002")[1]) == ("Viết tay?", "Tệp mới?")


def test_a_file_whose_items_somebody_has_written_meanwhile_is_not_taken_in(desk: Desk) -> None:
    import_id, items = desk.read([a_choice(1, stem="Từ tệp?"), a_choice(2)])
    desk.stage(import_id, items)
    desk.write(a_choice(1, stem="Viết tay?"), is_new=True)
    with pytest.raises(errors.ImportOvertaken):
        desk.commit(import_id, items)
    assert desk.version("Q-0001")[1] == "Viết tay?"
    assert desk.seen()[:5] == (1,) * 5


def _public_id(desk: Desk, external_id: str) -> str:
    with desk.database.reading() as session:
        entries, _ = queries.search(session, desk.bank_id, queries.Filter())
        return next(entry.public_id for entry in entries if entry.external_id == external_id)
