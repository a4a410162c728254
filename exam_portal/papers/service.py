# SPDX-License-Identifier: Apache-2.0
"""Verbs of papers: name them, draw, seal by two, release by two; or register their envelopes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import queries as items
from exam_portal.papers import errors, opened, queries, recording, splitting
from exam_portal.papers.drawing import Draw
from exam_portal.papers.envelopes import note_envelope, register_envelope
from exam_portal.papers.models import (
    KeyRelease,
    Paper,
    PaperContent,
    PaperForm,
    PaperSeal,
)
from exam_portal.papers.opened import opened_form

__all__ = [
    "commitments",
    "is_sealed",
    "keep_draw",
    "name_paper",
    "note_envelope",
    "opened_form",
    "register_envelope",
    "release_key",
    "require_time",
    "seal",
]


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
        created_by=recording.person(actor),
        created_at=now,
    )
    session.add(paper)
    session.flush()
    recording.record(session, actor, now, paper, "papers.named", {"content": content.value})
    return paper


def keep_draw(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    draw: Draw,
    ready_from: datetime | None = None,
) -> list[PaperForm]:
    """The drawn forms are kept as ciphertext, their commitments are in the record.

    Refused before the notice has frozen the rules, before ``ready_from`` (the hours of the rule set before
    the sitting), and where the bank changed since its approved items were read.
    """
    paper = _locked(session, paper)
    require_time(session, paper.competition_id, now, ready_from)
    if paper.content != PaperContent.INSIDE:
        raise errors.WrongContent
    if paper.forms:
        raise errors.AlreadyDrawn
    if draw.pool_stamp and draw.pool_stamp != items.pool_stamp(session, paper.bank_id or 0):
        raise errors.PoolChanged
    forms = [
        PaperForm(
            paper_id=paper.id,
            code=form.code,
            commitment=form.commitment,
            ciphertext=form.ciphertext,
            key_commitment=form.key_commitment,
            key_ciphertext=form.key_ciphertext,
            sealed_seed=form.sealed_seed,
            seed_key_id=form.seed_key_id,
            key_id=form.key_id,
            item_count=form.item_count,
            drawn_by=recording.person(actor),
            drawn_at=now,
        )
        for form in draw.forms
    ]
    session.add_all(forms)
    session.flush()
    session.expire(paper, ["forms"])
    facts: dict[str, Any] = {
        "pool": draw.pool,
        "seed": draw.seed_commitment,
        "commitments": commitments(paper),
        "orders": opened.order_commitments(session, paper),
    }
    if draw.prepared:
        facts["draw"] = draw.prepared
    recording.record(session, actor, now, paper, "paper-commit", facts)
    recording.record(session, actor, now, paper, "key-commit", {"commitments": _key_commitments(paper)})
    return forms


def seal(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    seen: Mapping[str, str],
    ready_from: datetime | None = None,
) -> PaperSeal:
    """The officer has sealed exactly the commitments seen by the officer; the second one completes it."""
    paper = _locked(session, paper)
    require_time(session, paper.competition_id, now, ready_from)
    if not paper.forms:
        raise errors.NotDrawn
    if dict(seen) != commitments(paper):
        raise errors.SealedOtherwise
    if any(other.by == actor.account_id for other in paper.seals):
        raise errors.AlreadySealed
    splitting.require_taken(paper)
    splitting.forget(session, paper, is_open=False)  # should the machine have died before it could
    kept = PaperSeal(paper_id=paper.id, commitments=dict(seen), by=recording.person(actor), at=now)
    session.add(kept)
    session.flush()
    session.expire(paper, ["seals"])
    complete = is_sealed(paper)
    recording.record(
        session, actor, now, paper, "papers.sealed", {"commitments": dict(seen), "complete": complete}
    )
    return kept


def release_key(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    opens_at: datetime | None,
    share: str = "",
) -> bool:
    """The officer has given the word to open; returns whether the paper is open now.

    The second word opens it; where its keys are in shares, the last one that is needed, and each officer's
    word comes with the own ``share``, as typed. ``opens_at`` is the start of the first sitting that uses the
    paper. With the last word every form is opened and held against its commitments: SealBroken, and nothing
    is released, where one byte differs.
    """
    paper = _locked(session, paper)
    if not is_sealed(paper):
        raise errors.NotSealed
    if opens_at is None:
        raise errors.NoSitting
    if now < opens_at:
        raise errors.TooEarly(opens_at)
    if session.scalar(
        select(KeyRelease.id).where(KeyRelease.paper_id == paper.id, KeyRelease.by == recording.person(actor))
    ):
        raise errors.AlreadyReleased
    entered = splitting.hand_in(session, actor, paper=paper, typed=share)
    session.add(KeyRelease(paper_id=paper.id, share=entered, by=recording.person(actor), at=now))
    session.flush()
    if not queries.is_released(session, paper.id):
        recording.record(session, actor, now, paper, "papers.release_asked", {})
        return False
    splitting.join(session, paper=paper)
    recording.record(session, actor, now, paper, "open", {})
    revealed = {form.code: opened.opened_commitment(session, form.id) for form in paper.forms}
    recording.record(session, actor, now, paper, "paper-reveal", {"commitments": revealed})
    return True


def is_sealed(paper: Paper) -> bool:
    """Whether two different officers have sealed the paper."""
    return len({one.by for one in paper.seals}) >= queries.OFFICERS


def commitments(paper: Paper) -> dict[str, str]:
    """Return what officers see and seal: the commitment of each form by its code."""
    return {form.code: form.commitment.hex() for form in paper.forms}


def require_time(session: Session, competition_id: int, now: datetime, ready_from: datetime | None) -> None:
    """The notice has frozen the rules, and it is time to prepare the paper; else NotAnnounced, NotYetTime."""
    if (MilestoneKind.ANNOUNCED, "") not in competitions.reached(session, competition_id):
        raise errors.NotAnnounced
    if ready_from is not None and now < ready_from:
        raise errors.NotYetTime(ready_from)


def _key_commitments(paper: Paper) -> dict[str, str]:
    return {form.code: form.key_commitment.hex() for form in paper.forms}


def _locked(session: Session, paper: Paper) -> Paper:
    found = session.get_one(Paper, paper.id, with_for_update=True)
    session.expire(found, ["forms", "seals", "split"])
    return found
