# SPDX-License-Identifier: Apache-2.0
"""Every address, asked for by every role: in its own organisation, and in one that has nothing to do with it.

The objects in addresses come from the demonstration where it holds such rows. ``matrix.txt`` is the reviewed
answer for readers; acts are only asked for by those whose role can never allow them.
"""

import hashlib
import itertools
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account, AccountKind, Organisation, RoleGrant, WebSession
from exam_portal.accounts.profiles import Profile
from exam_portal.app import create_app
from exam_portal.core import schema
from exam_portal.core.actors import NOBODY, Actor, Grant, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.web import policy
from exam_portal.web.session import Cookies
from tests.harness import weight
from tests.harness.counting import Counts, counted
from tests.portal.competitions.pages import At
from tests.portal.demo.stage import NOW, show_settings, sow

FILE = Path(__file__).with_name("matrix.txt")
ANONYMOUS, CANDIDATE = "anonymous", "candidate"
PERSONS = (ANONYMOUS, CANDIDATE, *(role.value for role in Role))
PART = re.compile(r"<([^:>]+):([^>]+)>")
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}  # so that the origin is no reason to refuse
NOBODYS_ID = "a" * 26
SAMPLES = {"token": "A" * 43, "int": "1", "lang": "vi"}
# What stands before an id in an address, where it is not the name of the table.
TABLES: dict[str, str] = {
    "documents": "attachments",
    "papers": "signed_papers",
    "people": "role_grants",
    "banks": "item_banks",
    "imports": "item_imports",
    "forms": "paper_forms",
}


class Reading(NamedTuple):
    """What a reader was answered, and what it cost: bytes of a first visit, questions to the database."""

    rule: Rule
    person: str
    status: int
    bytes: int
    questions: int


class Stage:
    """The portal on the demonstration, with a signed-in browser for each role, here and elsewhere."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app = app
        self.database = database
        self._numbers = itertools.count(1)
        with database.writing(unhurried=True) as session:
            self.ids = _first_ids(session)
            everywhere = self._organisations(session)
            elsewhere = _organisation(session, "Elsewhere")
            self.here = self._tokens(session, everywhere)
            self.elsewhere = self._tokens(session, [elsewhere])

    def status(self, method: str, rule: Rule, person: str, *, elsewhere: bool = False) -> int:
        """Return the status with which the portal answers."""
        return self.tersely(method, rule, person, elsewhere=elsewhere).status_code

    def tersely(self, method: str, rule: Rule, person: str, *, elsewhere: bool = False) -> TestResponse:
        """Return what the portal answers: a refusal in one line, but to strangers, who shall sign in."""
        headers = {} if person == ANONYMOUS else {"Accept": "application/json"}
        return self.answer(method, rule, person, elsewhere=elsewhere, headers=headers)

    def answer(
        self,
        method: str,
        rule: Rule,
        person: str,
        *,
        elsewhere: bool = False,
        headers: Mapping[str, str],
    ) -> TestResponse:
        """Return what the portal answers."""
        client = self._client(person, elsewhere=elsewhere)
        return client.open(self.address(rule), method=method, headers={**OWN_PAGE, **headers})

    def address(self, rule: Rule) -> str:
        """Return the address with an object of the demonstration in each place."""
        filled = ""
        rest = rule.rule
        while match := PART.search(rest):
            before = filled + rest[: match.start()]
            filled = before + self._sample(match[1], match[2], before)
            rest = rest[match.end() :]
        return filled + rest

    def can_ever(self, permission: str, person: str) -> bool:
        """Whether the permission's rule could pass for this person and some object."""
        with self.app.app_context():
            rule = policy.registry().rule(permission)
        return rule.is_possible(_actor(person))

    def _sample(self, converter: str, name: str, before: str) -> str:
        kind = converter.split("(", maxsplit=1)[0]
        if kind != "public_id":
            return SAMPLES.get(kind, "vi" if kind == "string" else "x")
        segment = before.rstrip("/").rsplit("/", 1)[-1].replace("-", "_")
        tables = (TABLES.get(segment, segment), segment, f"{name.removesuffix('_id')}s")
        return next((self.ids[table] for table in tables if table in self.ids), NOBODYS_ID)

    def _client(self, person: str, *, elsewhere: bool) -> FlaskClient:
        client = self.app.test_client()
        if person != ANONYMOUS:
            cookies: Cookies = self.app.extensions["exam_portal.session"]
            client.set_cookie(cookies.identity, (self.elsewhere if elsewhere else self.here)[person])
        return client

    def _organisations(self, session: Session) -> list[int]:
        found = session.scalars(select(Organisation.id).where(Organisation.parent_id.is_(None))).all()
        return list(found) or [_organisation(session, "Here")]

    def _tokens(self, session: Session, organisations: list[int]) -> dict[str, str]:
        return {person: self._sign_in(session, person, organisations) for person in PERSONS[1:]}

    def _sign_in(self, session: Session, person: str, organisations: list[int]) -> str:
        number = next(self._numbers)
        account = _account(session, person, number, NOW)
        if person != CANDIDATE:
            for organisation in organisations:
                grant = RoleGrant(account_id=account, role=person, organisation_id=organisation)
                grant.proposed_at = grant.approved_at = NOW
                session.add(grant)
        token = f"matrix-{number}"
        session.add(_web_session(account, token, NOW))
        session.flush()
        return token


