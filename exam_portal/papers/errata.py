# SPDX-License-Identifier: Apache-2.0
"""Corrections of a sealed paper: proposed by one, approved by another, each a new version with a notice.

What was committed to stays as it is. A version is the paper with all its corrections so far; its hash binds
them to the commitments of the forms, one after the other. Until the paper is opened its corrections are as
secret as its content. To withdraw a correction is a version too, of the same two people's making: nothing
that candidates may have read disappears.
"""

import dataclasses
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import queries as bank
from exam_portal.papers import errors, opened, queries, recording
from exam_portal.papers.models import Paper, PaperErratum
from scoring.verify.canonical import canonical_bytes, sha256_of

CONTEXT = "papers.erratum"
VERSION = "exam-portal/paper-version/1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction as somebody who may read it sees it."""

    row: PaperErratum
    words: str
    reason: str
    question: str  # its id in the bank; empty: the notice concerns the paper as a whole


def propose(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    forms: Collection[str],
    words: str,
    reason: str,
    question: str = "",
) -> PaperErratum:
    """A correction of these forms waits for a second person; nobody who sits the paper sees it yet.

    ``question``: the id that the bank gave it, of which each candidate is told the own number. NoSuchQuestion
    where the bank of the paper does not hold it or, once the paper is open, none of these forms does.
    """
    paper = session.get_one(Paper, paper.id, with_for_update=True)
    if not queries.is_sealed(session, paper.id):
        raise errors.NotSealed
    if not forms or not set(forms) <= {form.code for form in paper.forms}:
        raise NotFound
    if question:
        _require_question(session, paper, forms, question)
    return _proposed(session, actor, now, paper, forms, words=words, reason=reason, question=question)


def propose_withdrawal(
    session: Session, actor: Actor, now: datetime, *, erratum: PaperErratum, words: str
) -> PaperErratum:
    """The withdrawal of a correction waits for a second person; ``words`` tell candidates why.

    NotWithdrawable where the correction is no version yet, is a withdrawal itself, or is being withdrawn.
    """
    paper = session.get_one(Paper, erratum.paper_id, with_for_update=True)
    erratum = session.get_one(PaperErratum, erratum.id, populate_existing=True)
    known = {each.withdraws_id for each in rows(session, paper.id) if each.dropped_by is None}
    if erratum.version is None or erratum.withdraws_id is not None or erratum.id in known:
        raise errors.NotWithdrawable
    question = read(session, erratum).question
    return _proposed(
        session,
        actor,
        now,
        paper,
        erratum.forms,
        words=words,
        reason="",
        question=question,
        withdraws=erratum,
    )


def _proposed(
    session: Session,
    actor: Actor,
    now: datetime,
    paper: Paper,
    forms: Collection[str],
    *,
    withdraws: PaperErratum | None = None,
    **texts: str,
) -> PaperErratum:
    key_id = session.keys.create()
    content = canonical_bytes({name: text.strip() for name, text in texts.items()})
    erratum = PaperErratum(
        paper_id=paper.id,
        forms=sorted(set(forms)),
        withdraws=withdraws,
        sealed=session.keys.seal(key_id, content, CONTEXT),
        key_id=key_id,
        proposed_by=recording.person(actor),
        proposed_at=now,
    )
    session.add(erratum)
    session.flush()
    recording.record(session, actor, now, paper, "papers.erratum_proposed", facts_of(erratum))
    return erratum


def approve(session: Session, actor: Actor, now: datetime, *, erratum: PaperErratum) -> int:
    """The paper has a new version with this correction; return its number. Two different people."""
    paper = session.get_one(Paper, erratum.paper_id, with_for_update=True)
    erratum = session.get_one(PaperErratum, erratum.id, populate_existing=True)
    _require_waiting(erratum)
    if erratum.proposed_by == recording.person(actor):
        raise errors.OwnErratum
    earlier = approved(session, paper.id)
    version, hash_ = len(earlier) + 2, version_hash(paper, earlier, erratum)
    erratum.version, erratum.version_hash = version, hash_
    erratum.approved_by, erratum.approved_at = recording.person(actor), now
    session.flush()
    facts = {**facts_of(erratum), "version": version, "hash": hash_}
    recording.record(session, actor, now, paper, "papers.erratum", facts)
    return version


