# SPDX-License-Identifier: Apache-2.0
"""Saving: whole or not at all, once, in order, and acknowledged only when stored."""

import base64
import dataclasses
import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from exam_portal.core.database import Database
from exam_portal.core.database.lines import Statement
from exam_portal.core.signing import is_signed
from exam_portal.sittings.attempts import chain, wire
from exam_portal.sittings.attempts.errors import (
    AttemptClosed,
    DeviceMoved,
    Malformed,
    NotRunning,
    StaleHead,
    TokenRefused,
)
from exam_portal.sittings.attempts.wire import Batch
from exam_portal.sittings.models import AnswerEvent, Attempt, LateEvent
from tests.portal.sittings.attempts.builders import HOUR, T0, Player, an_event, token_of


def stored(database: Database, attempt: Attempt) -> list[AnswerEvent]:
    with database.reading() as session:
        found = select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id).order_by(AnswerEvent.seq)
        return list(session.scalars(found))


def change(database: Database, attempt: Attempt, **values: object) -> None:
    with database.writing() as session:
        row = session.get_one(Attempt, attempt.id)
        for name, value in values.items():
            setattr(row, name, value)


def test_a_save_advances_the_head_along_the_chain(
    database: Database, attempt: Attempt, player: Player
) -> None:
    event = an_event(1, "b")
    acknowledgement = player.save(event)
    assert acknowledgement.seq == 1
    assert acknowledgement.head == chain.next_head(attempt.head, chain.event_bytes(event))
    assert [(row.seq, row.client_seq, row.head) for row in stored(database, attempt)] == [
        (1, 1, acknowledgement.head)
    ]


TYPED = st.text(st.characters(codec="utf-8"))
NATIVE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TYPED,
    lambda inner: st.lists(inner) | st.dictionaries(TYPED, inner),
)


@given(NATIVE)
def test_exact_bytes_are_compact_sorted_json_with_every_character_as_typed(content: object) -> None:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert chain.exact_bytes(content) == plain


def test_the_projection_follows_the_journal(database: Database, attempt: Attempt, player: Player) -> None:
    player.save(an_event(1), an_event(2), an_event(3))
    with database.reading() as session:
        row = session.get_one(Attempt, attempt.id)
        assert (row.seq, row.head, row.last_event_at) == (3, player.head, player.now)


def test_the_acknowledgement_is_signed_by_the_installation(database: Database, player: Player) -> None:
    acknowledgement = player.answer()
    signed = acknowledgement.signed(database.signer)
    signature = base64.b64decode(str(signed["signature"]))
    assert is_signed(database.signer.public_key, acknowledgement.statement(), signature)
    assert not is_signed(database.signer.public_key, acknowledgement.statement() + b" ", signature)


def test_a_replay_returns_the_same_signed_acknowledgement_and_stores_nothing(
    database: Database, attempt: Attempt, player: Player
) -> None:
    batch = player.batch(an_event(1), an_event(2))
    first = player.send(batch).signed(database.signer)
    player.now += timedelta(seconds=40)
    again = player.send(batch).signed(database.signer)
    assert again == first
    assert len(stored(database, attempt)) == 2


def test_a_replay_is_acknowledged_even_after_later_saves_and_after_closing(
    database: Database, attempt: Attempt, player: Player
) -> None:
    event = an_event(1)
    batch = player.batch(event)
    first = player.save(event)
    player.answer("c")
    player.now = T0 + 2 * HOUR
    assert player.send(batch) == first
    assert len(stored(database, attempt)) == 2


def test_a_stale_tab_is_refused_loudly_with_where_the_journal_stands(
    database: Database, attempt: Attempt, player: Player
) -> None:
    tab = Player.of(database, attempt)
    event = an_event(1, "b")
    player.save(event)
    with pytest.raises(StaleHead) as refused:
        tab.save(an_event(1, "c"))
    assert (refused.value.seq, refused.value.head, refused.value.last_client_seq) == (1, player.head, 1)
    assert refused.value.last_event_hash == hashlib.sha256(chain.event_bytes(event)).digest()
    assert len(stored(database, attempt)) == 1


def test_a_retry_that_is_not_byte_identical_is_stale(player: Player) -> None:
    player.send(player.batch(an_event(1)))
    with pytest.raises(StaleHead):
        player.send(player.batch(an_event(1), an_event(2)))


