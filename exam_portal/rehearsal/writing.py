# SPDX-License-Identifier: Apache-2.0
"""One candidate at the answer path, as the player writes: a journal of what was sent and promised."""

import dataclasses
import hashlib
import json
import secrets
import time
from typing import Any

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
    milliseconds: list[float] = dataclasses.field(default_factory=list)

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

    def answer(self, item: str, content: Any, kind: str = "answer") -> None:
        """The answer is acknowledged: it will not be lost."""
        self.events += 1
        event = {
            "client_seq": self.events,
            "item": item,
            "kind": kind,
            "ms": self.events * 1000,
            "nonce": secrets.token_hex(8),
            "content": content,
        }
        batch = {"_": wire.SCHEMA, "lease": self.lease, "seq": self.seq, "head": self.head, "events": [event]}
        self._send(
            json.dumps(batch).encode(), chain.next_head(bytes.fromhex(self.head), chain.event_bytes(event))
        )

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
        answer = self.browser.send_json(f"{self.base}/submission", b"")
        if answer.status_code != SAVED:
            raise Refused(f"{self.base}/submission: {answer.status_code}: {answer.text[:300]}")
        if answer.json()["receipt"]["head"] != self.head:
            raise Refused(f"{self.base}: the receipt names another head than the journal leads to")

    def _send(self, body: bytes, expected: bytes) -> None:
        self.sent += 1
        for _ in range(MOST_TRIES):
            began = time.perf_counter()
            answer = self.browser.send_json(f"{self.base}/events", body)
            if answer.status_code == SAVED:
                self.milliseconds.append(1000 * (time.perf_counter() - began))
                self._promised(answer.json(), expected)
                return
            if answer.status_code not in LATER:
                break
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 5.0))
        raise Refused(f"{self.base}/events: {answer.status_code}: {answer.text[:300]}")

    def _promised(self, said: dict[str, Any], expected: bytes) -> None:
        self.seq, self.head = said["seq"], said["head"]
        if self.head != expected.hex():
            raise Refused(f"{self.base}: the acknowledgement names another head than the journal leads to")
        self.promised += 1

    def _read_lease(self, tree: Any) -> None:
        found = tree.xpath("//*[@id='player']/@data-page")
        if not found:
            raise Refused(f"{self.base}: the player's page names no lease")
        self.lease = str(json.loads(found[0])["lease"])
