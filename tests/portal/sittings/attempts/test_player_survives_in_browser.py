# SPDX-License-Identifier: Apache-2.0
"""What a candidate wrote is there again: after a kill, past the end, and whatever letters it is made of."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from exam_portal.sittings.attempts import service
from exam_portal.sittings.models import LateEvent, Sitting, SittingEvent
from tests.harness import live
from tests.harness.browser import ARGUMENTS, PATIENCE, Album, executable
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.test_player_in_browser import (
    Room,
    begin,
    choose,
    enter,
    find,
    room,
    saved,
)

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]
__all__ = ["room"]
READ_JOURNAL = """async () => {
  const opening = indexedDB.open('exam-portal-player');
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asking = db.transaction('events').objectStore('events').getAll();
  const found = await new Promise((done) => { asking.onsuccess = () => done(asking.result); });
  db.close();
  return found.map(({ event, state }) => ({ kind: event.kind, content: event.content, state }));
}"""


class OwnBrowser:
    """A browser of its own with a profile that outlives it."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, chromium: Browser) -> Browser:
        """The browser runs; it is driven over its debugging port."""
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                executable(), "--headless", *ARGUMENTS, "--remote-debugging-port=0",
                "--lang=vi-VN", f"--user-data-dir={self.profile}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 90
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert time.monotonic() < deadline, "the browser did not start"
            time.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        return chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")

    def kill(self) -> None:
        """The browser and all its processes are gone at once."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=90)
        self.process = None


@pytest.fixture
def own_browser(tmp_path: Path) -> Iterator[OwnBrowser]:
    browser = OwnBrowser(tmp_path / "profile")
    browser.profile.mkdir()
    yield browser
    browser.kill()


def page_of(browser: Browser, room: Room, cookies: Sequence[Any] = ()) -> Page:
    context = browser.contexts[0]
    context.add_cookies(list(cookies))
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "portal-session", "value": room.token, "url": room.address}])
    page = context.new_page()
    page.goto(f"{room.address}/sit/{room.public_id}")
    return page


def test_a_browser_killed_in_the_middle_goes_on_with_what_was_not_yet_sent(
    room: Room, chromium: Browser, own_browser: OwnBrowser
) -> None:
    page = page_of(own_browser.start(chromium), room)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    live.unplug(page)
    choose(page, "Q-1", "Hội đồng")
    find(page, "E-1")
    page.locator("textarea").press_sequentially("Viết ngay trước khi máy tắt")
    deadline = time.monotonic() + 60
    while "máy tắt" not in json.dumps(page.evaluate(READ_JOURNAL), ensure_ascii=False):
        assert time.monotonic() < deadline
    assert room.answers() == {"Q-1": "b"}
    cookies = page.context.cookies()  # a browser writes them every half minute: here they have been written
    own_browser.kill()
    page = page_of(own_browser.start(chromium), room, cookies)
    expect(page.locator("textarea")).to_have_value("Viết ngay trước khi máy tắt")
    saved(page)
    assert room.answers() == {"Q-1": "c", "E-1": "Viết ngay trước khi máy tắt"}


def test_what_was_written_past_the_end_is_kept_apart_and_the_rest_handed_in(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    live.unplug(page)
    choose(page, "Q-1", "Hội đồng")
    expect(page.locator("#save-state[data-state=local]")).to_be_visible()
    with room.database.writing() as session:
        sitting = session.get_one(Sitting, room.sitting_id)
        ended_at = datetime.now(UTC) - timedelta(
            minutes=2
        )  # longer ago than grace, within the offline window
        by = builders.an_account(session, kind="staff").id
        session.add(SittingEvent(sitting_id=sitting.id, kind="ended", payload={}, by=by, at=ended_at))
        service.refresh(session, sitting)
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    album.look(page, "receipt-after-late-answers")
    submission = room.submission()
    assert submission is not None
    assert (submission.kind, submission.answered) == ("by_time", 1)
    assert room.answers() == {"Q-1": "b"}
    with room.database.reading() as session:
        assert session.query(LateEvent).filter_by(attempt_id=room.attempt_id).count() >= 1


def test_what_a_moved_computer_had_not_sent_is_kept_as_evidence_and_it_says_so(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    live.unplug(page)
    choose(page, "Q-1", "Hội đồng")
    expect(page.locator("#save-state[data-state=local]")).to_be_visible()
    room.move()
    page.context.set_offline(False)
    expect(page.locator("#blocker")).to_contain_text("đã được lưu làm căn cứ xem xét")
    album.look(page, "moved-and-kept-as-evidence")
    states = {entry["state"] for entry in page.evaluate(READ_JOURNAL) if entry["content"] == "c"}
    assert states == {"set_aside"}
    assert room.answers() == {"Q-1": "b"}
    with room.database.reading() as session:
        assert session.query(LateEvent).filter_by(attempt_id=room.attempt_id).count() == 1


def test_an_essay_of_100_kilobytes_in_any_letters_survives_byte_for_byte(
    room: Room, new_person: Callable[..., Page]
) -> None:
    strange = (
        "Đề án: “Quản lý – đổi mới”\u00a0\t\n"
        "e\u0302\u0301 ế a\u0323\u0306 ặ"  # the same letters composed and apart
        " 👩🏽\u200d⚖️🇻🇳 𠀀𪚥 \u202eabc\u202c שלום مرحبا ﷽"
        " \ufeff\u200b\u2028\u2029 ́ \x7f\x01 <b>&amp;</b> \\u0000 \"'`${x}"
    )
    text = (strange * (100_000 // len(strange.encode()) + 1)).strip()
    while len(text.encode()) > 100_000:
        text = text[:-1]
    page = enter(room, new_person)
    begin(room, page)
    find(page, "E-1")
    page.locator("textarea").focus()
    page.keyboard.insert_text(text)
    saved(page)
    assert room.answers()["E-1"] == text
    page.locator("textarea").evaluate("area => area.setSelectionRange(20, 23)")
    page.keyboard.insert_text("𪚥 giữa bài")  # a splice among pairs of surrogates
    saved(page)
    expected = page.locator("textarea").input_value()
    assert "𪚥 giữa bài" in expected
    assert room.answers()["E-1"].encode() == expected.encode()  # type: ignore[attr-defined]
    kept = [each for each in page.evaluate(READ_JOURNAL) if each["kind"] == "text"]
    assert kept[0]["content"]["snapshot"] == text
    assert "splices" in kept[-1]["content"]
    page.reload()
    expect(page.locator("textarea")).to_be_visible()
    assert page.locator("textarea").input_value() == expected
    page.locator(".ep-navigator button.ep-button").click()
    page.locator("#submit-dialog button[value=yes]").click()
    page.wait_for_url("**/receipt")
    submission = room.submission()
    assert submission is not None
    assert submission.answered == 1
    assert room.answers()["E-1"].encode() == expected.encode()  # type: ignore[attr-defined]
    assert re.search(r"\b1\b", page.locator(".ep-receipt__facts").inner_text())


def test_what_waits_goes_out_in_requests_that_the_server_takes(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    find(page, "E-1")
    live.unplug(page)
    for count, letter in enumerate("ậề", start=1):  # 300 kB each: together more than one request may hold
        page.locator("textarea").fill(letter * 100_000)
        is_text = "({ kind }) => kind === 'text'"
        page.wait_for_function(f"({READ_JOURNAL})().then((all) => all.filter({is_text}).length === {count})")
    page.context.set_offline(False)
    saved(page)
    assert room.answers()["E-1"] == "ề" * 100_000


def test_an_acknowledgement_that_comes_twice_and_late_ends_nothing(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    held: list[tuple[Route, APIResponse]] = []
    turn = "(is) => { Object.defineProperty(document, 'visibilityState', { value: is, configurable: true });"
    turn += " document.dispatchEvent(new Event('visibilitychange')); }"

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    def held_are(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(held) < count:
            assert time.monotonic() < deadline
            page.wait_for_timeout(50)

    page.route("**/events", hold, times=1)
    page.locator(".ep-option", has_text="Hội đồng").click()
    page.evaluate(turn, "hidden")  # the window is left: what waits is handed to the browser
    held_are(1)
    page.evaluate(turn, "visible")
    saved(page)  # the same bytes once more, answered before the first were
    page.route("**/events", hold, times=1)
    page.locator(".ep-option", has_text="Chủ tịch").click()
    held_are(2)
    for route, answer in held:  # the first one comes while something newer is under way
        route.fulfill(response=answer)
    saved(page)
    expect(page.locator("#blocker")).not_to_be_visible()
    assert room.answers() == {"Q-1": "b"}


def test_what_others_on_the_way_answer_is_neither_an_acknowledgement_nor_a_receipt(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    asked: list[str] = []

    def instead(route: Route) -> None:
        asked.append(route.request.url.rpartition("/")[2].partition("?")[0])
        route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>")

    for address in ("**/events", "**/submission*"):
        page.route(address, instead, times=1)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    assert room.answers() == {"Q-1": "b"}
    page.locator(".ep-navigator button.ep-button").click()
    page.locator("#submit-dialog button[value=yes]").click()
    page.wait_for_url("**/receipt")
    assert asked == ["events", "submission"]


def test_where_the_disk_of_the_computer_is_full_answers_still_reach_the_server(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"
    )
    choose(page, "Q-1", "Hội đồng")
    saved(page)
    assert room.answers() == {"Q-1": "c"}
