# SPDX-License-Identifier: Apache-2.0
"""The database as a request sees it."""

import pytest
from flask import Flask

from exam_portal.web import database

pytestmark = pytest.mark.engines("sqlite")


def test_no_file_can_be_prepared_while_the_writer_is_held(app: Flask) -> None:
    with app.test_request_context():
        assert database.files() is database.database().files
        with pytest.raises(AssertionError, match="before the writer"), database.writer():
            database.files()
        assert database.files() is database.database().files
