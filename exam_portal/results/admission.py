# SPDX-License-Identifier: Apache-2.0
"""What sittings and panels, which stand below, are told of a gate: who passed it, once that is known.

Where no ranking can be made of the marks, MarksUnusable says which decision or mark is at fault.
"""

from exam_portal.interviews import admission as panels
from exam_portal.results import runs
from exam_portal.sittings import admission as sittings


def register() -> None:
    """Sittings and panels ask here from now on who passed every gate before a part; None: still open."""
    panels.known_by(runs.passed_before)
    sittings.known_by(runs.passed_before)
