# SPDX-License-Identifier: Apache-2.0
"""What the stages above hold of a person: they know, and give it through this hook, since accounts lie below.

Nobody is erased while the hook is empty: what is not known to be over is not over.
"""

import dataclasses
from collections.abc import Iterable
from typing import Protocol

from exam_portal.core.db import Session


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A competition in which the person takes or took part."""

    organisation_id: int
    competition: str  # its title
    is_over: bool


class Holder(Protocol):
    """A stage that holds something of people."""

    def of(self, session: Session, account_id: int) -> Iterable[Holding]:
        """Return where the person takes or took part."""

    def forget(self, session: Session, account_id: int) -> None:
        """What is stored of the person beside the sealed content, to find it again, is gone."""


_holder: list[Holder] = []


def fill(holder: Holder) -> None:
    """The stage answers from now on."""
    _holder[:] = [holder]


def of(session: Session, account_id: int) -> list[Holding]:
    """Return where the person takes or took part."""
    return list(_holder[0].of(session, account_id))


def forget(session: Session, account_id: int) -> None:
    """Nothing by which the person could be found again is left."""
    _holder[0].forget(session, account_id)
