# SPDX-License-Identifier: Apache-2.0
"""A process that has loaded the portal once and starts servers by forking, so that a kill costs a second.

It reads one JSON object per line and answers with one: ``{"start": {environment}, "log": FILE, "fault": …,
"sabotage": …}`` gives ``{"pid": N}``, ``{"wait": PID}`` gives ``{"ended": STATUS}``. What is started is
``exam-portal serve``; only the name of what its workers load is another one, so that they can be hurt.
"""

import functools
import json
import os
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from exam_portal.app import create_app
from exam_portal.cli import main, slice_commands
from exam_portal.commands import serving
from exam_portal.core.database import Database
from exam_portal.core.instance import die_with_parent
from tests.faults import target
from tests.harness import portal
from tests.harness.databases import settings_in


def serve(order: dict[str, Any]) -> None:
    """Become the server of the order; never returns."""
    os.setsid()
    die_with_parent()
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.environ.update(order["start"])
    os.environ[target.FAULT] = json.dumps(order.get("fault"))
    os.environ[target.SABOTAGE] = order.get("sabotage") or ""
    serving.TARGET = "tests.faults.target:load"
    main(["serve"], prog_name="exam-portal")


def load_everything() -> None:
    """Have what every server loads and compiles here, once: an application has been made and put away."""
    portal.pytest_configure()
    assert list(slice_commands())
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        database = Database(settings)
        create_app(settings, database)
        database.dispose()


def rest_otherwise() -> None:
    """Pauses do not ask when they end: under libfaketime that instant is an hour off, and refused."""
    if "FAKETIME_TIMESTAMP_FILE" in os.environ:
        time.sleep = functools.partial(select.select, (), (), ())  # type: ignore[assignment]


def run() -> None:
    """Take orders until nobody gives any."""
    die_with_parent()
    rest_otherwise()
    load_everything()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = {"ended": os.waitpid(order["wait"], 0)[1]}
        else:
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                serve(order)
                os._exit(1)
            answer = {"pid": pid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    run()
