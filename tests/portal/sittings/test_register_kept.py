# SPDX-License-Identifier: Apache-2.0
"""What invigilators found and imposed is held against the record: a row that changes later is named."""

import pytest
from sqlalchemy import text

from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.sittings import fsck, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import AttendanceStatus, IncidentCategory, SanctionLevel
from tests.portal.sittings.builders import MINUTE, START, a_hall, check_in
from tests.portal.sittings.computers import running

CHANGES = {
    "UPDATE attendances SET status = 'absent' WHERE id = (SELECT min(id) FROM attendances)": "attendance",
    "UPDATE attendances SET status = 'absent' WHERE id = (SELECT max(id) FROM attendances)": "attendance",
    "UPDATE incidents SET description = 'Không có gì'": "incident",
    "UPDATE incidents SET category = 'violation'": "incident",
    "UPDATE sanctions SET level = 'reprimand'": "sanction",
    "UPDATE sanctions SET reason = 'Lý do khác'": "sanction",
    "UPDATE sanctions SET confirmed_by = NULL, confirmed_at = NULL": "sanction confirmed gone",
    "DELETE FROM sanctions": "sanction gone",
}


def a_register(database: Database) -> None:
    """One candidate is checked in alone, the others by room; one incident; one sanction by two."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        first, *others = sitting.seats
        check_in(session, hall, first, START + MINUTE, status=AttendanceStatus.PRESENT)
        attempts.authorise(session, hall.invigilator, START + MINUTE, sitting=sitting, seats=others)
        service.register_incident(
            session,
            hall.invigilator,
            START + 2 * MINUTE,
            sitting=sitting,
            seat=first,
            category=IncidentCategory.TECHNICAL,
            description="Mất điện",
            occurred_at=START + MINUTE,
        )
        made = service.sanction(
            session,
            hall.invigilator,
            START + 2 * MINUTE,
            seat=first,
            level=SanctionLevel.WARNING,
            reason="Trao đổi giấy nháp",
        )
        service.confirm_sanction(session, hall.second, START + 3 * MINUTE, sanction=made)


def differences(database: Database) -> set[str]:
    with database.reading() as session:
        return {one.code for one in fsck.differences(session)}


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.engines("sqlite")
def test_a_row_of_the_register_that_was_changed_is_named(database: Database, statement: str) -> None:
    a_register(database)
    assert not differences(database)
    with database.writing(unhurried=True) as session:
        triggers.remove(session.connection())
        session.execute(text(statement))
        triggers.install(session.connection())
    assert CHANGES[statement] in differences(database)


def test_the_register_as_it_was_kept_has_no_difference(database: Database) -> None:
    a_register(database)
    assert not differences(database)
