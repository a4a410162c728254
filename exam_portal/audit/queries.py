# SPDX-License-Identifier: Apache-2.0
"""Reading the record: the leaves of a log a page at a time, and the register of signed papers."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from exam_portal.audit import access
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Checkpoint, Leaf, Log, SignedPaper
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound

PAGE = 50


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LeafFilter:
    """What the reader of a log asks for; empty fields ask nothing."""

    types: Sequence[str] = ()
    actor_id: int | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LeafPage:
    """Some leaves, the newest first, and the cursors to those after and before them."""

    leaves: Sequence[Leaf]
    older: int | None  # give as ``before`` to read on
    newer: int | None  # give as ``after`` to read back


EVERYTHING = LeafFilter()


def log_of_competition(session: Session, competition_id: int | None) -> Log | None:
    """Return the log of a competition, or the installation's; None before its first leaf."""
    condition = (
        Log.competition_id.is_(None) if competition_id is None else Log.competition_id == competition_id
    )
    return session.scalar(select(Log).where(condition))


def leaves(
    session: Session,
    log_id: int,
    wanted: LeafFilter = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> LeafPage:
    """Return one page of a log in one query, whatever its length: the cursor is an id, not an offset."""
    query = _filtered(select(Leaf).where(Leaf.log_id == log_id), wanted)
    if after is not None:
        rows = session.scalars(query.where(Leaf.id > after).order_by(Leaf.id).limit(limit + 1)).all()
        found = list(reversed(rows[:limit]))
        return _page(found, has_older=True, has_newer=len(rows) > limit)
    if before is not None:
        query = query.where(Leaf.id < before)
    rows = session.scalars(query.order_by(Leaf.id.desc()).limit(limit + 1)).all()
    return _page(list(rows[:limit]), has_older=len(rows) > limit, has_newer=before is not None)


def leaf(session: Session, log_id: int, index: int) -> Leaf:
    """Return the leaf at a place of a log, or NotFound."""
    found = session.scalar(select(Leaf).where(Leaf.log_id == log_id, Leaf.index == index))
    if found is None:
        raise NotFound
    return found


def types_in(session: Session, log_id: int) -> Sequence[str]:
    """Return the types that occur in a log, for its filter."""
    return session.scalars(
        select(Leaf.type).where(Leaf.log_id == log_id).distinct().order_by(Leaf.type)
    ).all()


def sequenced(session: Session, log_id: int, *, start: int = 0, limit: int = 1_000) -> Sequence[Leaf]:
    """Return leaves in the order of their places, from one on; for bundles and checks."""
    return session.scalars(
        select(Leaf).where(Leaf.log_id == log_id, Leaf.index >= start).order_by(Leaf.index).limit(limit)
    ).all()


def last_head(session: Session, *, besides: Collection[int] = ()) -> datetime | None:
    """Return when a head of a log was signed last, the logs of these competitions left out."""
    found = select(func.max(Checkpoint.at)).join(Log, Log.id == Checkpoint.log_id)
    return session.scalar(found.where(func.coalesce(Log.competition_id, 0).not_in(besides)))


def checkpoints_of(session: Session, log_id: int) -> Sequence[Checkpoint]:
    """Return every checkpoint of a log, the smallest first."""
    return session.scalars(
        select(Checkpoint).where(Checkpoint.log_id == log_id).order_by(Checkpoint.size)
    ).all()


def oldest_waiting(session: Session) -> datetime | None:
    """Return the instant of the oldest leaf without a place, in any log; None when all have theirs."""
    return session.scalar(select(func.min(Leaf.at)).where(Leaf.index.is_(None)))


def papers_of(session: Session, actor: Actor, competition_id: int) -> Sequence[SignedPaper]:
    """Return the signed papers of a competition that the actor may see, the newest first."""
    rows = session.scalars(
        select(SignedPaper)
        .where(SignedPaper.competition_id == competition_id)
        .order_by(SignedPaper.issued_on.desc(), SignedPaper.id.desc())
    ).all()
    return [paper for paper in rows if access.may_read(actor, paper)]


def paper(session: Session, actor: Actor, public_id: str) -> SignedPaper:
    """Return a signed paper, or NotFound where it does not exist or is not for this actor."""
    found = session.scalar(select(SignedPaper).where(SignedPaper.public_id == public_id))
    if found is None or not access.may_read(actor, found):
        raise NotFound
    return found


def kind_of(found: SignedPaper) -> PaperKind:
    """Return the kind of a paper as the register names it."""
    return PaperKind(found.kind)


def papers_by_id(session: Session, ids: Sequence[int]) -> dict[int, SignedPaper]:
    """Return papers by their row ids, for registers that name them."""
    rows = session.scalars(select(SignedPaper).where(SignedPaper.id.in_(ids))).all() if ids else []
    return {row.id: row for row in rows}


def _filtered(query: Select[Leaf], wanted: LeafFilter) -> Select[Leaf]:
    if wanted.types:
        query = query.where(Leaf.type.in_(wanted.types))
    if wanted.actor_id is not None:
        query = query.where(Leaf.actor_id == wanted.actor_id)
    if wanted.subject:
        query = query.where(Leaf.subject == wanted.subject)
    if wanted.since is not None:
        query = query.where(Leaf.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Leaf.at < wanted.until)
    return query


def _page(found: list[Leaf], *, has_older: bool, has_newer: bool) -> LeafPage:
    return LeafPage(
        leaves=found,
        older=found[-1].id if found and has_older else None,
        newer=found[0].id if found and has_newer else None,
    )
