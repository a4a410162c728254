# SPDX-License-Identifier: Apache-2.0
"""What a Granian worker loads: the application with its database, its background and its built assets."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exam_portal import background
from exam_portal.app import create_app
from exam_portal.core import clock, memory, pdf, schema, telemetry
from exam_portal.core import settings as portal_settings
from exam_portal.core.database import Database
from exam_portal.core.errors import Unusable
from exam_portal.core.instance import die_with_parent
from exam_portal.core.settings import Settings
from exam_portal.core.static_files import StaticFiles
from exam_portal.sittings.timekeeping import Timekeeper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC = Path(__file__).resolve().parent / "static"
PATIENCE_SECONDS = 15  # a worker that is being replaced may still hold the database


def load() -> "WSGIApplication":
    """Return the portal of this worker. The process ends with its parent, and when the database is held."""
    die_with_parent()
    memory.give_back()
    settings = portal_settings.load()
    telemetry.configure(settings.log)
    return serve(settings, open_database(settings))


def open_database(settings: Settings) -> Database:
    """Return the database, held by this process and at the expected revision; else end the process."""
    database = Database(settings)
    try:
        database.hold(wait_seconds=PATIENCE_SECONDS)
        schema.require_current(database.revision())
    except Unusable as refusal:
        sys.stderr.write(f"exam-portal: {refusal}\n")
        raise SystemExit(1) from refusal
    return database


def serve(settings: Settings, database: Database, time: clock.SteadyClock | None = None) -> "WSGIApplication":
    """Return the portal; jobs run in this process unless workers of their own do them."""
    pdf.configure(settings.pdf)
    time = time or clock.of_this_machine(settings.instance.directory)
    application = create_app(settings, database, clock=time)
    Timekeeper(database, time).start()
    if settings.jobs.backend == "memory":
        background.compose(database, time).start()
    else:
        background.load_handlers()
    gc.collect()
    gc.freeze()  # what is there now stays: collections need not look at it again
    sys.stdout.write(f"exam-portal is ready at {settings.server.base_url}\n")
    sys.stdout.flush()
    return StaticFiles(application, STATIC)
