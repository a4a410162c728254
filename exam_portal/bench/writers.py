# SPDX-License-Identifier: Apache-2.0
"""Who loads the server: candidates that answer as players do, and the same requests for the floor."""

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Callable

from exam_portal.sittings.attempts import chain, wire

ITEMS = tuple(f"Q-{number:02d}" for number in range(1, 41))
OPTIONS = ("a", "b", "c", "d")
ACCEPTED = 200


@dataclasses.dataclass(slots=True)
class Candidate:
    """One attempt from the outside: what was sent, and what the server has acknowledged of it."""

    attempt_id: int
    lease: str
    head: str
    post: Callable[[bytes], bytes]
    seq: int = 0
    promised: list[bytes] = dataclasses.field(default_factory=list)  # event hashes, by sequence
    _sent: bytes = b""

    def request(self) -> bytes:
        """Return the next answer, one event, as the player sends it."""
        number = self.seq + 1
        event = {
            "client_seq": number,
            "item": ITEMS[number % len(ITEMS)],
            "kind": "answer",
            "ms": number * 1000,
            "nonce": secrets.token_hex(8),
            "content": OPTIONS[number % len(OPTIONS)],
        }
        batch = {"_": wire.SCHEMA, "lease": self.lease, "seq": self.seq, "head": self.head, "events": [event]}
        self._sent = hashlib.sha256(chain.event_bytes(event)).digest()
        return self.post(json.dumps(batch).encode())

    def answered(self, status: int, body: bytes) -> bool:
        """Note the promise, if it is one."""
        if status != ACCEPTED:
            return False
        said = json.loads(body)
        self.seq, self.head = said["seq"], said["head"]
        self.promised.append(self._sent)
        return True


@dataclasses.dataclass(slots=True)
class FloorClient:
    """The same body, sent to the floor."""

    number: int
    post: Callable[[bytes], bytes]
    seq: int = 0

    def request(self) -> bytes:
        """Return a request of the same size and shape."""
        self.seq += 1
        event = {
            "client_seq": self.seq,
            "item": ITEMS[self.seq % len(ITEMS)],
            "kind": "answer",
            "ms": self.seq * 1000,
            "nonce": secrets.token_hex(8),
            "content": OPTIONS[self.seq % len(OPTIONS)],
        }
        batch = {
            "_": wire.SCHEMA,
            "lease": f"{self.number:026d}",
            "seq": self.seq,
            "head": "0" * 64,
            "events": [event],
        }
        return self.post(json.dumps(batch).encode())

    def answered(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - the floor promises nothing
        """Count it."""
        return status == ACCEPTED
