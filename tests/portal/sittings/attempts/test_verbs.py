# SPDX-License-Identifier: Apache-2.0
"""From the seat to the receipt: preparing, authorising, leases, sealing, marks, and the check of it all."""

import dataclasses
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text

from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import errors, fsck, opened, receipts, service
from exam_portal.sittings.attempts.answers import Answers
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.models import (
    Attempt,
    LeaseChange,
    Script,
    Sitting,
    SittingEvent,
    Submission,
    TestMark,
    TimeGrant,
)
from tests.portal.sittings import computers
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.builders import HOUR, T0, Player, a_text, an_event, handed_in

MINUTE = timedelta(minutes=1)


class Desk:
    """A sitting with one attempt made by the verbs, and its invigilator."""

    def __init__(self, database: Database, items: list[dict[str, Any]] | None = None) -> None:
        self.database = database
        with database.writing(unhurried=True) as session:
            form = builders.a_form(items) if items else None
            attempt, sitting = builders.a_prepared_attempt(session, form=form)
            self.attempt_id, self.sitting_id = attempt.id, sitting.id
            self.invigilator = builders.an_invigilator(session)
            self.candidate = Actor(account_id=None)

    def attempt(self) -> Attempt:
        with self.database.reading() as session:
            return session.get_one(Attempt, self.attempt_id)

    def start(self, at: datetime = T0) -> None:
        with self.database.writing(unhurried=True) as session:
            builders.start(session, session.get_one(Sitting, self.sitting_id), at)

    def happens(self, kind: str, at: datetime) -> None:
        with self.database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            by = self.invigilator.account_id
            session.add(SittingEvent(sitting_id=sitting.id, kind=kind, payload={}, by=by, at=at))
            service.refresh(session, sitting)

    def take(self, code: str = "") -> str:
        with self.database.writing(unhurried=True) as session:
            attempt = session.get_one(Attempt, self.attempt_id)
            return service.take_attempt(
                session, self.candidate, T0, attempt=attempt, device="Firefox", code=code
            )

    def player(self) -> Player:
        self.take()
        self.start()
        return Player.of(self.database, self.attempt())

    def submit(
        self, player: Player, at: datetime = T0 + 10 * MINUTE, read: Replayed | None = None
    ) -> Submission:
        with self.database.writing(unhurried=True) as session:
            attempt = session.get_one(Attempt, self.attempt_id)
            return handed_in(session, at, attempt, lease=player.token.lease, read=read)

    def read(self) -> Replayed:
        with self.database.reading() as session:
            return service.replay(session, session.get_one(Attempt, self.attempt_id))

    def seal_expired(self, at: datetime) -> bool:
        with self.database.writing(unhurried=True) as session:
            attempt = session.get_one(Attempt, self.attempt_id)
            due = list(service.expired(session, self.sitting_id, at)) == [attempt.id]
            assert service.seal_expired(session, at, [self.read()]) == due
            return due

    def differences(self) -> list[str]:
        with self.database.reading() as session:
            return [str(difference) for difference in fsck.differences(session)]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_preparing_twice_leaves_one_attempt_for_each_seat(database: Database, desk: Desk) -> None:
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        builders.a_seat(session, sitting)
        assert service.prepare_attempts(session, desk.invigilator, T0, sitting=sitting) == 1
        assert service.prepare_attempts(session, desk.invigilator, T0, sitting=sitting) == 0
        count = select(func.count()).where(Attempt.sitting_id == sitting.id)
        assert session.scalar(count) == 2
        leaves = select(func.count()).where(Leaf.type == "sittings.attempts_prepared")
        assert session.scalar(leaves) == 2


def test_an_attempt_waits_then_is_authorised_then_runs(database: Database, desk: Desk) -> None:
    assert desk.attempt().state == "authorised"
    desk.start()
    attempt = desk.attempt()
    assert (attempt.state, attempt.opens_at, attempt.closes_at) == ("active", T0, T0 + HOUR)
    assert attempt.accepts_until == T0 + HOUR + MINUTE
    assert desk.differences() == []


def test_a_seat_nobody_has_authorised_does_not_start(database: Database, desk: Desk) -> None:
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        seat = builders.a_seat(session, sitting)
        service.prepare_attempts(session, desk.invigilator, T0, sitting=sitting)
        builders.start(session, sitting, T0)
        attempt = session.query(Attempt).filter_by(seat_id=seat.id).one()
        assert attempt.state == "awaiting"
        with pytest.raises(errors.NotAuthorised):
            service.take_attempt(session, desk.candidate, T0, attempt=attempt, device="x")


