# SPDX-License-Identifier: Apache-2.0
"""Candidates who see an envelope opened: the sittings know who sits there, and say it by this hook."""

from collections.abc import Callable, Collection
from typing import TypeAlias

from exam_portal.core.db import Session
from exam_portal.papers.models import Paper

SitThere: TypeAlias = Callable[[Session, Paper, Collection[str]], bool]


def _nobody(_session: Session, _paper: Paper, _numbers: Collection[str]) -> bool:
    return False


_sit_there: SitThere = _nobody


def fill(sit_there: SitThere) -> None:
    """The function answers from now on whether the candidates of these numbers have seats in the part."""
    global _sit_there  # noqa: PLW0603 - one hook of the whole program, filled while it is put together
    _sit_there = sit_there


def sit_there(session: Session, paper: Paper, numbers: Collection[str]) -> bool:
    """Whether each of these candidates has a seat in the part, and nobody found it empty."""
    return _sit_there(session, paper, numbers)