def test_a_moved_device_is_refused_and_stores_nothing(
    database: Database, attempt: Attempt, player: Player
) -> None:
    player.answer()
    change(database, attempt, lease="b" * 26)
    with pytest.raises(DeviceMoved) as refused:
        player.answer()
    assert not refused.value.quarantined  # it never held the attempt
    assert len(stored(database, attempt)) == 1


def test_the_device_to_which_the_attempt_was_moved_goes_on_from_the_same_head(
    database: Database, attempt: Attempt, player: Player
) -> None:
    player.answer()
    change(database, attempt, lease="b" * 26)
    other = Player(database, token_of(attempt, lease="b" * 26), player.head, player.seq, player.client_seq)
    assert other.answer("c").seq == 2


def test_a_batch_whose_lease_is_not_the_tokens_is_refused(player: Player) -> None:
    batch = player.batch(an_event(1))
    player.token = dataclasses.replace(player.token, lease="c" * 26)
    with pytest.raises(DeviceMoved):
        player.send(batch)


@pytest.mark.parametrize(
    ("second", "is_taken"),
    [(-1, False), (0, True), (3599, True), (3600, True), (3659, True), (3660, True), (3661, False)],
)
def test_a_save_counts_from_the_opening_to_the_end_of_grace(
    database: Database, attempt: Attempt, player: Player, second: int, is_taken: bool
) -> None:
    player.now = T0 + timedelta(seconds=second)
    if is_taken:
        player.answer()
    else:
        with pytest.raises((AttemptClosed, NotRunning)):
            player.answer()
    assert len(stored(database, attempt)) == int(is_taken)


def test_a_late_batch_is_kept_apart_once_with_its_evidence(
    database: Database, attempt: Attempt, player: Player
) -> None:
    player.now = T0 + 2 * HOUR
    batch = player.batch(an_event(1, "muộn"))
    for _ in range(3):
        with pytest.raises(AttemptClosed) as refused:
            player.send(batch)
        assert refused.value.quarantined
        assert refused.value.closed_at == T0 + HOUR
    with database.reading() as session:
        late = session.scalars(select(LateEvent)).one()
        body = session.keys.open(attempt.key_id, late.body, f"late/{attempt.public_id}")
        assert "muộn".encode() in body
        assert (late.closed_at, late.received_at) == (T0 + HOUR, player.now)
    assert stored(database, attempt) == []


def test_a_late_batch_that_comes_twice_at_once_is_kept_once_and_refused_twice(
    database: Database, player: Player
) -> None:
    player.now = T0 + 2 * HOUR
    for number in range(1, 9):  # a race: eight chances to lose it
        batch, together = player.batch(an_event(number)), threading.Barrier(2)

        def send(batch: Batch = batch, together: threading.Barrier = together) -> type[BaseException] | None:
            together.wait()
            try:
                player.send(batch)
            except BaseException as refused:  # noqa: BLE001 - looked at below
                return type(refused)
            return None

        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(send) for _ in range(2)]
        assert [answer.result() for answer in answers] == [AttemptClosed, AttemptClosed]
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(LateEvent)) == number


@pytest.mark.parametrize("state", ["submitted", "void"])
def test_after_the_end_of_an_attempt_events_go_into_quarantine(
    database: Database, attempt: Attempt, player: Player, state: str
) -> None:
    change(database, attempt, state=state)
    with pytest.raises(AttemptClosed) as refused:
        player.answer()
    assert refused.value.state == state
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateEvent)) == 1


@pytest.mark.parametrize("state", ["awaiting", "authorised", "paused"])
def test_before_the_start_and_in_a_pause_nothing_is_taken_and_nothing_is_judged_late(
    database: Database, attempt: Attempt, player: Player, state: str
) -> None:
    change(database, attempt, state=state)
    with pytest.raises(NotRunning) as refused:
        player.answer()
    assert refused.value.state == state
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateEvent)) == 0
    change(database, attempt, state="active")
    assert player.answer().seq == 1


def test_a_batch_is_stored_whole_or_not_at_all(database: Database, attempt: Attempt, player: Player) -> None:
    with database.writing() as session:
        session.add(
            AnswerEvent(
                attempt_id=attempt.id,
                seq=2,
                client_seq=99,
                body=b"",
                event_hash=b"0" * 32,
                head=b"0" * 32,
                lease="a" * 26,
                received_at=T0,
            )
        )  # its place is taken, so that the second event of the batch violates the primary key
    with pytest.raises(Exception, match=r"(?i)unique"):
        player.send(player.batch(an_event(1), an_event(2)))
    assert [row.client_seq for row in stored(database, attempt)] == [99]
    with database.reading() as session:
        assert session.get_one(Attempt, attempt.id).seq == 0


