# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the whole suite: databases, the portal, mail, a browser, a running server."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.harness import backwards, logs, server

pytest_plugins = [
    "tests.harness.databases",
    "tests.harness.portal",
    "tests.harness.mail",
    "tests.harness.browser",
    "tests.harness.clamd",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Pictures cost as much as all else a browser does: journeys keep a few, others when asked."""
    parser.addoption("--pictures", action="store_true", help="keep a picture of every page that is looked at")
    parser.addoption("--long", action="store_true", help="do faults as long as `./dev faults` does")


def pytest_configure(config: pytest.Config) -> None:
    """Log plainly from the first test on; read rows in no order by luck; try properties without a stopwatch.

    A busy machine is no counterexample, and in the everyday suite the same examples are tried each time: what
    chance finds must not stop a change that has nothing to do with it. ``--long`` goes on seeking.
    """
    logs.configure()
    backwards.read()
    settings.register_profile(
        "unhurried",
        deadline=None,
        derandomize=not config.getoption("--long"),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What all tests share stays: collections need not look at it again after each of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 50)


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
