# SPDX-License-Identifier: Apache-2.0
"""What no player sends, over real HTTP while others write: refused by its kind, and nothing of it stored."""

import hashlib
import json
import random
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.sittings.models import AnswerEvent, LateEvent
from tests.faults.hall import Hall, writing
from tests.faults.ledger import Hand
from tests.faults.test_kills import some_are_promised

pytestmark = pytest.mark.engines("sqlite")
LONG = 100_000
MIXED = "Tiê\u0301ng Việt \u0000\u001f\ufffe\u200d\u2066🏳️‍🌈𠮷\u0323"


def any_text() -> str:
    """Return 100 kB of characters of every plane, with controls, loose marks and marks of direction."""
    letters, size = [MIXED], len(MIXED.encode())
    while size < LONG:
        code = random.choice((random.randrange(0x80), random.randrange(0x3000), random.randrange(0x110000)))
        if not 0xD800 <= code <= 0xDFFF:
            letters.append(chr(code))
            size += len(letters[-1].encode())
    return "".join(letters)


def essay(text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"snapshot": text, "length": len(text), "digest": digest}


@pytest.fixture
def new_server(new_hall: Callable[..., Hall]) -> Callable[..., Hall]:
    """A function that gives a hall of three with its server."""

    def make(sabotage: str = "") -> Hall:
        hall = new_hall(attempts=3)
        hall.serve(sabotage=sabotage)
        return hall

    return make


def test_an_essay_of_100_kilobytes_of_any_unicode_survives_byte_for_byte(
    new_server: Callable[..., Hall],
) -> None:
    hall = new_server()
    for hand, text in zip(
        hall.hands(), (any_text(), unicodedata.normalize("NFD", "ệ") * 33_000), strict=False
    ):
        hand.pen.write(essay(text), kind="text")
        assert hand.stroke() == 200
        assert hand.hand_in()
        hand.stop()
    hall.end()
    assert hall.findings() == []


def test_a_server_that_tidies_what_was_typed_is_seen(new_server: Callable[..., Hall]) -> None:
    hall = new_server("composes_what_was_typed")
    hand = hall.hands()[0]
    hand.pen.write("ê\u0301")
    assert hand.stroke() == 200
    hand.stop()
    hall.end()
    assert any("is not the one that was acknowledged" in each for each in hall.findings())


def changed(hand: Hand, **words: Any) -> bytes:
    """Return the next batch of a device, something in it or in its event being another."""
    batch = json.loads(hand.pen.body())
    event_words = {name: word for name, word in words.items() if name in batch["events"][0]}
    batch["events"][0] |= event_words
    return json.dumps(
        batch | {name: word for name, word in words.items() if name not in event_words}
    ).encode()


def twice(hand: Hand) -> bytes:
    batch = json.loads(hand.pen.body())
    return json.dumps(batch | {"events": batch["events"] * 2}).encode()


BAD: dict[str, tuple[Callable[[Hand], bytes], int, str]] = {
    "no JSON": (lambda hand: b"\xff{", 422, "sittings.Malformed"),
    "deep": (lambda hand: b"[" * 100_000, 422, "sittings.Malformed"),
    "oversized": (lambda hand: changed(hand, content="x" * 600_000), 413, "sittings.TooLarge"),
    "too long a text": (lambda hand: changed(hand, content="x" * 100_001), 422, "sittings.Malformed"),
    "an unknown item": (lambda hand: changed(hand, item="Q-99"), 422, "sittings.Malformed"),
    "an unknown kind": (lambda hand: changed(hand, kind="grade"), 422, "sittings.Malformed"),
    "a word too many": (lambda hand: changed(hand, score="10"), 422, "sittings.Malformed"),
    "half a letter": (lambda hand: changed(hand, content="\ud800"), 422, "sittings.Malformed"),
    "a fraction": (lambda hand: changed(hand, ms=1.0), 422, "sittings.Malformed"),
    "no number": (lambda hand: changed(hand, ms=float("nan")), 422, "sittings.Malformed"),
    "a number without end": (lambda hand: changed(hand, ms=10**40), 422, "sittings.Malformed"),
    "a fraction as an answer": (lambda hand: changed(hand, content=0.5), 422, "sittings.Malformed"),
    "out of sequence": (twice, 422, "sittings.Malformed"),
    "ahead of the journal": (lambda hand: changed(hand, seq=7), 409, "sittings.StaleHead"),
    "behind another head": (lambda hand: changed(hand, head="0" * 64), 409, "sittings.StaleHead"),
    "another device": (lambda hand: changed(hand, lease="a" * 26), 423, "sittings.DeviceMoved"),
}


def test_what_no_player_sends_is_refused_by_its_kind_and_disturbs_nobody(
    new_server: Callable[..., Hall],
) -> None:
    hall = new_server()
    bad, foreign = hall.hands()[2], hall.pens[1].path
    hall.pens[2:] = []
    with writing(hall):
        for name, (body, status, code) in BAD.items():
            answer, said = refused(bad, body(bad))
            assert (answer, said and json.loads(said)["error"]) == (status, code), name
        answer, _, said = bad.send("POST", foreign, bad.pen.body())
        assert (answer, json.loads(said)["error"]) == (401, "sittings.TokenRefused")
        some_are_promised(hall, 20)
    assert hall.ledger.answers.keys() == {200}
    bad.stop()
    hall.end()
    assert stored(hall, bad.pen.attempt_id) == (0, 0)
    assert hall.findings() == []


def refused(hand: Hand, body: bytes) -> tuple[int, bytes]:
    """Return status and body of the refusal.

    Who is refused before the whole body was read may lose the connection before the words arrive: the sender
    of a body that is too large then asks again.
    """
    for _ in range(20):
        hand.connection.close()
        status, _, said = hand.send("POST", hand.pen.path, body)
        if status:
            return status, said
    raise AssertionError("no refusal arrived")


def stored(hall: Hall, attempt_id: int) -> tuple[int, int]:
    """Return how many events and late batches lie there for the attempt."""
    database = Database(hall.settings)
    try:
        with database.reading() as session:
            events, late = (
                session.scalar(select(func.count()).select_from(table).where(table.attempt_id == attempt_id))
                for table in (AnswerEvent, LateEvent)
            )
            return events or 0, late or 0
    finally:
        database.dispose()
