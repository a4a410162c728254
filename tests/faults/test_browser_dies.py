# SPDX-License-Identifier: Apache-2.0
"""The browser is killed while its line is cut: started again on the same computer it has every word."""

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from exam_portal.core.database import Database
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import fsck, service
from exam_portal.sittings.models import Attempt, Seat, Sitting
from tests.harness import live
from tests.harness.browser import ARGUMENTS, PATIENCE, executable
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.test_player_survives_in_browser import READ_JOURNAL

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]
WORDS = "Viết khi mất mạng, trước khi máy tắt 🌱"


class Desk:
    """A candidate with an attempt that runs, and the computer there."""

    def __init__(self, database: Database, address: str, playwright: Playwright) -> None:
        self.database, self.address, self.playwright = database, address, playwright
        now = datetime.now(UTC)
        with database.writing(unhurried=True) as session:
            attempt, sitting = builders.a_prepared_attempt(session)
            builders.start(session, session.get_one(Sitting, sitting.id), now)
            candidate = session.get_one(Candidate, session.get_one(Seat, attempt.seat_id).candidate_id)
            self.token = builders.signed_in(session, candidate.account_id, now)
            self.attempt_id, self.public_id = attempt.id, attempt.public_id

    def switch_on(self, profile: Path, *, forgets: bool = False) -> tuple[BrowserContext, Page]:
        """Return the browser on this profile, signed in, at the attempt; it may have forgotten the lease."""
        context = self.playwright.chromium.launch_persistent_context(
            profile, executable_path=executable(), args=ARGUMENTS, locale="vi-VN"
        )
        context.set_default_timeout(PATIENCE)
        if forgets:
            context.clear_cookies(name=re.compile("^sitting-"))
        context.add_cookies([{"name": "portal-session", "value": self.token, "url": self.address}])
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(f"{self.address}/sit/{self.public_id}")
        return context, page

    def move(self) -> str:
        """The invigilator gives a code for another device."""
        with self.database.writing() as session:
            by = builders.an_invigilator(session)
            attempt = session.get_one(Attempt, self.attempt_id)
            return service.move_attempt(session, by, datetime.now(UTC), attempt=attempt)

    def answers(self) -> dict[str, object]:
        with self.database.reading() as session:
            assert list(fsck.differences(session)) == []
            return service.current_answers(session, session.get_one(Attempt, self.attempt_id))


def kill(profile: Path) -> None:
    """Every process of the browser on this profile is killed."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if f"--user-data-dir={profile}" in words and not any(w.startswith("--type=") for w in words):
                    os.kill(int(folder.name), signal.SIGKILL)


@pytest.fixture
def desk(database: Database, app: Flask, driver: Playwright) -> Iterator[Desk]:
    with live.serving(app) as address:
        yield Desk(database, address, driver)


def write_offline_and_be_killed(desk: Desk, profile: Path, *, is_known: bool = False) -> None:
    context, page = desk.switch_on(profile)
    page.locator("main button").click()
    expect(page.locator("#player")).to_be_visible()
    for link in page.locator(".ep-navigator__item").all():
        link.click()
        if page.locator("textarea").count():
            break
    page.locator("textarea").press_sequentially("Mở đầu. ")
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    context.set_offline(True)
    page.locator("textarea").press_sequentially(WORDS, delay=10)
    expect(page.locator("#save-state[data-state=local]")).to_be_visible()
    until = time.monotonic() + 120
    while is_known and not is_on_the_disk(profile):
        assert time.monotonic() < until, "the browser never writes its cookies down"
        time.sleep(0.5)
    while WORDS[-1] not in json.dumps(page.evaluate(READ_JOURNAL), ensure_ascii=False):
        assert time.monotonic() < until, "the last word is never written down"
        time.sleep(0.05)
    kill(profile)
    with contextlib.suppress(Exception):
        context.close()


def slowly(route: Route) -> None:
    """The line is a slow one."""
    time.sleep(4)
    route.continue_()


def is_on_the_disk(profile: Path) -> bool:
    """Whether the browser has written down who it is: it does so every half minute."""
    return b"sitting-" in (profile / "Default" / "Cookies").read_bytes()


@pytest.mark.long_on("sqlite")
def test_a_killed_browser_has_every_word_when_it_is_back(desk: Desk, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    write_offline_and_be_killed(desk, profile, is_known=True)
    assert desk.answers() == {"E-1": "Mở đầu. "}
    context, page = desk.switch_on(profile)
    expect(page.locator("textarea")).to_have_value("Mở đầu. " + WORDS)
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    context.close()
    assert desk.answers() == {"E-1": "Mở đầu. " + WORDS}


def test_one_killed_before_it_wrote_down_who_it_is_needs_a_code_and_loses_no_word(
    desk: Desk, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    write_offline_and_be_killed(desk, profile)
    context, page = desk.switch_on(profile, forgets=True)
    context.route(re.compile("/(paper|key)$"), slowly)  # what lies here may be sent before the paper is
    page.locator("input[type=text]").fill(desk.move())
    page.locator("main button").click()
    expect(page.locator("textarea")).to_have_value("Mở đầu. " + WORDS)
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    context.close()
    assert desk.answers() == {"E-1": "Mở đầu. " + WORDS}


def test_on_a_computer_without_that_profile_the_words_are_not_there(desk: Desk, tmp_path: Path) -> None:
    write_offline_and_be_killed(desk, tmp_path / "profile")
    context, page = desk.switch_on(tmp_path / "another")
    page.locator("input[type=text]").fill(desk.move())
    page.locator("main button").click()
    expect(page.locator("textarea")).to_have_value("Mở đầu. ")
    context.close()
    assert desk.answers() == {"E-1": "Mở đầu. "}
