# SPDX-License-Identifier: Apache-2.0
"""Reads of marking. Everything is keyed by masked scripts; nothing here leads to a person who wrote one."""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, standing
from exam_portal.marking.models import (
    Assignment,
    CorrectionProposal,
    LockRequest,
    Lot,
    LotSecret,
    Mark,
    MarkDraft,
    MarkLock,
)
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView


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
    paper_public_id: str | None
    page: int | None
    is_correction: bool
    at: datetime


def bags(session: Session, competition_id: int, part: str, purpose: str = "marking") -> list[BagView]:
    """Return the bags of a part: one query."""
    found = handover.bags_of(session, competition_id)
    return [bag for bag in found if (bag.part, bag.purpose) == (part, purpose)]


def marks(
    session: Session, competition_id: int, part: str, purpose: str = "marking"
) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each masked script of the part, by round: four queries in all."""
    return marks_of_bags(session, [bag.id for bag in bags(session, competition_id, part, purpose)])


def marks_of_bag(session: Session, bag_id: int) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each masked script of a bag, by round."""
    return marks_of_bags(session, [bag_id])


def marks_of_bags(session: Session, bag_ids: Collection[int]) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each masked script of these bags, by round."""
    return marks_of_scripts(session, [script.id for script in handover.scripts_of(session, bag_ids)])


def marks_of_scripts(session: Session, masked_ids: Collection[int]) -> dict[int, list[MarkEntry]]:
    """Return the standing marks of each of these masked scripts, by round: two queries."""
    rows = session.scalars(
        select(Mark).where(Mark.masked_script_id.in_(masked_ids), _stands()).order_by(Mark.round)
    ).all()
    papers = paper_ids(session, [row.signed_paper_id for row in rows])
    found: dict[int, list[MarkEntry]] = {masked_id: [] for masked_id in masked_ids}
    for row in rows:
        found[row.masked_script_id].append(_entry(row, papers))
    return found


def paper_ids(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the public ids under which these signed papers are opened."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    return audit.papers_named(session, wanted)


def needs(session: Session, bag_id: int, rule: Rule) -> dict[int, Need]:
    """Return what each masked script of the bag waits for."""
    return {
        masked_id: standing.need(rule, values(entries))
        for masked_id, entries in marks_of_bag(session, bag_id).items()
    }


def values(entries: Iterable[MarkEntry]) -> dict[int, Decimal]:
    """Return the marks of one script by round."""
    return {entry.round: entry.value for entry in entries}


def needing(session: Session, bag_id: int, rule: Rule, need: Need) -> set[int]:
    """Return the masked scripts of the bag that wait for this."""
    return {masked_id for masked_id, found in needs(session, bag_id, rule).items() if found is need}


def count_marks(session: Session, bag_id: int) -> int:
    """Return how many standing marks the bag has."""
    return sum(len(entries) for entries in marks_of_bag(session, bag_id).values())


def mark(session: Session, bag: BagView, public_id: str) -> Mark:
    """Return a mark of a script of this bag, else NotFound."""
    found = session.scalar(select(Mark).where(Mark.public_id == public_id))
    if found is None or found.masked_script_id not in {one.id for one in handover.scripts(session, bag.id)}:
        raise NotFound
    return found


def assigned_rounds(session: Session, bag_id: int) -> dict[int, int]:
    """Return round -> marker of the bag."""
    return assignments(session, [bag_id]).get(bag_id, {})


def assignments(session: Session, bag_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return round -> marker of each of these bags: one query."""
    found: dict[int, dict[int, int]] = {}
    standing_ = select(Assignment).where(Assignment.bag_id.in_(bag_ids), Assignment.taken_back_at.is_(None))
    for row in session.scalars(standing_):
        found.setdefault(row.bag_id, {})[row.round] = row.marker_id
    return found


def rounds_of(session: Session, account_id: int) -> dict[int, int]:
    """Return bag -> round of everything that is assigned to this person."""
    own = select(Assignment.bag_id, Assignment.round).where(
        Assignment.marker_id == account_id, Assignment.taken_back_at.is_(None)
    )
    rows = session.execute(own)
    return dict(rows.all())


def assigned_round(session: Session, bag_id: int, account_id: int) -> int:
    """Return the round for which the bag is this person's, or raise NotAssigned."""
    found = session.scalar(
        select(Assignment.round).where(
            Assignment.bag_id == bag_id,
            Assignment.marker_id == account_id,
            Assignment.taken_back_at.is_(None),
        )
    )
    if found is None:
        raise errors.NotAssigned
    return found


def all_drafts_of(session: Session, masked_script_id: int, account_id: int) -> list[MarkDraft]:
    """Return this marker's drafts of the script, those set aside too, the newest first."""
    rows = select(MarkDraft).where(draft_of([masked_script_id]), MarkDraft.marker_id == account_id)
    return list(session.scalars(rows.order_by(MarkDraft.version.desc())))


def drafts_of(session: Session, masked_script_id: int, account_id: int) -> list[MarkDraft]:
    """Return the drafts among which this marker has not chosen yet; usually one."""
    return [row for row in all_drafts_of(session, masked_script_id, account_id) if row.set_aside_at is None]


