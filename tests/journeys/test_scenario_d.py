# SPDX-License-Identifier: Apache-2.0
"""A test of 60 questions in a hall: a closed network, a dead switch, a power cut, a computer that dies.

Home packs the sitting; a laptop holds it over TLS in a network of its own, with the browsers of two
candidates on two other computers; what happened comes home and counts: 30 of 60 passes, 29 fails.
"""

import base64
import dataclasses
import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, Playwright, expect
from pypdf import PdfReader
from sqlalchemy import select, update

from exam_portal.audit import fsck
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.results import runs
from exam_portal.sittings import queries
from exam_portal.sittings.models import Sitting
from tests.harness import browser as harness
from tests.harness.browser import Album
from tests.harness.databases import settings_in
from tests.harness.server import COMMAND, environment_for
from tests.journeys.closed_network import HALL, ClosedNetwork, closed_network
from tests.journeys.screen import Journey, Screen
from tests.portal.sittings.attempts.builders import an_item, options
from tests.portal.sittings.builders import START
from tests.portal.sittings.computers import mark_tests
from tests.portal.sittings.hall import builders

pytestmark = pytest.mark.journey
BASE = f"https://{HALL}:8443"
PATIENCE = 60_000
RIGHT, WRONG = "Chủ tịch", "Giám đốc Sở"
HANH, BAO, YEN = "Nguyễn Thị Hạnh", "Trần Quốc Bảo", "Lê Hoàng Yến"  # candidates
MAI, LONG = "Đỗ Thị Mai", "Bùi Văn Long"  # invigilators
HOA, DUC = "Nguyễn Văn Hòa", "Lê Minh Đức"  # chair and secretary: they open the paper
PEOPLE = (HANH, BAO, YEN, MAI, LONG, HOA, DUC)
SHARE = re.compile(r"(?:\b[a-z]{4,8}\b\s+){19}\b[a-z]{4,8}\b")
SLIP = re.compile(r"((?:can-bo|sbd)-\d+).*?([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})", re.DOTALL)


@dataclasses.dataclass
class Installation:
    """One installation and its command line."""

    directory: Path
    environment: dict[str, str]

    @classmethod
    def at(cls, directory: Path, origin: str) -> "Installation":
        """An installation in this directory."""
        settings = {"audit.origin": origin, "rehearsal.enabled": "true"}
        return cls(directory, environment_for(directory, 1, settings))

    def run(self, *words: str, status: int = 0) -> str:
        """Run `exam-portal …` and return what it printed."""
        done = subprocess.run(
            [COMMAND, *words], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def opened(self) -> Database:
        """Return its database, which nobody else holds then."""
        origin = self.environment["EXAM_PORTAL_AUDIT__ORIGIN"]
        return Database(settings_in(self.directory, audit={"origin": origin}))


@dataclasses.dataclass
class Laptop:
    """The server of the hall, which somebody may pull the plug of."""

    network: ClosedNetwork
    at: Installation
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It serves the hall, and answers a computer that trusts its authority and nobody else."""
        kept = {name: value for name, value in self.at.environment.items() if "SERVER__" not in name}
        config = str(self.at.directory / "hall.toml")
        serve = self.network.command("hall", "setpriv", "--pdeathsig=TERM", "--", COMMAND)
        self.process = subprocess.Popen([*serve, "--config", config, "serve"], env=kept)
        until = time.monotonic() + 90
        while not self.is_trusted():
            assert self.process.poll() is None
            assert time.monotonic() < until, "the laptop does not answer"
            time.sleep(0.2)

    def is_trusted(self) -> bool:
        """Whether a candidate's computer reaches it and believes its certificate."""
        authority = x509.load_der_x509_certificate((self.at.directory / "tls" / "authority.crt").read_bytes())
        words = authority.public_bytes(Encoding.PEM).decode()
        ask = (
            "import ssl, urllib.request as r;"
            f"c = ssl.create_default_context(cadata={words!r});"
            f"print(r.urlopen('{BASE}/readyz', context=c, timeout=5).status)"
        )
        return "200" in self.network.run("one", "python3", "-c", ask).stdout

    def cut_power(self) -> None:
        """Nothing is written to the end, nobody is told."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self) -> None:
        """It is shut down."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def fingerprint(self) -> str:
        """Return by which a browser here knows the server's key: the hash over its public half."""
        [leaf, _] = x509.load_pem_x509_certificates((self.at.directory / "tls" / "server.crt").read_bytes())
        public = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(public).digest()).decode()


class Quiet(Journey):
    """People whose pages are read elsewhere."""

    def look(self, tab: Page) -> None:
        """Nothing is noted."""


