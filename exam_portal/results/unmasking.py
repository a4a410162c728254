# SPDX-License-Identifier: Apache-2.0
"""Lifting the masks of a part: after the lock, by the mask keeper before a second person."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import queries as marking
from exam_portal.results import errors
from exam_portal.results.models import Unmasking
from exam_portal.sittings import masking

CONTEXT = "results.unmasking"
MARKING = masking.MARKING


def unmask(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    purpose: str = MARKING,
    witnessed_by: int,
    paper: SignedPaper | None = None,
) -> Unmasking:
    """Scripts have candidates again; the mapping is sealed under a key of the results.

    The marking of a part is a milestone of the competition; a review's unmasking is a leaf of its own.
    ``paper`` is the signed minute (document 28).
    """
    session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())
    locks = marking.locks(session, competition.id)
    if (part, purpose) not in locks:
        raise errors.MarksNotLocked(part)
    if purpose in unmasked_purposes(session, competition.id, part):
        raise errors.AlreadyUnmasked
    by = _two_boards(session, actor, competition, witnessed_by)
    mapping = masking.mapping(session, competition.id, part, purpose)
    if len(mapping) != locks[part, purpose].scripts:
        raise errors.CountsDiffer(len(mapping), locks[part, purpose].scripts)
    key_id = session.keys.create()
    lifted = Unmasking(
        competition_id=competition.id,
        part=part,
        purpose=purpose,
        mapping=session.keys.seal(key_id, json.dumps(mapping).encode(), CONTEXT),
        key_id=key_id,
        scripts=len(mapping),
        witnessed_by=witnessed_by,
        by=by,
        at=now,
    )
    session.add(lifted)
    session.flush()
    _tell(session, actor, now, competition, lifted, paper)
    return lifted


def unmasked_purposes(session: Session, competition_id: int, part: str) -> Sequence[str]:
    """Return the purposes whose masks have been lifted, the marking first."""
    rows = session.scalars(
        select(Unmasking.purpose)
        .where(Unmasking.competition_id == competition_id, Unmasking.part == part)
        .order_by(Unmasking.id)
    )
    return rows.all()


def lifted_of(session: Session, competition_id: int) -> dict[tuple[str, str], Unmasking]:
    """Return what has been lifted in a competition by part and purpose: one query."""
    rows = session.scalars(select(Unmasking).where(Unmasking.competition_id == competition_id))
    return {(row.part, row.purpose): row for row in rows}


def opened(session: Session, competition_id: int, part: str, purpose: str) -> dict[int, int]:
    """Return masked script id -> candidate id of an unmasked part."""
    lifted = session.scalar(
        select(Unmasking).where(
            Unmasking.competition_id == competition_id,
            Unmasking.part == part,
            Unmasking.purpose == purpose,
        )
    )
    if lifted is None:
        raise NotFound
    plain: dict[str, int] = json.loads(session.keys.open(lifted.key_id, lifted.mapping, CONTEXT))
    return {int(masked_id): candidate_id for masked_id, candidate_id in plain.items()}


def _two_boards(session: Session, actor: Actor, competition: Competition, witnessed_by: int) -> int:
    """Return who lifts the masks; the witness is somebody else, and of no masking board here."""
    if actor.account_id is None or witnessed_by == actor.account_id:
        raise errors.SamePerson
    keepers = accounts.holders(
        session,
        Role.MASKING_BOARD,
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
    )
    if witnessed_by in {keeper.id for keeper in keepers}:
        raise errors.WitnessFromMaskingBoard
    return actor.account_id


def _tell(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    lifted: Unmasking,
    paper: SignedPaper | None,
) -> None:
    payload: dict[str, Any] = {
        "part": lifted.part,
        "purpose": lifted.purpose,
        "scripts": lifted.scripts,
        "witness": lifted.witnessed_by,
        "mapping": audit.digest(lifted.mapping),
    }
    if lifted.purpose != MARKING:
        content = {**payload, "paper": paper.public_id if paper is not None else None}
        audit.record(
            session,
            actor,
            now,
            type="unblind",
            competition_id=competition.id,
            subject=competition.public_id,
            content=content,
        )
        return
    for kind in (MilestoneKind.MARKS_LOCKED, MilestoneKind.UNMASKED):
        competitions.reach(
            session,
            actor,
            now,
            competition,
            kind,
            occurrence=lifted.part,
            payload=payload,
            paper=paper if kind is MilestoneKind.UNMASKED else None,
        )
