# SPDX-License-Identifier: Apache-2.0
"""A file is examined beside the requests: its page waits and tells a failure, and some files may not stay."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from exam_portal.core.database import Database
from exam_portal.core.keystore import KeyErased
from exam_portal.core.outbox import OutboxRow
from exam_portal.core.storage import Blob
from exam_portal.items import examining, fsck, taking
from exam_portal.items.models import ItemImport
from tests.portal.items.importing import examine, examined, sent
from tests.portal.papers.builders import Board, a_bank, a_choice, a_file
from tests.portal.papers.walking import counted, sign_in

pytestmark = pytest.mark.engines("sqlite")

STAMPED = b"\xef\xbb\xbf" + "TUYỆT MẬT,,,,\nCâu hỏi,A,B,C,Đáp án\nHỏi?,x,y,z,A\n".encode()


@pytest.fixture
def bank(database: Database, board: Board) -> str:
    with database.writing(unhurried=True) as session:
        return a_bank(session, board).public_id


def the_import(database: Database) -> ItemImport:
    with database.reading() as session:
        return session.scalars(select(ItemImport).order_by(ItemImport.id.desc()).limit(1)).one()


def the_bytes(database: Database) -> bytes:
    """What was sent, as the store gives it."""
    with database.reading() as session:
        return session.files.read(session, session.get_one(Blob, the_import(database).blob_id))


def waiting(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(OutboxRow.id).where(OutboxRow.kind == examining.JOB)).all())


def test_the_page_of_a_file_waits_for_its_examination_and_shows_what_was_found(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    report = sent(author, bank, a_file([a_choice(number) for number in range(taking.AT_ONCE + 1)]))
    with counted(database) as statements:
        page = author.get(report)
    assert len(statements) <= 15
    assert "data-running" in page
    assert "Tệp đang được kiểm tra" in page
    assert "đang kiểm tra" in author.get(f"/staff/banks/{bank}/imports/new")
    author.get(report)
    author.post(f"{report}/examine")  # one examination is enough
    author.post(f"{report}/commit", status=409)
    assert waiting(database) == 1
    author.get(f"{report}/items/1", status=404)
    with database.writing() as session:
        session.get_one(ItemImport, the_import(database).id).questions = taking.AT_ONCE + 1
    assert "Đã đọc 501 câu" in author.get(report)
    examine(database)
    assert "501 câu hỏi mới" in author.get(report)
    author.post(f"{report}/examine", status=409)
    assert the_bytes(database).startswith(b"{")


def test_an_examination_that_failed_says_so_and_is_tried_again(
    app: Flask, database: Database, board: Board, bank: str, tmp_path: Path
) -> None:
    author = sign_in(app, database, board.author)
    report = sent(author, bank, a_file([a_choice(1)]))
    with database.reading() as session:
        path = database.files._path(session.get_one(Blob, the_import(database).blob_id).path)
    shutil.move(path, tmp_path / "away")  # the disk has lost it
    examine(database)
    page = author.get(report)
    assert "data-running" not in page
    assert "Chưa hoàn thành" in page or f"{report}/examine" in page
    shutil.move(tmp_path / "away", path)
    assert "data-running" in author.post(f"{report}/examine")
    assert waiting(database) == 1
    examine(database)
    assert "1 câu hỏi mới" in author.get(report)


def test_an_examination_whose_job_is_gone_is_asked_for_again(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    report = sent(author, bank, a_file([a_choice(1)]))
    with database.writing() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.kind == examining.JOB))
    assert f"{report}/examine" in author.get(report)
    author.post(f"{report}/examine")
    examine(database)
    assert f"{report}/commit" in author.get(report)


@pytest.mark.parametrize(
    ("content", "named", "unnamed"),
    [
        (a_file([a_choice(1), a_choice(2, tags=["Tối mật"])]), "Q-0002", "Q-0001"),
        (STAMPED, "TUYỆT MẬT", "Hỏi?"),
        (STAMPED.replace("TUYỆT".encode(), "Đề thi vụ trưởng - Độ mật: Tuyệt".encode()), "MẬT", "vụ trưởng"),
    ],
    ids=["tag", "stamp", "degree"],
)
def test_a_file_with_the_mark_of_a_state_secret_is_erased_and_only_the_mark_is_told(
    app: Flask, database: Database, board: Board, bank: str, content: bytes, named: str, unnamed: str
) -> None:
    author = sign_in(app, database, board.author)
    report = examined(author, bank, content, "de.csv")
    page = author.get(report)
    assert "bí mật nhà nước" in page
    assert "đã bị xóa" in page
    assert named in page
    assert unnamed not in page
    with pytest.raises(KeyErased):
        the_bytes(database)
    assert the_import(database).items_blob_id is None
    author.post(f"{report}/commit", status=409)
    author.post(f"{report}/commit", status=409, without_refused="1")


def test_where_no_network_is_a_marked_file_is_taken(
    app: Flask, database: Database, board: Board, bank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = database.settings.instance.model_copy(update={"connected": False})
    monkeypatch.setattr(database, "settings", database.settings.model_copy(update={"instance": instance}))
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file([a_choice(1, tags=["Tối mật"])]))
    assert "1 câu hỏi mới" in author.get(report)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "khai báo kiểu tài liệu"),
        (b"\xff\xfe{}", ""),
        (b"[" * 100_000, ""),
        (b"no file of items", ""),
    ],
    ids=["entity", "encoding", "depth", "nothing"],
)
def test_a_file_of_which_nothing_can_be_read_says_why_and_is_not_kept(
    app: Flask, database: Database, board: Board, bank: str, content: bytes, reason: str
) -> None:
    author = sign_in(app, database, board.author)
    report = examined(author, bank, content, "de.xml")
    page = author.get(report)
    assert "Tệp còn lỗi" in page
    assert reason in page
    assert f"{report}/commit" not in page
    with pytest.raises(KeyErased):
        the_bytes(database)


def test_the_record_tells_what_was_sent_and_what_its_examination_found(
    app: Flask, database: Database, board: Board, bank: str
) -> None:
    author = sign_in(app, database, board.author)
    author.post(f"{examined(author, bank, a_file([a_choice(1)]))}/commit")
    examined(author, bank, b"nothing")
    sent(author, bank, a_file([a_choice(2)]))
    changes = {
        "UPDATE item_imports SET report = '{}' WHERE id = 1": ["report"],
        "UPDATE item_imports SET at = '2020-01-01' WHERE id = 3": ["file"],
        "UPDATE item_imports SET blob_id = (SELECT min(id) FROM blobs) WHERE id = 2": ["file"],
    }
    with database.reading() as session:
        assert list(fsck.differences(session)) == []
    for change, codes in changes.items():
        with database.writing(unhurried=True) as session:
            session.execute(text("DROP TRIGGER IF EXISTS append_only_item_imports_update"))
            session.execute(text(change))
            assert sorted({found.code for found in fsck.differences(session)}) == codes, change
            session.rollback()
