# SPDX-License-Identifier: Apache-2.0
"""What the stages of a rehearsal share: people at their browsers, the competition, its clock, measures."""

import dataclasses
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from exam_portal.rehearsal.browser import Browser, Page
from exam_portal.rehearsal.letters import Letters
from exam_portal.rehearsal.people import PASSWORD, Applicant

LOCAL = timezone(timedelta(hours=7))
CROWD = 8
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How somebody signs in."""

    login: str
    password: str = PASSWORD


@dataclasses.dataclass(slots=True)
class Vacancy:
    """A post of the competition."""

    code: str
    title: str
    public_id: str = ""


@dataclasses.dataclass(slots=True)
class Contender:
    """An applicant on the way through the competition."""

    person: Applicant
    browser: Browser
    application: str = ""
    attempts: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def sits(self) -> bool:
        """Whether this person will be a candidate."""
        return self.person.has_consent and not self.person.withdraws


@dataclasses.dataclass(slots=True)
class Answers:
    """What was answered, from the candidates' side."""

    sent: int = 0
    acknowledged: int = 0
    stored: int = 0

    @property
    def lost(self) -> int:
        """Answers that were acknowledged and are not there."""
        return max(0, self.acknowledged - self.stored)


@dataclasses.dataclass(slots=True)
class Measures:
    """How long each stage took, and every single start, save and submission."""

    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    latency: dict[str, list[float]] = dataclasses.field(
        default_factory=lambda: {"start": [], "save": [], "submit": []}
    )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time the block takes to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    @contextmanager
    def single(self, name: str) -> Iterator[None]:
        """Note the milliseconds of one request."""
        began = time.perf_counter()
        yield
        self.latency[name].append(1000 * (time.perf_counter() - began))


@dataclasses.dataclass(slots=True)
class Play:
    """One rehearsal."""

    base_url: str
    letters: Letters
    seed: int
    items: tuple[str, bytes]
    essays: tuple[str, bytes]
    say: Callable[[str], None]
    offset: timedelta = timedelta()
    competition: str = ""
    organisation: str = ""
    vacancies: list[Vacancy] = dataclasses.field(default_factory=list)
    contenders: list[Contender] = dataclasses.field(default_factory=list)
    staff: dict[str, Browser] = dataclasses.field(default_factory=dict)
    logins: dict[str, Login] = dataclasses.field(default_factory=dict)
    names: dict[str, str] = dataclasses.field(default_factory=dict)
    answers: Answers = dataclasses.field(default_factory=Answers)
    measures: Measures = dataclasses.field(default_factory=Measures)
    papers: int = 0
    doing: str = ""
    one_by_one: bool = False  # people at real browsers cannot act from several threads
    least_worth: int = 38  # of a script or a hearing, of 100: below 50 a candidate fails
    keys: dict[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """The right answers by item: candidates know some of them, by what they say."""
        for item in json.loads(self.items[1])["items"]:
            right = [each["text"] for each in item.get("options", ()) if each["fraction"] == "1"]
            self.keys |= {item["id"]: right[0]} if right else {}

    @property
    def place(self) -> str:
        """The address of the competition's workspace."""
        return f"/staff/competitions/{self.competition}"

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[None]:
        """Say what is being done, and add the time it takes to a stage."""
        self.doing = doing
        self.say(doing)
        with self.measures.stage(name):
            yield

    def now(self) -> datetime:
        """Return the instant by the rehearsal's own clock."""
        return datetime.now(UTC) + self.offset

    def chance(self, *names: object) -> random.Random:
        """Return a source of chance that is the same in every run with this seed."""
        return random.Random("/".join(str(name) for name in (self.seed, *names)))  # noqa: S311

    def number(self, ending: str) -> str:
        """Return the next number of the records office."""
        self.papers += 1
        return f"{self.papers:02d}/{ending}"

    def candidates(self) -> list[Contender]:
        """Return those who sit the examination."""
        return [one for one in self.contenders if one.sits]

    def shift(self, hours: int) -> None:
        """Let the rehearsal's clock run ahead, on its page."""
        self.staff["organiser"].act(self.place, "/clock", hours=str(hours))
        self.offset += timedelta(hours=hours)

    def crowd(
        self, people: Iterable[Given], act: Callable[[Given], Made], at_once: int = CROWD
    ) -> list[Made]:
        """Return what each of them made, several acting at the same time."""
        if self.one_by_one:
            return [act(one) for one in people]
        with ThreadPoolExecutor(max_workers=at_once) as pool:
            return list(pool.map(act, people))

    def sign_in(self, login: Login) -> Browser:
        """Return the browser of somebody who has signed in."""
        browser = Browser(self.base_url)
        words = {"login": login.login, "password": login.password, "next": "/account"}
        browser.act("/sign-in", having="password", **words)
        return browser

    def accept_invitation(self, email: str) -> Browser:
        """Return the browser of somebody who has followed the link of a letter and chosen a password."""
        browser = Browser(self.base_url)
        link = self.letters.link_for(email)
        browser.act(link, having="again", password=PASSWORD, again=PASSWORD)
        return browser

    def close(self) -> None:
        """Give every connection back."""
        for browser in (*self.staff.values(), *(one.browser for one in self.contenders)):
            browser.close()


def typed(instant: datetime) -> str:
    """Return an instant as a person in Viet Nam types it."""
    return f"{instant.astimezone(LOCAL):%d/%m/%Y %H:%M:%S}"


def last_segment(address: str) -> str:
    """Return the last part of an address."""
    return address.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1]


def one_link(page: Page, part: str) -> str:
    """Return the first link that contains this part."""
    found: Sequence[str] = page.links(part)
    if not found:
        raise LookupError(f"{page.url}: no link with {part}")
    return found[0]
