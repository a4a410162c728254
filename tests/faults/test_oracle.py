# SPDX-License-Identifier: Apache-2.0
"""The oracle itself: each thing it looks at, changed by hand behind the portal's back, is named."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import text

from exam_portal.core import triggers
from exam_portal.core.database import Database
from tests.faults.hall import Hall

pytestmark = pytest.mark.engines("sqlite")
LAST = "WHERE attempt_id = {0} AND seq = 3"
CHANGES = {
    "an event is gone": ("DELETE FROM answer_events " + LAST, "acknowledged and is not there"),
    "a link is flipped": ("UPDATE answer_events SET head = x'{1}' " + LAST, "does not fit the chain"),
    "a body is another's": (
        "UPDATE answer_events SET body = (SELECT body FROM answer_events WHERE attempt_id = {0} AND seq = 2) "
        + LAST,
        "cannot be opened",
    ),
    "a time is moved": (
        "UPDATE answer_events SET received_at = '2026-01-01 00:00:00.000000' " + LAST,
        "head or time of event 3",
    ),
    "a device is named": ("UPDATE answer_events SET lease = 'b' " + LAST, "another device's"),
    "a deadline is moved": (
        "UPDATE attempts SET closes_at = datetime(closes_at, '-1 second') WHERE id = {0}",
        "its times are",
    ),
    "a submission is gone": ("DELETE FROM submissions WHERE attempt_id = {0}", "not that of a submission"),
}


@pytest.fixture
def hall(new_hall: Callable[..., Hall]) -> Hall:
    """Two candidates who have written; one has handed in. The server is gone."""
    made = new_hall(attempts=2)
    made.serve()
    first, second = made.hands()
    assert [hand.stroke() for hand in (first, second) for _ in range(4)] == [200] * 8
    assert first.hand_in()
    for hand in (first, second):
        hand.stop()
    made.end()
    return made


def test_the_oracle_has_nothing_to_say_until_something_is_changed(hall: Hall) -> None:
    assert hall.findings() == []
    attempt_id = hall.pens[0].attempt_id
    database = Database(hall.settings)
    try:
        for name, (statement, words) in CHANGES.items():
            before = hall.settings.instance.directory / "portal.sqlite3"
            kept = before.read_bytes()
            with database.writing(unhurried=True) as session:
                triggers.remove(session.connection())
                session.execute(text(statement.format(attempt_id, "00" * 32)))
            found = hall.findings()
            assert any(words in each for each in found), (name, found)
            database.dispose()
            before.write_bytes(kept)
            database = Database(hall.settings)
        assert hall.findings() == []
    finally:
        database.dispose()
    hall.ledger.promises[0] = dataclasses.replace(
        hall.ledger.promises[0], said={**hall.ledger.promises[0].said, "signature": "AAAA"}
    )
    assert any("is not signed" in each for each in hall.findings())