@pytest.fixture
def failing_commit(database: Database) -> None:
    """Make every COMMIT fail that holds an answer: its deferred check cannot be met."""
    with database.writing() as session:
        for statement in FAILING[database.kind]:
            session.execute(text(statement))


FAILING = {
    "sqlite": (
        "CREATE TABLE doomed (id INTEGER REFERENCES attempts (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER doom AFTER INSERT ON answer_events BEGIN INSERT INTO doomed VALUES (-1); END",
    ),
    "postgresql": (
        "CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'doomed'; END $$",
        """CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON answer_events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION doom()""",
    ),
}


@pytest.mark.usefixtures("failing_commit")
def test_what_could_not_be_committed_is_never_acknowledged(database: Database, attempt: Attempt) -> None:
    database.dispose()
    patient = Database(database.settings, on_storage_failure=lambda _problem: None)
    try:
        player = Player.of(patient, attempt)
        with pytest.raises(Exception, match=r"FOREIGN KEY|doomed"):
            player.answer()
        assert player.acknowledged == []
        assert stored(patient, attempt) == []
    finally:
        patient.dispose()


def test_two_devices_that_interleave_leave_one_accepted_stream(
    database: Database, attempt: Attempt, player: Player
) -> None:
    tab = Player.of(database, attempt)
    for round_ in range(20):
        writer = (player, tab)[round_ % 2]
        try:
            writer.answer(str(round_))
        except StaleHead as refused:
            writer.seq, writer.head = refused.seq, refused.head
            writer.client_seq = refused.last_client_seq
    rows = stored(database, attempt)
    kept = {(event["nonce"]) for each in (player, tab) for event, _ in each.acknowledged}
    assert len(rows) == len(kept)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


def test_answers_do_not_lie_in_the_database_in_the_clear(
    database: Database, attempt: Attempt, player: Player
) -> None:
    canary = "chim-hoàng-yến-7f3a"
    player.answer(canary)
    player.now = T0 + 2 * HOUR
    with pytest.raises(AttemptClosed):
        player.answer(canary)
    for kept in all_bytes(database):
        assert canary.encode() not in kept
    assert any(attempt.public_id.encode() in kept for kept in all_bytes(database))  # the search does see rows


def all_bytes(database: Database) -> list[bytes]:
    if database.kind == "sqlite":
        folder = database.settings.instance.directory
        return [path.read_bytes() for path in folder.glob("portal.sqlite3*")]
    with database.reading() as session:
        return [
            repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)).encode()
            + b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
            for table in ("attempts", "answer_events", "late_events")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        ]


def test_a_token_of_an_attempt_that_does_not_exist_is_refused(database: Database, player: Player) -> None:
    player.token = dataclasses.replace(player.token, attempt_id=10**9)
    with pytest.raises(TokenRefused):
        player.answer()


@pytest.mark.engines("postgresql")
def test_a_save_is_one_statement_that_is_its_own_transaction(database: Database, player: Player) -> None:
    player.answer()  # the first one also prepares
    sent: list[str] = []
    plain, thin = psycopg.Connection.execute, Statement.run

    def note(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(query)
        return plain(self, query, *arguments, **options)

    def note_thin(self: Statement, *arguments: Any) -> int:
        sent.append(self.name)
        return thin(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Connection, "execute", note)
        patch.setattr(Statement, "run", note_thin)
        sent.clear()
        player.answer()
        assert sent == ["save_one"]
    assert len(writers_of_the_last_save(database)) == 1


def writers_of_the_last_save(database: Database) -> set[str]:
    """The transactions that wrote the last event and the attempt's row as they stand now."""
    written = (
        "SELECT xmin::text FROM answer_events WHERE seq = (SELECT max(seq) FROM answer_events)"
        " UNION SELECT xmin::text FROM attempts"
    )
    with database.reading() as session:
        return set(session.scalars(text(written)))


def test_an_empty_batch_is_refused(player: Player) -> None:
    with pytest.raises(Malformed):
        player.send(wire.Batch(player.token.lease, 0, player.head, ()))
