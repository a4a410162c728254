# SPDX-License-Identifier: Apache-2.0
"""Installations without tables of the slices, for tests of what carries them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in


@pytest.fixture
def bare_settings(tmp_path: Path) -> Settings:
    """Settings of an installation on SQLite of which nothing exists yet."""
    return settings_in(tmp_path / "bare")


@pytest.fixture
def bare(bare_settings: Settings) -> Iterator[Database]:
    """An open SQLite database without a table."""
    opened = Database(bare_settings)
    try:
        yield opened
    finally:
        opened.dispose()