def test_the_first_device_takes_the_attempt_and_a_second_does_not(desk: Desk) -> None:
    lease = desk.take()
    assert desk.attempt().lease == lease
    with pytest.raises(errors.DeviceMoved):
        desk.take()


def test_a_code_moves_the_attempt_once_and_the_old_device_is_shut_out(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.answer("b")
    with database.writing(unhurried=True) as session:
        attempt = session.get_one(Attempt, desk.attempt_id)
        code = service.move_attempt(session, desk.invigilator, T0, attempt=attempt)
    with pytest.raises(errors.DeviceMoved):
        player.answer("c")
    with pytest.raises(errors.CodeRefused):
        desk.take("AAAAAAAA")
    lease = desk.take(f" {code[:4]}-{code[4:]} ".lower())
    with pytest.raises(errors.CodeRefused):
        desk.take(code)
    other = Player(
        database, builders.token_of(desk.attempt(), lease=lease), player.head, player.seq, player.client_seq
    )
    assert other.answer("d").seq == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LeaseChange)) == 3
    assert desk.differences() == []


def test_an_attempt_whose_room_was_ended_in_a_pause_is_over_and_sealed_like_any_other(desk: Desk) -> None:
    player = desk.player()
    player.answer("b")
    desk.happens("paused", T0 + 10 * MINUTE)
    desk.happens("ended", T0 + 12 * MINUTE)
    assert (desk.attempt().state, desk.attempt().closes_at) == ("active", T0 + 12 * MINUTE)
    player.now = T0 + 12 * MINUTE + timedelta(seconds=30)
    assert player.answer("c").seq == 2  # written before the pause: it was still on its way
    assert desk.seal_expired(T0 + 14 * MINUTE)
    assert desk.differences() == []


def test_extra_time_and_pauses_move_the_closing_time(database: Database, desk: Desk) -> None:
    player = desk.player()
    desk.happens("paused", T0 + 10 * MINUTE)
    assert desk.attempt().state == "paused"
    with pytest.raises(errors.NotRunning):
        player.answer()
    desk.happens("resumed", T0 + 22 * MINUTE)
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        by = builders.an_account(session, kind="staff").id
        session.add_all(
            [
                TimeGrant(sitting_id=sitting.id, kind="extra_time", seconds=300, reason="r", by=by, at=T0),
                TimeGrant(sitting_id=sitting.id, kind="credit", seconds=600, reason="r", by=by, at=T0),
            ]
        )  # the credit has no second signature yet, so it does not count
        service.refresh(session, sitting)
    assert desk.attempt().closes_at == T0 + HOUR + 12 * MINUTE + 5 * MINUTE
    player.now = T0 + HOUR + 16 * MINUTE
    assert player.answer().seq == 1
    assert desk.differences() == []


