# SPDX-License-Identifier: Apache-2.0
"""Ballots of a panel are given in another way than it was seated for: until the first slips are out."""

from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core import erasing
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.interviews import errors, queries
from exam_portal.interviews.models import BallotModeChange, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.interviews.record.models import RecordKey
from exam_portal.interviews.room.errors import ReasonMissing
from exam_portal.interviews.service import common


def change_ballot_mode(
    session: Session, actor: Actor, now: datetime, *, panel: PanelSession, mode: str, reason: str
) -> BallotModeChange:
    """Ballots are given in this way from now on: every hearing of a panel votes in one way.

    On paper no record of ballots is kept, so the key of one ends: its shares open nothing, and those not yet
    copied are destroyed. Back on screens its keepers are named anew.
    """
    panel = common.locked(session, panel)
    before, why = panel.mode, " ".join(reason.split())
    if not why:
        raise ReasonMissing
    if mode == before:
        raise errors.SameMode
    if (number := queries.first_with_slips(session, panel.id)) is not None:
        raise errors.SlipsAreOut(number)
    if mode != "paper":
        _require_accounts(session, panel)
    ended = keeping.key_of(session, panel.id) if mode == "paper" else None
    change = BallotModeChange(
        panel_id=panel.id,
        mode=mode,
        reason=why,
        record_key_id=ended.id if ended is not None else None,
        by=common.account(actor),
        at=now,
    )
    session.add(change)
    session.flush()
    session.expire(panel, ["mode_changes"])
    for share in ended.shares if ended is not None else ():
        erasing.erase_key(session, now, share.key_id)
    common.record(session, actor, now, panel, "interviews.ballot_mode_changed", told(change, before, ended))
    return change


def told(change: BallotModeChange, before: str, ended: RecordKey | None) -> dict[str, str | None]:
    """Return what the record says of a change."""
    return {
        "before": before,
        "mode": change.mode,
        "reason": audit.digest(change.reason),
        "ended": ended.public_key.hex() if ended is not None else None,
    }


def _require_accounts(session: Session, panel: PanelSession) -> None:
    """Everybody who sits or stands by can sign in, or AccountsMissing with their places."""
    replaced = {one.member_id for one in queries.substitutions(session, panel.id)}
    missing = [one for one in panel.members if one.account_id is None and one.id not in replaced]
    if missing:
        raise errors.AccountsMissing(tuple(one.position for one in missing))
