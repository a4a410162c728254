# SPDX-License-Identifier: Apache-2.0
"""A migrated, empty database per test, on SQLite and on PostgreSQL.

The migrations run once per session and engine. On SQLite each test receives a copy of what they left; on
PostgreSQL a database that the test before has left empty again (``pool``).
``@pytest.mark.engines("sqlite")`` keeps a test on one engine when it says nothing new on the other.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the pure parts are tested without loading the portal
    from exam_portal.core.database import Database
    from exam_portal.core.private_postgres import PrivateCluster
    from exam_portal.core.settings import Settings
    from tests.harness.pool import DatabasePool

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that asks for a database on each engine it is meant for."""
    if "engine_name" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("engines")
    names = marker.args if marker else ENGINES
    marks = {"sqlite": (), "postgresql": (pytest.mark.postgres,)}
    metafunc.parametrize("engine_name", [pytest.param(name, marks=marks[name]) for name in names])


def settings_in(directory: Path, *, url: str = "", **sections: object) -> "Settings":
    """Return settings for a portal that lives in this directory, complete but for what the test says."""
    from exam_portal.core.settings import Settings

    values: dict[str, object] = {
        "instance": {"directory": directory},
        "database": {"url": url, "long_writes": "raise"},
        "accounts": {"concurrent_hashes": 1},
        "pdf": {"timeout_seconds": 600},  # a busy machine is no fault of the document
        **sections,
    }
    return Settings.model_validate(values)


def _migrate(settings: "Settings") -> None:
    from exam_portal.core import schema

    schema.upgrade(settings)


@pytest.fixture(scope="session")
def postgres_cluster() -> "Iterator[PrivateCluster]":
    """A PostgreSQL cluster of the session's own."""
    from exam_portal.core.private_postgres import private_cluster

    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the migrations leave on SQLite."""
    directory = tmp_path_factory.mktemp("sqlite-template")
    _migrate(settings_in(directory))
    return directory / "portal.sqlite3"


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: "PrivateCluster", tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the database that the migrations leave on PostgreSQL."""
    name = f"template_{os.getpid()}"
    url = postgres_cluster.create_database(name)
    _migrate(settings_in(tmp_path_factory.mktemp("postgres-template"), url=url))
    return name


@pytest.fixture
def instance_directory(tmp_path: Path) -> Path:
    """The directory in which this test's portal lives."""
    directory = tmp_path / "instance"
    directory.mkdir()
    return directory


@pytest.fixture
def new_postgres_database(postgres_cluster: "PrivateCluster") -> Iterator[Callable[..., str]]:
    """A function that makes a database, empty or a copy, and gives its address; dropped afterwards."""
    made: list[str] = []

    def make(template: str = "template1") -> str:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        made.append(name)
        return postgres_cluster.create_database(name, template=template)

    yield make
    for name in made:
        postgres_cluster.drop_database(name)


@pytest.fixture(scope="session")
def postgres_pool(postgres_cluster: "PrivateCluster", postgres_template: str) -> "DatabasePool":
    """Migrated databases that one test after the other uses."""
    from tests.harness.pool import DatabasePool

    return DatabasePool(postgres_cluster, postgres_template)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, instance_directory: Path) -> Iterator[str]:
    """The address of a migrated, empty database; the empty string is the instance's own SQLite file."""
    if engine_name == "postgresql":
        pool: DatabasePool = request.getfixturevalue("postgres_pool")
        cluster: PrivateCluster = request.getfixturevalue("postgres_cluster")
        name = pool.take()
        yield cluster.url(name)
        pool.give_back(name)
    else:
        shutil.copyfile(request.getfixturevalue("sqlite_template"), instance_directory / "portal.sqlite3")
        yield ""


@pytest.fixture
def settings(database_url: str, instance_directory: Path) -> "Settings":
    """Settings of this test's portal; override this fixture to say more."""
    return settings_in(instance_directory, url=database_url)


@pytest.fixture
def database(settings: "Settings") -> "Iterator[Database]":
    """The open database of this test's portal."""
    from exam_portal.core.database import Database

    opened = Database(settings)
    try:
        yield opened
    finally:
        opened.dispose()
