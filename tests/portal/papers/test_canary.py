# SPDX-License-Identifier: Apache-2.0
"""Before a paper is opened no word of its restricted items is to be had: a canary is sought everywhere.

Sought in the answers of every address to every role, in documents, logs, statements, files, the backup, the
bundle and every row of every table. That the search would find it is shown with items that are not
restricted, and with the same paper once it is open.
"""

import dataclasses
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from exam_portal.competitions.models import Competition
from exam_portal.core import backup, schema
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.items.models import Item
from exam_portal.papers import queries as papers
from exam_portal.papers.models import Paper
from exam_portal.results import bundle
from exam_portal.sittings import service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.sittings.attempts.queries import place_of
from exam_portal.sittings.models import Attempt
from tests.architecture import matrix
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.papers.builders import (
    CANARY,
    Board,
    a_choice,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_opened,
    asking,
)
from tests.portal.sittings.builders import LISTED, START, a_hall, check_in, here
from tests.portal.sittings.computers import seated

SOUGHT = "canarykhongaidocduoc"
SUBJECT = f"{CANARY} chủ đề"
IDS = "maucanary"  # the ids of the items: they tell which were drawn
ONLY_BANKS = re.compile(r"/staff/banks(/|$)")
NEVER = re.compile(r"[^a-z0-9]")


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """A hall in its places before the start; its paper is sealed, nobody has opened it."""

    board: Board
    invigilator: Actor
    candidate: Actor
    paper_id: int
    sitting_id: int
    competition_id: int
    attempt: str
    lease: str
    item: str


def _item(number: int, *, restricted: bool) -> dict[str, object]:
    said = f"{CANARY} {number}"
    options = [
        {"id": "a", "text": f"Cả A và B, {said}", "fraction": "1"},  # positional: the report warns of it
        {"id": "b", "text": said, "fraction": "0"},
    ]
    source = {"instrument": said, "article": said, "valid_from": None, "valid_to": None}
    return a_choice(
        number,
        id=f"MAU-CANARY-{number}",
        title=said,
        stem=said,
        options=options,
        source=source,
        tags=[said],
        topics=[SUBJECT],
        feedback=said,
        restricted=restricted,
    )


def a_scene(database: Database, *, restricted: bool) -> Scene:
    """Set the scene through the verbs of every day."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        house = hall.house
        author, reviewer, approver = [
            holding(a_member(session, f"de.{name}", name), Role.SETTING_BOARD, house.organisation)
            for name in ("Phạm Thu Hà", "Đỗ Quang Huy", "Vũ Thị Mai")
        ]
        board = Board(house=house, author=author, reviewer=reviewer, approver=approver)
        for actor in (author, reviewer, approver, house.chair, house.secretary, hall.invigilator):
            grant(session, actor, house.organisation.id, LISTED)
        competition = here(session, hall)
        bank = an_approved_bank(session, board, [_item(n, restricted=restricted) for n in range(1, 7)])
        paper = a_drawn(
            session, board, competition, bank, asking(4, counts={(SUBJECT, "understand"): 4}), now=LISTED
        )
        a_sealed(session, board, paper, now=LISTED)
        sitting = seated(session, hall)
        service.prepare(session, hall.secretary, LISTED, sitting=sitting)
        service.summon(session, hall.secretary, LISTED, competition=competition)
        for seat in sitting.seats:
            check_in(session, hall, seat)
        attempt = session.scalars(select(Attempt).order_by(Attempt.id)).first()
        assert attempt is not None
        lease = attempts.take_attempt(session, Actor(account_id=None), START, attempt=attempt, device="test")
        candidate = hall.candidates[0].account_id
        return Scene(
            board=board,
            invigilator=hall.invigilator,
            candidate=Actor(account_id=candidate, is_candidate=True),
            paper_id=paper.id,
            sitting_id=sitting.id,
            competition_id=competition.id,
            attempt=attempt.public_id,
            lease=lease,
            item=session.scalars(select(Item.public_id).order_by(Item.id)).first() or "",
        )


def plain(text: str) -> str:
    """The text as the search sees it: however it is cut, folded or escaped."""
    return NEVER.sub("", text.lower())


def words(answer: TestResponse) -> str:
    """Everything an answer says, documents and archives unpacked, headers included."""
    body = answer.get_data()
    if answer.mimetype == "application/pdf":
        told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    elif body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            told = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    else:
        told = body.decode(errors="replace")
    return plain(f"{answer.headers} {told}")


def answers(app: Flask, database: Database, scene: Scene, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield address, reader and what was answered: every address and role, then those it is about."""
    stage = matrix.Stage(app, database)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for rule in rules:
        for person in matrix.PERSONS:
            yield stage.address(rule), person, words(stage.answer("GET", rule, person, headers={}))
    bank = f"/staff/banks/{stage.ids['item_banks']}/items/{scene.item}"
    for actor in (scene.board.author, scene.board.house.chair, scene.invigilator, scene.candidate):
        client = Person.at(app, database, actor, now).client
        _hold(app, database, client, scene, now)
        for address in (bank, f"/sit/{scene.attempt}", *_own(scene)):
            yield address, str(actor.account_id), words(client.get(address))


