# SPDX-License-Identifier: Apache-2.0
"""The portal inside the test's own process: the application and a client that speaks WSGI to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import Rule

if TYPE_CHECKING:  # the pure parts are tested without loading the portal
    from flask import Flask
    from flask.testing import FlaskClient

    from exam_portal.core.database import Database
    from exam_portal.core.settings import Settings


def pytest_configure() -> None:
    """Addresses are compiled once in a process: else an application spends most of its start on them."""
    compiled: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]


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
