# SPDX-License-Identifier: Apache-2.0
"""Erasing people breaks no proof, and nothing of them is left in any file of the installation."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from exam_portal import background
from exam_portal.accounts import holdings
from exam_portal.accounts import service as accounts
from exam_portal.accounts.models import Account
from exam_portal.audit import fsck
from exam_portal.competitions.models import MilestoneKind
from exam_portal.core import mail
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.keystore import KeyErased
from exam_portal.core.storage import Blob
from exam_portal.registration import holdings as applications
from exam_portal.registration import queries, service
from exam_portal.registration.models import Application
from exam_portal.results import bundle
from exam_portal.results import queries as results
from scoring.verify import bundle as verifying
from tests.portal.accounts.erasing import destroy_keys, erase
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, a_house, a_member, go_on
from tests.portal.registration.builders import a_competition, a_form, an_applicant
from tests.portal.results import builders as at
from tests.portal.results.builders import OVER, a_stage

NAME, LOGIN, IDENTITY = "Tôn Nữ Thạch Thảo Vy", "thach.thao.vy@example.vn", "079185044417"
ADDRESS, UNIT = "12 ngõ Tạm Thương, Hà Nội", "Chi cục Thủy lợi Ninh Giang"
FILE_NAME, WORDS = "ly-lich-thach-thao-vy.pdf", "Kính gửi bà Tôn Nữ Thạch Thảo Vy"
PLAIN = [each.encode() for each in (NAME, LOGIN, IDENTITY, ADDRESS, UNIT, FILE_NAME, WORDS)]


@pytest.fixture(autouse=True)
def known() -> None:
    holdings.fill(applications)
    assert list(background.slice_modules("cli"))  # every slice has added its part to fsck


@pytest.fixture
def stored(database: Database, request: pytest.FixtureRequest) -> list[Path]:
    """The folders in which everything lies: the instance, and the data of the cluster."""
    folders = [database.settings.instance.directory]
    if database.kind == "postgresql":
        folders.append(request.getfixturevalue("postgres_cluster").folder)
    return folders


def holds(folders: list[Path], wanted: bytes) -> list[str]:
    """The files in which these bytes stand."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [str(file) for file in files if wanted in _content(file)]


def _content(file: Path) -> bytes:
    """Return what the file holds: nothing when the database, which is running, has removed it meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def a_dossier(database: Database) -> tuple[Account, Actor, Actor, int, str]:
    """Somebody has applied with all that a dossier holds; letters wait; the competition was annulled."""
    with database.writing(unhurried=True) as session:
        house = a_house(session, mark="b")
        second = a_member(session, "tochuc.hai", "Lê Thị Hai")
        competition = a_competition(session, house)
        accounts.register_candidate(
            session, Actor(account_id=None), NOW, name=NAME, email=LOGIN, language="vi"
        )
        own = an_applicant(session, NAME, LOGIN)
        person = session.get_one(Account, own.account_id)
        application = service.start_application(
            session, own, NOW, competition=competition, vacancy=competition.vacancies[0]
        )
        form = a_form(1, identity_number=IDENTITY, address=ADDRESS, present_unit=UNIT)
        service.save_draft(session, own, NOW, application, form)
        service.attach(
            session,
            own,
            NOW,
            application,
            kind="curriculum",
            file_name=FILE_NAME,
            file=service.prepare_attachment(session, application, a_pdf() + NAME.encode()),
        )
        service.submit(session, own, NOW, application=application, competition=competition)
        mail.queue(session, NOW, key_id=person.key_id, to=LOGIN, subject=NAME, text=WORDS)
        go_on(session, house, competition, (MilestoneKind.ANNULLED, ""))
        return person, house.organiser, Actor(account_id=second.id), house.organisation.id, competition.title


def test_t60_neither_database_nor_files_nor_keys_hold_what_was_erased(
    database: Database, stored: list[Path]
) -> None:
    person, first, second, place, title = a_dossier(database)
    key, file = database.keys._key(person.key_id), database.keys._path(person.key_id)
    wrapped = file.read_bytes()
    with database.reading() as session:
        application = session.scalars(select(Application)).one()
        assert queries.form_of(session, application).identity_number == IDENTITY
        index = application.identity_index
    assert index is not None
    with database.writing(unhurried=True) as session:
        account = session.get_one(Account, person.id)
        erase(session, first, second, place, account)
    destroy_keys(database)
    if database.kind == "postgresql":
        with database.writing() as session:
            session.execute(text("CHECKPOINT"))
    assert holds(stored, title.encode())  # the search finds what is there
    assert holds([database.keys.directory], wrapped) == []
    for secret in (*PLAIN, key, wrapped):
        assert holds(stored, secret) == []
    with database.reading() as session:
        application = session.scalars(select(Application)).one()
        assert application.identity_index is None
        with pytest.raises(KeyErased):
            database.keys.open(person.key_id, application.form, queries.FORM_CONTEXT)
        with pytest.raises(KeyErased):
            session.files.read(
                session, session.scalars(select(Blob).where(Blob.key_id == person.key_id)).one()
            )
        assert queries.form_of(session, application).identity_number == ""


def test_t60_whose_key_is_left_is_found(database: Database, stored: list[Path]) -> None:
    person, *_ = a_dossier(database)
    assert holds([database.keys.directory], database.keys._path(person.key_id).read_bytes())


def test_t60_bundle_and_record_stand_when_everybody_is_erased(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=4)
        at.marked(session, stage, {0: ["72", "78"], 1: ["60", "64"], 2: ["70", "70"], 3: ["55", "55"]})
        at.hear(session, stage, {place: [str(80 + place)] * 7 for place in range(4)})
        at.compute(session, stage)
        at.publish(session, stage)
        at.to_recognition(session, stage)
        at.publish(session, stage, "results", OVER)
        second = Actor(account_id=a_member(session, "tochuc.hai", "Lê Thị Hai").id)
        people = [session.get_one(Account, one.account_id) for one in stage.candidates]
        before = {str(found) for found in fsck.differences(session)}  # rows of the stage that no act has made
        for person in people:
            erase(session, stage.office.hall.house.organiser, second, stage.organisation_id, person)
        bundle.seal(session, OVER, at.here(session, stage))
    destroy_keys(database)
    with database.reading() as session:
        report = verifying.check(results.bundle(session, at.here(session, stage)))
        assert report.exit_status == 0, report.text()
        assert {str(found) for found in fsck.differences(session)} == before
        listed = queries.candidates(session, at.here(session, stage).id)
        assert {(entry.name, entry.unit, entry.birth_year) for entry in listed} == {
            ("(erased by decision)", "", None)
        }
