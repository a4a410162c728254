# SPDX-License-Identifier: Apache-2.0
"""The slips of paper marking: who keyed what, whether two agree, and which pages are used."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Subquery, exists, select, union
from sqlalchemy.orm import aliased

from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.marking.models import Keying, Mark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView


def typists(session: Session, masked_ids: Collection[int]) -> set[int]:
    """Return who has keyed a slip of one of these masked scripts."""
    return set(session.scalars(select(Keying.typist_id).where(Keying.masked_script_id.in_(masked_ids))))


def keyings(session: Session, masked_ids: Collection[int]) -> dict[tuple[int, int], list[Keying]]:
    """Return each typist's last keying by script and round: one query for any number of scripts."""
    last: dict[tuple[int, int], dict[int, Keying]] = {}
    rows = session.scalars(select(Keying).where(Keying.masked_script_id.in_(masked_ids)).order_by(Keying.id))
    for row in rows:
        last.setdefault((row.masked_script_id, row.round), {})[row.typist_id] = row
    return {place: list(by_typist.values()) for place, by_typist in last.items()}


def rounds_on_slips(session: Session, bags: Collection[BagView]) -> dict[int, set[int]]:
    """Return by bag of typed scripts the rounds of which a slip was keyed: three queries in all."""
    found: dict[int, set[int]] = {bag_id: set() for bag_id in handover.typed(session, bags)}
    bag_of = {script.id: script.bag_id for script in handover.scripts_of(session, found)}
    keyed = select(Keying.masked_script_id, Keying.round).where(Keying.masked_script_id.in_(bag_of))
    for masked_id, round_ in session.execute(keyed.distinct()):
        found[bag_of[masked_id]].add(round_)
    return found


def other_keying(session: Session, keying: Keying) -> Keying | None:
    """Return another typist's last keying of the same slip: one that agrees, else any."""
    place = (keying.masked_script_id, keying.round)
    others = [
        row
        for row in keyings(session, [keying.masked_script_id]).get(place, [])
        if row.typist_id != keying.typist_id
    ]
    agreeing = [row for row in others if says_the_same(keying, row)]
    return next(iter(agreeing or others[-1:]), None)


def says_the_same(one: Keying, other: Keying) -> bool:
    """Whether two keyings read the same figures, signer and page."""
    return _read(one) == _read(other)


def differ(last: Sequence[Keying]) -> bool:
    """Whether the last keyings of a slip disagree; not in what."""
    return len(last) > 1 and not all(says_the_same(last[0], other) for other in last[1:])


def keyings_differ(session: Session, masked_script_id: int, round: int) -> bool:
    """Whether the last keyings of two typists disagree; not in what."""
    return differ(keyings(session, [masked_script_id]).get((masked_script_id, round), []))


def page_used(session: Session, signed_paper_id: int, page: int, masked_script_id: int, round: int) -> bool:
    """Whether a mark of another script or round stands on this page."""
    other = select(Mark.id).where(
        Mark.signed_paper_id == signed_paper_id,
        Mark.page == page,
        (Mark.masked_script_id != masked_script_id) | (Mark.round != round),
    )
    return session.scalar(other.limit(1)) is not None


def slip_papers(session: Session, competition_id: int) -> list[audit.SignedPaper]:
    """Return the scans of slips of a competition, the newest first."""
    return audit.papers_of_kind(session, competition_id=competition_id, kind=audit.PaperKind.MARK_SLIP)


def likely_paper(
    session: Session, papers: Sequence[audit.SignedPaper], account_id: int
) -> audit.SignedPaper | None:
    """Return the scan from which this typist keyed last, or the only one there is."""
    by_id = {paper.id: paper for paper in papers}
    last = session.scalar(
        select(Keying.signed_paper_id)
        .where(Keying.typist_id == account_id, Keying.signed_paper_id.in_(by_id))
        .order_by(Keying.id.desc())
        .limit(1)
    )
    return by_id[last] if last is not None else papers[0] if len(papers) == 1 else None


def has_signed(session: Session, competition_id: int, account_id: int | None) -> bool:
    """Whether somebody of this person's name signed a slip of the competition, as it is read by now."""
    name = handover.staff_names(session, {account_id}).get(account_id) if account_id is not None else None
    if name is None:
        return False
    papers = [paper.id for paper in slip_papers(session, competition_id)]
    signed = _signatures()
    signers = session.scalars(select(signed.c.signer).where(signed.c.signed_paper_id.in_(papers)).distinct())
    return any(names.is_one_person(name, signer) for signer in signers)


def signed_by(session: Session, masked_ids: Collection[int], account_id: int) -> set[int]:
    """Return the masked scripts of which somebody of this person's name signed a slip: two queries."""
    name = handover.staff_names(session, {account_id}).get(account_id)
    if name is None:
        return set()
    signed = _signatures()
    rows = session.execute(
        select(signed.c.masked_script_id, signed.c.signer).where(signed.c.masked_script_id.in_(masked_ids))
    )
    return {masked_id for masked_id, signer in rows if names.is_one_person(name, signer)}


def _signatures() -> Subquery:
    """Return script, paper and signer: of marks from slips, and of slips that have no mark yet.

    Of the latter each typist's last reading counts: who was named by mistake has signed nothing once the slip
    has been read again.
    """
    later = aliased(Keying)
    has_mark = exists().where(Mark.masked_script_id == Keying.masked_script_id, Mark.round == Keying.round)
    is_read_again = exists().where(
        later.masked_script_id == Keying.masked_script_id,
        later.round == Keying.round,
        later.typist_id == Keying.typist_id,
        later.id > Keying.id,
    )
    return union(
        select(Mark.masked_script_id, Mark.signed_paper_id, Mark.signer).where(Mark.marker_id.is_(None)),
        select(Keying.masked_script_id, Keying.signed_paper_id, Keying.signer).where(
            ~has_mark, ~is_read_again
        ),
    ).subquery()


def _read(keying: Keying) -> tuple[Any, ...]:
    signer = names.reading(keying.signer)
    return keying.value, keying.scores, signer, keying.signed_paper_id, keying.page
