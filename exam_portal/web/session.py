# SPDX-License-Identifier: Apache-2.0
"""Who is signed in, from an opaque token: 256 random bits in a strict cookie, its hash in the database.

Beside it lies a short signed cookie that holds nothing but waiting notices and, before anybody has signed in,
the seed of the form tokens. For a signed-in browser that seed follows from its own token.
"""

import dataclasses
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask import session as flask_session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response as BaseResponse

from exam_portal.core.settings import Settings
from exam_portal.web import database, hooks

EXTENSION = "exam_portal.session"
TOUCH_AFTER = timedelta(minutes=1)
_SEED = "csrf_token"

_log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """Names and properties of the cookies; over TLS they carry the prefix that binds them to this host."""

    secure: bool
    idle: timedelta
    absolute: timedelta

    @property
    def identity(self) -> str:
        """Name of the cookie that holds the token of a signed-in browser."""
        return "__Host-session" if self.secure else "portal-session"

    @property
    def form(self) -> str:
        """Name of the signed cookie for notices and the seed of form tokens."""
        return "__Host-form" if self.secure else "portal-form"


class Identity(UserMixin):
    """The signed-in browser of this request."""

    def __init__(self, session_id: int, account_id: int) -> None:
        self.session_id = session_id
        self.account_id = account_id

    def get_id(self) -> str:
        """Return the id that Flask-Login asks for."""
        return str(self.account_id)


class FormSession(SecureCookieSessionInterface):
    """The signed cookie; what follows from the identity token is added on reading and never stored."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the signed cookie."""
        return _cookies(app).form

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the content of the cookie, with the seed that belongs to the signed-in browser."""
        content = super().open_session(app, request)
        token = request.cookies.get(_cookies(app).identity)
        if content is not None and token:
            dict.__setitem__(content, _SEED, _seed(app, token))
        return content

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store the notices; the derived seed stays out of the cookie."""
        if request.cookies.get(_cookies(app).identity) and isinstance(session, SecureCookieSession):
            dict.pop(session, _SEED, None)
        super().save_session(app, session, response)


def init_app(app: Flask, settings: Settings) -> None:
    """The application signs people in with its own tokens; Flask-Login only carries ``current_user``."""
    secure = settings.server.base_url.startswith("https://")
    app.extensions[EXTENSION] = Cookies(
        secure=secure,
        idle=timedelta(minutes=settings.sessions.idle_minutes),
        absolute=timedelta(hours=settings.sessions.absolute_hours),
    )
    app.config.update(
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.sessions.absolute_hours),
    )
    app.session_interface = FormSession()
    login = LoginManager()
    login.session_protection = None
    login.request_loader(lambda _request: identity())
    login.init_app(app, add_context_processor=False)
    app.after_request(_touch)


def identity() -> Identity | None:
    """Return the signed-in browser; nothing when there is none, it was idle too long or its time is over."""
    place = "writer_identity" if "writer" in g else "identity"
    if place not in g:
        setattr(g, place, _find())
    return cast("Identity | None", g.get(place))


def start(account_id: int, response: BaseResponse, now: datetime) -> None:
    """The browser that receives the response is signed in under a new token; call it inside ``writer()``."""
    cookies = _cookies(current_app)
    token = secrets.token_urlsafe(32)
    hooks.current().sessions.start(
        database.session(),
        token_hash=_hash(token),
        account_id=account_id,
        user_agent=request.user_agent.string[:200],
        now=now,
        expires_at=now + cookies.absolute,
    )
    _end_present(now)
    response.set_cookie(
        cookies.identity, token, secure=cookies.secure, httponly=True, samesite="Strict", path="/"
    )


def forget(response: BaseResponse) -> None:
    """The browser that receives the response has no token any more, and nothing of the form cookie."""
    cookies = _cookies(current_app)
    g.pop("touch", None)
    flask_session.clear()
    response.delete_cookie(
        cookies.identity, secure=cookies.secure, httponly=True, samesite="Strict", path="/"
    )


def _end_present(now: datetime) -> None:
    """The token that came with the request is dead: whoever planted it gains nothing by the sign-in."""
    found = _stored(request.cookies.get(_cookies(current_app).identity))
    if found is not None:
        hooks.current().sessions.end(database.session(), found.id, now)
    g.pop("touch", None)


def _find() -> Identity | None:
    found = _stored(request.cookies.get(_cookies(current_app).identity))
    if found is None or "arrived_at" not in g:  # refused before it was admitted: a wrong host
        return None
    now: datetime = g.arrived_at
    if now >= found.expires_at or now - found.last_seen_at >= _cookies(current_app).idle:
        return None
    if now - found.last_seen_at >= TOUCH_AFTER:
        g.touch = found.id
    return Identity(found.id, found.account_id)


def _stored(token: str | None) -> hooks.StoredSession | None:
    return hooks.current().sessions.find(database.session(), _hash(token)) if token else None


def _touch(response: Response) -> Response:
    """Write last-seen at most once a minute; a failure is logged and never spoils the answer."""
    session_id = g.pop("touch", None)
    if session_id is not None:
        database.release_reader()
        try:
            with database.database().writing() as writing:
                hooks.current().sessions.touch(writing, session_id, g.arrived_at)
        except Exception:  # noqa: BLE001 - the page is ready; only the idle clock did not advance
            _log.warning("session.touch_failed", exc_info=True)
    return response


def _cookies(app: Flask) -> Cookies:
    return cast("Cookies", app.extensions[EXTENSION])


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _seed(app: Flask, token: str) -> str:
    key: Any = app.config["SECRET_KEY"]
    return hmac.new(
        key.encode() if isinstance(key, str) else key, b"form-seed:" + token.encode(), "sha256"
    ).hexdigest()
