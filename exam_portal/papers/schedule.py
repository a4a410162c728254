# SPDX-License-Identifier: Apache-2.0
"""When a paper is needed: the sittings know, and give it through this hook, since papers stand below them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from exam_portal.competitions import rulesets
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.papers.models import Paper

FirstStart: TypeAlias = Callable[[Session, Paper], datetime | None]
LastEnd: TypeAlias = Callable[[Session, Paper], datetime | None]


def _unknown(_session: Session, _paper: Paper) -> datetime | None:
    return None


_first_start: FirstStart = _unknown
_last_end: LastEnd = _unknown


def fill(first_start: FirstStart, last_end: LastEnd) -> None:
    """The functions answer from now on when the first sitting with a paper starts, and the last ended."""
    global _first_start, _last_end
    _first_start, _last_end = first_start, last_end


def first_start(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting that uses the paper; None while no sitting has been set."""
    return _first_start(session, paper)


def last_end(session: Session, paper: Paper) -> datetime | None:
    """Return when the last sitting that uses the paper ended; None while one has not, or none was set."""
    return _last_end(session, paper)


def ready_from(competition: Competition, starts_at: datetime | None) -> datetime | None:
    """Return from when on the paper may be drawn and sealed (``timing.paper_ready_hours`` of the rules)."""
    if starts_at is None:
        return None
    return starts_at - timedelta(hours=rulesets.of(competition).timing.paper_ready_hours)
