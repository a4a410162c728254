# SPDX-License-Identifier: Apache-2.0
"""Marks that were given, straight into the tables, so that a hundred scripts take no minute."""

from collections.abc import Sequence

from sqlalchemy import select

from exam_portal import background
from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import service
from exam_portal.marking.models import Mark
from tests.portal.marking.builders import MARKED, Office


def marked(session: Session, office: Office, given: Sequence[Sequence[str | None]]) -> None:
    """The scripts have these marks, a row for each: the first marker's, the second's …; None: not yet."""
    for script, values in zip(office.scripts, given, strict=False):
        for number, value in enumerate(values):
            if value is not None:
                session.add(a_mark(session, office, script.id, number, value))
    session.flush()


def marked_by_three(session: Session, office: Office, given: Sequence[tuple[str, str]]) -> None:
    """Each script has two marks, by two of the three markers in turn."""
    for number, (script, values) in enumerate(zip(office.scripts, given, strict=True)):
        two = ((0, 1), (1, 2), (2, 0))[number % 3]
        for round_, (marker, value) in enumerate(zip(two, values, strict=True), start=1):
            session.add(a_mark(session, office, script.id, marker, value, round=round_))
    session.flush()


def a_mark(
    session: Session, office: Office, script_id: int, marker: int, value: str, *, round: int | None = None
) -> Mark:
    """Return one mark of a marker; the marker's place is the round where none is named."""
    marker_id = office.markers[marker].account_id
    assert marker_id is not None
    return Mark(
        masked_script_id=script_id,
        round=round or marker + 1,
        kind="mark",
        value=value,
        scores={},
        signer=service.pseudonym(session, office.bag, marker_id),
        marker_id=marker_id,
        at=MARKED,
    )


def carry_out(database: Database, kind: str) -> None:
    """The job that waits is tried once."""
    background.load_handlers()
    with database.reading() as session:
        row_id = session.scalars(select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == kind)).one()
    outbox.perform(database, row_id, lambda: MARKED)
