# SPDX-License-Identifier: Apache-2.0
"""Files that a setting board brings through the pages."""

from sqlalchemy import select
from werkzeug.test import TestResponse

from exam_portal import background
from exam_portal.core import erasing, outbox
from exam_portal.core.database import Database
from exam_portal.core.outbox import OutboxRow
from exam_portal.items import examining
from exam_portal.web import database as web_database
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import Person, upload


def send(person: Person, bank: str, content: bytes, name: str = "cau-hoi.json") -> TestResponse:
    """The file is sent; return the answer."""
    person.get(f"/staff/banks/{bank}/imports/new")
    return person.client.post(
        f"/staff/banks/{bank}/imports/new",
        data={"csrf_token": person.token, "file": upload(content, name)},
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def sent(person: Person, bank: str, content: bytes, name: str = "cau-hoi.json") -> str:
    """The file has been sent; return its address, under which its examination is awaited."""
    response = send(person, bank, content, name)
    assert response.status_code == 303, response.get_data(as_text=True)[:2000]
    return response.headers["Location"]


def examined(person: Person, bank: str, content: bytes, name: str = "cau-hoi.json") -> str:
    """The file has been sent and examined; return the address of its report."""
    report = sent(person, bank, content, name)
    with person.client.application.app_context():
        examine(web_database.database())
    return report


def examine(database: Database) -> None:
    """The worker has taken on what waits to be examined, and what was to be erased after it."""
    background.load_handlers()
    for kind in (examining.JOB, erasing.JOB):
        with database.reading() as session:
            rows = session.scalars(select(OutboxRow.id).where(OutboxRow.kind == kind)).all()
        for row_id in rows:
            outbox.perform(database, row_id, lambda: NOW)
