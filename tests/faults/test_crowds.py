# SPDX-License-Identifier: Apache-2.0
"""Two devices on one attempt, two hundred who hand in the same one, and five times too much of everything."""

import dataclasses
import functools
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from exam_portal.bench import load
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.errors import DomainError
from exam_portal.sittings.attempts import service, statements
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.sittings.attempts.budget import Budgets
from exam_portal.sittings.attempts.machines import Machine
from exam_portal.sittings.models import AnswerEvent, Attempt
from tests.faults.conftest import Size
from tests.faults.hall import Hall, Server
from tests.faults.ledger import Hand, Pen

SOMEBODY = Actor(account_id=1)
IN_THE_ROOM = Machine(address="127.0.0.1")
RATE = 7_500.0  # five times what two cores serve


class Invigilator:
    """Gives the attempt to one device after the other, by the portal's own verbs."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.pen = hall, hall.pens[0]
        self.database = Database(hall.settings)
        self.path = AnswerPath(self.database, hall.settings.sittings)
        self.in_charge = [(0, self.pen.lease)]  # from which place of the journal on, which device

    def move(self) -> Pen:
        """Another device is in charge; the code that opened it is used up."""
        now = datetime.now(UTC)
        with self.database.writing() as session:
            attempt = session.get_one(Attempt, self.pen.attempt_id)
            code = service.move_attempt(session, SOMEBODY, now, attempt=attempt)
        with self.database.writing() as session:
            attempt = session.get_one(Attempt, self.pen.attempt_id, with_for_update=True)
            lease = service.take_attempt(
                session, SOMEBODY, now, attempt=attempt, device="x", code=code, machine=IN_THE_ROOM
            )
            self.in_charge.append((attempt.seq, lease))
            head, seq, last = attempt.head.hex(), attempt.seq, attempt.seq
        cookie = self.path.issue(attempt, lease, 0, now)
        return dataclasses.replace(
            self.pen, lease=lease, cookie=cookie, head=head, seq=seq, client_seq=last, pending=[]
        )

    def stroke(self, pen: Pen) -> str:
        """The device saves as over HTTP; return what was said."""
        now = datetime.now(UTC)
        try:
            token = self.path.token(pen.cookie, pen.attempt, now)
            pen.answered(200, b"", json.dumps(self.path.save(token, pen.body(), now)).encode())
        except DomainError as refused:
            said = {"details": getattr(refused, "details", {})}
            pen.answered(refused.status, b"", json.dumps(said).encode())
            return type(refused).__name__
        return "saved"

    def foreign(self) -> list[int]:
        """Return the places of the journal at which a device wrote that was not in charge there."""
        with self.database.reading() as session:
            rows = session.execute(select(AnswerEvent.seq, AnswerEvent.lease).order_by(AnswerEvent.seq)).all()
        return [row.seq for row in rows if row.lease != self._charged_at(row.seq)]

    def _charged_at(self, seq: int) -> str:
        return next(lease for since, lease in reversed(self.in_charge) if since < seq)


def interleave(invigilator: Invigilator, operations: int) -> Counter[str]:
    """Four hands write on two devices, of which one at most is in charge; what was said, counted."""
    said: Counter[str] = Counter()
    pens = [invigilator.pen, invigilator.move()]
    mutex, held = threading.Lock(), defaultdict[str, threading.Lock](threading.Lock)

    def write() -> None:
        for _ in range(operations // 4):
            with mutex:
                pen = random.choice(pens[-2:])
                own = held[pen.lease]
            with own:
                word = invigilator.stroke(pen)
            with mutex:
                said[word] += 1

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write) for _ in range(4)]
        while not all(writer.done() for writer in writers):
            fresh = invigilator.move()
            said["moved"] += 1
            with mutex:
                pens.append(fresh)
            time.sleep(0.05)
        for writer in writers:
            writer.result()
    return said


@pytest.fixture
def invigilator(new_hall: Callable[..., Hall]) -> Iterator[Invigilator]:
    made = Invigilator(new_hall(attempts=1))
    made.path.budgets = Budgets(10**9)
    yield made
    made.database.dispose()


def test_of_devices_that_interleave_one_stream_is_accepted(
    invigilator: Invigilator, size: Size, note: Callable[..., None]
) -> None:
    said = interleave(invigilator, size.operations)
    assert said["saved"] > 0
    assert said["DeviceMoved"] > 0
    assert invigilator.foreign() == []
    assert invigilator.hall.findings() == []
    note(operations=said.total(), **said, lost=0)


@pytest.mark.engines("sqlite")
def test_a_journal_that_takes_what_another_device_sends_is_seen(
    invigilator: Invigilator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_ADVANCE", statements._ADVANCE.replace("lease = ?", "? <> ''"))
    interleave(invigilator, 300)
    assert invigilator.foreign()


def hand_in_together(hall: Hall, pen: Pen, count: int) -> int:
    """So many ask at once that one attempt be handed in; return how many receipts came."""
    hands = [Hand(dataclasses.replace(pen, pending=[]), hall.port) for _ in range(count)]
    together = threading.Barrier(count)

    def ask(hand: Hand) -> bool:
        together.wait()
        return hand.hand_in()

    with ThreadPoolExecutor(count) as pool:
        came = sum(pool.map(ask, hands))
    for hand in hands:
        hand.stop()
    return came


@pytest.mark.long_on("postgresql")
def test_of_two_hundred_who_hand_in_one_attempt_all_get_the_same_receipt(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    rounds = 20 if size.is_long else 1
    hall = new_hall(attempts=rounds)
    hall.serve()
    for hand in hall.hands():
        assert [hand.stroke() for _ in range(3)] == [200] * 3
        hand.stop()
        assert hand_in_together(hall, hand.pen, size.submits) == size.submits
    hall.end()
    assert len(hall.ledger.receipts) == rounds * size.submits
    assert hall.findings() == []
    note(rounds=rounds, receipts=len(hall.ledger.receipts), submissions=rounds)


@pytest.mark.engines("sqlite")
def test_receipts_of_submissions_that_do_not_exist_are_seen(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall(attempts=1)
    hall.serve(sabotage="receipts_for_everybody")
    assert hand_in_together(hall, hall.pens[0], 8) == 8
    hall.end()
    assert any("not that of a submission" in each for each in hall.findings())


def memory(server: Server) -> float:
    """Return how many megabytes the server's processes hold."""
    found = 0
    for pid in (server.pid, *server.workers()):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1024


