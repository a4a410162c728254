# SPDX-License-Identifier: Apache-2.0
"""The hall of scenario D: its laptop, its network, its people with their slips."""

import dataclasses
import re
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright
from pypdf import PdfReader

from exam_portal.rehearsal.browser import Browser as PlainBrowser
from tests.harness import browser as harness
from tests.harness.browser import Album
from tests.journeys.closed_network import ClosedNetwork
from tests.journeys.computers import PATIENCE, AtScreen, Candidate, Computer, Person
from tests.journeys.laptop import BASE, Clock, Installation, Laptop
from tests.journeys.screen import Journey
from tests.portal.sittings.builders import MINUTE, START

RIGHT = {1: 30, 2: 45, 3: 52, 4: 38, 5: 29, 6: 60, 7: 41, 8: 36}  # of 60, by candidate number
AT_SCREENS = (1, 5)
SPARE = 9
MACHINES = tuple(f"machine-{number}" for number in range(1, SPARE + 1))
MAI, LONG = "Đỗ Thị Mai", "Bùi Văn Long"  # invigilators
HOA, DUC = "Nguyễn Văn Hòa", "Lê Minh Đức"  # chair and secretary: they open the paper
SHARE = re.compile(r"(?:\b[a-z]{4,8}\b\s+){19}\b[a-z]{4,8}\b")
SLIP = re.compile(r"((?:can-bo|sbd)-\d+).*?([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})", re.DOTALL)


class Quiet(Journey):
    """People whose pages are read elsewhere."""

    def look(self, tab: Page) -> None:
        """Nothing is noted."""


@dataclasses.dataclass
class Hall:
    """The laptop, its network, and everybody's slip."""

    home: Installation
    laptop: Laptop
    network: ClosedNetwork
    sitting: str
    slips: dict[str, tuple[str, str]]  # login or name -> login, password
    shares: dict[str, str]  # name -> words of an officer
    computers: dict[str, Computer]
    driver: Playwright
    album: Album
    folder: Path
    stack: ExitStack
    started_at: datetime = START

    @property
    def clock(self) -> Clock:
        """The clock of the hall."""
        return self.laptop.clock

    @property
    def board(self) -> str:
        """The address of the board."""
        return f"/staff/sittings/{self.sitting}/board"

    def at_minute(self, minute: int) -> None:
        """So many minutes have gone since the start."""
        self.clock.set(self.started_at + minute * MINUTE)

    def plain(self) -> PlainBrowser:
        """Return a browser without a screen that trusts the hall."""
        browser = PlainBrowser(BASE, trust=self.laptop.trust())
        self.stack.callback(browser.close)
        return browser

    def somebody(self, name: str) -> Person:
        """Return a member of staff, signed in with the slip at the desk."""
        person = Person(self.computers["desk"], self.plain())
        login, password = self.slips[name]
        person.act("/sign-in", having="password", login=login, password=password, next="/account")
        return person

    def candidate(self, number: int) -> Candidate:
        """Return the candidate at the machine of the same number, who has not signed in."""
        return Candidate(self.computers[f"machine-{number}"], self.plain(), RIGHT[number])

    def sign_in(self, candidate: Candidate, number: int) -> None:
        """The candidate has signed in with the slip and taken the place."""
        login, password = self.slips[f"sbd-{number:03d}"]
        candidate.browser.act(
            "/sign-in", having="password", login=login, password=password, next="/me/sittings"
        )
        candidate.sit_down()

    def screen(self, number: int, machine: int) -> AtScreen:
        """Return the candidate, signed in at the real browser of this machine."""
        program = self.network.browser_on(f"machine-{machine}", harness.executable(), self.folder)
        trust = f"--ignore-certificate-errors-spki-list={self.laptop.fingerprint()}"
        browser: Browser = self.driver.chromium.launch(
            executable_path=program, args=[*harness.ARGUMENTS, trust]
        )
        self.stack.callback(browser.close)

        def new_person(*, base_url: str) -> Page:
            context = browser.new_context(
                base_url=base_url, locale="vi-VN", viewport={"width": 1280, "height": 900}
            )
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        journey = Quiet(BASE, new_person, self.album)
        return AtScreen(journey.somebody(*self.slips[f"sbd-{number:03d}"]), RIGHT[number])


def read_slips(file: Path) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return everybody's login and password, and the shares of officers, as the slips are printed."""
    found, shares = {}, {}
    for page in PdfReader(file).pages:
        words = page.extract_text()
        login, code = SLIP.findall(words)[0]
        name = next((one for one in (MAI, LONG, HOA, DUC) if one in words), "")
        found[name if login.startswith("can-bo") else login] = (login, code)
        if share := SHARE.search(words):
            shares[name] = " ".join(share[0].split())
    return found, shares
