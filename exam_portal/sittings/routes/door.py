# SPDX-License-Identifier: Apache-2.0
"""A short way in for what thousands do at once: a save that succeeds, the form and its key from memory.

It does exactly what the route does, with the same parts, and answers only when the events are stored. What
else it meets (a refusal or a fault of any kind, a replay, a client that does not vouch for its origin) it
hands on, untouched, to the route, which decides, words and logs it; a batch that was stored before the fault
is a replay there. Measured: the application's hooks around a request
cost three times the save itself.
"""

import io
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import orjson
import structlog
from flask import Flask
from prometheus_client import Histogram

from exam_portal.core import clock
from exam_portal.core.clock import Clock
from exam_portal.core.errors import DomainError
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.web import context

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESS = re.compile(r"/sit/attempts/([a-z2-7]{26})/events")
FORM = re.compile(r"/sit/forms/([a-z2-7]{26})/(sealed|key)")
CHARGED = "exam_portal.budget_is_charged"
WEIGHED = "exam_portal.volume_is_charged"
EXTENSION = "exam_portal.answer_path"
AT_ONCE = 4  # bodies of one attempt that are waited for here; a player sends one
_log = structlog.get_logger(__name__)
_HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store, private"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_SAFE = [("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Resource-Policy", "same-origin")]
_FORM_HEADERS = {
    "sealed": [
        ("Content-Type", "application/octet-stream"),
        ("Cache-Control", "private, max-age=86400, immutable"),
        *_SAFE,
    ],
    "key": [("Content-Type", "application/json"), ("Cache-Control", "no-store"), *_SAFE],
}
_SECONDS = Histogram(
    "portal_save_seconds",
    "Time from arrival to acknowledgement of saves that took the short way.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)


class Door:
    """Stands before the application; the first save of a process takes the long way and makes the parts."""

    def __init__(self, app: Flask, inner: "WSGIApplication", cookie_name: str) -> None:
        self._app = app
        self._inner = inner
        self._cookie = re.compile(rf"(?:^|; ?){cookie_name}([a-z2-7]{{10}})=([^;]*)")
        self._path: AnswerPath | None = None
        self._clock: Clock = clock.SYSTEM
        self._reading: Counter[int] = Counter()
        self._mutex = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a save that succeeds and a form that lies ready; hand everything else on."""
        if environ["REQUEST_METHOD"] == "GET" and (asked := FORM.fullmatch(environ.get("PATH_INFO", ""))):
            return self._from_memory(environ, start, asked[1], asked[2])
        found = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] != "POST" or not self._is_vouched_for(environ):
            return self._inner(environ, start)
        began = time.perf_counter()
        saved = self._save(environ, found[1])
        if saved is None:
            return self._inner(environ, start)
        _SECONDS.observe(time.perf_counter() - began)
        body = orjson.dumps(saved)
        start("200 OK", [*_HEADERS, ("Content-Length", str(len(body)))])
        return [body]

    def _from_memory(
        self, environ: "WSGIEnvironment", start: "StartResponse", form: str, what: str
    ) -> Iterable[bytes]:
        path = self._path or self._look_up()
        try:
            is_here = path is not None and path.shelf.has(form)
            body = getattr(path.shelf, what)(form) if path is not None and is_here else None
        except Exception:  # noqa: BLE001 - the route answers instead
            _log.warning("short_way_failed", exc_info=True)
            body = None
        if body is None:
            return self._inner(environ, start)
        start("200 OK" if body else "204 No Content", [*_FORM_HEADERS[what], *_length(body)])
        return [body]

    def _is_vouched_for(self, environ: "WSGIEnvironment") -> bool:
        return (
            environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
            and "HTTP_X_SITTING" in environ
            and environ.get("CONTENT_TYPE") == "application/json"
        )

    def _save(self, environ: "WSGIEnvironment", attempt: str) -> dict[str, object] | None:
        path = self._path or self._look_up()
        if path is None:
            return None
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdigit() and 0 < int(length) <= path.settings.save_bytes):
            return None
        try:
            token = path.token(self._token(environ, attempt), attempt, self._clock.now())
            environ[CHARGED] = True
            if not self._begin(token.attempt_id):
                return None
            try:  # after the token: of strangers nothing is read here
                body = environ["wsgi.input"].read(int(length))
            finally:
                self._end(token.attempt_id)
            environ["wsgi.input"] = io.BytesIO(body)  # for the route, should it be its turn
            path.weigh(token, body)
            environ[WEIGHED] = True
            return path.save_at_once(token, body, self._clock.now())  # now that all of it has arrived
        except DomainError:
            return None
        except Exception:  # noqa: BLE001 - whatever it is, the route answers: worded, with the request's id
            _log.warning("short_way_failed", exc_info=True)
            return None

    def _begin(self, attempt_id: int) -> bool:
        """Count a body of the attempt that is waited for; False where its device sends too many at once."""
        with self._mutex:
            if self._reading[attempt_id] >= AT_ONCE:
                return False
            self._reading[attempt_id] += 1
            return True

    def _end(self, attempt_id: int) -> None:
        with self._mutex:
            self._reading[attempt_id] -= 1
            if not self._reading[attempt_id]:
                del self._reading[attempt_id]

    def _token(self, environ: "WSGIEnvironment", attempt: str) -> str | None:
        cookies = environ.get("HTTP_COOKIE", "")
        return next((value for name, value in self._cookie.findall(cookies) if name == attempt[:10]), None)

    def _look_up(self) -> AnswerPath | None:
        """Take the parts that the route has made; they do not change while the application lives."""
        self._clock = self._app.extensions[context.CLOCK]
        self._path = self._app.extensions.get(EXTENSION)
        return self._path


def _length(body: bytes) -> list[tuple[str, str]]:
    return [("Content-Length", str(len(body)))] if body else []
