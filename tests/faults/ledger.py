# SPDX-License-Identifier: Apache-2.0
"""What the outside holds in hand: every acknowledgement, receipt and promise that the server has given.

It lives in the process of the test, and nothing the server does can take anything out of it.
"""

import dataclasses
import hashlib
import http.client
import json
import random
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from exam_portal.bench.writers import ITEMS
from exam_portal.sittings.attempts import chain, wire

TYPED = ("Đồng ý", "Phương án b", "tôi chọn c 🌱", "d\u0323ấu rời", "“ngoặc”\t\n", "\u0000\u200f\ufeff", "𠮷")
COME_AGAIN = frozenset({429, 500, 502, 503})
RETRY_AFTER = re.compile(rb"^Retry-After: *(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """One 200: where the server said that the journal stood, its signature, and what had been sent."""

    attempt_id: int
    attempt: str
    said: Mapping[str, Any]
    events: tuple[bytes, ...]  # exact bytes, in order; the last stands at ``said["seq"]``
    lease: str


@dataclasses.dataclass(slots=True)
class Ledger:
    """Everything that was promised, and how often what was answered."""

    promises: list[Promise] = dataclasses.field(default_factory=list)
    receipts: list[tuple[int, Mapping[str, Any]]] = dataclasses.field(default_factory=list)
    set_aside: list[tuple[int, bytes]] = dataclasses.field(default_factory=list)  # 410, said to be kept
    answers: Counter[int] = dataclasses.field(default_factory=Counter)
    without_time: int = 0  # 429 and 503 that do not say when to come again
    broken_off: int = 0

    @property
    def acknowledged(self) -> int:
        """How many events were acknowledged (a batch sent twice counts twice)."""
        return sum(len(promise.events) for promise in list(self.promises))


@dataclasses.dataclass(slots=True)
class Pen:
    """One device of an attempt, honest as the player: what is not acknowledged is sent again, unchanged."""

    ledger: Ledger
    attempt_id: int
    attempt: str
    lease: str
    cookie: str
    head: str
    post: Callable[[bytes], bytes] | None = None  # for the generator of load, which wants whole requests
    seq: int = 0
    client_seq: int = 0
    is_shut_out: bool = False
    pause: float = 0.0  # how long the server has asked to wait
    pending: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def path(self) -> str:
        """Where it writes."""
        return f"/sit/attempts/{self.attempt}/events"

    @property
    def headers(self) -> dict[str, str]:
        """What a browser adds."""
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-Sitting": "1",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": f"sitting-{self.attempt[:10]}={self.cookie}",
        }

    def body(self) -> bytes:
        """Return what is sent next: what is still open, or one new answer."""
        if not self.pending:
            self.write(random.choice(TYPED))
        batch = {
            "_": wire.SCHEMA,
            "lease": self.lease,
            "seq": self.seq,
            "head": self.head,
            "events": self.pending,
        }
        return json.dumps(batch, ensure_ascii=False).encode()

    def write(self, content: object, *, kind: str = "answer") -> None:
        """Something is typed and not sent yet."""
        number = self.client_seq + len(self.pending) + 1
        event = {
            "client_seq": number,
            "item": ITEMS[number % len(ITEMS)],
            "kind": kind,
            "ms": number * 1000,
            "nonce": secrets.token_hex(8),
            "content": content,
        }
        self.pending.append(event)

    def request(self) -> bytes:
        """Return a whole HTTP request."""
        assert self.post is not None
        return self.post(self.body())

    def answered(self, status: int, head: bytes, body: bytes) -> bool:
        """Take the answer as the player does; whether it was an acknowledgement."""
        self.ledger.answers[status] += 1
        said = json.loads(body) if body[:1] == b"{" else {}
        if status == 200:
            self._take(said)
        elif status == 409 and "head" in said.get("details", {}):
            self._look_again(said["details"])
        elif status == 410:
            if said["details"]["quarantined"]:
                self.ledger.set_aside.append((self.attempt_id, self.body()))
            self.pending = []
        elif status in COME_AGAIN:
            self._wait(status, head, said)
        elif status in (401, 423):
            self.is_shut_out = True
        return status == 200

    def _take(self, said: dict[str, Any]) -> None:
        sent = tuple(chain.exact_bytes(event) for event in self.pending)
        self.ledger.promises.append(Promise(self.attempt_id, self.attempt, said, sent, self.lease))
        self.seq, self.head = said["seq"], said["head"]
        self.client_seq += len(self.pending)
        self.pending = []

    def _look_again(self, details: dict[str, Any]) -> None:
        """Another device wrote; what this one had not been promised does not count."""
        self.seq, self.head, self.client_seq = details["seq"], details["head"], details["last_client_seq"]
        self.pending = []

    def _wait(self, status: int, head: bytes, said: dict[str, Any]) -> None:
        line = RETRY_AFTER.search(head)
        after = line[1] if line else said.get("details", {}).get("retry_after")
        if after is None and status in (429, 503):
            self.ledger.without_time += 1
        self.pause = float(after or 0.05)

    def last_hash(self) -> bytes:
        """Return the hash of the last event that is still open."""
        return hashlib.sha256(chain.event_bytes(self.pending[-1])).digest()


class Hand(threading.Thread):
    """Writes with a pen until it is stopped, over whatever happens to the server; may hand in at the end."""

    def __init__(self, pen: Pen, port: int, *, rest: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.pen, self.port, self.rest = pen, port, rest
        self.stopped = threading.Event()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        """Write."""
        while not self.stopped.is_set() and not self.pen.is_shut_out:
            self.stroke()
            self.stopped.wait(min(self.pen.pause or self.rest, 1.0))
            self.pen.pause = 0.0

    def stroke(self) -> int:
        """Send once what is next; return the status, 0 when the connection broke off."""
        status, head, body = self.send("POST", self.pen.path, self.pen.body())
        if status:
            self.pen.answered(status, head, body)
        return status

    def hand_in(self) -> bool:
        """Ask for the receipt; whether it came."""
        path = self.pen.path.replace("/events", "/submission")
        status, _, body = self.send("POST", path, self.pen.body() if self.pen.pending else b"")
        self.pen.ledger.answers[status] += 1
        if status == 200:
            self.pen.ledger.receipts.append((self.pen.attempt_id, json.loads(body)["receipt"]))
        return status == 200

    def send(self, method: str, path: str, body: bytes) -> tuple[int, bytes, bytes]:
        """Return status, header lines and body; status 0 when nobody knows what became of it."""
        try:
            self.connection.request(method, path, body, self.pen.headers)
            answer = self.connection.getresponse()
            return answer.status, bytes(answer.headers), answer.read()
        except (OSError, http.client.HTTPException):
            self.pen.ledger.broken_off += 1
            self.connection.close()
            time.sleep(0.02)
            return 0, b"", b""

    def stop(self) -> None:
        """The hand rests."""
        self.stopped.set()
        if self.is_alive():
            self.join(timeout=30)
        self.connection.close()
