# SPDX-License-Identifier: Apache-2.0
"""Reads of marking. Everything is keyed by masked scripts; nothing here could lead to a person."""

import dataclasses
from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from exam_portal.core.db import Session
from exam_portal.marking import standing
from exam_portal.marking.models import Assignment, Keying, Mark, MarkLock
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkEntry:
    """A standing mark with where it came from."""

    id: int
    public_id: str
    round: int
    kind: str
    value: Decimal
    scores: Mapping[str, str]
    signer: str
    signed_paper_id: int | None
    page: int | None


def marks(
    session: Session, competition_id: int, part: str, purpose: str = "marking"
) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each masked script of the part, by round: two queries."""
    bags = [b for b in handover.bags_of(session, competition_id) if (b.part, b.purpose) == (part, purpose)]
    found: dict[int, list[MarkEntry]] = {}
    for bag in bags:
        for masked_id, entries in marks_of_bag(session, bag.id).items():
            found[masked_id] = entries
    return found


def marks_of_bag(session: Session, bag_id: int) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each masked script of a bag, by round."""
    masked_ids = [script.id for script in handover.scripts(session, bag_id)]
    rows = session.scalars(
        select(Mark).where(Mark.masked_script_id.in_(masked_ids), _stands()).order_by(Mark.round)
    )
    found: dict[int, list[MarkEntry]] = {masked_id: [] for masked_id in masked_ids}
    for row in rows:
        found[row.masked_script_id].append(_entry(row))
    return found


def needs(session: Session, bag_id: int, rule: Rule) -> dict[int, Need]:
    """Return what each masked script of the bag waits for."""
    return {
        masked_id: standing.need(rule, {entry.round: entry.value for entry in entries})
        for masked_id, entries in marks_of_bag(session, bag_id).items()
    }


def needing(session: Session, bag_id: int, rule: Rule, need: Need) -> set[int]:
    """Return the masked scripts of the bag that wait for this."""
    return {masked_id for masked_id, found in needs(session, bag_id, rule).items() if found is need}


def count_marks(session: Session, bag_id: int) -> int:
    """Return how many standing marks the bag has."""
    return sum(len(entries) for entries in marks_of_bag(session, bag_id).values())


def assigned_rounds(session: Session, bag_id: int) -> dict[int, int]:
    """Return round -> marker of the bag."""
    rows = session.execute(select(Assignment.round, Assignment.marker_id).where(Assignment.bag_id == bag_id))
    return dict(rows.tuples().all())


def people_who_marked(session: Session, masked_ids: Collection[int]) -> set[int]:
    """Return who has been given a bag with, or has marked, one of these masked scripts."""
    marked = session.scalars(
        select(Mark.marker_id).where(Mark.masked_script_id.in_(masked_ids), Mark.marker_id.is_not(None))
    )
    bags = handover.bags_with(session, masked_ids)
    given = session.scalars(select(Assignment.marker_id).where(Assignment.bag_id.in_(bags)))
    return {person for person in marked if person is not None} | set(given)


def is_locked(session: Session, competition_id: int, part: str, purpose: str) -> bool:
    """Whether the marks of the part are closed."""
    found = select(MarkLock.id).where(
        MarkLock.competition_id == competition_id, MarkLock.part == part, MarkLock.purpose == purpose
    )
    return session.scalar(found) is not None


def other_keying(session: Session, keying: Keying) -> Keying | None:
    """Return the last keying of the same slip by another typist."""
    return session.scalar(
        select(Keying)
        .where(
            Keying.masked_script_id == keying.masked_script_id,
            Keying.round == keying.round,
            Keying.typist_id != keying.typist_id,
        )
        .order_by(Keying.id.desc())
        .limit(1)
    )


def says_the_same(one: Keying, other: Keying) -> bool:
    """Whether two keyings read the same figures, signer and page."""
    mine = (one.value, one.scores, one.signer.casefold(), one.signed_paper_id, one.page)
    return mine == (other.value, other.scores, other.signer.casefold(), other.signed_paper_id, other.page)


def keyings_differ(session: Session, masked_script_id: int, round: int) -> bool:
    """Whether the last keyings of two typists disagree; not in what."""
    last = _last_keyings(session, masked_script_id, round)
    return len(last) > 1 and not all(says_the_same(last[0], other) for other in last[1:])


def page_used(session: Session, signed_paper_id: int, page: int, masked_script_id: int, round: int) -> bool:
    """Whether the page of this scan was keyed for another script or round."""
    other = select(Keying.id).where(
        Keying.signed_paper_id == signed_paper_id,
        Keying.page == page,
        (Keying.masked_script_id != masked_script_id) | (Keying.round != round),
    )
    return session.scalar(other.limit(1)) is not None


def _last_keyings(session: Session, masked_script_id: int, round: int) -> list[Keying]:
    last = (
        select(func.max(Keying.id))
        .where(Keying.masked_script_id == masked_script_id, Keying.round == round)
        .group_by(Keying.typist_id)
    )
    return list(session.scalars(select(Keying).where(Keying.id.in_(last)).order_by(Keying.id)))


def _stands() -> ColumnElement[bool]:
    later = aliased(Mark)
    return ~exists().where(later.supersedes_id == Mark.id)


def _entry(row: Mark) -> MarkEntry:
    return MarkEntry(
        id=row.id,
        public_id=row.public_id,
        round=row.round,
        kind=row.kind,
        value=Decimal(row.value),
        scores=row.scores,
        signer=row.signer,
        signed_paper_id=row.signed_paper_id,
        page=row.page,
    )
