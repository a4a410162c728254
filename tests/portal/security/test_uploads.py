# SPDX-License-Identifier: Apache-2.0
"""Every way by which a file reaches the portal leads past the virus scanner."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from exam_portal.app import create_app
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Antivirus, Limits, Settings
from exam_portal.core.storage import Blob
from tests.harness.clamd import Scanner
from tests.harness.databases import settings_in
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, a_house, a_member, an_announced, holding
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.papers.builders import a_bank, a_board, a_choice, a_file
from tests.portal.registration.builders import a_competition, an_applicant

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def settings(database_url: str, instance_directory: Path, scanner: Scanner) -> Settings:
    """A portal whose scanner is on."""
    return settings_in(
        instance_directory,
        url=database_url,
        instance={"directory": instance_directory, "rulesets": Path("config/rulesets").resolve()},
        antivirus=scanner.settings.model_dump(),
    )


def portal(database: Database, **changed: object) -> Flask:
    """The portal with other settings on the same database."""
    made = create_app(database.settings.model_copy(update=changed), database, clock=At(NOW))
    made.testing = True
    return made


Send = Callable[[bytes, int], str]


def attaching(app: Flask, database: Database) -> Send:
    """An applicant adds a document to the dossier."""
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        vacancy, applicant = competition.vacancies[0].public_id, an_applicant(session, "Trần Thị An", "an")
        notice = f"/competitions/{competition.public_id}"
    person = Person.at(app, database, applicant, NOW)
    person.get(notice)
    page = person.post(f"/vacancies/{vacancy}/applications")
    address = re.search(r'action="(/me/applications/[a-z2-7]{26}/documents)"', page)
    assert address
    return lambda content, status: person.post(address[1], status, kind="degree", file=upload(content))


def deciding(app: Flask, database: Database) -> Send:
    """A secretary records a decision with the scan of its paper."""
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        grant(session, house.secretary, house.organisation.id, NOW)
        competition = an_announced(session, house)
        address = f"/staff/competitions/{competition.public_id}/decisions/new"
        vacancy = competition.vacancies[0].public_id
    person = Person.at(app, database, house.secretary, NOW)
    person.get(address)
    facts = {
        "kind": "proceed",
        "vacancy": vacancy,
        "page": "1",
        "paper_number": "15/QĐ-HĐTT",
        "paper_issued_on": "20/11/2026",
        "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
    }
    return lambda content, status: person.post(address, status, **facts, paper_scan=upload(content))


def scanning(app: Flask, database: Database) -> Send:
    """The masking board adds the scan of a script; its code is one that nobody printed."""
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        masker = holding(a_member(session, "phach", "Hồ Thu Trang"), Role.MASKING_BOARD, house.organisation)
        grant(session, masker, house.organisation.id, NOW)
        address = f"/staff/competitions/{an_announced(session, house).public_id}/scans"
    person = Person.at(app, database, masker, NOW)
    person.get(address)
    return lambda content, _status: person.post(address, 422, sheet_code="ABCD 2345", scan=upload(content))


def importing(app: Flask, database: Database) -> Send:
    """A setting board brings a file of items."""
    with database.writing(unhurried=True) as session:
        board = a_board(session, "a")
        grant(session, board.author, board.house.organisation.id, NOW)
        address = f"/staff/banks/{a_bank(session, board).public_id}/imports/new"
    person = Person.at(app, database, board.author, NOW)
    person.get(address)
    return lambda content, status: person.post(address, status, file=upload(content, "cau-hoi.json"))


SENDERS = [attaching, deciding, scanning, importing]


def content_for(sender: object, word: str = "clean") -> bytes:
    """Return what the way takes, with the word in it."""
    return a_file([a_choice(1, stem=word)]) if sender is importing else a_pdf() + f"%{word}".encode()


def kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Blob)) or 0


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.__name__)
def test_an_infected_file_is_refused_at_its_field_and_nothing_of_it_is_kept(
    database: Database, scanner: Scanner, catalogues: None, sender: Callable[[Flask, Database], Send]
) -> None:
    content = content_for(sender, "VIRUS")
    assert "phát hiện mã độc" in sender(portal(database), database)(content, 422)
    assert (scanner.seen, kept(database)) == ([content], 0)


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.__name__)
def test_while_the_scanner_is_silent_no_file_is_taken(
    database: Database, catalogues: None, sender: Callable[[Flask, Database], Send]
) -> None:
    away = Antivirus(mode="clamd", address="127.0.0.1:1", timeout_seconds=1)
    assert "không phản hồi" in sender(portal(database, antivirus=away), database)(content_for(sender), 422)
    assert kept(database) == 0


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.__name__)
def test_a_clean_file_is_looked_at_once_and_nobody_waits_for_the_scanner(
    database: Database, scanner: Scanner, catalogues: None, sender: Callable[[Flask, Database], Send]
) -> None:
    send = sender(portal(database), database)
    held: list[bool] = []
    scanner.meanwhile = lambda: held.append(database.lock._lock.locked())
    send(content_for(sender), 303)
    assert (scanner.seen, held) == ([content_for(sender)], [False])


def test_a_file_that_is_too_large_is_refused_before_anybody_looks_at_it(
    database: Database, scanner: Scanner, catalogues: None
) -> None:
    send = deciding(portal(database, limits=Limits(upload_bytes=200_000)), database)
    page = send(b"%PDF-" + b"x" * 200_000, 422)
    assert "Chọn tệp không quá 200 kB" in page
    assert "tối đa 200 kB" in page  # the hint follows the setting, too
    assert scanner.seen == []