@dataclasses.dataclass
class Hall:
    """The laptop, a browser on each of two computers, and everybody's slip."""

    laptop: Laptop
    browsers: dict[str, Browser]
    slips: dict[str, tuple[str, str]]  # name -> login, password
    shares: dict[str, str]  # name -> words of an officer
    album: Album
    sitting: str

    def somebody(self, name: str, computer: str) -> Screen:
        """Return the screen of this person, signed in with the slip at this computer."""

        def new_person(*, base_url: str) -> Page:
            context = self.browsers[computer].new_context(
                base_url=base_url, locale="vi-VN", viewport={"width": 1280, "height": 900}
            )
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        return Quiet(BASE, new_person, self.album).somebody(*self.slips[name])

    @property
    def board(self) -> str:
        """The address of the board."""
        return f"/staff/sittings/{self.sitting}/board"


@pytest.fixture
def network() -> Iterator[ClosedNetwork]:
    """Two computers and a laptop on one switch."""
    with closed_network("one", "two") as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path, catalogues: None) -> Installation:
    """Home, where a test of 60 questions is ready; the clock of its rehearsal stands at the start."""
    made = Installation.at(tmp_path / "home", "so-noi-vu.example")
    made.directory.mkdir()
    shutil.copy(sqlite_template, made.directory / "portal.sqlite3")
    database = made.opened()
    questions = [an_item(f"Q-{number:02d}", options=options("b")) for number in range(1, 61)]
    builders.a_home(database, items=questions)
    ahead = int((START - datetime.now(UTC)).total_seconds())
    with database.writing(unhurried=True) as session:
        session.execute(update(Competition).values(kind="rehearsal", clock_offset_seconds=ahead))
    database.dispose()
    return made


@pytest.fixture
def hall(
    home: Installation, network: ClosedNetwork, tmp_path: Path, driver: Playwright, album: Album
) -> Iterator[Hall]:
    """The sitting was packed, opened on the laptop, and is served over TLS."""
    at = Installation.at(tmp_path / "laptop", "hoi-truong.example")
    (tmp_path / "laptop.txt").write_text(at.run("hall", "key"))
    database = home.opened()
    (tmp_path / "home.txt").write_text(builders.address_of(database).line)
    with database.reading() as session:
        sitting = session.scalars(select(Sitting.public_id)).one()
    database.dispose()
    pack, slips = str(tmp_path / "ca-thi.pack"), tmp_path / "phieu.pdf"
    home.run(
        "hall", "pack", sitting, "--to", str(tmp_path / "laptop.txt"), "--out", pack, "--slips", str(slips)
    )
    at.run("hall", "open", pack, "--from", str(tmp_path / "home.txt"))
    at.run("hall", "tls", "--address", HALL)
    laptop = Laptop(network, at)
    with ExitStack() as stack:
        stack.callback(laptop.stop)
        laptop.start()
        trust = f"--ignore-certificate-errors-spki-list={laptop.fingerprint()}"
        browsers = {}
        for computer in network.hosts:
            program = network.browser_on(computer, harness.executable(), tmp_path)
            browsers[computer] = driver.chromium.launch(
                executable_path=program, args=[*harness.ARGUMENTS, trust]
            )
            stack.callback(browsers[computer].close)
        yield Hall(laptop, browsers, *read_slips(slips), album, sitting)


def read_slips(file: Path) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return everybody's login and password, and the shares of officers, as the slips are printed."""
    found, shares = {}, {}
    for page in PdfReader(file).pages:
        words = page.extract_text()
        name = next(one for one in PEOPLE if one in words)
        login, code = SLIP.findall(words)[0]
        found[name] = (login, code)
        if share := SHARE.search(words):
            shares[name] = " ".join(share[0].split())
    return found, shares


def test_nothing_is_lost_in_a_hall_and_one_question_decides(
    home: Installation, hall: Hall, network: ClosedNetwork, tmp_path: Path
) -> None:
    assert network.run("one", "ip", "route", "get", "192.0.2.1").returncode != 0  # no way out
    invigilator = check_in(hall)
    first, second = sit_down(hall, HANH, "one"), sit_down(hall, BAO, "two")
    for tab in (first.tab, second.tab):
        expect(tab.locator("#waiting")).to_be_visible(timeout=PATIENCE)
    open_the_paper(hall)
    invigilator.act(hall.board, "/start")
    for tab in (first.tab, second.tab):
        expect(tab.locator("#player")).to_be_visible(timeout=PATIENCE)

    answer(first, 0, 20, right=20)
    answer(second, 0, 20, right=20)
    network.break_switch()
    answer(first, 20, 30, right=10)
    unsaved = first.tab.locator("#save-state[data-state=retrying], #save-state[data-state=local]")
    expect(unsaved).to_be_visible(timeout=PATIENCE)
    network.mend_switch()
    saved(first)

    hall.laptop.cut_power()
    answer(first, 30, 32, right=0)
    answer(second, 20, 30, right=9)
    hall.laptop.start()
    saved(first)
    saved(second)

    second.close()  # this computer is dead
    code = move(hall, invigilator)
    second = sit_down(hall, BAO, "one", code=code)
    expect(second.tab.locator("#player")).to_be_visible(timeout=PATIENCE)
    answer(second, 30, 33, right=0)
    give_time(hall, invigilator, first, second)
    for one in (first, second):
        saved(one)
        hand_in(one)
    invigilator.act(hall.board, "/end")

    hall.laptop.stop()
    results = str(tmp_path / "ket-qua.pack")
    hall.laptop.at.run("hall", "close", "--out", results)
    assert "3 attempts" in home.run("hall", "merge", results)
    assert "second" in home.run("hall", "merge", results, status=2)
    count(home)


