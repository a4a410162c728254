# SPDX-License-Identifier: Apache-2.0
"""Papers drawn from a bank: the papers know them, and say it by this hook."""

import dataclasses
import enum
from collections.abc import Callable, Sequence
from typing import TypeAlias

from exam_portal.core.db import Session


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPaper:
    """A paper drawn from a bank; what it holds is told once it has been opened."""

    public_id: str
    competition: str  # public id
    title: str  # of the competition
    kind: str
    stage: enum.Enum
    is_opened: bool


DrawnFrom: TypeAlias = Callable[[Session, int], Sequence[DrawnPaper]]


def _none(_session: Session, _bank_id: int) -> Sequence[DrawnPaper]:
    return ()


_drawn_from: DrawnFrom = _none


def fill(drawn_from: DrawnFrom) -> None:
    """The function answers from now on which papers were drawn from a bank."""
    global _drawn_from  # noqa: PLW0603 - one hook of the whole program, filled while it is put together
    _drawn_from = drawn_from


def drawn_from(session: Session, bank_id: int) -> Sequence[DrawnPaper]:
    """Return the papers that were drawn from the bank, the newest first."""
    return _drawn_from(session, bank_id)
