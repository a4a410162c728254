# SPDX-License-Identifier: Apache-2.0
"""Corrections of a sealed paper: proposed by one, approved by another, each a new version with a notice.

What was committed to stays as it is. A version is the paper with all its corrections so far; its hash binds
them to the commitments of the forms, one after the other. Until the paper is opened its corrections are as
secret as its content.
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
from exam_portal.papers import errors, queries, recording
from exam_portal.papers.models import Paper, PaperErratum, PaperForm
from scoring.verify.canonical import canonical_bytes, sha256_of

CONTEXT = "papers.erratum"
VERSION = "exam-portal/paper-version/1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction as somebody who may read it sees it."""

    row: PaperErratum
    words: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An approved correction of an opened form, as the candidates who sit with it see it."""

    public_id: str
    version: int
    at: datetime
    words: str


def propose(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    forms: Collection[str],
    words: str,
    reason: str,
) -> PaperErratum:
    """A correction of these forms waits for a second person; nobody who sits the paper sees it yet."""
    paper = session.get_one(Paper, paper.id, with_for_update=True)
    if not queries.is_sealed(session, paper.id):
        raise errors.NotSealed
    if not forms or not set(forms) <= {form.code for form in paper.forms}:
        raise NotFound
    key_id = session.keys.create()
    content = canonical_bytes({"words": words.strip(), "reason": reason.strip()})
    erratum = PaperErratum(
        paper_id=paper.id,
        forms=sorted(set(forms)),
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
    if erratum.approved_by is not None:
        raise errors.ErratumApproved
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
    return Correction(row=erratum, words=content["words"], reason=content["reason"])


def notices(session: Session, form_id: int) -> list[Notice]:
    """Return the approved corrections of a form to whoever sits with it; none before the paper is opened."""
    found = session.execute(
        select(PaperErratum, PaperForm.code)
        .join(PaperForm, PaperForm.paper_id == PaperErratum.paper_id)
        .where(PaperForm.id == form_id, PaperErratum.version.is_not(None))
        .order_by(PaperErratum.version)
    ).all()
    own = [erratum for erratum, code in found if code in erratum.forms]
    if not own or not queries.is_released(session, own[0].paper_id):
        return []
    return [
        Notice(
            public_id=each.public_id,
            version=each.version or 0,
            at=each.approved_at or each.proposed_at,
            words=read(session, each).words,
        )
        for each in own
    ]


def erratum(session: Session, paper: Paper, public_id: str) -> PaperErratum:
    """Return a correction of this paper, else NotFound."""
    found = session.scalar(
        select(PaperErratum).where(PaperErratum.public_id == public_id, PaperErratum.paper_id == paper.id)
    )
    if found is None:
        raise NotFound
    return found


def facts_of(erratum: PaperErratum) -> dict[str, Any]:
    """Return what the record holds of a correction: its forms, and the hash of the sealed words."""
    return {"erratum": erratum.public_id, "forms": erratum.forms, "sealed": audit.digest(erratum.sealed)}


def version_hash(paper: Paper, earlier: Sequence[PaperErratum], erratum: PaperErratum) -> str:
    """Return the hash of the paper with this correction, over the version before it."""
    before = earlier[-1].version_hash if earlier else None
    commitments = {form.code: form.commitment.hex() for form in paper.forms}
    return sha256_of(
        {
            "_": VERSION,
            "paper": paper.public_id,
            "version": len(earlier) + 2,
            "before": before or sha256_of(commitments),
            "forms": erratum.forms,
            "sealed": audit.digest(erratum.sealed),
        }
    )
