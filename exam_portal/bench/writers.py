# SPDX-License-Identifier: Apache-2.0
"""Who loads the server: candidates that answer as players do, and the same requests for the floor."""

import dataclasses
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import orjson

from exam_portal.sittings.attempts import chain, wire

ITEMS = tuple(f"Q-{number:02d}" for number in range(1, 41))
OPTIONS = ("a", "b", "c", "d")
ACCEPTED = 200


def answer(number: int, nonce: str) -> dict[str, Any]:
    """Return a candidate's event of this number."""
    return {
        "client_seq": number,
        "item": ITEMS[number % len(ITEMS)],
        "kind": "answer",
        "ms": number * 1000,
        "nonce": nonce,
        "content": OPTIONS[number % len(OPTIONS)],
    }


def _batch(lease: str, seq: int, head: str, event: dict[str, Any]) -> bytes:
    batch = {"_": wire.SCHEMA, "lease": lease, "seq": seq, "head": head, "events": [event]}
    return orjson.dumps(batch)


@dataclasses.dataclass(slots=True)
class Candidate:
    """One attempt from the outside: what was sent, and what the server has acknowledged of it."""

    attempt_id: int
    lease: str
    head: str
    post: Callable[[bytes], bytes]
    seq: int = 0
    acknowledged: list[str] = dataclasses.field(default_factory=list)  # nonces, by sequence
    _sent: str = ""

    def request(self) -> bytes:
        """Return the next answer, one event, as the player sends it."""
        self._sent = secrets.token_hex(8)
        return self.post(_batch(self.lease, self.seq, self.head, answer(self.seq + 1, self._sent)))

    def answered(self, status: int, head: bytes, body: bytes) -> bool:  # noqa: ARG002 - it does not matter here
        """Note the promise, if it is one."""
        if status != ACCEPTED:
            return False
        said = orjson.loads(body)
        self.seq, self.head = said["seq"], said["head"]
        self.acknowledged.append(self._sent)
        return True

    def promised(self) -> list[bytes]:
        """Return the hashes of what was acknowledged, by sequence; making them is no part of the load."""
        events = [answer(number, nonce) for number, nonce in enumerate(self.acknowledged, 1)]
        return [hashlib.sha256(chain.event_bytes(event)).digest() for event in events]


@dataclasses.dataclass(slots=True)
class FloorClient:
    """The same body, sent to the floor."""

    number: int
    post: Callable[[bytes], bytes]
    seq: int = 0

    def request(self) -> bytes:
        """Return a request of the same size and shape."""
        self.seq += 1
        return self.post(
            _batch(f"{self.number:026d}", self.seq, "0" * 64, answer(self.seq, secrets.token_hex(8)))
        )

    def answered(self, status: int, head: bytes, body: bytes) -> bool:  # noqa: ARG002 - the floor promises nothing
        """Count it."""
        return status == ACCEPTED