def drafts(session: Session, masked_ids: Collection[int], account_id: int) -> set[int]:
    """Return the scripts for which this marker has a draft."""
    rows = session.execute(
        select(MarkDraft.masked_script_id, MarkDraft.training_script_id).where(
            draft_of(masked_ids), MarkDraft.marker_id == account_id
        )
    )
    return {masked or -(control or 0) for masked, control in rows}


def draft_of(script_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition for drafts of these scripts; ids of control scripts are below nought."""
    return MarkDraft.masked_script_id.in_([one for one in script_ids if one > 0]) | (
        MarkDraft.training_script_id.in_([-one for one in script_ids if one < 0])
    )


def own_marks(session: Session, masked_ids: Collection[int], account_id: int) -> dict[int, Mark]:
    """Return the marks that this person gave at the desk, as given."""
    rows = session.scalars(
        select(Mark).where(Mark.masked_script_id.in_(masked_ids), Mark.marker_id == account_id)
    )
    return {row.masked_script_id: row for row in rows}


def marked_by_others(session: Session, masked_ids: Collection[int], round_: int, account_id: int) -> set[int]:
    """Return which of these scripts have a mark of this round that another person gave."""
    marked = select(Mark.masked_script_id).where(
        Mark.masked_script_id.in_(masked_ids),
        Mark.round == round_,
        Mark.supersedes_id.is_(None),
        Mark.marker_id.is_distinct_from(account_id),
    )
    return set(session.scalars(marked))


def marks_given(session: Session, bags: Collection[BagView]) -> dict[tuple[int, int, int], int]:
    """Return how many marks each marker gave at a desk, by bag, round and marker."""
    bag_of = {script.id: script.bag_id for script in handover.scripts_of(session, [bag.id for bag in bags])}
    rows = session.execute(
        select(Mark.masked_script_id, Mark.round, Mark.marker_id).where(
            Mark.masked_script_id.in_(bag_of), Mark.marker_id.is_not(None)
        )
    )
    return Counter((bag_of[masked_id], round_, marker or 0) for masked_id, round_, marker in rows)


def handed_back(session: Session, account_id: int) -> dict[int, int]:
    """Return bag -> round of what was taken back from this person, who marks the bag no more."""
    gone = select(Assignment.bag_id, Assignment.round).where(
        Assignment.marker_id == account_id, Assignment.taken_back_at.is_not(None)
    )
    return dict(session.execute(gone).all())


def people_who_marked(session: Session, masked_ids: Collection[int]) -> set[int]:
    """Return who has been given a bag with, or has marked, one of these masked scripts."""
    marked = session.scalars(
        select(Mark.marker_id).where(Mark.masked_script_id.in_(masked_ids), Mark.marker_id.is_not(None))
    )
    bag_ids = handover.bags_with(session, masked_ids)
    given = session.scalars(select(Assignment.marker_id).where(Assignment.bag_id.in_(bag_ids)))
    return {person for person in marked if person is not None} | set(given)


def has_marked(session: Session, competition_id: int, account_id: int | None) -> bool:
    """Whether this person was ever given a bag of the competition, taken back or not."""
    bag_ids = [bag.id for bag in handover.bags_of(session, competition_id)]
    given = select(Assignment.id).where(Assignment.bag_id.in_(bag_ids), Assignment.marker_id == account_id)
    return session.scalar(given.limit(1)) is not None


def bags_given(session: Session, account_id: int) -> set[int]:
    """Return every bag that this person was given for some round, taken back or not."""
    return set(session.scalars(select(Assignment.bag_id).where(Assignment.marker_id == account_id)))


def is_locked(session: Session, competition_id: int, part: str, purpose: str) -> bool:
    """Whether the marks of the part are closed."""
    return (part, purpose) in locks(session, competition_id)


def open_secret(session: Session, competition_id: int, part: str, purpose: str) -> LotSecret | None:
    """Return the secret that was bound for the next lot of a part."""
    bound = select(LotSecret).where(
        LotSecret.competition_id == competition_id, LotSecret.part == part, LotSecret.purpose == purpose
    )
    return session.scalar(bound.where(LotSecret.id.not_in(select(Lot.secret_id))))


def is_lot_bound(session: Session, competition_id: int, part: str, purpose: str) -> bool:
    """Whether a secret for a lot of the part was ever bound: from then on a choice by hand has a reason."""
    bound = select(LotSecret.id).where(
        LotSecret.competition_id == competition_id, LotSecret.part == part, LotSecret.purpose == purpose
    )
    return session.scalar(bound.limit(1)) is not None


def taken_back(session: Session, bags: Collection[BagView]) -> Sequence[Assignment]:
    """Return what was taken back of these bags, the first first."""
    gone = select(Assignment).where(
        Assignment.bag_id.in_([bag.id for bag in bags]), Assignment.taken_back_at.is_not(None)
    )
    return session.scalars(gone.order_by(Assignment.taken_back_at, Assignment.id)).all()


def lots(session: Session, competition_id: int, part: str, purpose: str) -> Sequence[Lot]:
    """Return the lots of a part, the first first."""
    drawn = select(Lot).join(LotSecret, LotSecret.id == Lot.secret_id)
    own = drawn.where(
        LotSecret.competition_id == competition_id, LotSecret.part == part, LotSecret.purpose == purpose
    )
    return session.scalars(own.order_by(Lot.id)).all()


def lock_request(session: Session, *, competition_id: int, part: str, purpose: str) -> LockRequest | None:
    """Return who asked for the lock of this part, and when."""
    return lock_requests(session, competition_id).get((part, purpose))


def lock_requests(session: Session, competition_id: int) -> dict[tuple[str, str], LockRequest]:
    """Return the requests for locks of a competition by part and purpose: one query."""
    found = lock_requests_within(session, [competition_id])
    return {(part, purpose): row for (_, part, purpose), row in found.items()}


def lock_requests_within(
    session: Session, competition_ids: Collection[int]
) -> dict[tuple[int, str, str], LockRequest]:
    """Return the requests for locks by competition, part and purpose: one query."""
    rows = session.scalars(select(LockRequest).where(LockRequest.competition_id.in_(competition_ids)))
    return {(row.competition_id, row.part, row.purpose): row for row in rows}


def locks(session: Session, competition_id: int) -> dict[tuple[str, str], MarkLock]:
    """Return the locks of a competition by part and purpose: one query."""
    rows = session.scalars(select(MarkLock).where(MarkLock.competition_id == competition_id))
    return {(row.part, row.purpose): row for row in rows}


def locked_bags(session: Session, bags: Collection[BagView]) -> set[int]:
    """Return those of the bags whose part (or review) is locked: one query for any number of competitions."""
    rows = session.scalars(
        select(MarkLock).where(MarkLock.competition_id.in_({bag.competition_id for bag in bags}))
    )
    locked = {(row.competition_id, row.part, row.purpose) for row in rows}
    return {bag.id for bag in bags if (bag.competition_id, bag.part, bag.purpose) in locked}


def all_masks(session: Session, scripts: Collection[MaskedScriptView]) -> set[int]:
    """Return the masks of these scripts, under this and every other purpose."""
    own = [script.id for script in scripts]
    return set(own).union(*(handover.same_script(session, masked_id) for masked_id in own))


def names_on(session: Session, bag: BagView, masks: Collection[int], *, except_round: int) -> set[str]:
    """Return who signed a mark of these scripts, or has them at a desk; this round of this bag left out.

    Markers' names only; ``names.is_one_person`` compares them.
    """
    own = [script.id for script in handover.scripts(session, bag.id)]
    signed = session.scalars(
        select(Mark.signer).where(
            Mark.masked_script_id.in_(masks),
            Mark.marker_id.is_(None),
            ~and_(Mark.masked_script_id.in_(own), Mark.round == except_round),
        )
    )
    given = session.scalars(
        select(Assignment.marker_id).where(
            Assignment.bag_id.in_(handover.bags_with(session, masks)),
            Assignment.taken_back_at.is_(None),
            ~and_(Assignment.bag_id == bag.id, Assignment.round == except_round),
        )
    )
    marked = session.scalars(
        select(Mark.marker_id).where(
            Mark.masked_script_id.in_(masks),
            Mark.marker_id.is_not(None),
            ~and_(Mark.masked_script_id.in_(own), Mark.round == except_round),
        )
    )
    people = {*given, *(one for one in marked if one is not None)}
    return {*signed, *handover.staff_names(session, people).values()}


def proposals(session: Session, mark_ids: Collection[int]) -> dict[int, CorrectionProposal]:
    """Return the last proposed correction of each mark that nothing has superseded yet."""
    superseded = select(Mark.supersedes_id).where(Mark.supersedes_id.is_not(None))
    rows = session.scalars(
        select(CorrectionProposal)
        .where(CorrectionProposal.mark_id.in_(mark_ids), CorrectionProposal.mark_id.not_in(superseded))
        .order_by(CorrectionProposal.id)
    )
    return {row.mark_id: row for row in rows}


def proposal(session: Session, bag: BagView, public_id: str) -> CorrectionProposal:
    """Return a proposed correction of this bag, else NotFound."""
    found = session.scalar(select(CorrectionProposal).where(CorrectionProposal.public_id == public_id))
    scripts = {one.id for one in handover.scripts(session, bag.id)}
    if found is None or session.get_one(Mark, found.mark_id).masked_script_id not in scripts:
        raise NotFound
    return found


def _stands() -> ColumnElement[bool]:
    later = aliased(Mark)
    return ~exists().where(later.supersedes_id == Mark.id)


def _entry(row: Mark, papers: Mapping[int, str]) -> MarkEntry:
    return MarkEntry(
        id=row.id,
        public_id=row.public_id,
        round=row.round,
        kind=row.kind,
        value=Decimal(row.value),
        scores=row.scores,
        signer=row.signer,
        signed_paper_id=row.signed_paper_id,
        paper_public_id=papers.get(row.signed_paper_id) if row.signed_paper_id is not None else None,
        page=row.page,
        is_correction=row.supersedes_id is not None,
        at=row.at,
    )
