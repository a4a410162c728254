# SPDX-License-Identifier: Apache-2.0
"""What sittings and panels, which stand below, are told of a gate: who passed it, once that is known."""

from exam_portal.core.db import Session
from exam_portal.interviews import admission as panels
from exam_portal.results import errors, runs
from exam_portal.sittings import admission as sittings


def passed_gates(session: Session, vacancy_id: int, part: str) -> frozenset[int] | None:
    """Return who passed every gate before the part; None while that of somebody is open.

    Marks that no ranking can be made of leave the gate open, too: the page of results names the fault.
    """
    try:
        return runs.passed_before(session, vacancy_id, part)
    except errors.MarksUnusable:
        return None


def register() -> None:
    """Sittings and panels ask here from now on."""
    panels.known_by(passed_gates)
    sittings.known_by(passed_gates)
