# SPDX-License-Identifier: Apache-2.0
"""A council at its panel, on each database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission
from tests.portal.competitions.pages import At
from tests.portal.interviews.builders import HEARD, Council, a_council


@pytest.fixture(autouse=True)
def nobody_knows_who_passed() -> Iterator[None]:
    """The stage that knows the marks is not asked: here the secretary names those who passed."""
    known = list(admission._providers)
    admission._providers.clear()
    yield
    admission._providers[:] = known


@pytest.fixture
def council(database: Database) -> Council:
    """Nine members, three candidates, two typists."""
    with database.writing(unhurried=True) as session:
        return a_council(session)


@pytest.fixture
def portal(settings: Settings, database: Database, catalogues: None) -> Flask:
    """The application on the day of the panel."""
    made = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()
    made.testing = True
    return made
