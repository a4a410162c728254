# SPDX-License-Identifier: Apache-2.0
"""The application under test with its people, and how many queries a page takes."""

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from exam_portal import background
from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.papers.draws import JOB
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import Person, grant
from tests.portal.papers.builders import Board, a_board


def settle(database: Database, mark: str = "a") -> Board:
    """An authority whose council and setting board hold their roles in the database."""
    with database.writing(unhurried=True) as session:
        board = a_board(session, mark)
        people = (board.author, board.reviewer, board.approver)
        house = board.house
        for actor in (*people, house.organiser, house.chair, house.secretary):
            grant(session, actor, house.organisation.id, NOW)
        return board


def sign_in(app: Flask, database: Database, actor: Actor | None, now: datetime = NOW) -> Person:
    """A browser in which the person has signed in."""
    return Person.at(app, database, actor, now)


def seal(person: Person, paper: str, status: int = 303) -> str:
    """The officer seals what stands on the page of the paper."""
    page = person.get(paper)
    seen: dict[str, Any] = dict(re.findall(r'name="(form-\d+)" value="([0-9a-f]{64})"', page))
    return person.post(f"{paper}/seal", status=status, **seen)


@contextlib.contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the readers run meanwhile."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = database._reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def draw(person: Person, database: Database, form: str, /, **asked: Any) -> str:
    """The draw is prepared, begun before witnesses and carried out; return its page."""
    return carry_out(person, database, begin(person, form, **asked))


def begin(person: Person, form: str, /, **asked: Any) -> str:
    """The draw is prepared and begun; return its address, while no worker has taken it on."""
    background.load_handlers()
    page = person.post(form, **asked)
    address = str(re.search(r'action="([^"]+)/begin"', page)[1])  # type: ignore[index]
    person.post(f"{address}/begin", witnesses="Nguyễn Văn An, Lê Thị Bình", words="4711 sông Hồng")
    return address


def carry_out(person: Person, database: Database, address: str) -> str:
    """The worker has carried out what waits; return the page of the draw."""
    background.load_handlers()
    with database.reading() as session:
        rows = session.scalars(select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == JOB)).all()
    for row_id in rows:
        outbox.perform(database, row_id, lambda: NOW)
    return person.get(address)
