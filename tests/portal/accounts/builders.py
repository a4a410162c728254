# SPDX-License-Identifier: Apache-2.0
"""People, places and visitors for tests: typed plain functions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exam_portal.accounts import actors, service
from exam_portal.accounts.models import Account, AccountKind, Organisation
from exam_portal.accounts.passwords import Hasher
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM, Actor, Role
from exam_portal.core.db import Session

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "Mười hai con giáp 7"
HASH = Hasher(1).hash(PASSWORD)
ORIGIN = "http://localhost"


def an_organisation(
    session: Session, name: str = "Sở Nội vụ", parent: Organisation | None = None
) -> Organisation:
    """An authority exists."""
    return service.create_organisation(
        session, SYSTEM, NOW, name=name, name_en=name, place="Hà Nội", parent=parent
    )


def a_member(session: Session, login: str, name: str = "Trần Thị Bích") -> Account:
    """A member of staff can sign in."""
    return service.open_account(
        session, SYSTEM, NOW, kind=AccountKind.STAFF, name=name, login=login, password_hash=HASH
    )


def a_candidate(session: Session, login: str = "an@example.vn", name: str = "Nguyễn Văn An") -> Account:
    """A candidate can sign in."""
    return service.open_account(
        session, SYSTEM, NOW, kind=AccountKind.CANDIDATE, name=name, login=login, password_hash=HASH
    )


def a_competition(
    session: Session, organisation: Organisation, owner: Account, code: str = "TT-1"
) -> Competition:
    """A bare competition exists: only its place matters here."""
    competition = Competition(
        organisation_id=organisation.id,
        code=code,
        title="Thi tuyển Phó Giám đốc Sở Tài chính",
        title_en="",
        description="",
        ruleset={},
        ruleset_hash="sha256:0",
        legal_basis=[],
        apply_opens_at=NOW,
        apply_closes_at=NOW + timedelta(days=30),
        created_by=owner.id,
        created_at=NOW,
    )
    session.add(competition)
    session.flush()
    return competition


def seat(organisation: Organisation, competition: Competition | None = None) -> service.Seat:
    """The place of an organisation or of its competition."""
    return service.Seat(
        organisation_id=organisation.id,
        competition_id=competition.id if competition else None,
        public_id=(competition or organisation).public_id,
    )


def give(session: Session, account: Account, role: Role, place: service.Seat) -> None:
    """The person holds the role there."""
    service.install_grant(session, SYSTEM, NOW, account=account, role=role, seat=place)


def acting(session: Session, account: Account) -> Actor:
    """The person as the portal sees him now."""
    return actors.actor_of(session, account.id)


class Visitor:
    """A browser without a screen: keeps cookies, sends the token of the page it is on, names its origin."""

    def __init__(self, app: Flask) -> None:
        self.http: FlaskClient = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.http.get(path, **more)

    def token(self, page: str = "/sign-in") -> str:
        """Return the form token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).get_data(as_text=True))
        assert found is not None, page
        return found[1]

    def post(self, path: str, *, page: str = "", **fields: str) -> TestResponse:
        """Send the form of a page (by default of the same address)."""
        data = {**fields, "csrf_token": self.token(page or path)}
        return self.http.post(path, data=data, headers={"Origin": ORIGIN})

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Sign in with a password."""
        return self.post("/sign-in", login=login, password=password, **more)

    def cookie(self, name: str = "portal-session") -> str | None:
        """Return the value of a cookie."""
        found = self.http.get_cookie(name)
        return found.value if found is not None else None