def test_answers_are_read_back_through_the_chain(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.answer("a", item="Q-1")
    player.answer(["a", "c"], item="Q-2", kind="answer")
    player.answer("b", item="Q-1")
    player.save(a_text(4, "Xin chào 🌱"))
    player.save(a_text(5, "Xin chào các bạn 🌱", splices=[[8, 0, " các bạn"]]))
    with database.reading() as session:
        answers = service.current_answers(session, session.get_one(Attempt, desk.attempt_id))
    assert answers == {"Q-1": "b", "Q-2": ["a", "c"], "E-1": "Xin chào các bạn 🌱"}


def test_an_essay_of_any_unicode_survives_byte_for_byte(database: Database, desk: Desk) -> None:
    player = desk.player()
    decomposed = "Tiê\u0301ng Viê\u0323t \u200d\u2066\u0000\u001f\ufffe 🏳️‍🌈 " * 2000
    player.save(a_text(1, decomposed))
    with database.reading() as session:
        answers = service.current_answers(session, session.get_one(Attempt, desk.attempt_id))
    assert answers["E-1"].encode() == decomposed.encode()


def test_a_text_that_fits_nothing_keeps_nobody_from_handing_in(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.save(a_text(1, "Một"))
    player.save(a_text(2, "xx mất", splices=[[40, 0, " mất"]]), a_text(3, "Mười", splices=[[1, 2, "ột"]]))
    assert desk.read().answers.responses == {"E-1": "Một"}
    assert desk.read().answers.left_out == [2, 3]
    player.save(a_text(4, "Một hai", splices=[[3, 0, " hai"]]))
    assert desk.submit(player).answered == 1
    with database.reading() as session:
        answers = service.current_answers(session, session.get_one(Attempt, desk.attempt_id))
    assert answers == {"E-1": "Một hai"}
    assert desk.differences() == []


def test_submitting_twice_gives_one_signed_receipt_and_one_script(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.answer("b", item="Q-1")
    player.answer("  ", item="Q-3")
    first = desk.submit(player)
    again = desk.submit(player, at=T0 + 11 * MINUTE)
    assert (first.id, first.signature) == (again.id, again.signature)
    assert first.receipt["answered"] == 1
    assert first.receipt["head"] == player.head.hex()
    assert receipts.is_genuine(receipts.receipt_of(first), database.signer.public_key)
    altered = receipts.Receipt(content={**first.receipt, "answered": 2}, signature=first.signature)
    assert not receipts.is_genuine(altered, database.signer.public_key)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Script)) == 1
    with pytest.raises(errors.AttemptClosed):
        player.answer("c")
    assert desk.differences() == []


def test_of_many_submissions_at_once_exactly_one_is_kept(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.answer("b")
    found: list[object] = []

    def hand_in() -> None:
        try:
            found.append(desk.submit(player).signature)
        except Exception as problem:  # noqa: BLE001 - what a thread met is looked at below
            found.append(problem)

    threads = [threading.Thread(target=hand_in) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1, found
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_save_that_comes_between_reading_and_sealing_is_not_left_out(desk: Desk) -> None:
    player = desk.player()
    player.answer("b", item="Q-1")
    read = desk.read()
    player.answer("x", item="Q-3")
    assert read.answers.answered == 1
    assert desk.submit(player, read=read).answered == 2
    assert read.answers.answered == 1
    assert desk.differences() == []


def test_what_was_read_before_must_lie_on_the_chain(desk: Desk) -> None:
    player = desk.player()
    player.answer("b", item="Q-1")
    forged = dataclasses.replace(desk.read(), head=b"?" * 32)
    player.answer("x", item="Q-3")
    with pytest.raises(errors.JournalBroken):
        desk.submit(player, read=forged)


def test_what_was_read_of_another_attempt_does_not_count(desk: Desk) -> None:
    player = desk.player()
    player.answer("b", item="Q-1")
    other = dataclasses.replace(desk.read(), attempt_id=0, answers=Answers())
    assert desk.submit(player, read=other).answered == 1


def test_who_hands_in_together_gets_each_his_own_answer(database: Database, desk: Desk) -> None:
    first, second = desk.player(), Desk(database)
    other = second.player()
    first.answer("b", item="Q-1")
    wishes = [
        _handing(desk, first),
        _handing(second, other, is_by_time=True),
        _handing(second, first),
        _handing(desk, first),
    ]
    with database.writing(unhurried=True) as session:
        outcomes = service.submit_all(session, wishes)
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "Submission",
        "TimeLeft",
        "DeviceMoved",
        "Submission",
    ]
    assert outcomes[0] is outcomes[3]
    assert desk.attempt().state == "submitted"
    assert second.attempt().state == "active"
    assert desk.differences() == second.differences() == []


def _handing(desk: Desk, player: Player, *, is_by_time: bool = False) -> service.Handing:
    return service.Handing(
        attempt_id=desk.attempt_id,
        lease=player.token.lease,
        at=T0 + 10 * MINUTE,
        replayed=desk.read(),
        is_by_time=is_by_time,
    )


def test_time_that_is_over_seals_without_anybody(database: Database, desk: Desk) -> None:
    player = desk.player()
    player.answer("b")
    assert not desk.seal_expired(T0 + HOUR + MINUTE)
    assert desk.seal_expired(T0 + HOUR + MINUTE + timedelta(seconds=1))
    assert not desk.seal_expired(T0 + 2 * HOUR)
    with database.reading() as session:
        submission = session.scalars(select(Submission)).one()
        assert (submission.kind, submission.at) == ("by_time", T0 + HOUR)


def test_tests_are_marked_by_the_released_key_and_marked_again_as_a_new_run(database: Database) -> None:
    items = [builders.ITEMS[0], builders.ITEMS[1], builders.ITEMS[2]]
    desk = Desk(database, items)
    player = desk.player()
    player.answer("b", item="Q-1")
    player.answer(["a"], item="Q-2")
    player.answer("canary-key", item="Q-3")
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        with pytest.raises(errors.StillRunning):
            service.mark_tests(session, desk.invigilator, T0, sitting=sitting, computed=[])
    desk.submit(player)
    for _ in range(2):
        with database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, desk.sitting_id)
            assert computers.mark_tests(session, desk.invigilator, T0, sitting) == 1
    with database.reading() as session:
        marks = session.scalars(select(TestMark).order_by(TestMark.run)).all()
        assert [(mark.run, mark.value, mark.max) for mark in marks] == [(1, "2.5", "3"), (2, "2.5", "3")]
        revealed = session.scalars(select(Leaf).where(Leaf.type == "key-reveal")).all()
        committed = {form.code: form.key_commitment.hex() for form in session.scalars(select(PaperForm))}
        assert [leaf.content["commitments"] for leaf in revealed] == [committed, committed]


def test_an_essay_is_not_marked_by_a_key(database: Database, desk: Desk) -> None:
    desk.submit(desk.player())
    with database.reading() as session, pytest.raises(errors.NotATest):
        service.compute_marks(session, session.get_one(Sitting, desk.sitting_id))


def test_heads_of_running_attempts_enter_the_log_as_one_leaf(database: Database, desk: Desk) -> None:
    desk.player().answer()
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        assert service.record_heads(session, T0, sitting=sitting) == 1
        leaf = session.scalars(select(Leaf).where(Leaf.type == "heads")).one()
        assert leaf.content["count"] == 1


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE attempts SET closes_at = '2027-01-01 00:00:00.000000'", "the facts say"),
        ("UPDATE attempts SET lease = 'zzzzzzzzzzzzzzzzzzzzzzzzzz'", "another device"),
        ("UPDATE attempts SET seq = seq + 1", "the journal ends at"),
        ("UPDATE attempts SET state = 'submitted'", "the facts say"),
        ("UPDATE answer_events SET body = x'00' WHERE seq = 1", "cannot be opened"),
        ("UPDATE answer_events SET head = zeroblob(32) WHERE seq = 2", "does not fit the chain"),
        ("DELETE FROM answer_events WHERE seq = 1", "does not fit the chain"),
        ("UPDATE answer_events SET client_seq = 9 WHERE seq = 2", "cannot be opened"),
    ],
)
def test_fsck_names_what_was_changed_behind_the_portals_back(
    database: Database, desk: Desk, statement: str, named: str
) -> None:
    player = desk.player()
    player.save(an_event(1, "a"), an_event(2, "b"))
    assert desk.differences() == []
    with database.writing(unhurried=True) as session:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in session.execute(text(triggers)).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text(statement))
    assert len(desk.differences()) == 1
    assert named in desk.differences()[0]


