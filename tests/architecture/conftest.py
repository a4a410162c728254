# SPDX-License-Identifier: Apache-2.0
"""What the tests of the house itself look at."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.architecture import portal
from tests.portal.demo.stage import seeded

__all__ = ["assembled", "seeded"]


@pytest.fixture(scope="session")
def assembled() -> Iterator[Flask]:
    """The application, assembled once."""
    with portal.assembled() as app:
        yield app
