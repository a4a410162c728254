# SPDX-License-Identifier: Apache-2.0
"""Closing: the marks of a part are locked; from then on a wrong one is superseded by two people."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.marking import errors, queries, standing
from exam_portal.marking.models import CorrectionProposal, LockRequest, Mark, MarkLock
from exam_portal.marking.service import common
from exam_portal.marking.standing import Need
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from scoring.rounding import plain


def ask_lock(
    session: Session, actor: Actor, now: datetime, *, competition_id: int, part: str, purpose: str
) -> LockRequest:
    """The marks of the part are complete, says this person; another one confirms it and locks them."""
    bags = _open_bags(session, competition_id, part, purpose)
    _require_complete(session, bags)
    if queries.lock_request(session, competition_id=competition_id, part=part, purpose=purpose) is not None:
        raise StaleState
    request = LockRequest(
        competition_id=competition_id, part=part, purpose=purpose, by=common.account(actor), at=now
    )
    session.add(request)
    session.flush()
    common.record(session, actor, now, bags[0], "marking.lock_asked", {})
    return request


def lock_marks(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition_id: int,
    part: str,
    purpose: str,
    paper: audit.SignedPaper | None = None,
) -> MarkLock:
    """The marks of the part are complete and closed: every script has its marks, none waits for a third.

    Who locks has not asked for it. In a small body the second person may sign ``paper`` instead.
    """
    bags = _open_bags(session, competition_id, part, purpose)
    request = queries.lock_request(session, competition_id=competition_id, part=part, purpose=purpose)
    if request is None:
        raise errors.LockNotAsked
    _require_second(session, actor, request, paper)
    scripts = _require_complete(session, bags)
    lock = MarkLock(
        competition_id=competition_id,
        part=part,
        purpose=purpose,
        scripts=scripts,
        marks=sum(queries.count_marks(session, bag.id) for bag in bags),
        asked_by=request.by,
        signed_paper_id=paper.id if paper is not None else None,
        by=common.account(actor),
        at=now,
    )
    session.add(lock)
    session.flush()
    facts = {"scripts": lock.scripts, "marks": lock.marks, "asked_by": lock.asked_by}
    common.record(
        session, actor, now, bags[0], "mark-lock", {**facts, "paper": paper.public_id if paper else None}
    )
    return lock


def propose_correction(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    mark: Mark,
    value: Decimal,
    reason: str,
    paper: audit.SignedPaper,
    page: int,
) -> CorrectionProposal:
    """A wrong mark (totalling, keying) is named with the right figure and its page; it still stands."""
    handover.hold_bag(session, bag.id)
    _require_correctable(session, bag, mark)
    audit.require_page(paper, page)
    total = standing.checked_value(common.rule_of(session, bag), value, {})
    proposal = CorrectionProposal(
        mark_id=mark.id,
        value=plain(total),
        reason=reason,
        signed_paper_id=paper.id,
        page=page,
        by=common.account(actor),
        at=now,
    )
    session.add(proposal)
    session.flush()
    facts = {"proposal": proposal.public_id, "mark": mark.public_id, "value": proposal.value}
    proven = {"reason": audit.digest(reason), "paper": paper.public_id, "page": page}
    common.record(session, actor, now, bag, "marking.correction_proposed", {**facts, **proven})
    return proposal


def approve_correction(
    session: Session, actor: Actor, now: datetime, *, bag: BagView, proposal: CorrectionProposal
) -> Mark:
    """The proposed mark supersedes the wrong one; who approves has not proposed it."""
    handover.hold_bag(session, bag.id)
    if proposal.by == common.account(actor):
        raise errors.SamePerson
    if queries.proposals(session, [proposal.mark_id]).get(proposal.mark_id) is not proposal:
        raise StaleState  # a later proposal has taken its place, or the mark is superseded
    wrong = session.get_one(Mark, proposal.mark_id)
    _require_correctable(session, bag, wrong)
    corrected = Mark(
        masked_script_id=wrong.masked_script_id,
        round=wrong.round,
        kind=wrong.kind,
        value=proposal.value,
        scores={},
        signer=wrong.signer,
        signed_paper_id=proposal.signed_paper_id,
        page=proposal.page,
        supersedes_id=wrong.id,
        reason=proposal.reason,
        approved_by=common.account(actor),
        at=now,
    )
    session.add(corrected)
    session.flush()
    facts = {"mark": corrected.public_id, "supersedes": wrong.public_id, "value": corrected.value}
    common.record(session, actor, now, bag, "correction", {**facts, "proposal": proposal.public_id})
    return corrected


def _open_bags(session: Session, competition_id: int, part: str, purpose: str) -> list[BagView]:
    """Return the bags of the part, held and not locked."""
    bags = queries.bags(session, competition_id, part, purpose)
    if not bags:
        raise NotFound
    for bag in bags:
        handover.hold_bag(session, bag.id)
        common.refuse_locked(session, bag)
    return bags


def _require_second(
    session: Session, actor: Actor, request: LockRequest, paper: audit.SignedPaper | None
) -> None:
    """Somebody else than who asked acts, or has signed the paper."""
    if paper is None:
        if request.by == common.account(actor):
            raise errors.LockNeedsSecond
        return
    asker = handover.staff_names(session, {request.by}).get(request.by, "")
    if paper.competition_id != request.competition_id or paper.kind != audit.PaperKind.ROLE_EXCEPTION:
        raise NotFound
    if names.same_signer(asker, paper.signed_by):
        raise errors.LockNeedsSecond


def _require_complete(session: Session, bags: list[BagView]) -> int:
    """Every script of the bags has what the rule asks for; how many there are is returned."""
    needs = [
        need for bag in bags for need in queries.needs(session, bag.id, common.rule_of(session, bag)).values()
    ]
    waiting = needs.count(Need.THIRD)
    unmarked = len(needs) - needs.count(Need.NOTHING) - waiting
    if unmarked or waiting:
        raise errors.MarksMissing(unmarked, waiting)
    return len(needs)


def _require_correctable(session: Session, bag: BagView, mark: Mark) -> None:
    if not queries.is_locked(session, bag.competition_id, bag.part, bag.purpose):
        raise errors.NotLocked
    if session.scalar(select(Mark.id).where(Mark.supersedes_id == mark.id)) is not None:
        raise StaleState
