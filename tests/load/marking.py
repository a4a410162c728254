# SPDX-License-Identifier: Apache-2.0
"""Markers at work on a served portal: 500 typed essays of 1,500 words, 200 markers, each with a bag of five.

A marker opens the next script, keeps three drafts and gives the mark, again and again.
"""

import hashlib
import itertools
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from exam_portal.accounts.models import WebSession
from exam_portal.bench import load, places, servers
from exam_portal.bench.places import Place
from exam_portal.core import clock
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.ports import free_port
from exam_portal.marking import service
from exam_portal.sittings import handover, masking
from exam_portal.sittings.handover import BagView
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import grant
from tests.portal.marking.builders import MARKED
from tests.portal.marking.typed import a_typed_hall
from tests.portal.sittings.builders import Hall

ESSAYS, WORDS, BAG = 500, 1500, 5
SYLLABLES = [
    "cải",
    "cách",
    "hành",
    "chính",
    "công",
    "khai",
    "minh",
    "bạch",
    "trách",
    "nhiệm",
    "phục",
    "vụ",
    "nhân",
    "dân",
    "đơn",
    "vị",
    "đề",
    "xuất",
]
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(rb'"version":\s*(\d+)')
STEPS = ("next", "draft", "draft", "draft", "mark")


def an_essay() -> str:
    """1,500 words in paragraphs."""
    words = itertools.islice(itertools.cycle(SYLLABLES), WORDS)
    return " ".join(word + (".\n" if number % 60 == 59 else "") for number, word in enumerate(words))


class Marker:
    """A marker's browser: it speaks to the portal as the desk does."""

    def __init__(self, netloc: str, cookie: str, scripts: list[str]) -> None:
        """The scripts are addresses at the desk, in the order in which they are marked."""
        self.netloc, self.cookie = netloc, cookie
        self.scripts, self.steps = iter(scripts), iter(())  # type: Iterator[str], Iterator[str]
        self.script, self.step, self.token, self.version = "", "", "", "0"
        self.sent = 0.0
        self.took: dict[str, list[float]] = {"next": [], "draft": [], "mark": []}
        self.refused: list[tuple[str, int]] = []

    def request(self) -> bytes:
        """Return the next request."""
        self.step = next(self.steps, "")
        if not self.step:
            self.script, self.steps, self.version = next(self.scripts, self.script), iter(STEPS), "0"
            self.step = next(self.steps)
        self.sent = time.perf_counter()
        headers = {"Cookie": f"portal-session={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        if self.step == "next":
            return load.http_get(self.script, self.netloc, headers)
        address = self.script + ("/draft" if self.step == "draft" else "")
        form = {"csrf_token": self.token, "tab": "one", "rests_on": self.version, "highlights": "[]"}
        form |= {"score_law": "31", "score_practice": "44,5", "comment": "Có ví dụ, thiếu dẫn chứng. " * 4}
        kind = "application/x-www-form-urlencoded"
        return load.http_post(address, self.netloc, headers, kind=kind)(urlencode(form).encode())

    def answered(self, status: int, head: bytes, body: bytes) -> bool:
        """Note how long it took; only what the desk expects is an acknowledgement."""
        is_good = status == {"next": 200, "draft": 200, "mark": 303}[self.step]
        if not is_good:
            self.refused.append((self.step, status))
            return False
        self.took[self.step].append(time.perf_counter() - self.sent)
        if found := TOKEN.search(body):
            self.token = found[1].decode()
        if found := VERSION.search(body):
            self.version = found[1].decode()
        return True


@contextmanager
def served(essays: int = ESSAYS) -> Iterator[tuple[list[Marker], Marker]]:
    """Yield markers, each with a bag of five, and one with all essays in one bag, on a served portal."""
    with places.own_place("sqlite", 1) as place:
        port = free_port()
        netloc = f"127.0.0.1:{port}"
        many, one = _filled(place, netloc, essays)
        with servers.portal(place.environment, port):
            yield many, one


def host_and_port(marker: Marker) -> tuple[str, int]:
    """Return where the marker's portal listens."""
    parts = urlsplit(f"//{marker.netloc}")
    return parts.hostname or "", parts.port or 0


def _filled(place: Place, netloc: str, essays: int) -> tuple[list[Marker], Marker]:
    database = Database(place.settings)
    try:
        hall = a_typed_hall(database, people=essays, text=an_essay())
        with database.writing(unhurried=True) as session:
            for purpose, size in (("marking", BAG), ("review:tai", 0)):
                masking.mask_scripts(
                    session,
                    hall.masker,
                    MARKED,
                    competition=hall.competition,
                    part="written",
                    purpose=purpose,
                    bag_size=size,
                )
            bags = handover.bags_of(session, hall.competition.id)
        small, large = [bag for bag in bags if not bag.is_review], [bag for bag in bags if bag.is_review]
        many = [
            _marker(database, hall, netloc, bag, round_, Role.MARKER) for bag in small for round_ in (1, 2)
        ]
        return many, _marker(database, hall, netloc, large[0], 1, Role.REVIEW_BOARD)
    finally:
        database.dispose()


def _marker(database: Database, hall: Hall, netloc: str, bag: BagView, round_: int, role: Role) -> Marker:
    with database.writing(unhurried=True) as session:
        login = f"cham.{bag.label}.{round_}.{secrets.token_hex(3)}"
        actor = holding(a_member(session, login, f"Người chấm {login}"), role, hall.house.organisation)
        now = clock.SYSTEM.now()
        grant(session, actor, hall.house.organisation.id, now)
        assert actor.account_id is not None
        service.assign_bag(session, hall.secretary, MARKED, bag=bag, marker_id=actor.account_id, round=round_)
        scripts = [
            f"/marking/bags/{bag.public_id}/scripts/{script.public_id}"
            for script in handover.scripts_at_desk(session, bag, round_)
        ]
        return Marker(netloc, _signed_in(session, actor), scripts)


def _signed_in(session: Session, actor: Actor) -> str:
    token, now = secrets.token_urlsafe(32), clock.SYSTEM.now()
    session.add(
        WebSession(
            token_hash=hashlib.sha256(token.encode()).digest(),
            account_id=actor.account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    return token
