# SPDX-License-Identifier: Apache-2.0
"""What runs beside the requests of a process: jobs, the sequencer of the record, recurring work."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import exam_portal
from exam_portal.audit.jobs import Sequencer
from exam_portal.core import erasing, mail
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.jobs import Background


def compose(database: Database, clock: Clock) -> Background:
    """Return the background of a process, with the jobs of every slice registered."""
    load_handlers()
    return Background(database, clock, services=(Sequencer(database, clock),))


def load_handlers() -> None:
    """Import every module that carries out jobs; a process that enqueues needs them known, too."""
    assert mail.KIND
    assert erasing.JOB
    for _ in slice_modules("jobs"):
        pass


def slice_modules(part: str) -> Iterator[ModuleType]:
    """Yield the module of this name of every slice that has one."""
    for found in pkgutil.iter_modules(exam_portal.__path__):
        name = f"exam_portal.{found.name}.{part}"
        if found.ispkg and found.name not in {"core", "commands"} and importlib.util.find_spec(name):
            yield importlib.import_module(name)
