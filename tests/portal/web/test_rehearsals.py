# SPDX-License-Identifier: Apache-2.0
"""A rehearsal has a clock, a budget, a mail sink and a watermark of its own, and is listed nowhere; a real
competition ignores all of it, also where rehearsals are allowed."""

import re
import types
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.app import create_app
from exam_portal.audit import service as audit
from exam_portal.competitions import printing, rehearsals
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core import outbox
from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.results import letters
from exam_portal.results.models import Publication
from exam_portal.web import context
from tests.portal.competitions.builders import NOW, House, a_house, an_announced
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.sittings.builders import a_candidate

pytestmark = pytest.mark.engines("sqlite")
AHEAD = 3600
KINDS = [CompetitionKind.REHEARSAL, CompetitionKind.REAL]


def portal(database: Database, *, enabled: bool = True, **limits: int) -> Flask:
    """The portal with rehearsals allowed (or not), on the same database."""
    values = database.settings.model_dump()
    values["rehearsal"]["enabled"] = enabled
    values["limits"].update(limits)
    made = create_app(Settings.model_validate(values), database, clock=At(NOW))
    made.testing = True
    return made


@pytest.fixture
def house(database: Database) -> House:
    with database.writing(unhurried=True) as session:
        made = a_house(session)
        grant(session, made.organiser, made.organisation.id, NOW)
    return made


def a_competition(database: Database, house: House, kind: CompetitionKind) -> Competition:
    with database.writing(unhurried=True) as session:
        return an_announced(session, house, kind=kind, code=kind.value, rehearsals_enabled=True)


def token_of(database: Database, competition: Competition) -> dict[str, str]:
    found = rehearsals.token(database.keys, competition)
    assert found is not None
    return {rehearsals.HEADER: found}


def statuses(app: Flask, headers: dict[str, str], times: int = 4) -> list[int]:
    return [app.test_client().get("/competitions", headers=headers).status_code for _ in range(times)]


# --- its budget


def test_requests_with_its_token_draw_on_the_rehearsals_budget(database: Database, house: House) -> None:
    app = portal(database, requests_per_minute=2)
    token = token_of(database, a_competition(database, house, CompetitionKind.REHEARSAL))
    assert statuses(app, token) == [200] * 4
    assert statuses(app, {}) == [200, 200, 429, 429]


def test_the_rehearsals_budget_ends_too(database: Database, house: House) -> None:
    token = token_of(database, a_competition(database, house, CompetitionKind.REHEARSAL))
    values = database.settings.model_dump()
    values["rehearsal"] = {"enabled": True, "requests_per_minute": 3}
    app = create_app(Settings.model_validate(values), database, clock=At(NOW))
    assert statuses(app, token) == [200, 200, 200, 429]


def test_a_real_competition_has_no_token_and_nobody_can_write_one(database: Database, house: House) -> None:
    real = a_competition(database, house, CompetitionKind.REAL)
    rehearsal = a_competition(database, house, CompetitionKind.REHEARSAL)
    assert rehearsals.token(database.keys, real) is None
    mac = token_of(database, rehearsal)[rehearsals.HEADER].partition(".")[2]
    for forged in (f"{real.public_id}.{mac}", f"{real.public_id}.", real.public_id, ".", "ố.ố"):
        assert rehearsals.named_by(database.keys, forged) is None
    app = portal(database, requests_per_minute=2)
    assert statuses(app, {rehearsals.HEADER: f"{real.public_id}.{mac}"}) == [200, 200, 429, 429]


def test_where_rehearsals_are_off_a_token_gives_nothing(database: Database, house: House) -> None:
    token = token_of(database, a_competition(database, house, CompetitionKind.REHEARSAL))
    app = portal(database, enabled=False, requests_per_minute=2)
    assert statuses(app, token) == [200, 200, 429, 429]


def test_a_token_does_not_widen_what_may_be_guessed(database: Database, house: House) -> None:
    app = portal(database, sign_ins_per_minute=2)
    token = token_of(database, a_competition(database, house, CompetitionKind.REHEARSAL))
    found = []
    for number in range(4):
        person = Person.at(app, database, None, NOW)
        person.get("/sign-in")
        data = {"login": f"khong.co.{number}", "password": "sai", "csrf_token": person.token}
        answer = person.client.post("/sign-in", data=data, headers={**token, "Sec-Fetch-Site": "same-origin"})
        found.append(answer.status_code)
    assert found[2:] == [429, 429]
    assert 429 not in found[:2]


@pytest.mark.parametrize("kind", KINDS)
def test_the_organiser_finds_the_token_on_the_page_of_the_rehearsal(
    database: Database, house: House, kind: CompetitionKind
) -> None:
    competition = a_competition(database, house, kind)
    person = Person.at(portal(database), database, house.organiser, NOW)
    page = person.get(f"/staff/competitions/{competition.public_id}")
    found = re.search(r"data-rehearsal-token>([^<]+)<", page)
    assert (found[1] if found else None) == rehearsals.token(database.keys, competition)