@pytest.mark.long_on("postgresql")
@pytest.mark.parametrize("budget", ["20", "1000000"], ids=["each-over-his-budget", "no-budget"])
def test_five_times_too_much_costs_no_memory_and_nothing_that_was_promised(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None], budget: str
) -> None:
    hall = new_hall(attempts=200, environment={"sittings.saves_per_minute": budget, "server.threads": "16"})
    server = hall.serve()
    pens: list[load.Writer] = list(hall.pens)
    run = functools.partial(load.run, "127.0.0.1", hall.port, pens, connections=200)
    run(rate=100_000, seconds=5 if size.is_long else 1)
    before, began = memory(server), hall.ledger.acknowledged
    phase = run(rate=RATE, seconds=size.overload_seconds)
    until = time.monotonic() + 60
    while not hall.ledger.answers[429 if budget == "20" else 200]:
        assert time.monotonic() < until  # a busy machine needs longer to spend everybody's budget
        run(rate=RATE, seconds=1)
    grown = memory(server) - before
    assert grown < 100
    assert phase.acknowledged > 0
    assert (hall.ledger.answers[429] > 0) == (budget == "20")
    assert hall.ledger.answers.keys() <= {200, 429, 503}
    assert hall.ledger.without_time == 0
    hall.end()
    assert hall.findings() == []
    note(
        budget=budget,
        offered=int(RATE * size.overload_seconds),
        acknowledged=hall.ledger.acknowledged - began,
        refused_429=hall.ledger.answers[429],
        memory_mb=round(before + grown),
        grown_mb=round(grown, 1),
        lost=0,
    )


@pytest.mark.engines("sqlite")
def test_a_refusal_that_does_not_say_when_to_come_again_is_seen(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall(attempts=1)
    pen = hall.pens[0]
    assert not pen.answered(
        503, b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n\r\n", b"Come again."
    )
    assert (hall.ledger.without_time, pen.pause) == (0, 2.0)
    assert not pen.answered(429, b"", b'{"details": {"retry_after": 7}}')
    assert (hall.ledger.without_time, pen.pause) == (0, 7.0)
    assert not pen.answered(503, b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b"Come again.")
    assert hall.ledger.without_time == 1


@pytest.mark.engines("sqlite")
def test_a_server_that_forgets_under_load_is_seen(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall(attempts=20)
    hall.serve(sabotage="forgets_one_in_ten")
    pens: list[load.Writer] = list(hall.pens)
    until = time.monotonic() + 60
    while hall.ledger.answers[200] < 20:  # one in ten of them is forgotten
        assert time.monotonic() < until
        load.run("127.0.0.1", hall.port, pens, rate=RATE, seconds=1, connections=20)
    hall.end()
    assert any("acknowledged and is not there" in each for each in hall.findings())
