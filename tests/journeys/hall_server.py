# SPDX-License-Identifier: Apache-2.0
"""`exam-portal serve` with a clock that the journey sets forward: ``python -m tests.journeys.hall_server``.

Nothing else is another: the file that the environment names says how many seconds the house is ahead.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from exam_portal import wsgi
from exam_portal.cli import main
from exam_portal.commands import serving
from exam_portal.core import clock, telemetry
from exam_portal.core import settings as portal_settings
from exam_portal.core.instance import die_with_parent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

AHEAD = "HALL_CLOCK_AHEAD"


class SetForward(clock.SteadyClock):
    """The clock of this machine, so far ahead as the file says."""

    def __init__(self, file: Path) -> None:
        super().__init__(clock.SYSTEM.now() - clock.counter())
        self._file = file

    def now(self) -> datetime:
        """Return the instant in the hall."""
        return super().now() + timedelta(seconds=float(self._file.read_text(encoding="ascii")))


def load() -> "WSGIApplication":
    """Return the portal of this worker."""
    die_with_parent()
    settings = portal_settings.load()
    telemetry.configure(settings.log)
    return wsgi.serve(settings, wsgi.open_database(settings), SetForward(Path(os.environ[AHEAD])))


if __name__ == "__main__":
    serving.TARGET = "tests.journeys.hall_server:load"
    main(sys.argv[1:], prog_name="exam-portal")