def sit_down(hall: Hall, name: str, computer: str, *, code: str = "") -> Screen:
    """The candidate has signed in and waits at the computer, or goes on there with the code."""
    screen = hall.somebody(name, computer)
    screen.tab.goto("/me/sittings")
    screen.tab.locator("main a.govuk-button").click()
    if code:
        screen.tab.locator("input[name=code]").fill(code)
    screen.tab.locator("main button[type=submit]").click()
    return screen


def check_in(hall: Hall) -> Screen:
    """Return the screen of the invigilator, who has found two candidates present and one absent."""
    invigilator = hall.somebody(MAI, "one")
    page = invigilator.open(hall.board)
    absent = next(one for one in page.tree.xpath("//tr") if YEN in one.text_content())
    address = absent.xpath(".//a[contains(@href,'/attendance')]/@href")[0]
    invigilator.act(address, "/attendance", finding="absent")
    invigilator.act(hall.board, "/check-in")
    return invigilator


def open_the_paper(hall: Hall) -> None:
    """Two officers have opened it, each with the own share."""
    for name in (HOA, DUC):
        officer = hall.somebody(name, "one")
        officer.open(f"/staff/sittings/{hall.sitting}")
        officer.tab.locator(".ep-nav a", has_text="Đề thi").click()
        officer.tab.locator("main table a").first.click()
        officer.tab.locator("main a[href$='/open']").click()
        officer.tab.locator("[name=share]").fill(hall.shares[name])
        if name == HOA:
            officer.keep("mo-de-tai-phong-thi")
        officer.tab.locator("main form button[type=submit]").click()
        officer.tab.wait_for_load_state()
        officer.close()


def answer(screen: Screen, start: int, end: int, *, right: int) -> None:
    """These questions are answered, so many of them rightly."""
    for place in range(start, end):
        screen.tab.locator(".ep-navigator__item").nth(place).click()
        words = RIGHT if place - start < right else WRONG
        screen.tab.locator(".ep-option", has_text=words).click()


def saved(screen: Screen) -> None:
    """Everything is with the server."""
    expect(screen.tab.locator("#save-state[data-state=saved]")).to_be_visible(timeout=PATIENCE)


def move(hall: Hall, invigilator: Screen) -> str:
    """Return the code with which the second candidate goes on at another computer."""
    page = invigilator.open(hall.board)
    row = next(one for one in page.tree.xpath("//tr") if BAO in one.text_content())
    action = row.xpath(".//form[contains(@action,'/device')]/@action")[0]
    invigilator.tab.locator(f"form[action='{action}'] button").click()
    return invigilator.tab.locator(".ep-hash strong").inner_text()


def give_time(hall: Hall, invigilator: Screen, *candidates: Screen) -> None:
    """Twelve minutes are credited to all by two people; each candidate's clock shows them."""
    address = f"/staff/sittings/{hall.sitting}/time-grants/new"
    invigilator.act(address, "/time-grants/new", kind="credit", minutes="12", reason="Bộ chuyển mạch hỏng")
    other = hall.somebody(LONG, "two")
    other.act(hall.board, "/approve")
    other.close()
    for one in candidates:
        one.tab.reload()
        expect(one.tab.locator("[data-clock]")).to_have_text(
            re.compile("^1:(0[5-9]|1[0-2]):"), timeout=PATIENCE
        )


def hand_in(screen: Screen) -> None:
    """The candidate has handed in and holds a receipt."""
    screen.tab.locator(".ep-navigator button.ep-button").click()
    screen.tab.locator("#submit-dialog button[value=yes]").click()
    screen.tab.wait_for_url("**/receipt", timeout=PATIENCE)


def count(home: Installation) -> None:
    """At home 30 of 60 passes and 29 does not; the record holds, the hall's part of it included."""
    database = home.opened()
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        board = {seat.name: seat for seat in queries.board(session, sitting)}
        assert {name: seat.attempt_state for name, seat in board.items()} == {
            HANH: "submitted", BAO: "submitted", YEN: "awaiting",
        }  # fmt: skip
        assert board[YEN].status == "absent"
        marking = Actor(account_id=sitting.created_by)
        assert mark_tests(session, marking, builders.HOME_AGAIN, sitting) == 2
        marks = queries.test_marks(session, sitting.competition_id, "test")
        assert [marks[board[name].candidate_id] for name in (HANH, BAO)] == [("30", "60"), ("29", "60")]
        vacancy = session.scalars(select(Vacancy)).one()
        assert runs.passed_before(session, vacancy.id, "written") == frozenset({board[HANH].candidate_id})
        found = [one for one in fsck.differences(session) if one.where in {"sittings", "halls"}]
        assert found == []
    database.dispose()
