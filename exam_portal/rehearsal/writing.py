# SPDX-License-Identifier: Apache-2.0
"""One candidate at the answer path, as the player writes: a journal of what was sent and promised."""

import dataclasses
import hashlib
import json
import secrets
import time
from typing import Any

import httpx

from exam_portal.rehearsal.browser import Browser, Refused
from exam_portal.sittings.attempts import chain, wire

SAVED = 200
LATER = frozenset({409, 429, 503})
MOST_TRIES = 60


@dataclasses.dataclass(slots=True)
class Writer:
    """The client's journal of one attempt."""

    browser: Browser
    attempt: str
    lease: str = ""
    seq: int = 0
    head: str = ""
    events: int = 0
    sent: int = 0
    promised: int = 0
    waiting: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    milliseconds: dict[str, list[float]] = dataclasses.field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address of the attempt for the player."""
        return f"/sit/attempts/{self.attempt}"

    def take_place(self) -> None:
        """This computer is in charge of the attempt."""
        page = self.browser.act(f"/sit/{self.attempt}", "/device")
        self._read_lease(page.tree)

    def read_paper(self) -> list[dict[str, Any]]:
        """Return the items as this candidate sees them; the journal begins where the server's stands."""
        paper = self.browser.get_json(f"{self.base}/paper")
        self.seq, self.head = paper["state"]["seq"], paper["state"]["head"]
        items: list[dict[str, Any]] = paper["items"]
        return items

    def answer(self, item: str, *contents: Any, kind: str = "answer") -> None:
        """The answers are acknowledged, one after the other in one save: they will not be lost."""
        self.keep(item, *contents, kind=kind)
        self.send()

    def keep(self, item: str, *contents: Any, kind: str = "answer") -> None:
        """The answers are in this journal, and nowhere else yet."""
        self.waiting += [self._event(item, kind, content) for content in contents]

    def send(self) -> None:
        """What the journal holds is acknowledged; what cannot be sent stays in it, unchanged."""
        if not self.waiting:
            return
        batch = {
            "_": wire.SCHEMA,
            "lease": self.lease,
            "seq": self.seq,
            "head": self.head,
            "events": self.waiting,
        }
        head = bytes.fromhex(self.head)
        expected = chain.heads_after(head, [chain.event_bytes(event) for event in self.waiting])[-1]
        said = self._post("events", json.dumps(batch).encode()).json()
        self.sent += len(self.waiting)
        self._promised(said, expected, len(self.waiting))
        self.waiting = []

    def write(self, item: str, text: str) -> None:
        """The text is acknowledged as a snapshot."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.answer(item, {"snapshot": text, "length": len(text), "digest": digest}, kind="text")

    def stored(self) -> int:
        """Return how many of the promised events the server has: all of them where its head is ours."""
        state = self.browser.get_json(f"{self.base}/state")
        return self.promised if state["head"] == self.head and state["seq"] == self.seq else 0

    def hand_in(self) -> None:
        """The attempt is sealed at the head that this journal leads to."""
        answer = self._post("submission", b"")
        if answer.json()["receipt"]["head"] != self.head:
            raise Refused(f"{self.base}: the receipt names another head than the journal leads to")

    def _event(self, item: str, kind: str, content: Any) -> dict[str, Any]:
        self.events += 1
        return {
            "client_seq": self.events,
            "item": item,
            "kind": kind,
            "ms": self.events * 1000,
            "nonce": secrets.token_hex(8),
            "content": content,
        }

    def _post(self, what: str, body: bytes) -> httpx.Response:
        """Send, and where the portal asks to come again later, come again; the last try is the one timed."""
        for _ in range(MOST_TRIES):
            began = time.perf_counter()
            answer = self.browser.send_json(f"{self.base}/{what}", body)
            if answer.status_code == SAVED:
                self.milliseconds.setdefault(what, []).append(1000 * (time.perf_counter() - began))
                return answer
            if answer.status_code not in LATER:
                raise Refused(f"{self.base}/{what}: {answer.status_code}: {answer.text[:300]}")
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 5.0))
        raise Refused(f"{self.base}/{what}: asked to come later {MOST_TRIES} times")

    def _promised(self, said: dict[str, Any], expected: bytes, count: int) -> None:
        self.seq, self.head = said["seq"], said["head"]
        if self.head != expected.hex():
            raise Refused(f"{self.base}: the acknowledgement names another head than the journal leads to")
        self.promised += count

    def _read_lease(self, tree: Any) -> None:
        found = tree.xpath("//*[@id='player']/@data-page")
        if not found:
            raise Refused(f"{self.base}: the player's page names no lease")
        self.lease = str(json.loads(found[0])["lease"])
