# SPDX-License-Identifier: Apache-2.0
"""The order in which a candidate met questions and options, from a paper whose seeds were revealed.

Written from the description of ``exam/shuffle/v1`` alone (docs/papers.md), apart from the code that shuffles
for the portal: a test holds both against each other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoring.verify.canonical import canonical_bytes

REVEALED_SCHEMA = "exam-portal/revealed-paper/1"
SHUFFLE = "exam/shuffle/v1"
SHUFFLE_SEED = "exam/shuffle-seed/v1"
ORDER_SEED = b"exam/order-seed/v1"


def order_commitment(seed: str) -> str:
    """What the record has held of a form's seed since the draw; the seed in hex."""
    return "sha256:" + hashlib.sha256(ORDER_SEED + bytes.fromhex(seed)).hexdigest()


def order_shown(form: Mapping[str, Any], candidate: str) -> dict[str, Any]:
    """The order in which this candidate (attempt, or code of a printed booklet) met a revealed form."""
    seed, code = bytes.fromhex(form["seed"]), form["code"]
    own = hmac.new(seed, canonical_bytes([SHUFFLE_SEED, code, candidate]), hashlib.sha256).digest()
    moved = form["shuffled"]

    def placed(what: str, slot: str, ids: Sequence[str]) -> list[str]:
        return _moved(own, what, slot, ids, moved[slot]) if slot in moved else list(ids)

    return {
        "_": SHUFFLE,
        "form": code,
        "items": placed("items", "", form["items"]),
        "options": {slot: placed("options", slot, ids) for slot, ids in form["slots"].items()},
    }


def _moved(own: bytes, what: str, slot: str, ids: Sequence[str], fixed: Sequence[str]) -> list[str]:
    """The ids by Fisher and Yates from the last place to the second; the fixed ones keep their places."""
    words = _drawn_words(own, canonical_bytes([SHUFFLE, what, slot]))
    order = [one for one in ids if one not in fixed]
    for last in range(len(order) - 1, 0, -1):
        limit = last + 1
        word = next(word for word in words if word < 2**64 - 2**64 % limit)
        other = word % limit
        order[last], order[other] = order[other], order[last]
    rest = iter(order)
    return [one if one in fixed else next(rest) for one in ids]


def _drawn_words(own: bytes, label: bytes) -> Iterator[int]:
    block = 0
    while True:
        digest = hmac.new(own, label + block.to_bytes(8, "big"), hashlib.sha256).digest()
        yield from (int.from_bytes(digest[at : at + 8], "big") for at in range(0, 32, 8))
        block += 1


def order_checks(revealed: Mapping[str, Any], journal: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """What holds of a journal's order under a revealed paper, and the order; LookupError: no such paper."""
    if revealed.get("_") != REVEALED_SCHEMA:
        raise LookupError(f"the paper is not {REVEALED_SCHEMA}")
    form = next((one for one in revealed["forms"] if one["commitment"] == journal["form"]), None)
    if form is None:
        return [(False, "P1.5 the form of the journal is one of the revealed paper")]
    order = order_shown(form, journal["attempt"])
    opens = order_commitment(form["seed"]) == form["seed_hash"]
    lines = [
        (True, f"P1.5 the form of the journal is one of the revealed paper: {form['code']}"),
        (opens, f"P1.6 the seed is the one bound at the draw: {form['seed_hash']}"),
    ]
    if "order" in journal:
        lines.append((order == journal["order"], "P1.7 its order is the one that the journal names"))
    return [*lines, *((True, f"     {line}") for line in order_lines(order))]


def order_lines(order: Mapping[str, Any]) -> list[str]:
    """The order in words: each question in its place, and the options of each list in theirs."""
    lines = []
    for number, item in enumerate(order["items"], start=1):
        own = [(slot, ids) for slot, ids in order["options"].items() if slot.split("/")[0] == item]
        listed = [f"{slot.removeprefix(item)} {' '.join(ids)}".strip() for slot, ids in own]
        lines.append(f"{number}. {item}" + (f": {'; '.join(listed)}" if listed else ""))
    return lines
