# SPDX-License-Identifier: Apache-2.0
"""The application, for questions about what it is made of: its database is empty."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from exam_portal.app import create_app
from exam_portal.core import schema
from exam_portal.core.database import Database
from tests.harness.databases import settings_in


@contextmanager
def assembled() -> Iterator[Flask]:
    """Yield the application on an empty database in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        settings = settings_in(Path(directory))
        schema.upgrade(settings)
        database = Database(settings)
        try:
            yield create_app(settings, database)
        finally:
            database.dispose()
