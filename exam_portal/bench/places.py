# SPDX-License-Identifier: Apache-2.0
"""Where the portal of a measurement lives: an installation of its own, which takes saves without limit."""

import contextlib
import dataclasses
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from exam_portal.core import schema
from exam_portal.core import settings as portal_settings
from exam_portal.core.private_postgres import private_cluster
from exam_portal.core.settings import Settings
from exam_portal.core.settings.loading import variable

UNLIMITED = "1000000"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Settings, and the environment that gives them to a server."""

    settings: Settings
    environment: dict[str, str]


@contextlib.contextmanager
def own_place(database: str, workers: int) -> Iterator[Place]:
    """Yield an empty, migrated installation on SQLite or on a private, durable PostgreSQL."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exam-portal-bench-")))
        url = ""
        if database == "postgresql":
            url = stack.enter_context(private_cluster(durable=True)).create_database("bench")
        environment = {
            variable(key): value
            for key, value in {
                "instance.directory": str(folder / "instance"),
                "database.url": url,
                "server.workers": str(workers),
                "server.threads": "16",  # as many as the pool has connections
                "sittings.saves_per_minute": UNLIMITED,
                "log.level": "error",
            }.items()
        }
        with _environment(environment):
            settings = portal_settings.load()
        schema.upgrade(settings)
        yield Place(settings, environment)


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