def _actor(person: str) -> Actor:
    """Return somebody who holds the role somewhere."""
    if person == ANONYMOUS:
        return NOBODY
    if person == CANDIDATE:
        return Actor(account_id=1, is_candidate=True)
    grant = Grant(role=Role(person), organisation_ids=frozenset({1}))
    return Actor(account_id=1, grants=(grant,))


def _organisation(session: Session, name: str) -> int:
    made = Organisation(name=name, name_en=name, place=name, created_at=NOW)
    session.add(made)
    session.flush()
    return made.id


def _account(session: Session, person: str, number: int, now: datetime) -> int:
    key_id = session.keys.create()
    kind = AccountKind.CANDIDATE if person == CANDIDATE else AccountKind.STAFF
    profile = profiles.seal(session, key_id, Profile(name="Trần Thị Mẫu", login=f"matrix-{number}"))
    made = Account(
        kind=kind,
        login_index=hashlib.sha256(f"matrix {number}".encode()).digest(),
        key_id=key_id,
        profile=profile,
        confirmed_at=now,
        totp_confirmed_at=now,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def _web_session(account: int, token: str, now: datetime) -> WebSession:
    return WebSession(
        token_hash=hashlib.sha256(token.encode()).digest(),
        account_id=account,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=8),
    )


def _first_ids(session: Session) -> dict[str, str]:
    """Return the first public id of each table that has any."""
    found = {}
    for name, table in schema.metadata().tables.items():
        if "public_id" in table.columns:
            first = session.scalar(select(table.c.public_id).order_by(table.c.id).limit(1))
            if first is not None:
                found[name] = first
    return found


def read(stage: Stage) -> list[Reading]:
    """Return what every address answers every reader, addresses in order."""
    rules = [rule for rule in _rules(stage.app) if "GET" in _methods(rule)]
    with counted() as counts:
        return [
            _reading(stage, rule, person, counts)
            for rule in sorted(rules, key=lambda rule: rule.rule)
            for person in PERSONS
        ]


def _reading(stage: Stage, rule: Rule, person: str, counts: Counts) -> Reading:
    counts.statements.clear()
    answer = stage.tersely("GET", rule, person)
    weighs = weight.of(answer) if answer.status_code == 200 and answer.mimetype == "text/html" else 0
    return Reading(rule, person, answer.status_code, weighs, len(counts.statements))


def lines(readings: Iterable[Reading]) -> list[str]:
    """Return for each address what readers of each role are answered, as in ``matrix.txt``."""
    by_address: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in readings:
        by_address[one.rule.rule][one.status].append(one.person)
    return [_line(address, by_status) for address, by_status in by_address.items()]


def _line(address: str, by_status: Mapping[int, list[str]]) -> str:
    answers = "; ".join(f"{status} {_people(people)}" for status, people in sorted(by_status.items()))
    return f"{address}: {answers}"


def _people(people: list[str]) -> str:
    staff = set(PERSONS[2:])
    if set(people) == set(PERSONS):
        return "everyone"
    if staff <= set(people):
        people = [*(person for person in people if person not in staff), "staff"]
    return ", ".join(people)


def acts(stage: Stage) -> Iterator[tuple[Rule, str]]:
    """Yield each address that acts, with its permission."""
    for rule in _rules(stage.app):
        permission = policy.permission_of(stage.app, rule.endpoint)
        if "POST" in _methods(rule) and permission is not None:
            yield rule, permission


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "static" not in rule.endpoint]


def _methods(rule: Rule) -> frozenset[str]:
    return frozenset(rule.methods or ())


@contextmanager
def staged(seeded: Path | None = None) -> Iterator[Stage]:
    """Yield the stage, on a copy of what is seeded; without form tokens, so that only permissions decide."""
    with tempfile.TemporaryDirectory() as parent:
        directory = Path(parent) / "instance"
        if seeded is None:
            sow(directory)
        else:
            shutil.copytree(seeded, directory)
        settings = show_settings(directory)
        database = Database(settings)
        try:
            app = create_app(settings, database, clock=At(NOW))
            app.config["WTF_CSRF_ENABLED"] = False
            yield Stage(app, database)
        finally:
            database.dispose()