# --- its clock


def test_only_a_rehearsals_clock_runs_ahead(database: Database) -> None:
    ahead = {kind: types.SimpleNamespace(kind=kind, clock_offset_seconds=AHEAD) for kind in KINDS}
    with portal(database).test_request_context():
        assert context.now(ahead[CompetitionKind.REHEARSAL]) == context.now() + timedelta(seconds=AHEAD)
        assert context.now(ahead[CompetitionKind.REAL]) == context.now()
    with portal(database, enabled=False).test_request_context():
        assert context.now(ahead[CompetitionKind.REHEARSAL]) == context.now()


def test_the_database_refuses_a_real_competition_a_clock_of_its_own(database: Database, house: House) -> None:
    for kind in KINDS:
        competition = a_competition(database, house, kind)
        change = (
            update(Competition).where(Competition.id == competition.id).values(clock_offset_seconds=AHEAD)
        )
        with database.writing() as session:
            if kind is CompetitionKind.REHEARSAL:
                session.execute(change)
                continue
            with pytest.raises(IntegrityError, match="own_clock"), session.begin_nested():
                session.execute(change)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_rehearsal_signs_ahead_of_time_is_no_word_against_the_clock(
    database: Database, house: House, kind: CompetitionKind
) -> None:
    competition = a_competition(database, house, kind)
    with database.writing(unhurried=True) as session:
        ahead = NOW + timedelta(seconds=AHEAD)
        audit.record(session, SYSTEM, ahead, type="heads", content={}, competition_id=competition.id)
        assert audit.checkpoint(session, ahead, competition_id=competition.id) is not None
    problems = portal(database).test_client().get("/readyz").get_json()["problems"]
    assert ("clock" in problems) is (kind is CompetitionKind.REAL)


# --- its letters


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_rehearsals_letters_stay_in_the_house(
    database: Database, house: House, kind: CompetitionKind
) -> None:
    competition = a_competition(database, house, kind)
    with database.writing(unhurried=True) as session:
        there = session.get_one(Competition, competition.id)
        candidate = a_candidate(session, there, there.vacancies[0], 1)
        account = session.get_one(Account, candidate.account_id)
        profile = Profile(name="Nguyễn Thị Hạnh", login="hanh", email="hanh@example.vn")
        account.profile = profiles.seal(session, account.key_id, profile)
        publication = a_publication(there)
        session.add(publication)
        session.flush()
        payload = {"publication": publication.public_id, "candidate": candidate.public_id}
        outbox.enqueue(session, letters.ONE, payload, NOW)
    assert waiting(database, letters.ONE) == [payload]
    write(database)
    assert [letter["is_rehearsal"] for letter in waiting(database, "mail.send")] == [
        kind is CompetitionKind.REHEARSAL
    ]


def a_publication(competition: Competition) -> Publication:
    return Publication(
        competition_id=competition.id,
        number=1,
        kind="marks",
        runs=[],
        content={},
        content_hash="sha256:0",
        prepared_by=competition.created_by,
        prepared_at=NOW,
    )


def waiting(database: Database, kind: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        found = session.scalars(select(outbox.OutboxRow.payload).where(outbox.OutboxRow.kind == kind))
        return list(found)


def write(database: Database) -> None:
    with database.reading() as session:
        row = session.scalars(select(outbox.OutboxRow).where(outbox.OutboxRow.kind == letters.ONE)).one()
    letters.write_one(
        outbox.Job(
            id=row.id,
            kind=row.kind,
            payload=row.payload,
            created_at=row.created_at,
            now=NOW,
            database=database,
        )
    )


# --- its marks


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_rehearsal_is_marked_as_one_on_every_page_and_paper(
    database: Database, house: House, kind: CompetitionKind
) -> None:
    competition = a_competition(database, house, kind)
    app = portal(database)
    is_rehearsal = kind is CompetitionKind.REHEARSAL
    public = Person.at(app, database, None, NOW)
    assert (
        "không có giá trị chính thức" in public.get(f"/competitions/{competition.public_id}").lower()
    ) == is_rehearsal
    staff = Person.at(app, database, house.organiser, NOW)
    assert (
        'class="ep-rehearsal"' in staff.get(f"/staff/competitions/{competition.public_id}")
    ) == is_rehearsal
    with database.reading() as session:
        there = session.get_one(Competition, competition.id)
        assert printing.frame(session, there, NOW, title="x", code="1").is_rehearsal == is_rehearsal


def test_a_rehearsal_is_listed_nowhere_in_public(database: Database, house: House) -> None:
    places = {kind: a_competition(database, house, kind).public_id for kind in KINDS}
    public = Person.at(portal(database), database, None, NOW)
    pages = [
        public.client.get(address, follow_redirects=True).get_data(as_text=True)
        for address in ("/", "/competitions")
    ]
    assert not any(places[CompetitionKind.REHEARSAL] in page for page in pages)
    assert places[CompetitionKind.REAL] in pages[-1]
