# SPDX-License-Identifier: Apache-2.0
"""Letters leave after the commit and once; until then nobody can read them in the database."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from exam_portal.core import mail, outbox
from exam_portal.core.database import Database
from exam_portal.core.settings import Mail
from tests.harness.mail import Post

NOW = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
Queue = Callable[..., int]


def queue(database: Database, **overrides: object) -> int:
    letter: dict[str, object] = {
        "to": "anh@example.vn",
        "subject": "Giấy triệu tập thí sinh",
        "text": "Mời Ông Nguyễn Văn Ánh có mặt lúc 7 giờ 30.",
    }
    letter["key_id"] = database.keys.create()
    with database.writing() as session:
        mail.queue(session, NOW, **(letter | overrides))  # type: ignore[arg-type]
        return session.scalars(select(outbox.OutboxRow.id).order_by(outbox.OutboxRow.id.desc())).first() or 0


def deliver(database: Database, row_id: int) -> None:
    outbox.perform(database, row_id, lambda: NOW)


def sunk(database: Database) -> list[EmailMessage]:
    files = sorted(mail.sink(database.settings).glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def through_smtp(database: Database, post: Post) -> None:
    settings = database.settings.model_copy(
        update={"mail": Mail(transport="smtp", port=post.port, sender="Kỳ thi <thi@example.vn>")}
    )
    database.settings = settings


def test_a_letter_arrives_with_its_letters(database: Database, post: Post) -> None:
    through_smtp(database, post)
    deliver(database, queue(database, html="<p>Mời Ông</p>"))
    letter = post.to("anh@example.vn")[0]
    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["Subject"] == "Giấy triệu tập thí sinh"
    assert "Nguyễn Văn Ánh" in body.get_content()
    assert letter.get_body(("html",)) is not None
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_repeated_delivery_has_the_same_message_id(database: Database, post: Post) -> None:
    through_smtp(database, post)
    row_id = queue(database)
    with database.reading() as session:
        row = session.get_one(outbox.OutboxRow, row_id)
        job = outbox.Job(
            id=row.id,
            kind=row.kind,
            payload=row.payload,
            created_at=row.created_at,
            now=NOW,
            database=database,
        )
    mail.send(job)
    mail.send(job)
    assert len({letter["Message-ID"] for letter in post.letters}) == 1


def test_the_sink_holds_each_letter_once_however_often_it_is_delivered(database: Database) -> None:
    row_id = queue(database)
    deliver(database, row_id)
    deliver(database, row_id)
    assert [letter["To"] for letter in sunk(database)] == ["anh@example.vn"]


def test_the_letter_of_a_rehearsal_never_leaves(database: Database, post: Post) -> None:
    through_smtp(database, post)
    deliver(database, queue(database, is_rehearsal=True))
    assert (post.letters, len(sunk(database))) == ([], 1)


def test_a_real_letter_leaves_although_rehearsals_are_allowed(database: Database, post: Post) -> None:
    through_smtp(database, post)
    deliver(database, queue(database))
    assert (len(post.letters), sunk(database)) == (1, [])


def test_a_waiting_letter_is_not_legible_in_the_database(database: Database) -> None:
    row_id = queue(database)
    with database.reading() as session:
        stored = str(session.get_one(outbox.OutboxRow, row_id).payload)
    assert "anh@example.vn" not in stored
    assert "triệu" not in stored


@pytest.mark.parametrize("field", ["to", "subject"])
def test_nothing_can_be_smuggled_into_the_headers(database: Database, field: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        queue(database, **{field: "a@example.vn\r\nBcc: everybody@example.vn"})


def test_a_server_that_is_away_leaves_the_letter_waiting(database: Database) -> None:
    database.settings = database.settings.model_copy(update={"mail": Mail(transport="smtp", port=1)})
    row_id = queue(database)
    deliver(database, row_id)
    with database.reading() as session:
        row = session.get_one(outbox.OutboxRow, row_id)
        assert (row.attempts, row.last_error) == (1, "ConnectionRefusedError")