def _own(scene: Scene) -> list[str]:
    return [f"/sit/attempts/{scene.attempt}/{what}" for what in ("state", "paper")]


def _hold(app: Flask, database: Database, client: object, scene: Scene, now: datetime) -> None:
    """Give the browser the token of the device that holds the attempt."""
    path = AnswerPath(database, database.settings.sittings)
    with database.reading() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.public_id == scene.attempt)).one()
        client.set_cookie(f"sitting-{scene.attempt[:10]}", path.issue(attempt, scene.lease, 0, now))  # type: ignore[attr-defined]


def rows(session: Session) -> str:
    """Every row of every table, as the search sees it."""
    tables = schema.metadata().sorted_tables
    found = (row for table in tables for row in session.execute(table.select()))
    return plain(" ".join(_cell(value) for row in found for value in row))


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def files(folder: Path) -> list[str]:
    """The files that hold the canary."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path.name for path in found if SOUGHT in plain(path.read_bytes().decode(errors="replace"))]


@pytest.mark.engines("sqlite")
def test_no_role_address_log_file_backup_or_bundle_tells_a_word_of_a_sealed_paper(
    app: Flask,
    database: Database,
    clock: At,
    instance_directory: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)  # statements with what they bring
    clock.set(START)
    try:
        with capture_logs() as logged:
            scene = a_scene(database, restricted=True)
            told = list(answers(app, database, scene, START))
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert len(told) > 2000
    assert {address for address, _, body in told if SOUGHT in body} == {
        address
        for address, _, _ in told
        if address.startswith("/staff/banks/") and address.endswith(scene.item)
    }  # the page of the item itself, to its setting board
    readers = {reader for address, reader, body in told if SOUGHT in body}
    assert readers <= {Role.SETTING_BOARD.value, str(scene.board.author.account_id)}
    assert [(at, who) for at, who, body in told if IDS in body and not ONLY_BANKS.match(at)] == []
    assert "INSERT INTO" in caplog.text
    assert SOUGHT not in plain(caplog.text)
    assert SOUGHT not in plain(str(logged))
    outside = tmp_path / "outside"
    backup.make(database.settings, outside / "copy")
    with database.reading() as session:
        packed = bundle.packed(session, session.get_one(Competition, scene.competition_id))
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(outside / "bundle")
        assert SOUGHT not in rows(session)
    assert files(instance_directory) == []
    assert files(outside) == []


def test_no_row_tells_a_word_of_restricted_items(database: Database) -> None:
    scene = a_scene(database, restricted=True)
    with database.reading() as session:
        assert SOUGHT not in rows(session)
        assert not papers.is_released(session, scene.paper_id)


def test_the_search_finds_items_that_are_not_restricted(
    database: Database, instance_directory: Path, tmp_path: Path
) -> None:
    a_scene(database, restricted=False)
    with database.reading() as session:
        assert SOUGHT in rows(session)
    if database.kind == "sqlite":
        copied = tmp_path / "copy"
        backup.make(database.settings, copied)
        assert files(copied) == ["portal.sqlite3"]
        assert files(instance_directory)


@pytest.mark.engines("sqlite")
def test_the_search_finds_the_paper_once_it_is_open(app: Flask, database: Database, clock: At) -> None:
    clock.set(START)
    scene = a_scene(database, restricted=True)
    client = Person.at(app, database, scene.candidate, START).client
    _hold(app, database, client, scene, START)
    assert [SOUGHT in words(client.get(address)) for address in _own(scene)] == [False, False]
    with database.writing(unhurried=True) as session:
        an_opened(session, scene.board, session.get_one(Paper, scene.paper_id), now=START)
        place = place_of(session, scene.attempt)
        assert place is not None
        service.start(session, scene.invigilator, START, sitting=place.sitting)
    shown = words(client.get(_own(scene)[1]))
    assert SOUGHT in shown
    assert IDS in shown
