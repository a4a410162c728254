# SPDX-License-Identifier: Apache-2.0
"""What spans slices is recomputed: somebody who changes the database around the triggers is found out."""

import pytest
from sqlalchemy import text

from exam_portal.admin import fsck
from tests.portal.demo.stage import Show


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("UPDATE mark_locks SET marks = marks + 1 WHERE id = 1", {"lock"}),
        ("UPDATE keyings SET value = '99' WHERE id = 1", {"readings", "slip keyed"}),
        ("DELETE FROM ballots WHERE id = (SELECT min(id) FROM ballots)", {"count"}),
    ],
)
def test_a_change_around_the_triggers_is_named(show: Show, change: str, codes: set[str]) -> None:
    with show.database.writing(unhurried=True) as session:
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text(change))
    with show.database.reading() as session:
        assert {difference.code for difference in fsck.differences(session)} == codes


def test_the_demonstration_is_sound(gallery: Show) -> None:
    with gallery.database.reading() as session:
        assert list(fsck.differences(session)) == []
