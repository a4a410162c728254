# SPDX-License-Identifier: Apache-2.0
"""The process that carries out jobs when the portal has grown to several server processes."""

import signal
import threading

from exam_portal import background
from exam_portal.core import clock, pdf, schema, telemetry
from exam_portal.core.errors import Unusable
from exam_portal.core.settings import Settings
from exam_portal.sittings.timekeeping import Timekeeper


class NothingToDo(Unusable):
    """The server of this installation carries out its own jobs."""


def run(settings: Settings, stop: threading.Event) -> None:
    """Carry out jobs until ``stop`` is set, then finish those under way."""
    if settings.jobs.backend == "memory":
        raise NothingToDo("jobs.backend is memory: `exam-portal serve` carries out the jobs itself")
    telemetry.configure(settings.log)
    pdf.configure(settings.pdf)
    with schema.opened(settings) as database:
        time = clock.of_this_machine(settings.instance.directory)
        services = (background.compose(database, time), Timekeeper(database, time))
        for service in services:
            service.start()
        stop.wait()
        for service in services:
            service.stop()


def stop_on_signals(stop: threading.Event) -> None:
    """Have the usual signals end the process in good order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
