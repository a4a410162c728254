# SPDX-License-Identifier: Apache-2.0
"""When a paper is needed: the sittings know, and give it through this hook, since papers stand below them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from exam_portal.competitions import rulesets
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.papers.models import Paper

FirstStart: TypeAlias = Callable[[Session, Paper], datetime | None]
LastEnd: TypeAlias = Callable[[Session, Paper], datetime | None]
ToCome: TypeAlias = Callable[[Session, Paper], Sequence[datetime]]
Away: TypeAlias = Callable[[Session, Paper], Sequence[tuple[str, datetime]]]


def _unknown(_session: Session, _paper: Paper) -> datetime | None:
    return None


def _none(_session: Session, _paper: Paper) -> Sequence[datetime]:
    return ()


def _nowhere(_session: Session, _paper: Paper) -> Sequence[tuple[str, datetime]]:
    return ()


_first_start: FirstStart = _unknown
_opens_at: FirstStart = _unknown
_last_end: LastEnd = _unknown
_to_come: ToCome = _none
_away: Away = _nowhere


def fill(
    *, first_start: FirstStart, opens_at: FirstStart, last_end: LastEnd, to_come: ToCome, away: Away
) -> None:
    """The functions answer from now on when sittings need a paper, use it, have ended, or lie ahead."""
    global _first_start, _opens_at, _last_end, _to_come, _away
    _first_start, _opens_at, _last_end, _to_come, _away = first_start, opens_at, last_end, to_come, away


def first_start(session: Session, paper: Paper) -> datetime | None:
    """Return when the part's first sitting starts, for which its papers are ready; None while none is set."""
    return _first_start(session, paper)


def opens_at(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting that uses this very paper; None while none does."""
    return _opens_at(session, paper)


def to_come(session: Session, paper: Paper) -> Sequence[datetime]:
    """Return the starts of the part's sittings that nobody has ended, whichever paper they use."""
    return _to_come(session, paper)


def away(session: Session, paper: Paper) -> Sequence[tuple[str, datetime]]:
    """Return the closed halls that hold a sitting with this paper, and since when nothing reaches each."""
    return _away(session, paper)


def last_end(session: Session, paper: Paper) -> datetime | None:
    """Return when the last sitting of the part ended; None while one has not, or none was set."""
    return _last_end(session, paper)


def ready_from(competition: Competition, starts_at: datetime | None) -> datetime | None:
    """Return from when on the paper may be drawn and sealed (``timing.paper_ready_hours`` of the rules)."""
    if starts_at is None:
        return None
    return starts_at - timedelta(hours=rulesets.of(competition).timing.paper_ready_hours)
