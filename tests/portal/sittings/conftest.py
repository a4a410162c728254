# SPDX-License-Identifier: Apache-2.0
"""The application at the time of a sitting, and the people who hold the room."""

import pytest
from flask import Flask

from exam_portal import cli
from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.portal.competitions.pages import At, grant
from tests.portal.sittings.builders import LISTED, Hall, a_hall
from tests.portal.sittings.late_answers import Late, a_late

__all__ = ["cli"]  # with it every slice has registered what fsck checks, whichever test runs alone


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(LISTED)


@pytest.fixture
def portal(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    return made


@pytest.fixture
def hall(database: Database) -> Hall:
    """A competition whose people hold their roles in the database."""
    with database.writing(unhurried=True) as session:
        made = a_hall(session)
        house = made.house
        for actor in (
            house.organiser,
            house.chair,
            house.secretary,
            made.invigilator,
            made.second,
            made.masker,
        ):
            grant(session, actor, house.organisation.id, LISTED)
        return made


@pytest.fixture
def late_test(database: Database) -> Late:
    """A test of three questions of which one answer has arrived."""
    return a_late(database)
