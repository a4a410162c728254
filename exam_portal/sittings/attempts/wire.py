# SPDX-License-Identifier: Apache-2.0
"""What a player sends: read strictly, bounded in every direction, or refused with the path of the mistake."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from exam_portal.sittings.attempts.errors import Malformed, TooLarge

SCHEMA: Final = "exam-portal/events/1"
KINDS: Final = frozenset({"answer", "text", "flag", "mark", "navigate", "focus", "device"})
LEASE: Final = re.compile(r"[a-z2-7]{26}")
ITEM: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.:-]{0,63}")
NONCE: Final = re.compile(r"[0-9a-f]{16}")
HEX32: Final = re.compile(r"[0-9a-f]{64}")
OPTION: Final = re.compile(rf"({ITEM.pattern}/)?{ITEM.pattern}")
WORDING: Final = re.compile(rf"({ITEM.pattern}/)?(stem|stimulus)")
MOST_MS: Final = 2**40
MOST_SEQ: Final = 2**31 - 1
LONGEST_TEXT: Final = 100_000
LONGEST_NOTE: Final = 4_000
MOST_MARKS: Final = 200
MOST_REPORT: Final = 1_000
DEEPEST: Final = 4
_BATCH_KEYS: Final = frozenset({"_", "lease", "seq", "head", "events"})
_EVENT_KEYS: Final = frozenset({"client_seq", "item", "kind", "ms", "nonce", "content"})
_REPORT_KEYS: Final = frozenset({"commitment", "found"})
_TEXT_KEYS: Final = {
    frozenset({"snapshot", "length", "digest"}),
    frozenset({"splices", "length", "digest"}),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Events to be stored together or not at all, after the head this device last saw."""

    lease: str
    seq: int
    head: bytes
    events: tuple[Mapping[str, Any], ...]


def read_batch(body: bytes, *, most_bytes: int, most_events: int) -> Batch:
    """Return the batch, or raise TooLarge or Malformed; nothing else, whatever a client sends."""
    if len(body) > most_bytes:
        raise TooLarge
    content = _object(_parse(body), "", _BATCH_KEYS)
    if content["_"] != SCHEMA:
        raise Malformed("_", f"not {SCHEMA}")
    events = content["events"]
    if not isinstance(events, list):
        raise Malformed("events", "not a list")
    if len(events) > most_events:
        raise Malformed("events", f"more than {most_events}")
    return Batch(
        lease=_matching(content["lease"], LEASE, "lease"),
        seq=_whole(content["seq"], "seq", MOST_SEQ),
        head=bytes.fromhex(_matching(content["head"], HEX32, "head")),
        events=_events(events),
    )


def read_form_report(body: bytes) -> str:
    """Return the hash of the form that reached a computer and was not the one committed to."""
    if len(body) > MOST_REPORT:
        raise TooLarge
    content = _object(_parse(body), "", _REPORT_KEYS)
    _matching(content["commitment"], HEX32, "commitment")
    return _matching(content["found"], HEX32, "found")


