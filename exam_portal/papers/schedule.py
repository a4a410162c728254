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


def _unknown(_session: Session, _paper: Paper) -> datetime | None:
    return None


_first_start: FirstStart = _unknown


def fill(first_start: FirstStart) -> None:
    """The function answers from now on when the first sitting that uses a paper starts."""
    global _first_start  # noqa: PLW0603 - one hook of the whole program, filled while it is put together
    _first_start = first_start


def first_start(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting that uses the paper; None while no sitting has been set."""
    return _first_start(session, paper)


def ready_from(competition: Competition, starts_at: datetime | None) -> datetime | None:
    """Return from when on the paper may be drawn and sealed (``timing.paper_ready_hours`` of the rules)."""
    if starts_at is None:
        return None
    return starts_at - timedelta(hours=rulesets.of(competition).timing.paper_ready_hours)
