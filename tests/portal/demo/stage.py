# SPDX-License-Identifier: Apache-2.0
"""The demonstration, seeded once for all tests that only look at it."""

import dataclasses
import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from exam_portal.accounts import actors
from exam_portal.accounts import service as accounts
from exam_portal.app import create_app
from exam_portal.core import schema
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.demo import seed
from tests.harness.databases import settings_in
from tests.portal.competitions.pages import At, Person

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 14:30 in Viet Nam, a Monday


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The demonstration as it is served at a fixed time."""

    database: Database
    app: Flask
    clock: At

    def actor(self, login: str) -> Actor:
        """Return a person of the demonstration with the roles held."""
        with self.database.reading() as session:
            account = accounts.by_login(session, login)
            assert account is not None
            return actors.actor_of(session, account.id)

    def browser(self, login: str = "") -> Person:
        """Return a browser in which the person has signed in (or nobody)."""
        return Person.at(self.app, self.database, self.actor(login) if login else None, NOW)


def show_settings(directory: Path, url: str = "") -> Settings:
    """Return the settings of a demonstration on the rule sets of the repository."""
    return settings_in(
        directory,
        url=url,
        instance={
            "directory": directory,
            "rulesets": Path("config/rulesets").resolve(),
            "demonstration": True,
        },
        rehearsal={"enabled": True},
        limits={"requests_per_minute": 100_000, "sign_ins_per_minute": 100_000},
    )


def opened(settings: Settings) -> Show:
    """Return the demonstration on this database."""
    database = Database(settings)
    clock = At(NOW)
    app = create_app(settings, database, clock=clock)
    app.testing = True
    return Show(database=database, app=app, clock=clock)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance directory of a demonstration, on SQLite: one for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    directory = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.exists():
            sow(shared / "half-sown")
            (shared / "half-sown").rename(directory)
    return directory


def sow(directory: Path) -> None:
    """The directory holds a demonstration, on SQLite, of the fixed time."""
    directory.mkdir()
    settings = show_settings(directory)
    schema.create_all(settings)
    database = Database(settings)
    try:
        seed.ensure(database, NOW)
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def gallery(seeded: Path, tmp_path_factory: pytest.TempPathFactory, catalogues: None) -> Iterator[Show]:
    """The demonstration for all tests that only look at it: nothing but sign-ins is written."""
    directory = tmp_path_factory.mktemp("gallery") / "instance"
    shutil.copytree(seeded, directory)
    found = opened(show_settings(directory))
    yield found
    found.database.dispose()


@pytest.fixture
def show(seeded: Path, tmp_path: Path, catalogues: None) -> Iterator[Show]:
    """A demonstration of the test's own, to act in."""
    directory = tmp_path / "instance"
    shutil.copytree(seeded, directory)
    found = opened(show_settings(directory))
    yield found
    found.database.dispose()
