# SPDX-License-Identifier: Apache-2.0
"""A real browser: Debian's Chromium through Playwright, watched for what no page of ours should do."""

import dataclasses
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakSet

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.harness import accessibility, ended

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", None})
REFUSAL = re.compile(
    r"Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)
CUT_OFF = re.compile(r"Failed to load resource: net::ERR_(EMPTY_RESPONSE|CONNECTION_(RESET|CLOSED))")
UNPLUGGED: WeakSet[BrowserContext] = WeakSet()  # those whose line a test has cut
UNANSWERED = re.compile(r"Failed to load resource: net::ERR_")
PATIENCE = 60_000  # ms; a busy machine is no fault of the page
DESKTOP = (1280, 900)
PHONE = (320, 720)


@dataclasses.dataclass  # no slots: Playwright keeps its wrappers on the listener
class Watch:
    """What the pages of one context did that a page of this portal never does."""

    problems: list[str] = dataclasses.field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        address = str(message.location.get("url", ""))
        is_cut = message.page is not None and message.page.context in UNPLUGGED
        is_answer = REFUSAL.match(message.text) or (is_cut and CUT_OFF.match(message.text))
        if is_answer and "/static/" not in address:
            return  # a refused form, a hidden page, a line that a test has cut: an answer, not a fault
        if UNANSWERED.match(message.text) and ended.is_ended(address):
            return
        self.problems.append(f"console: {message.text} ({address})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            self.problems.append(f"external request: {request.url}")


@dataclasses.dataclass(slots=True)
class Album:
    """Each page that is looked at is read by axe-core, and with ``--pictures`` kept as a numbered picture."""

    folder: Path
    has_pictures: bool
    count: int = 0
    findings: list[str] = dataclasses.field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        """Note what axe-core finds serious; the picture is kept where pictures are wanted."""
        self.read(page)
        self.show(page, name)

    def read(self, page: Page) -> None:
        """Note what axe-core finds serious."""
        self.findings += accessibility.serious_violations(page)

    def show(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page, where pictures are wanted."""
        if self.has_pictures:
            self.keep(page, name)

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page."""
        self.count += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{self.count:02d}-{name}.png", full_page=True)


def executable() -> str:
    """Return the path of the browser asked for or installed, or fail the test with what to install."""
    found = os.environ.get("TEST_BROWSER") or next(
        (path for name in NAMES if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.fail("no Chromium found; install the package chromium")
    return found


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts browsers; there can be one in a process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for the session; tests open contexts of their own in it."""
    browser = driver.chromium.launch(executable_path=executable(), args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What pages did wrong; the test fails at its end unless the list is empty."""
    watched = Watch()
    yield watched
    assert watched.problems == []


@pytest.fixture
def new_person(chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A function that gives a page in a fresh context: another person at another computer."""
    contexts: list[BrowserContext] = []

    def open_page(*, base_url: str, language: str = "vi-VN", size: tuple[int, int] = DESKTOP) -> Page:
        context = chromium.new_context(
            base_url=base_url,
            locale=language,
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch.on(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Iterator[Album]:
    """Pictures of this test under ``test-artefacts/``; fails at the end on serious axe-core findings."""
    name = re.sub(r"[^\w-]+", "-", request.node.name).strip("-")
    folder = ARTEFACTS / Path(str(request.node.path)).stem / name
    shutil.rmtree(folder, ignore_errors=True)
    taken = Album(folder, has_pictures=request.config.getoption("--pictures"))
    yield taken
    assert taken.findings == []
