# SPDX-License-Identifier: Apache-2.0
"""Candidates hand in while invigilators act on the same sitting: nobody is turned away by the database."""

import threading
from collections.abc import Callable

import pytest

from exam_portal.competitions.service import locking as competitions
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, Sitting
from exam_portal.sittings.service import locking
from tests.portal.sittings.attempts.builders import handed_in
from tests.portal.sittings.builders import MINUTE, START, Hall, a_hall, here
from tests.portal.sittings.computers import attempt_of, player_at, running

WAIT = 60
Lock = Callable[[Session, Hall, Sitting], object]


def _competition_first(session: Session, hall: Hall, sitting: Sitting) -> None:
    competitions.lock(session, here(session, hall))
    locking.sitting(session, sitting)


def _sitting_only(session: Session, _hall: Hall, sitting: Sitting) -> None:
    locking.sitting(session, sitting)


@pytest.mark.parametrize("lock", [_sitting_only, _competition_first])
def test_handing_in_and_an_act_on_the_sitting_do_not_wait_for_each_other(
    database: Database, lock: Lock
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting_id = running(session, hall).id
        seat = session.get_one(Sitting, sitting_id).seats[0]
    player = player_at(database, seat, START + MINUTE)
    is_locked = threading.Event()
    problems: list[BaseException] = []

    def act() -> None:
        with database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, sitting_id)
            lock(session, hall, sitting)
            is_locked.set()
            threading.Event().wait(0.5)  # time enough for the other to lock what it locks first
            attempts.refresh(session, sitting)

    def hand_in() -> None:
        is_locked.wait(WAIT)
        with database.writing(unhurried=True) as session:
            attempt = session.get_one(Attempt, player.token.attempt_id)
            handed_in(session, START + MINUTE, attempt, lease=player.token.lease)

    def run(what: Callable[[], None]) -> None:
        try:
            what()
        except Exception as problem:  # noqa: BLE001 - what a thread met is looked at below
            problems.append(problem)

    threads = [threading.Thread(target=run, args=[what]) for what in (act, hand_in)]
    database.hold()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert problems == []
    with database.reading() as session:
        assert attempt_of(session, seat).state == "submitted"
