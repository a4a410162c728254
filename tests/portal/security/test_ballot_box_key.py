# SPDX-License-Identifier: Apache-2.0
"""Older states of a ballot box, left in pages or backups, cannot be opened after the count."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from exam_portal.core import erasing, outbox
from exam_portal.core.database import Database
from exam_portal.core.keystore import KeyErased
from exam_portal.interviews import service
from exam_portal.interviews.models import BallotBox
from exam_portal.interviews.service import voting
from tests.portal.interviews.builders import HEARD, a_council, a_panel, balloting, drawn


def test_t40_states_of_the_box_kept_by_an_administrator_stay_shut(
    database: Database, nobody_knows_who_passed: None
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session)
        hearing = drawn(session, council, a_panel(session, council, mode="portal"))[0]
        balloting(session, council, hearing)
        box = session.scalars(select(BallotBox)).one()
        key_id, place = box.key_id, f"{voting.CONTEXT}/{hearing.public_id}"
        copies = []
        for number, member in enumerate(council.members):
            value = Decimal(70 + number)
            service.cast_ballot(
                session, member, HEARD, hearing=hearing, value=value, scores={}, has_heard=True
            )
            copies.append(box.sealed)
    assert b"70" in database.keys.open(key_id, copies[0], place)  # what the key would give away
    with database.writing(unhurried=True) as session:
        service.count_ballots(session, council.secretary, HEARD, hearing=session.merge(hearing))
    with database.reading() as session:
        queued = session.scalars(select(outbox.OutboxRow).where(outbox.OutboxRow.kind == erasing.JOB)).one()
    outbox.perform(database, queued.id, lambda: HEARD)
    with pytest.raises(KeyErased):
        database.keys.open(key_id, copies[0], place)
    with database.reading() as session:
        assert session.get(outbox.OutboxRow, queued.id) is None
