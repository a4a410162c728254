# SPDX-License-Identifier: Apache-2.0
"""A computer without a line for ten minutes, or sixty: within the window what it sends is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.sittings.models import AnswerEvent, LateEvent
from tests.faults.hall import Hall
from tests.faults.ledger import TYPED, Hand

pytestmark = pytest.mark.engines("sqlite")
WINDOW = {"grace_seconds": 60, "offline_minutes": 30}
HOUR = timedelta(hours=1)


def back(hall: Hall, *, batches: int = 3) -> list[int]:
    """Return what is said to a computer that has written offline and finds its line again."""
    hand = Hand(hall.pens[0], hall.port)
    said = []
    for batch in range(batches):
        for number in range(60):
            hand.pen.write(TYPED[(batch + number) % len(TYPED)])
        said.append(hand.stroke())
        if said[-1] == 410:  # it goes on numbering where it stood
            hand.pen.client_seq += 60
    hand.stop()
    return said


def stored(hall: Hall) -> tuple[int, int]:
    """Return how many events are in the journal, and how many batches apart from it."""
    database = Database(hall.settings)
    try:
        with database.reading() as session:
            tables = (AnswerEvent, LateEvent)
            events, late = (session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
            return events, late
    finally:
        database.dispose()


@pytest.mark.parametrize("minutes", [10, 60])
def test_what_was_written_offline_is_in_the_journal_while_the_sitting_goes_on(
    new_hall: Callable[..., Hall], minutes: int
) -> None:
    hall = new_hall(attempts=1, began=timedelta(minutes=minutes), seconds=7200, timing=WINDOW)
    hall.serve()
    assert back(hall) == [200, 200, 200]
    hall.end()
    assert stored(hall) == (180, 0)
    assert hall.findings() == []


def test_what_comes_ten_minutes_after_the_end_is_kept_apart_whole(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall(attempts=1, began=HOUR + timedelta(minutes=10), seconds=3600, timing=WINDOW)
    hall.serve()
    assert back(hall) == [410, 410, 410]
    hall.end()
    assert len(hall.ledger.set_aside) == 3
    assert stored(hall) == (0, 3)
    assert hall.findings() == []


def test_what_comes_sixty_minutes_after_the_end_is_not_said_to_be_kept(
    new_hall: Callable[..., Hall],
) -> None:
    hall = new_hall(attempts=1, began=HOUR + timedelta(minutes=60), seconds=3600, timing=WINDOW)
    hall.serve()
    assert back(hall) == [410, 410, 410]
    hall.end()
    assert hall.ledger.set_aside == []
    assert stored(hall) == (0, 0)
    assert hall.findings() == []


def test_a_server_that_throws_away_what_it_said_was_kept_is_seen(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall(attempts=1, began=HOUR + timedelta(minutes=10), seconds=3600, timing=WINDOW)
    hall.serve(sabotage="throws_late_answers_away")
    assert back(hall, batches=1) == [410]
    hall.end()
    assert any("late events were said to be kept" in each for each in hall.findings())
