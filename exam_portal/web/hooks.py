# SPDX-License-Identifier: Apache-2.0
"""What the web layer needs from slices above it: declared here, filled by the application."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, cast

from flask import current_app

from exam_portal.core.actors import NOBODY, Actor
from exam_portal.core.db import Session

EXTENSION = "exam_portal.hooks"


class StoredSession(Protocol):
    """One signed-in browser as the database knows it."""

    @property
    def id(self) -> int:
        """Its row."""

    @property
    def account_id(self) -> int:
        """Who signed in."""

    @property
    def last_seen_at(self) -> datetime:
        """When it last asked for a page, to the minute."""

    @property
    def expires_at(self) -> datetime:
        """When it ends in any case."""


class SessionStore(Protocol):
    """Where signed-in browsers are kept. Tokens arrive hashed."""

    def find(self, session: Session, /, token_hash: bytes) -> StoredSession | None:
        """Return the session that has not been ended."""

    def start(
        self,
        session: Session,
        /,
        *,
        token_hash: bytes,
        account_id: int,
        user_agent: str,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        """A new session exists."""

    def touch(self, session: Session, /, session_id: int, now: datetime) -> None:
        """The session was seen now."""

    def end(self, session: Session, /, session_id: int, now: datetime) -> None:
        """The session is over."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A competition as lower layers see it: where it lies, and what it is called."""

    organisation_id: int
    competition_id: int | None
    public_id: str
    title: str
    code: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HallPlace:
    """The one sitting that an installation in a hall holds."""

    code: str  # of the competition
    competition: str  # public ids
    sitting: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question of the readiness page; ``ask`` returns what is wrong, or nothing."""

    name: str
    ask: Callable[[Session, datetime], str]


class _NoSessions:
    """Nobody can be signed in before a store is given."""

    def find(self, _session: Session, /, token_hash: bytes) -> StoredSession | None:  # noqa: ARG002
        return None

    def start(self, _session: Session, /, **_facts: object) -> None:
        raise LookupError("no session store")

    def touch(self, _session: Session, /, session_id: int, now: datetime) -> None:
        raise LookupError(session_id, now)

    def end(self, _session: Session, /, session_id: int, now: datetime) -> None:
        raise LookupError(session_id, now)


@dataclasses.dataclass(slots=True, kw_only=True)
class Hooks:
    """The providers; each has a default under which the web layer runs alone."""

    sessions: SessionStore = dataclasses.field(default_factory=_NoSessions)
    load_actor: Callable[[Session, int], Actor] = lambda _session, _account_id: NOBODY
    competition: Callable[[Session, str], Place | None] = lambda _session, _public_id: None
    clock_offset: Callable[[object], timedelta] = lambda _target: timedelta(0)
    own_reviews: Callable[[Session, int], Mapping[str, str]] = (
        lambda _session, _candidate_id: {}
    )  # by part: where the candidate reads what came of the request for review
    hall: Callable[[Session], HallPlace | None] = lambda _session: None  # None: this installation is no hall
    is_hall: Callable[[str], bool] = lambda _address: False  # a room that is used these hours is bound to it
    home: Callable[[Actor], str] = lambda _actor: "/"  # where a person arrives after signing in
    rate_key: Callable[[], str | None] = lambda: None  # a rehearsal's token, which has a budget of its own
    readiness: list[Check] = dataclasses.field(default_factory=list)


def current() -> Hooks:
    """Return the hooks of the running application."""
    return cast("Hooks", current_app.extensions[EXTENSION])
