# SPDX-License-Identifier: Apache-2.0
"""An office that marks, on each database."""

import pytest
from flask import Flask

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.portal.competitions.pages import At
from tests.portal.marking.builders import MARKED, Office, an_office


@pytest.fixture
def office(database: Database) -> Office:
    """Two masked scripts, three markers, three typists."""
    with database.writing(unhurried=True) as session:
        return an_office(session)


@pytest.fixture
def portal(settings: Settings, database: Database, catalogues: None) -> Flask:
    """The application on the day of the marking."""
    made = create_app(settings, database, clock=At(MARKED))
    made.testing = True
    return made
