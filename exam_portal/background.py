# SPDX-License-Identifier: Apache-2.0
"""What runs beside the requests of a process: jobs, the sequencer of the record, recurring work."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType

import exam_portal
from exam_portal.audit.jobs import Sequencer, ask_readiness
from exam_portal.core import mail, outbox, telemetry
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.jobs import Background
from exam_portal.core.settings import Settings
from exam_portal.web import hooks

LATE_SECONDS = 900


def compose(database: Database, clock: Clock) -> Background:
    """Return the background of a process, with the jobs of every slice registered."""
    load_handlers()
    return Background(database, clock, services=(Sequencer(database, clock),))


def readiness(settings: Settings) -> tuple[hooks.Check, ...]:
    """Return the questions of the readiness page about what runs in the background."""
    limit = settings.jobs.max_attempts

    def ask_outbox(session: Session, now: datetime) -> str:
        found = outbox.health(session, now, max_attempts=limit)
        telemetry.OUTBOX_WAITING.set(found.waiting)
        telemetry.OUTBOX_POISONED.set(len(found.poisoned))
        return "outbox" if found.poisoned or found.oldest_seconds > LATE_SECONDS else ""

    return (
        hooks.Check(name="outbox", ask=ask_outbox),
        hooks.Check(name="sequencer", ask=ask_readiness(settings.audit.unsequenced_alarm_seconds)),
    )


def load_handlers() -> None:
    """Import every module that carries out jobs; a process that enqueues needs them known, too."""
    assert mail.KIND
    for _ in slice_modules("jobs"):
        pass


def slice_modules(part: str) -> Iterator[ModuleType]:
    """Yield the module of this name of every slice that has one."""
    for found in pkgutil.iter_modules(exam_portal.__path__):
        name = f"exam_portal.{found.name}.{part}"
        if found.ispkg and found.name not in {"core", "commands"} and importlib.util.find_spec(name):
            yield importlib.import_module(name)
