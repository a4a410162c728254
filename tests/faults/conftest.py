# SPDX-License-Identifier: Apache-2.0
"""The size of the faults (short in the suite, long by ``./dev faults``), the launcher, and a hall."""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exam_portal.core.settings import Settings
from tests.faults.hall import Hall, Launcher, a_hall

FIGURES = Path(__file__).resolve().parents[2] / "test-artefacts" / "faults.jsonl"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of each fault."""

    is_long: bool
    kills: int  # of the server, and as many of its worker, on each database
    kills_at_a_point: int
    database_kills: int
    clock_seconds: float
    operations: int
    submits: int
    overload_seconds: float


SHORT = Size(
    is_long=False,
    kills=1,
    kills_at_a_point=1,
    database_kills=1,
    clock_seconds=1.0,
    operations=300,
    submits=200,
    overload_seconds=2.0,
)
LONG = Size(
    is_long=True,
    kills=60,
    kills_at_a_point=8,
    database_kills=20,
    clock_seconds=20.0,
    operations=10_000,
    submits=200,
    overload_seconds=60.0,
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the suite a fault that says little new on an engine (``long_on``) is left to the long form."""
    if config.getoption("--long"):
        return
    left_out = [item for item in items if _is_for_the_long_form(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_for_the_long_form(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("long_on")
    call = getattr(item, "callspec", None)
    return marker is not None and call is not None and call.params.get("engine_name") in marker.args


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Size:
    """Short, unless asked."""
    return LONG if request.config.getoption("--long") else SHORT


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """One process that has loaded the portal, for all servers of the session."""
    made = Launcher()
    yield made
    made.end()


@pytest.fixture
def new_hall(settings: Settings, launcher: Launcher) -> Iterator[Callable[..., Hall]]:
    """A function that seats people in this test's installation; its servers are ended afterwards."""
    made: list[Hall] = []

    def make(**options: object) -> Hall:
        starter = options.pop("launcher", launcher)
        made.append(a_hall(settings, starter, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for hall in made:
        hall.end()


@pytest.fixture
def note(request: pytest.FixtureRequest, size: Size) -> Callable[..., None]:
    """A function that writes figures down when the long form is run (``test-artefacts/faults.jsonl``)."""
    began = time.monotonic()

    def write(**figures: object) -> None:
        if not size.is_long:
            return
        FIGURES.parent.mkdir(exist_ok=True)
        line = {"fault": request.node.name, "seconds": round(time.monotonic() - began), **figures}
        with FIGURES.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(json.dumps(line, ensure_ascii=False))

    return write
