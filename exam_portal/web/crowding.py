# SPDX-License-Identifier: Apache-2.0
"""A portal that is asked for too much says so at once to those who can wait, so that examinations go on.

Of the threads of a worker, pages take at most half, and an eighth more waits a moment at the door. Signing in
and the invigilators' pages may take what is left, a quarter at least, but never the last eighth: saves, the
screens of candidates, health and files from memory are not counted, and it is theirs alone. Who finds no room
gets a page that was made at the start and opens again by itself.
"""

import contextlib
import itertools
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import orjson
from flask import Flask
from flask_babel import gettext
from prometheus_client import Counter

from exam_portal.core.settings import Settings
from exam_portal.web import context, i18n

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIRST: Final = re.compile(r"/(?:sit/|static/|healthz$|readyz$|metrics$)")
HALL: Final = re.compile(r"/(?:sign-in(?:/|$)|staff/(?:sittings|seats|attempts|calls|time-grants)/)")
FEWEST_THREADS = 4  # below that nothing can be set aside
WAITS_SECONDS = 1.0
COME_AGAIN: Final = (4, 6, 8)  # seconds, by turns: those who were turned away do not come back together
TURNED_AWAY = Counter("portal_turned_away_total", "Requests for which a worker had no room.")
_LANG: Final = re.compile(r"(?:^|; ?)lang=([a-z]{2})(?:;|$)")
_HEADERS: Final = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'"),
]


class Room:
    """So many requests are inside at once, so many wait a moment at the door, and no more."""

    def __init__(self, most: int, at_the_door: int = 0, *, waits: float = WAITS_SECONDS) -> None:
        self._inside = threading.BoundedSemaphore(max(1, most))
        self._door = threading.Semaphore(at_the_door)
        self._waits = waits

    def enter(self) -> bool:
        """Whether there is room, or there was some within the time that the few at the door wait."""
        if self._inside.acquire(blocking=False):
            return True
        if not self._door.acquire(blocking=False):
            return False
        try:
            return self._inside.acquire(timeout=self._waits)
        finally:
            self._door.release()

    def leave(self) -> None:
        """There is room for one more."""
        self._inside.release()


class Crowding:
    """Stands before the application and lets in as many as there is room for."""

    def __init__(
        self,
        application: "WSGIApplication",
        threads: int,
        refusals: "Refusals",
        *,
        waits: float = WAITS_SECONDS,
    ) -> None:
        self._application = application
        self._whole = Room(threads - max(1, threads // 8))
        self._pages = Room(threads // 2, threads // 8, waits=waits)
        self._refusals = refusals

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request, or say that there is no room for it."""
        path = environ.get("PATH_INFO", "")
        if FIRST.match(path):
            return self._application(environ, start)
        with contextlib.ExitStack() as inside:
            rooms = (self._whole,) if HALL.match(path) else (self._whole, self._pages)
            for room in rooms:
                if not room.enter():
                    TURNED_AWAY.inc()
                    return self._refusals.answer(environ, start)
                inside.callback(room.leave)
            return self._application(environ, start)


class Refusals:
    """What is said to whom there is no room for: pages and JSON made at the start, in each language."""

    def __init__(self, said: Mapping[tuple[str, str, int], bytes], language: str) -> None:
        """``said``: the answer for a language, a kind (``opened``, ``sent``, ``json``) and a waiting time."""
        self._said = said
        self._language = language
        self._turns: Iterator[int] = itertools.cycle(COME_AGAIN)

    def answer(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Say that there is no room, and when to come again; what is only read comes again by itself."""
        seconds, method = next(self._turns), environ.get("REQUEST_METHOD", "GET")
        kind = _kind(environ.get("HTTP_ACCEPT", ""), method)
        chosen = _LANG.search(environ.get("HTTP_COOKIE", ""))
        language = chosen[1] if chosen and chosen[1] in context.LANGUAGES else self._language
        body = self._said[language, kind, seconds]
        media = "application/json" if kind == "json" else "text/html; charset=utf-8"
        sizes = [("Content-Type", media), ("Content-Length", str(len(body))), ("Retry-After", str(seconds))]
        start("503 Service Unavailable", [*_HEADERS, *sizes])
        return [] if method == "HEAD" else [body]


def _kind(accepted: str, method: str) -> str:
    if "application/json" in accepted and "text/html" not in accepted:
        return "json"
    return "opened" if method in {"GET", "HEAD"} else "sent"


def init_app(app: Flask, settings: Settings) -> None:
    """The application is asked for no more than it can answer; a worker of very few threads for anything."""
    if settings.server.threads >= FEWEST_THREADS:
        refusals = Refusals(_made(app), settings.language.default)
        app.wsgi_app = Crowding(app.wsgi_app, settings.server.threads, refusals)  # type: ignore[method-assign, assignment]


def _made(app: Flask) -> dict[tuple[str, str, int], bytes]:
    page = app.jinja_env.get_template("errors/crowded.html")
    made = {}
    for language in context.LANGUAGES:
        with app.test_request_context("/"), i18n.speaking(language):  # addresses of files need one
            title = gettext("Very many people are asking the portal at the moment")
            for seconds in COME_AGAIN:
                for kind in ("opened", "sent"):
                    text = page.render(
                        lang=language, title=title, seconds=seconds, is_opened=kind == "opened"
                    )
                    made[language, kind, seconds] = text.encode()
                said = {"error": "web.Crowded", "title": title, "details": {"retry_after": seconds}}
                made[language, "json", seconds] = orjson.dumps(said)
    return made
