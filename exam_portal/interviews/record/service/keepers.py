# SPDX-License-Identifier: Apache-2.0
"""The key of the record goes into shares; each keeper copies the own one, and it is not here any more."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import erasing, names
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.record import errors, keeping, sealing
from exam_portal.interviews.record.models import RecordKey, RecordShare
from exam_portal.interviews.service import common, seating
from exam_portal.papers import shares
from exam_portal.papers.prepared import PreparedShare, sealed

SHARE = "interviews.record_share"
PRIVATE = "private"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PreparedKey:
    """A key in shares that the writer only has to keep."""

    public_key: bytes
    threshold: int
    locked: bytes
    shares: Sequence[PreparedShare]


def prepare(session: Session, *, panel: PanelSession, holders: Iterable[int], threshold: int) -> PreparedKey:
    """Return a fresh key, its private half in shares for these keepers and nowhere else; KeepersTooFew."""
    people = sorted(set(holders))
    if not shares.FEWEST <= threshold <= len(people) <= shares.MOST:
        raise errors.KeepersTooFew(len(people))
    private, public = sealing.new_pair()
    locked, words = shares.split(
        {PRIVATE: private}, threshold=threshold, count=len(people), context=locked_as(panel)
    )
    kept = sealed(session.keys, people, words, SHARE)
    return PreparedKey(public_key=public, threshold=threshold, locked=locked, shares=kept)


def discard(session: Session, prepared: PreparedKey) -> None:
    """Nothing is left of a key that was refused."""
    for share in prepared.shares:
        session.keys.destroy(share.key_id)


def entrust(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    prepared: PreparedKey,
    reason: str = "",
) -> RecordKey:
    """The key of the record is in shares: no holder votes here, and none open it without oversight.

    Until lots are drawn it is done again with a reason: a keeper may fall ill before the share is copied. The
    shares given out before then open nothing, and those that still lay here are destroyed. After the lots a
    key that every keeper has copied stays; one is made where a change of the ballots' mode had ended it.
    """
    panel = common.locked(session, panel)
    _, _, rule = common.rules(session, panel)
    before, reason = keeping.key_of(session, panel.id), " ".join(reason.split())
    if not keeping.may_be_named(panel, rule, before):
        raise errors.RecordNotKept
    if before is not None and not reason:
        raise errors.KeepersNamed
    seating.require_seated(session, panel)
    _require_keepers(session, panel, {share.holder for share in prepared.shares}, prepared.threshold)
    key = _key(actor, now, panel, prepared, reason if before is not None else "")
    session.add(key)
    session.flush()
    for share in before.shares if before is not None else ():
        erasing.erase_key(session, now, share.key_id)
    facts = {
        "threshold": key.threshold,
        "holders": {str(share.holder): share.fingerprint.hex() for share in key.shares},
        "public_key": key.public_key.hex(),
        "locked": audit.digest(key.locked),
        "reason": audit.digest(key.reason) if key.reason else None,
    }
    common.record(session, actor, now, panel, "interviews.record_entrusted", facts)
    return key


def own_share(session: Session, actor: Actor, panel: PanelSession) -> str:
    """Return this keeper's share, as long as it has not been copied; else NoRecordShare."""
    share = _share(session, actor, panel)
    return session.keys.open(share.key_id, share.sealed, SHARE).decode()


def show_share(session: Session, actor: Actor, now: datetime, *, panel: PanelSession) -> str:
    """The keeper sees the own share, and every look is on record; NoRecordShare once it has been copied."""
    panel = common.locked(session, panel)
    words = own_share(session, actor, panel)
    facts = {"share": shares.fingerprint(words).hex()}
    common.record(session, actor, now, panel, "interviews.record_share_shown", facts)
    return words


def take_share(session: Session, actor: Actor, now: datetime, *, panel: PanelSession, typed: str) -> None:
    """The keeper has copied the share, as typing it back shows; ``keeping.forget`` destroys the portal's."""
    panel = common.locked(session, panel)
    share = _share(session, actor, panel)
    if shares.fingerprint(shares.spelled(typed)) != share.fingerprint:
        raise errors.RecordShareDiffers
    share.taken_at = now
    session.flush()
    facts = {"share": share.fingerprint.hex()}
    common.record(session, actor, now, panel, "interviews.record_share_taken", facts)


def locked_as(panel: PanelSession) -> str:
    """Return what the locked key is bound to."""
    return f"interviews.record/{panel.public_id}"


def _key(actor: Actor, now: datetime, panel: PanelSession, prepared: PreparedKey, reason: str) -> RecordKey:
    return RecordKey(
        panel_id=panel.id,
        public_key=prepared.public_key,
        threshold=prepared.threshold,
        locked=prepared.locked,
        reason=reason,
        by=common.account(actor),
        at=now,
        shares=[
            RecordShare(
                holder=share.holder,
                fingerprint=share.fingerprint,
                sealed=share.sealed,
                key_id=share.key_id,
                taken_at=None,
            )
            for share in prepared.shares
        ],
    )


def _share(session: Session, actor: Actor, panel: PanelSession) -> RecordShare:
    key = keeping.key_of(session, panel.id)
    if key is None:
        raise errors.NoRecordShare
    found = session.scalar(
        select(RecordShare)
        .where(RecordShare.record_key_id == key.id, RecordShare.holder == actor.account_id)
        .execution_options(populate_existing=True)
    )
    if found is None or found.taken_at is not None:
        raise errors.NoRecordShare
    return found


def _require_keepers(session: Session, panel: PanelSession, holders: set[int], threshold: int) -> None:
    """None of them votes, all hold a fitting role, and without the oversight board they are too few."""
    people = accounts.names_of(session, holders).values()
    for member in panel.members:
        if member.account_id in holders or any(names.is_one_person(member.name, one) for one in people):
            raise errors.KeeperVotes
    competition = session.get_one(Competition, panel.competition_id)
    known = {one.id: roles for one, roles in keeping.officers(session, competition)}
    if not holders <= known.keys():
        raise errors.NotAKeeper
    others = sum(Role.OVERSIGHT not in known[one] for one in holders)
    if others == len(holders):
        raise errors.NoOversightKeeper
    if others >= threshold:
        raise errors.OversightDispensable(others, threshold)
