# SPDX-License-Identifier: Apache-2.0
"""An attempt on each database, and the device that holds it."""

import pytest

from exam_portal.core.database import Database
from exam_portal.sittings.models import Attempt
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.builders import Player


@pytest.fixture
def attempt(database: Database) -> Attempt:
    """An active attempt."""
    with database.writing(unhurried=True) as session:
        return builders.an_attempt(session)


@pytest.fixture
def player(database: Database, attempt: Attempt) -> Player:
    """The device that holds the attempt."""
    return Player.of(database, attempt)
