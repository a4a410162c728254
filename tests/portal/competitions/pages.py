# SPDX-License-Identifier: Apache-2.0
"""A person at a browser, without one: signs in by a session row, follows pages, sends their forms."""

import dataclasses
import hashlib
import html
import io
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exam_portal.accounts.models import RoleGrant, WebSession
from exam_portal.core.actors import Actor
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.db import Session

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NONCE = re.compile(r' nonce="[^"]+"')


class At(Clock):
    """A clock that stands still until it is set."""

    instant: datetime

    def __init__(self, instant: datetime) -> None:
        object.__setattr__(self, "offset", timedelta(0))
        object.__setattr__(self, "instant", instant)

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self.instant

    def set(self, instant: datetime) -> None:
        """It stands at another instant."""
        object.__setattr__(self, "instant", instant)


def grant(session: Session, actor: Actor, organisation_id: int, now: datetime) -> None:
    """What the actor holds is in force in the database."""
    for held in actor.grants:
        session.add(
            RoleGrant(
                account_id=actor.account_id,
                role=held.role.value,
                organisation_id=organisation_id,
                proposed_at=now,
                approved_at=now,
            )
        )
    session.flush()


@dataclasses.dataclass
class Person:
    """Somebody's browser."""

    client: FlaskClient
    page: str = ""  # without form token and nonce: what is not on a page is not in it by chance either
    token: str = ""

    @classmethod
    def at(cls, app: Flask, database: Database, actor: Actor | None, now: datetime) -> "Person":
        """A browser, signed in as the actor (or as nobody)."""
        client = app.test_client()
        if actor is not None:
            token = secrets.token_urlsafe(32)
            with database.writing() as session:
                session.add(
                    WebSession(
                        token_hash=hashlib.sha256(token.encode()).digest(),
                        account_id=actor.account_id,
                        created_at=now,
                        last_seen_at=now,
                        expires_at=now + timedelta(days=400),
                    )
                )
            client.set_cookie("portal-session", token)
        return cls(client)

    def get(self, address: str, status: int = 200) -> str:
        """Open a page."""
        return self._read(self.client.get(address), status)

    def post(self, address: str, status: int = 303, **fields: Any) -> str:
        """Send a form of the page that was opened last; a 303 is followed."""
        data = {"csrf_token": self.token, **fields}
        response = self.client.post(
            address, data=data, content_type="multipart/form-data", headers={"Sec-Fetch-Site": "same-origin"}
        )
        if status == 303 and response.status_code == 303:
            return self.get(response.headers["Location"])
        return self._read(response, status)

    def _read(self, response: TestResponse, status: int) -> str:
        assert response.status_code == status, response.get_data(as_text=True)[:3000]
        if response.mimetype != "text/html":
            return ""
        text = response.get_data(as_text=True)
        found = TOKEN.search(text)
        self.token = found[1] if found else ""
        self.page = NONCE.sub("", TOKEN.sub('name="csrf_token" value=""', text))
        return html.unescape(self.page)


def upload(content: bytes, name: str = "quyet-dinh.pdf") -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(content), name
