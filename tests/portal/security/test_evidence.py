# SPDX-License-Identifier: Apache-2.0
"""An administrator of the database who changes what was marked, counted or published is told on by fsck.

Triggers are taken off first, as somebody with the database's password would do; hashes that lie in the same
row are made to fit again.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.results import against_record
from exam_portal.results.models import Publication, Run
from scoring.verify.canonical import sha256_of
from tests.portal.results import builders as at
from tests.portal.results.builders import POSTED, a_stage
from tests.portal.results.test_order import TWO, VOTES


def published(database: Database) -> None:
    """Marks have been posted."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, TWO)
        at.hear(session, stage, VOTES)
        at.compute(session, stage)
        at.prepared(session, stage, "marks", POSTED)


def _told(database: Database) -> set[str]:
    with database.reading() as session:
        return {found.code for found in against_record.differences(session)}


def _tamper(database: Database, act: Callable[[Connection], object]) -> None:
    with database.writing(unhurried=True) as session:
        connection = session.connection()
        triggers.remove(connection)
        act(connection)
        triggers.install(connection)


def _do(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE marks SET value = '99' WHERE id = (SELECT min(id) FROM marks)", "mark"),
        ("UPDATE marks SET kind = 'remark' WHERE id = (SELECT min(id) FROM marks)", "mark"),
        ("UPDATE ballots SET value = '99' WHERE slip = (SELECT min(slip) FROM ballots)", "ballots"),
        ("DELETE FROM ballots WHERE slip = (SELECT min(slip) FROM ballots)", "ballots"),
        ("DELETE FROM hearing_events WHERE kind = 'counted'", "count gone"),
        ("DELETE FROM marks WHERE id = (SELECT max(id) FROM marks)", "mark gone"),
    ],
)
def test_t2_a_changed_or_missing_row_is_named(database: Database, statement: str, code: str) -> None:
    published(database)
    assert _told(database) == set()
    _tamper(database, _do(statement))
    assert code in _told(database)


def test_t2_a_run_and_a_publication_rewritten_with_fitting_hashes_are_named(database: Database) -> None:
    published(database)
    with database.writing(unhurried=True) as session:
        triggers.remove(session.connection())
        run = session.query(Run).order_by(Run.id).first()
        publication = session.query(Publication).one()
        assert run is not None
        run.output = {**run.output, "forged": "yes"}
        run.output_hash = sha256_of(run.output)
        publication.content = {**publication.content, "forged": "yes"}
        publication.content_hash = sha256_of(publication.content)
        session.flush()
        triggers.install(session.connection())
    assert {"run unrecorded", "publication unrecorded"} <= _told(database)
