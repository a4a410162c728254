# SPDX-License-Identifier: Apache-2.0
"""The portal inside the test's own process: the application and a client that speaks WSGI to it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the pure parts are tested without loading the portal
    from flask import Flask
    from flask.testing import FlaskClient

    from exam_portal.core.database import Database
    from exam_portal.core.settings import Settings


@pytest.fixture(scope="session")
def catalogues() -> None:
    """Both languages are compiled from the sources as they are now."""
    from exam_portal.web import catalogue

    catalogue.ensure()


@pytest.fixture
def app(settings: "Settings", database: "Database", catalogues: None) -> "Flask":
    """The application as the server would start it, on this test's database."""
    from exam_portal.app import create_app

    made = create_app(settings, database)
    made.testing = True
    return made


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A visitor without a session."""
    return app.test_client()
