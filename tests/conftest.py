# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the whole suite: databases, the portal, mail, a browser, a running server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness import logs, server

pytest_plugins = [
    "tests.harness.databases",
    "tests.harness.portal",
    "tests.harness.mail",
    "tests.harness.browser",
    "tests.harness.clamd",
]


def pytest_configure() -> None:
    """Log plainly from the first test on."""
    logs.configure()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep in one process what shares something dear: the journeys of a file, the seeded demonstration."""
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
        elif "seeded" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demonstration"))


@pytest.fixture
def start_portal(tmp_path: Path, catalogues: None) -> Iterator[Callable[..., server.LiveServer]]:
    """A function that starts a real server in a directory of its own; all are stopped afterwards.

    Settings are keywords, with two underscores for the dot: ``start_portal(rehearsal__enabled="true")``.
    """
    with ExitStack() as started:

        def start(
            *arguments: str, name: str = "portal", settings: dict[str, str] | None = None
        ) -> server.LiveServer:
            return started.enter_context(server.running(tmp_path / name, *arguments, settings=settings))

        yield start