def _parse(body: bytes) -> object:
    """Return the content; a number with a fraction is none that anything below accepts."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise Malformed("", "not JSON in UTF-8") from problem


def _events(found: list[Any]) -> tuple[Mapping[str, Any], ...]:
    events = []
    previous = -1
    for index, each in enumerate(found):
        event = _event(each, f"events[{index}]")
        if event["client_seq"] <= previous:
            raise Malformed(f"events[{index}].client_seq", "not after the one before")
        previous = event["client_seq"]
        events.append(event)
    return tuple(events)


def _event(value: object, path: str) -> Mapping[str, Any]:
    event = _object(value, path, _EVENT_KEYS)
    _whole(event["client_seq"], f"{path}.client_seq", MOST_SEQ)
    _whole(event["ms"], f"{path}.ms", MOST_MS)
    _matching(event["nonce"], NONCE, f"{path}.nonce")
    kind = event["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed(f"{path}.kind", "unknown")
    if event["item"] is not None or kind in {"answer", "text", "flag", "mark"}:
        _matching(event["item"], ITEM, f"{path}.item")
    _CONTENT[kind](event["content"], f"{path}.content")
    return event


def _answer(content: object, path: str, depth: int = 0) -> None:
    """Accept a response in the native form: null, text, lists and objects of texts."""
    if content is None:
        return
    if isinstance(content, str):
        _bounded(_string(content, path), path)
    elif isinstance(content, list) and depth < DEEPEST:
        for index, entry in enumerate(content):
            _answer(entry, f"{path}[{index}]", depth + 1)
    elif isinstance(content, dict) and depth < DEEPEST:
        for key, entry in content.items():
            _matching(key, ITEM, f"{path} (key)")
            _answer(entry, f"{path}.{key}", depth + 1)
    else:
        raise Malformed(path, "neither text nor a shallow list or object of texts")


def _text(content: object, path: str) -> None:
    """Accept a snapshot, or splices over code points, with the length and hash of the text they lead to."""
    if not isinstance(content, dict) or frozenset(content) not in _TEXT_KEYS:
        raise Malformed(path, "neither a snapshot nor splices with length and digest")
    _whole(content["length"], f"{path}.length", LONGEST_TEXT)
    _matching(content["digest"], HEX32, f"{path}.digest")
    if "snapshot" in content:
        _bounded(_string(content["snapshot"], f"{path}.snapshot"), f"{path}.snapshot")
        return
    splices = content["splices"]
    if not isinstance(splices, list) or not 1 <= len(splices) <= 100:
        raise Malformed(f"{path}.splices", "not 1 to 100 of them")
    for index, splice in enumerate(splices):
        _splice(splice, f"{path}.splices[{index}]")


def _splice(splice: object, path: str) -> None:
    if not isinstance(splice, list) or len(splice) != 3:
        raise Malformed(path, "not [place, deleted, inserted]")
    _whole(splice[0], f"{path}[0]", LONGEST_TEXT)
    _whole(splice[1], f"{path}[1]", LONGEST_TEXT)
    _bounded(_string(splice[2], f"{path}[2]"), f"{path}[2]")


def _flag(content: object, path: str) -> None:
    if not isinstance(content, bool):
        raise Malformed(path, "neither true nor false")


def _mark(content: object, path: str) -> None:
    """Accept one of a candidate's own marks as it now stands: struck options, highlights or a note."""
    match content:
        case {"struck": list(options), **others} if not others and len(options) <= MOST_MARKS:
            for index, option in enumerate(options):
                _matching(option, OPTION, f"{path}.struck[{index}]")
        case {"highlights": list(spans), **others} if not others and len(spans) <= MOST_MARKS:
            for index, span in enumerate(spans):
                _span(span, f"{path}.highlights[{index}]")
        case {"note": str(note), **others} if not others:
            _bounded(_string(note, f"{path}.note"), f"{path}.note", LONGEST_NOTE)
        case _:
            raise Malformed(path, "neither struck options nor highlights nor a note")


def _span(span: object, path: str) -> None:
    if not isinstance(span, list) or len(span) != 3:
        raise Malformed(path, "not [wording, from, to]")
    _matching(span[0], WORDING, f"{path}[0]")
    to = _whole(span[2], f"{path}[2]", LONGEST_TEXT)
    _whole(span[1], f"{path}[1]", to)


def _nothing(content: object, path: str) -> None:
    if content is not None:
        raise Malformed(path, "not null")


def _device(content: object, path: str) -> None:
    if not isinstance(content, str) or not content.isascii() or len(content) > 200:
        raise Malformed(path, "not a short ASCII text")


_CONTENT: Final = {
    "answer": _answer,
    "text": _text,
    "flag": _flag,
    "mark": _mark,
    "navigate": _nothing,
    "focus": _flag,
    "device": _device,
}


def _object(value: object, path: str, keys: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(path, "not an object")
    if value.keys() != keys:
        odd = sorted(keys ^ value.keys())
        raise Malformed(path, f"missing or unknown: {', '.join(odd)[:200]}")
    return value


def _whole(value: object, path: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Malformed(path, f"not a whole number from 0 to {most}")
    return value


def _matching(value: object, pattern: re.Pattern[str], path: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise Malformed(path, "not of the expected form")
    return value


def _string(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise Malformed(path, "not text")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise Malformed(path, "holds half a surrogate pair") from problem
    return value


def _bounded(value: str, path: str, most: int = LONGEST_TEXT) -> None:
    if len(value) > most:
        raise Malformed(path, f"longer than {most} characters")
