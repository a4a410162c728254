# SPDX-License-Identifier: Apache-2.0
"""Verbs of a paper whose keys lie with its officers: split, each share copied by its holder, joined again.

From the split on the machine cannot open the paper: what is left on it is locked under a secret that only
enough shares give. A share stays readable until its holder has typed it back, once, from the own copy.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.papers import errors, recording, shares
from exam_portal.papers.models import KeyRelease, Paper, PaperShare, PaperSplit
from exam_portal.papers.prepared import PreparedShare, sealed

SHARE = "papers.share"
ENTERED = "papers.share.entered"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A split that the writer only has to keep."""

    threshold: int
    locked: bytes
    key_id: str
    shares: Sequence[PreparedShare]


def prepare(session: Session, *, paper: Paper, holders: Iterable[int], threshold: int) -> Prepared:
    """Return the drawn paper's keys in shares for these officers; NotDrawn, AlreadySplit or NoHolders."""
    keys, people = session.keys, sorted(set(holders))
    if not paper.forms:
        raise errors.NotDrawn
    if not shares.FEWEST <= threshold <= len(people) <= shares.MOST:
        raise errors.NoHolders
    try:
        bare = {form.key_id: keys.take_out(form.key_id) for form in paper.forms}
    except KeyErased:
        raise errors.AlreadySplit from None
    locked, words = shares.split(bare, threshold=threshold, count=len(people), context=paper.public_id)
    kept = sealed(keys, people, words, SHARE)
    return Prepared(threshold=threshold, locked=locked, key_id=keys.create(), shares=kept)


def discard(session: Session, prepared: Prepared) -> None:
    """Nothing is left of a split that was refused: no key of it lies unused on the machine."""
    for key_id in (prepared.key_id, *(share.key_id for share in prepared.shares)):
        session.keys.destroy(key_id)


def split(session: Session, actor: Actor, now: datetime, *, paper: Paper, prepared: Prepared) -> PaperSplit:
    """The keys of the paper are in shares, before any seal; ``forget`` then removes the bare ones."""
    found = _locked(session, paper)
    if found.seals:
        raise errors.SealedAlready
    if found.split is not None:
        raise errors.AlreadySplit
    assert actor.account_id is not None
    made = PaperSplit(
        paper_id=found.id,
        threshold=prepared.threshold,
        locked=prepared.locked,
        key_id=prepared.key_id,
        by=actor.account_id,
        at=now,
        shares=[
            PaperShare(
                holder=share.holder,
                fingerprint=share.fingerprint,
                sealed=share.sealed,
                key_id=share.key_id,
                taken_at=None,
            )
            for share in prepared.shares
        ],
    )
    session.add(made)
    session.flush()
    session.expire(found, ["split"])
    facts = {
        "threshold": made.threshold,
        "holders": {str(share.holder): share.fingerprint.hex() for share in made.shares},
        "locked": audit.digest(made.locked),
    }
    recording.record(session, actor, now, found, "papers.split", facts)
    return made


def own_share(session: Session, actor: Actor, paper: Paper) -> str:
    """Return this officer's share, as long as it has not been copied; else NoShare."""
    share = _share(session, actor, paper)
    if share.taken_at is not None:
        raise errors.NoShare
    return session.keys.open(share.key_id, share.sealed, SHARE).decode()


def show_share(session: Session, actor: Actor, now: datetime, *, paper: Paper) -> str:
    """The officer sees the own share, and every look is on record; NoShare once it has been copied."""
    found = _locked(session, paper)
    words = own_share(session, actor, found)
    share = _share(session, actor, found)
    recording.record(session, actor, now, found, "papers.share_shown", {"share": share.fingerprint.hex()})
    return words


def take_share(session: Session, actor: Actor, now: datetime, *, paper: Paper, typed: str) -> None:
    """The officer has copied the share, as typing it back shows; ``forget`` then destroys the portal's."""
    found = _locked(session, paper)
    share = _share(session, actor, found)
    if share.taken_at is not None:
        raise errors.NoShare
    _require_own(share, typed)
    share.taken_at = now
    session.flush()
    recording.record(session, actor, now, found, "papers.share_taken", {"share": share.fingerprint.hex()})


def require_taken(paper: Paper) -> None:
    """Where the keys are in shares every holder has copied the own one; else SharesWait."""
    waiting = [share for share in paper.split.shares if share.taken_at is None] if paper.split else []
    if waiting:
        raise errors.SharesWait(len(waiting))


def hand_in(session: Session, actor: Actor, *, paper: Paper, typed: str) -> bytes | None:
    """Return this officer's share, sealed, to stand with the word to open; None where there are no shares."""
    if paper.split is None:
        return None
    _require_own(_share(session, actor, paper), typed)
    return session.keys.seal(paper.split.key_id, shares.spelled(typed).encode(), ENTERED)


def join(session: Session, *, paper: Paper) -> None:
    """The keys of the paper are on the machine again; SealBroken where the shares do not give them."""
    if paper.split is None:
        return
    entered = session.scalars(
        select(KeyRelease.share).where(KeyRelease.paper_id == paper.id).order_by(KeyRelease.id)
    )
    words = [session.keys.open(paper.split.key_id, sealed, ENTERED).decode() for sealed in entered if sealed]
    try:
        keys = shares.join(paper.split.locked, words[: paper.split.threshold], context=paper.public_id)
    except shares.SharesBroken as problem:
        raise errors.SealBroken from problem
    for key_id, key in keys.items():
        session.keys.put_back(key_id, key)


def forget(session: Session, paper: Paper, *, is_open: bool) -> None:
    """What the portal must not be able to read is destroyed: bare keys, and shares that have been copied.

    It is done after the act is stored; done again, nothing happens.
    """
    if paper.split is None:
        return
    for share in paper.split.shares:
        if share.taken_at is not None:
            session.keys.destroy(share.key_id)
    if not is_open:
        for form in paper.forms:
            session.keys.destroy(form.key_id)


def _share(session: Session, actor: Actor, paper: Paper) -> PaperShare:
    found = session.scalar(
        select(PaperShare)
        .join(PaperSplit, PaperSplit.id == PaperShare.split_id)
        .where(PaperSplit.paper_id == paper.id, PaperShare.holder == actor.account_id)
    )
    if found is None:
        raise errors.NoShare
    return found


def _require_own(share: PaperShare, typed: str) -> None:
    if shares.fingerprint(shares.spelled(typed)) != share.fingerprint:
        raise errors.ShareDiffers


def _locked(session: Session, paper: Paper) -> Paper:
    found = session.get_one(Paper, paper.id, with_for_update=True)
    session.expire(found, ["forms", "seals", "split"])
    return found
