# SPDX-License-Identifier: Apache-2.0
"""The chain of an attempt: each event's hash stands on the head before it (docs/answer-path.md).

What a candidate typed enters by the hash of its bytes exactly as typed; every other string of an event is an
identifier, so that the canonical form of an event needs no normalisation.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

ATTEMPT_DOMAIN = b"exam/attempt/v1"
EVENT_DOMAIN = b"exam/ev/v1"
EVENT_SCHEMA = "exam-portal/answer-event/1"


def first_head(attempt: str, paper_commitment: bytes, salt: bytes) -> bytes:
    """Return h_0: it names the attempt and the form, and nobody can guess it without the salt."""
    return hashlib.sha256(ATTEMPT_DOMAIN + attempt.encode() + paper_commitment + salt).digest()


def next_head(head: bytes, event: bytes) -> bytes:
    """Return h_i from h_{i-1} and the canonical bytes of event i."""
    return hashlib.sha256(EVENT_DOMAIN + head + event).digest()


def heads_after(head: bytes, events: Sequence[bytes]) -> list[bytes]:
    """Return the head after each of the events."""
    found = []
    for event in events:
        head = next_head(head, event)
        found.append(head)
    return found


def exact_bytes(value: object) -> bytes:
    """Return compact JSON with sorted keys and every character as it was typed (no normalisation)."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def event_bytes(event: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of an event, its content replaced by its hash."""
    return exact_bytes(
        {
            "_": EVENT_SCHEMA,
            "client_seq": event["client_seq"],
            "content": content_hash(event["content"]),
            "item": event["item"],
            "kind": event["kind"],
            "ms": event["ms"],
            "nonce": event["nonce"],
        }
    )


def content_hash(content: object) -> str:
    """Return the hash of what was answered, typed or done, over its bytes exactly as sent."""
    return "sha256:" + hashlib.sha256(exact_bytes(content)).hexdigest()