def test_the_delivered_paper_holds_no_key_and_nothing_beside_the_views(
    database: Database, desk: Desk
) -> None:
    with database.reading() as session:
        attempt = session.get_one(Attempt, desk.attempt_id)
        form = opened.form_of(session, attempt.form_id)
        shown = opened.delivered(form, opened.permutation_of(session, form, attempt))
    assert "CANARY" not in repr(shown)
    assert "fraction" not in repr(shown)
    allowed = {"id", "version", "kind", "language", "stem", "marks", "number", "options"}
    assert set().union(*(set(item) for item in shown)) <= allowed | {"min_words", "max_words"}
    assert {frozenset(option) for item in shown for option in item.get("options", ())} == {
        frozenset({"id", "text"})
    }
    assert sum(Decimal(item["marks"]) for item in shown) == form.weight()


def test_candidates_see_orders_of_their_own_that_stay_the_same(database: Database, desk: Desk) -> None:
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, desk.sitting_id)
        for _ in range(8):
            builders.a_seat(session, sitting)
        service.prepare_attempts(session, desk.invigilator, T0, sitting=sitting)
        attempts = session.query(Attempt).filter_by(sitting_id=sitting.id).all()
        form = opened.form_of(session, attempts[0].form_id)
        orders = [opened.permutation_of(session, form, attempt) for attempt in attempts]
        assert orders == [opened.permutation_of(session, form, attempt) for attempt in attempts]
    assert len({(order.items, tuple(order.options["Q-1"])) for order in orders}) > 1
