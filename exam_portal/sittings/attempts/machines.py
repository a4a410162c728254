# SPDX-License-Identifier: Apache-2.0
"""Whether a computer may take an attempt: it stands in the room's networks and proves the sitting's browser.

Only taking is refused. What a computer that holds an attempt sends is kept; the board shows what is odd.
"""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.sittings import binding, safe_browser
from exam_portal.sittings.attempts.errors import OutsideRoom, SafeBrowserMissing
from exam_portal.sittings.models import Attempt, BrowserKey, RoomBinding, Seat
from exam_portal.sittings.safe_browser import Proof


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The computer as the server sees it."""

    address: str = ""
    proofs: Sequence[Proof] = ()


def require_allowed(session: Session, attempt: Attempt, machine: Machine) -> None:
    """Return if this computer may take the attempt; else raise OutsideRoom or SafeBrowserMissing."""
    room_id = session.get_one(Seat, attempt.seat_id).room_id
    last = select(func.max(RoomBinding.id)).where(RoomBinding.room_id == room_id).scalar_subquery()
    bound = session.scalar(select(RoomBinding).where(RoomBinding.id == last))
    if bound is not None and not binding.is_inside(machine.address, bound.networks):
        raise OutsideRoom(machine.address)
    if not has_safe_browser(session, attempt.sitting_id, machine.proofs):
        raise SafeBrowserMissing


def has_safe_browser(session: Session, sitting_id: int, proofs: Sequence[Proof]) -> bool:
    """Whether the keys that the sitting asks for were proved; where it asks for none, they are."""
    configs, browsers = keys_of(session, sitting_id)
    return safe_browser.is_proved(configs, browsers, proofs)


def keys_of(session: Session, sitting_id: int) -> tuple[list[str], list[str]]:
    """Return the Config Keys and the Browser Exam Keys of a sitting."""
    found = select(BrowserKey.kind, BrowserKey.key).where(
        BrowserKey.sitting_id == sitting_id, BrowserKey.withdrawn_at.is_(None)
    )
    rows = session.execute(found).all()
    return [key for kind, key in rows if kind == "config"], [key for kind, key in rows if kind == "browser"]
