# SPDX-License-Identifier: Apache-2.0
"""What candidate and organiser could say afterwards, and what then stands against it (T45 to T48)."""

import base64
import random
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.signing import is_signed
from exam_portal.core.triggers import PREFIX
from exam_portal.sittings.attempts import chain, fsck, receipts
from exam_portal.sittings.attempts.acknowledgement import Acknowledgement
from exam_portal.sittings.attempts.errors import StaleHead
from exam_portal.sittings.models import AnswerEvent, Attempt, Submission
from tests.portal.sittings.attempts.builders import T0, Player, an_event, handed_in
from tests.portal.sittings.builders import MINUTE, START, a_hall
from tests.portal.sittings.computers import player_at, running

CANDIDATES = 24
SAVES = 6


@pytest.fixture
def players(database: Database) -> list[Player]:
    """Two candidates of one sitting, each at a computer."""
    return _players(database, 2)


def _players(database: Database, people: int) -> list[Player]:
    with database.writing(unhurried=True) as session:
        sitting = running(session, a_hall(session, people=people))
        seats = list(sitting.seats)
    return [player_at(database, seat, START + MINUTE) for seat in seats]


def _submissions(database: Database, players: list[Player]) -> list[Submission]:
    with database.writing(unhurried=True) as session:
        return [
            handed_in(session, START + 2 * MINUTE, _attempt(session, player), lease=player.token.lease)
            for player in players
        ]


def _attempt(session: Session, player: Player) -> Attempt:
    return session.get_one(Attempt, player.token.attempt_id)


def _heads(database: Database, player: Player) -> list[bytes]:
    with database.reading() as session:
        found = select(AnswerEvent.head).where(AnswerEvent.attempt_id == player.token.attempt_id)
        return list(session.scalars(found.order_by(AnswerEvent.seq)))


def test_t45_two_people_never_hold_the_same_receipt(database: Database, players: list[Player]) -> None:
    for player in players:
        player.answer("b", item="Q-1")
    first, second = _submissions(database, players)
    for name in ("attempt", "salt", "head"):  # the same answer at the same time, and yet nothing is the same
        assert first.receipt[name] != second.receipt[name]
    assert len(bytes.fromhex(first.receipt["salt"])) == 32
    copied = {"kind": first.kind, "seq": first.seq, "head": first.head, "answered": first.answered}
    copied |= {"receipt": first.receipt, "signature": first.signature, "at": first.at}
    with pytest.raises(IntegrityError), database.writing(unhurried=True) as session:
        session.add(Submission(attempt_id=first.attempt_id, **copied))


@pytest.mark.engines("sqlite")
def test_t45_a_receipt_given_to_a_second_person_is_named(database: Database, players: list[Player]) -> None:
    for player in players:
        player.answer("b", item="Q-1")
    first, second = _submissions(database, players)
    with database.writing(unhurried=True) as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}submissions_update"))
        copied = "receipt = (SELECT receipt FROM submissions WHERE id = :first), signature = :signature"
        session.execute(
            text(f"UPDATE submissions SET {copied} WHERE id = :second"),
            {"first": first.id, "second": second.id, "signature": first.signature},
        )
    with database.reading() as session:
        again = session.get_one(Submission, second.id)
        assert receipts.is_genuine(receipts.receipt_of(again), session.signer.public_key)  # and yet
        assert any("another one's" in str(found) for found in fsck.differences(session))


def test_t46_the_log_of_the_client_and_the_chain_of_the_server_are_the_same(database: Database) -> None:
    """As ``bench saves`` does with thousands: every head is computed on both sides from the same events."""
    chance = random.Random(46)
    for player in _players(database, CANDIDATES if database.kind == "sqlite" else 3):
        own = [player.head]
        for number in range(1, SAVES + 1):
            event = an_event(number, chance.choice("abc"), item="Q-1")
            player.save(event)
            own.append(chain.next_head(own[-1], chain.event_bytes(event)))
        assert own[1:] == _heads(database, player)
        changed = [*own[1:-1], chain.next_head(own[-2], chain.event_bytes(an_event(SAVES, "d")))]
        assert changed != _heads(database, player)


@pytest.mark.engines("sqlite")
def test_t47_a_signed_promise_without_its_event_is_proof(database: Database, players: list[Player]) -> None:
    player = players[0]
    player.answer("b", item="Q-1")
    promise = player.answer("c", item="Q-1")
    assert _is_kept(database, player, promise)
    with database.writing(unhurried=True) as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}answer_events_delete"))
        session.execute(text("DELETE FROM answer_events WHERE seq = 2"))
        session.execute(text("UPDATE attempts SET seq = 1, head = (SELECT head FROM answer_events)"))
    assert not _is_kept(database, player, promise)
    said = promise.signed(database.signer)
    signature = base64.b64decode(str(said["signature"]))
    assert is_signed(
        database.signer.public_key, promise.statement(), signature
    )  # nobody can deny having said it


def _is_kept(database: Database, player: Player, promise: Acknowledgement) -> bool:
    heads = _heads(database, player)
    return len(heads) >= promise.seq and heads[promise.seq - 1] == promise.head


@pytest.mark.parametrize("seed", range(5))
def test_t48_saves_in_any_order_and_as_often_as_you_like_end_with_the_last(
    database: Database, attempt: Attempt, player: Player, seed: int
) -> None:
    chance = random.Random(seed)
    batches: list[Any] = []
    for number in range(1, 13):
        event = an_event(number, f"{number}", item="Q-1")
        batches.append(player.batch(event))
        player.head = chain.next_head(player.head, chain.event_bytes(event))
        player.seq += 1
    refused = 0
    for _ in range(3 * len(batches)):
        refused += _is_refused(player, chance.choice(batches))
    for batch in batches:
        _is_refused(player, batch)
    for batch in chance.sample(batches, len(batches)):  # all old ones once more
        assert not _is_refused(player, batch)
    assert refused
    assert _heads(database, player)[-1] == player.head
    with database.reading() as session:
        row = session.get_one(Attempt, attempt.id)
        assert (row.seq, row.head, row.last_event_at) == (12, player.head, T0 + MINUTE)


def _is_refused(player: Player, batch: Any) -> bool:
    try:
        player.send(batch)
    except StaleHead:
        return True
    return False
