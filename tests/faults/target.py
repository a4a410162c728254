# SPDX-License-Identifier: Apache-2.0
"""What a worker of a test's server loads: the portal, hurt first in the way that its environment names."""

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FAULT = "FAULTS_FAULT"
SABOTAGE = "FAULTS_SABOTAGE"


def load() -> "WSGIApplication":
    """Return the portal of this worker."""
    from exam_portal import wsgi
    from tests.faults import failpoints, sabotage

    if fault := json.loads(os.environ[FAULT]):
        failpoints.arm(fault["point"], fault["countdown"], fault["marker"])
    if name := os.environ[SABOTAGE]:
        sabotage.BROKEN[name]()
    return wsgi.load()
