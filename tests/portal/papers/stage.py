# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of banks and papers."""

from pathlib import Path

import pytest
from flask import Flask

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import Board
from tests.portal.papers.walking import settle


@pytest.fixture
def settings(database_url: str, instance_directory: Path) -> Settings:
    """The rule sets of the repository."""
    return settings_in(
        instance_directory,
        url=database_url,
        instance={"directory": instance_directory, "rulesets": Path("config/rulesets").resolve()},
    )


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(NOW)


@pytest.fixture
def app(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    made.config["PROPAGATE_FAULTS"] = True
    return made


@pytest.fixture
def board(database: Database) -> Board:
    """An authority whose people hold their roles in the database."""
    return settle(database)
