# SPDX-License-Identifier: Apache-2.0
"""A tablet whose disk, worker or network is slow says nothing of a ballot that is not so yet."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import flask
import pytest
from flask import Response
from playwright.sync_api import Page, Route, expect

from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness import live
from tests.portal.interviews.builders import HEARD
from tests.portal.interviews.test_ballot_in_browser import FIGURES, LEFT, Room, fill, hear, seal
from tests.portal.reading import reader

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]
SLOW_DISK = """
window.puts = 0;
const put = IDBObjectStore.prototype.put;
const holds = HOLDS;
const isGiven = () => document.querySelector("#ballot-form button[type=submit]").disabled;
IDBObjectStore.prototype.put = function (...given) {
  const milliseconds = holds[window.puts] ?? 0;
  const until = performance.now() + milliseconds;
  const isHeld = () => (milliseconds < 0 ? !isGiven() : performance.now() < until);
  window.puts += 1;
  const hold = () => { if (isHeld()) this.count().onsuccess = hold; };
  hold();
  return put.apply(this, given);
};"""
DRAFT = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("exam-portal-ballots");
    asked.onsuccess = () => done(asked.result);
  });
  const [draft] = await new Promise((done) => {
    const asked = db.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return draft.fields;
}"""
SLOW_WORKER = (
    'self.addEventListener("install", (event) => event.waitUntil(new Promise((r) => setTimeout(r, 2000))));'
)
KEPT_PAGE = """async () => {
  const [name] = (await caches.keys()).filter((one) => one.startsWith("ballots-"));
  return (await (await caches.open(name)).match(location.href)) !== undefined;
}"""
KEPT_ICON = """async () => {
  const [name] = (await caches.keys()).filter((one) => one.startsWith("ballots-"));
  const icon = document.querySelector('link[rel="icon"]').href;
  return (await (await caches.open(name)).match(icon)) !== undefined;
}"""
ALL_FACES = """async () => {
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  return [...document.fonts].map((face) => face.status);
}"""


@pytest.fixture
def room(settings: Settings, database: Database, catalogues: None) -> Room:
    return Room(settings, database)


@pytest.fixture
def ballot(room: Room, database: Database, new_person: Callable[..., Page]) -> Callable[..., Page]:
    """A function that opens the first member's ballot.

    Writes to the disk are held for milliseconds, or until the ballot was given (-1).
    """

    def opened(base: str, holds: Sequence[int] = ()) -> Page:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.add_init_script(SLOW_DISK.replace("HOLDS", str(list(holds))))
        page.goto(room.first)
        page.locator("[data-ready]").wait_for()
        return page

    return opened


def test_what_is_typed_is_on_the_disk_when_the_page_says_so(room: Room, ballot: Callable[..., Page]) -> None:
    with live.serving(room.app) as base:
        page = ballot(base, [400] * 4)
        fill(page, **FIGURES)
        hear(page)
        expect(page.locator("[data-shown=here]")).to_be_visible()
        typed = {f"score_{key}": figure for key, figure in FIGURES.items()}
        assert page.evaluate(DRAFT) == {**typed, "heard": "y"}


def test_a_refusal_stands_though_the_disk_is_done_only_after_it(
    room: Room, ballot: Callable[..., Page]
) -> None:
    with live.serving(room.app) as base:
        page = ballot(base, [400] * 3)
        fill(page, **FIGURES)
        page.locator("#ballot-form").evaluate("form => form.requestSubmit()")
        page.wait_for_function("() => window.puts === 3")  # the third write has begun: two are done
        expect(page.locator("[data-shown=refused] [data-state]")).to_contain_text("đã nghe toàn bộ")


def test_nothing_typed_comes_back_to_the_disk_after_the_ballot_was_sealed(
    room: Room, ballot: Callable[..., Page]
) -> None:
    with live.serving(room.app) as base:
        page = ballot(base, [-1, 0, 5000])  # what was given overtakes nothing that still waits
        fill(page, **FIGURES)
        hear(page)
        seal(page)
        expect(page.locator("[data-shown=sealed]")).to_be_visible()
        assert page.evaluate("window.puts") == 5  # three figures, the word of the member, and what was given
        assert page.evaluate(LEFT) == 0
        assert room.cast() == 1


def test_a_page_that_is_said_to_be_kept_opens_without_a_network_in_all_its_letters(
    room: Room, ballot: Callable[..., Page]
) -> None:
    @room.app.after_request
    def late(answer: Response) -> Response:
        if flask.request.path.endswith("ballot-worker.js"):
            answer.set_data(SLOW_WORKER + answer.get_data(as_text=True))
        return answer

    line = live.Line()
    with live.serving(room.app, line) as base:
        page = ballot(base)
        page.locator("[data-kept]").wait_for()
        line.cut(page)
        page.reload()
        page.locator("[data-ready]").wait_for()
        assert set(page.evaluate(ALL_FACES)) == {"loaded"}


def test_the_icon_of_a_page_is_kept_with_it_however_late_the_browser_has_it(
    room: Room, database: Database, new_person: Callable[..., Page]
) -> None:
    with live.serving(room.app) as base:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        late: list[Route] = []

        def hold(route: Route) -> None:
            route.continue_() if route.request.resource_type == "fetch" else late.append(route)

        page.route("**/emblem.*.svg", hold)
        page.goto(room.first, wait_until="commit")
        page.locator("[data-kept]").wait_for()
        assert page.evaluate(KEPT_ICON) is True


def test_a_ballot_that_is_sealed_before_its_page_is_kept_leaves_no_page(
    room: Room, ballot: Callable[..., Page]
) -> None:
    asked: list[Any] = []
    is_sealed = threading.Event()

    @room.app.before_request
    def late() -> None:
        if flask.request.method == "GET" and flask.request.path == room.first:
            asked.append(flask.request.headers.get("Sec-Fetch-Mode"))
            if len(asked) == 2:
                is_sealed.wait(60)

    with live.serving(room.app) as base:
        page = ballot(base)
        fill(page, **FIGURES)
        hear(page)
        seal(page)
        expect(page.locator("[data-shown=sealed]")).to_be_visible()
        is_sealed.set()
        page.locator("[data-kept]").wait_for()
        assert asked == ["navigate", "cors"]
        assert page.evaluate(KEPT_PAGE) is False
