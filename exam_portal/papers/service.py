# SPDX-License-Identifier: Apache-2.0
"""Verbs of papers: name them, draw, seal by two, release by two; or register their envelopes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.papers import errors
from exam_portal.papers.drawing import Draw
from exam_portal.papers.models import (
    Envelope,
    EnvelopeEvent,
    KeyRelease,
    Paper,
    PaperContent,
    PaperForm,
    PaperSeal,
)

OFFICERS = 2  # to seal, and to open (integrity 2.5; shares k of n replace the count later)


def name_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    kind: str,
    content: PaperContent,
    bank_id: int | None = None,
    blueprint: dict[str, Any] | None = None,
) -> Paper:
    """The part has an official or reserve paper: drawn in the portal, or held outside it in envelopes."""
    session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())
    taken = select(Paper.id).where(
        Paper.competition_id == competition.id, Paper.part == part, Paper.kind == kind
    )
    if session.scalar(taken):
        raise errors.PaperExists
    paper = Paper(
        competition_id=competition.id,
        part=part,
        kind=kind,
        content=content.value,
        bank_id=bank_id,
        blueprint=blueprint,
        created_by=_account(actor),
        created_at=now,
    )
    session.add(paper)
    session.flush()
    _record(session, actor, now, paper, "papers.named", {"content": content.value})
    return paper


def keep_draw(session: Session, actor: Actor, now: datetime, *, paper: Paper, draw: Draw) -> list[PaperForm]:
    """The drawn forms are kept as ciphertext, their commitments are in the record."""
    paper = _locked(session, paper)
    if paper.content != PaperContent.INSIDE:
        raise errors.WrongContent
    if paper.forms:
        raise errors.AlreadyDrawn
    forms = [
        PaperForm(
            paper_id=paper.id,
            code=form.code,
            commitment=form.commitment,
            ciphertext=form.ciphertext,
            key_commitment=form.key_commitment,
            key_ciphertext=form.key_ciphertext,
            sealed_seed=form.sealed_seed,
            key_id=form.key_id,
            item_count=form.item_count,
            drawn_by=_account(actor),
            drawn_at=now,
        )
        for form in draw.forms
    ]
    session.add_all(forms)
    session.flush()
    session.expire(paper, ["forms"])
    facts = {"pool": draw.pool, "commitments": commitments(paper), "keys": _key_commitments(paper)}
    _record(session, actor, now, paper, "papers.drawn", facts)
    return forms


def seal(
    session: Session, actor: Actor, now: datetime, *, paper: Paper, seen: Mapping[str, str]
) -> PaperSeal:
    """The officer has sealed exactly the commitments seen by the officer; the second one completes it."""
    paper = _locked(session, paper)
    if not paper.forms:
        raise errors.NotDrawn
    if dict(seen) != commitments(paper):
        raise errors.SealedOtherwise
    if any(other.by == actor.account_id for other in paper.seals):
        raise errors.AlreadySealed
    kept = PaperSeal(paper_id=paper.id, commitments=dict(seen), by=_account(actor), at=now)
    session.add(kept)
    session.flush()
    session.expire(paper, ["seals"])
    complete = is_sealed(paper)
    _record(session, actor, now, paper, "papers.sealed", {"commitments": dict(seen), "complete": complete})
    return kept


def release_key(session: Session, actor: Actor, now: datetime, *, paper: Paper, opens_at: datetime) -> bool:
    """The officer has given the word to open; returns whether the paper is open now (the second word)."""
    paper = _locked(session, paper)
    if not is_sealed(paper):
        raise errors.NotSealed
    if now < opens_at:
        raise errors.TooEarly(opens_at)
    if session.scalar(
        select(KeyRelease.id).where(KeyRelease.paper_id == paper.id, KeyRelease.by == _account(actor))
    ):
        raise errors.AlreadyReleased
    session.add(KeyRelease(paper_id=paper.id, by=_account(actor), at=now))
    session.flush()
    opened = is_released(session, paper.id)
    _record(session, actor, now, paper, "papers.opened" if opened else "papers.release_asked", {})
    return opened


def register_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    label: str,
    seal_no: str,
    copies: int,
    minute_no: str,
    signed_paper_id: int | None = None,
) -> Envelope:
    """An envelope of the paper is known by label, seal number and the minute that names it."""
    paper = _locked(session, paper)
    taken = select(Envelope.id).where(
        Envelope.competition_id == paper.competition_id, Envelope.label == label
    )
    if session.scalar(taken):
        raise errors.SealNumberTaken
    envelope = Envelope(
        competition_id=paper.competition_id,
        paper_id=paper.id,
        label=label,
        seal_no=seal_no,
        copies=copies,
        minute_no=minute_no,
        signed_paper_id=signed_paper_id,
        by=_account(actor),
        at=now,
    )
    session.add(envelope)
    session.flush()
    facts = {"label": label, "seal_no": seal_no, "copies": copies, "minute_no": minute_no}
    _record(session, actor, now, paper, "papers.envelope_registered", facts)
    return envelope


def note_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    envelope: Envelope,
    kind: str,
    seal_intact: bool,
    witnesses: str,
    signed_paper_id: int | None = None,
) -> EnvelopeEvent:
    """What happened to the envelope (handed over, opened, resealed, destroyed) is on record."""
    event = EnvelopeEvent(
        envelope_id=envelope.id,
        kind=kind,
        seal_intact=seal_intact,
        witnesses=witnesses,
        signed_paper_id=signed_paper_id,
        by=_account(actor),
        at=now,
    )
    session.add(event)
    session.flush()
    paper = session.get_one(Paper, envelope.paper_id)
    facts = {"label": envelope.label, "kind": kind, "seal_intact": seal_intact}
    _record(session, actor, now, paper, "papers.envelope_noted", facts)
    return event


def commitments(paper: Paper) -> dict[str, str]:
    """Return what officers see and seal: the commitment of each form by its code."""
    return {form.code: form.commitment.hex() for form in paper.forms}


def is_sealed(paper: Paper) -> bool:
    """Whether two different officers have sealed the paper."""
    return len({one.by for one in paper.seals}) >= OFFICERS


def is_released(session: Session, paper_id: int) -> bool:
    """Whether two different officers have given the word to open the paper."""
    words = session.scalar(
        select(func.count(func.distinct(KeyRelease.by))).where(KeyRelease.paper_id == paper_id)
    )
    return (words or 0) >= OFFICERS


def _key_commitments(paper: Paper) -> dict[str, str]:
    return {form.code: form.key_commitment.hex() for form in paper.forms}


def _locked(session: Session, paper: Paper) -> Paper:
    return session.get_one(Paper, paper.id, with_for_update=True)


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, paper: Paper, code: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=paper.competition_id,
        subject=paper.public_id,
        content={"paper": paper.public_id, "part": paper.part, "kind": paper.kind, **facts},
    )
