# SPDX-License-Identifier: Apache-2.0
"""A crowd before the pages is told to come again; signing in, invigilators and saves find room."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from exam_portal.web import crowding

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WAIT = 60
THREADS = 16


class Portal:
    """Pages here last until the test lets them end."""

    def __init__(self) -> None:
        self.let, self.inside = threading.Event(), threading.Semaphore(0)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        self.inside.release()
        if environ["PATH_INFO"] != "/sit/attempts/a/events":
            assert self.let.wait(WAIT)
        start("200 OK", [])
        return [b"page"]


class Crowd:
    """So many ask for an address at the same time."""

    def __init__(self, server: crowding.Crowding, path: str, count: int) -> None:
        self.said: list[str] = []
        self.threads = [threading.Thread(target=self._ask, args=(server, path)) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _ask(self, server: crowding.Crowding, path: str) -> None:
        self.said.append(ask(server, path)[0])

    def over(self) -> list[str]:
        for thread in self.threads:
            thread.join(WAIT)
        return sorted(self.said)


def ask(
    server: crowding.Crowding, path: str, method: str = "GET", **environ: str
) -> tuple[str, dict[str, str], str]:
    said: list[tuple[str, list[tuple[str, str]]]] = []
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, **environ}
    body = server(asked, lambda status, headers, _problem=None: said.append((status[:3], headers)))  # type: ignore[arg-type]
    return said[0][0], dict(said[0][1]), b"".join(body).decode()


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def server(portal: Portal) -> crowding.Crowding:
    said = {
        (language, kind, seconds): f"{language} {kind}".encode()
        for language in ("vi", "en")
        for kind in ("opened", "sent", "json")
        for seconds in crowding.COME_AGAIN
    }
    return crowding.Crowding(portal, THREADS, crowding.Refusals(said, "vi"), waits=0.05)


def filled(portal: Portal, count: int) -> None:
    for _ in range(count):
        assert portal.inside.acquire(timeout=WAIT)


def test_pages_take_half_of_the_threads_and_leave_room_for_signing_in_and_for_saves(
    portal: Portal, server: crowding.Crowding
) -> None:
    pages = Crowd(server, "/results", THREADS // 2)
    filled(portal, THREADS // 2)
    status, headers, said = ask(server, "/results")
    assert (status, said, int(headers["Retry-After"]) in crowding.COME_AGAIN) == ("503", "vi opened", True)
    arriving = Crowd(server, "/sign-in", THREADS - 2 - THREADS // 2)
    filled(portal, THREADS - 2 - THREADS // 2)
    assert ask(server, "/sign-in", "POST", HTTP_COOKIE="a=b; lang=en")[2] == "en sent"
    assert ask(server, "/staff/sittings/x")[0] == "503"
    assert ask(server, "/sit/attempts/a/events", "POST")[0] == "200"
    portal.let.set()
    assert set(pages.over() + arriving.over()) == {"200"}
    assert ask(server, "/results")[0] == "200"


def test_a_few_wait_at_the_door_and_are_let_in_when_there_is_room(portal: Portal) -> None:
    server = crowding.Crowding(portal, THREADS, crowding.Refusals({}, "vi"), waits=WAIT)
    crowd = Crowd(server, "/results", THREADS // 2 + THREADS // 8)
    filled(portal, THREADS // 2)
    assert not portal.inside.acquire(timeout=0.1)
    portal.let.set()
    assert set(crowd.over()) == {"200"}


def test_a_crowd_that_signs_in_keeps_nobody_from_saving(portal: Portal, server: crowding.Crowding) -> None:
    crowd = Crowd(server, "/sign-in", THREADS - 2)
    filled(portal, THREADS - 2)
    assert ask(server, "/sign-in")[0] == ask(server, "/results")[0] == "503"
    assert ask(server, "/sit/attempts/a/events", "POST")[0] == "200"
    portal.let.set()
    assert set(crowd.over()) == {"200"}


def test_those_who_were_turned_away_do_not_come_back_together(
    portal: Portal, server: crowding.Crowding
) -> None:
    crowd = Crowd(server, "/results", THREADS // 2)
    filled(portal, THREADS // 2)
    times = {ask(server, "/results")[1]["Retry-After"] for _ in crowding.COME_AGAIN}
    portal.let.set()
    crowd.over()
    assert times == {str(each) for each in crowding.COME_AGAIN}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Ông/bà không cần làm gì"), ("en", "You need not do anything")]
)
def test_a_page_that_was_opened_opens_again_by_itself_and_one_that_was_sent_does_not(
    app: Flask, language: str, words: str
) -> None:
    made = crowding._made(app)
    opened, sent = (made[language, kind, 4].decode() for kind in ("opened", "sent"))
    assert words in opened
    assert '<meta http-equiv="refresh" content="4">' in opened
    assert f'lang="{language}"' in opened
    assert "http-equiv" not in sent
    assert "<script" not in opened + sent
    assert len(opened) < 6_000


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("accepted", "kind"), [("application/json", "json"), ("text/html,*/*", "opened"), ("", "opened")]
)
def test_programs_are_answered_in_json(accepted: str, kind: str) -> None:
    assert crowding._kind(accepted, "GET") == kind
    assert crowding._kind("text/html", "POST") == "sent"