def drop(session: Session, actor: Actor, now: datetime, *, erratum: PaperErratum) -> None:
    """A proposal that nobody has approved is given up and can no longer be; it stays on record.

    Whoever may correct the paper may do it, also who proposed it: nobody who sits the paper has seen it.
    """
    paper = session.get_one(Paper, erratum.paper_id, with_for_update=True)
    erratum = session.get_one(PaperErratum, erratum.id, populate_existing=True)
    _require_waiting(erratum)
    erratum.dropped_by, erratum.dropped_at = recording.person(actor), now
    session.flush()
    recording.record(session, actor, now, paper, "papers.erratum_dropped", {"erratum": erratum.public_id})


def _require_waiting(erratum: PaperErratum) -> None:
    if erratum.approved_by is not None:
        raise errors.ErratumApproved
    if erratum.dropped_by is not None:
        raise errors.ErratumDropped


def rows(session: Session, paper_id: int) -> Sequence[PaperErratum]:
    """Return the corrections of a paper, the approved ones in the order of their versions."""
    found = select(PaperErratum).where(PaperErratum.paper_id == paper_id)
    return session.scalars(
        found.order_by(PaperErratum.version.is_(None), PaperErratum.version, PaperErratum.id)
    ).all()


def approved(session: Session, paper_id: int) -> list[PaperErratum]:
    """Return the approved corrections of a paper in the order of their versions."""
    return [each for each in rows(session, paper_id) if each.version is not None]


def read(session: Session, erratum: PaperErratum) -> Correction:
    """Return the correction with its words."""
    content = json.loads(session.keys.open(erratum.key_id, erratum.sealed, CONTEXT))
    return Correction(row=erratum, **content)


def erratum(session: Session, paper: Paper, public_id: str) -> PaperErratum:
    """Return a correction of this paper, else NotFound."""
    found = session.scalar(
        select(PaperErratum).where(PaperErratum.public_id == public_id, PaperErratum.paper_id == paper.id)
    )
    if found is None:
        raise NotFound
    return found


def facts_of(erratum: PaperErratum) -> dict[str, Any]:
    """Return what the record holds of a correction: its forms, hash of its words, what it undoes."""
    return {
        "erratum": erratum.public_id,
        "forms": erratum.forms,
        "sealed": audit.digest(erratum.sealed),
        "withdraws": erratum.withdraws.public_id if erratum.withdraws else None,
    }


def version_hash(paper: Paper, earlier: Sequence[PaperErratum], erratum: PaperErratum) -> str:
    """Return the hash of the paper with this correction, over the version before it."""
    before = earlier[-1].version_hash if earlier else None
    commitments = {form.code: form.commitment.hex() for form in paper.forms}
    facts = {name: value for name, value in facts_of(erratum).items() if name != "erratum"}
    return sha256_of(
        {
            "_": VERSION,
            "paper": paper.public_id,
            "version": len(earlier) + 2,
            "before": before or sha256_of(commitments),
            **facts,
        }
    )


def _require_question(session: Session, paper: Paper, forms: Collection[str], question: str) -> None:
    """Before the opening only the bank is asked: whether a paper holds a question is told to nobody."""
    if queries.is_released(session, paper.id):
        own = [opened.opened_form(session, form.id) for form in paper.forms if form.code in forms]
        is_known = any(item.id == question for form in own for item in form.items)
    else:
        is_known = bank.holds(session, paper.bank_id, question)
    if not is_known:
        raise errors.NoSuchQuestion
