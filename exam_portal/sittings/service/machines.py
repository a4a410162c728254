# SPDX-License-Identifier: Apache-2.0
"""To which computers a room, and to which browser a sitting, is bound."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.models import BrowserKey, BrowserKeyKind, Room, RoomBinding, Sitting
from exam_portal.sittings.service import locking


def bind_room(
    session: Session, actor: Actor, now: datetime, *, room: Room, networks: Sequence[str]
) -> RoomBinding:
    """From now on attempts of the room are taken from these networks only; from anywhere without one."""
    room = session.get_one(Room, room.id, with_for_update=True, populate_existing=True)
    bound = RoomBinding(room_id=room.id, networks=list(networks), by=locking.person(actor), at=now)
    session.add(bound)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        type="sittings.room_bound",
        content={"room": room.public_id, "networks": list(networks)},
        competition_id=room.competition_id,
        subject=room.public_id,
    )
    return bound


def add_browser_key(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    kind: BrowserKeyKind,
    key: str,
    note: str = "",
) -> BrowserKey:
    """A computer takes an attempt of the sitting only if it proves one of the keys of each kind."""
    sitting = locking.sitting(session, sitting)
    if sitting.mode == "paper":
        raise errors.NoScreens
    locking.require_not_over(locking.events(session, sitting.id))
    counts = select(BrowserKey.id).where(
        BrowserKey.sitting_id == sitting.id, BrowserKey.key == key, BrowserKey.withdrawn_at.is_(None)
    )
    if session.scalar(counts) is not None:
        raise StaleState
    facts = {"kind": kind.value, "key": key, "note": note}
    added = BrowserKey(sitting_id=sitting.id, by=locking.person(actor), at=now, **facts)
    session.add(added)
    session.flush()
    content = {"browser_key": added.public_id, "kind": kind.value, "key": key}
    locking.record(session, actor, now, sitting, "browser_key_added", content, subject=added.public_id)
    return added


def withdraw_browser_key(session: Session, actor: Actor, now: datetime, *, key: BrowserKey) -> None:
    """The key is not asked for any more."""
    sitting = locking.sitting(session, session.get_one(Sitting, key.sitting_id))
    key = session.get_one(BrowserKey, key.id, populate_existing=True)
    if key.withdrawn_at is not None:
        raise StaleState
    key.withdrawn_by, key.withdrawn_at = locking.person(actor), now
    session.flush()
    content = {"browser_key": key.public_id}
    locking.record(session, actor, now, sitting, "browser_key_withdrawn", content, subject=key.public_id)
