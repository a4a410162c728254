# SPDX-License-Identifier: Apache-2.0
"""Late answers count, or they do not: one person proposes, another approves; the journal stays as it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from exam_portal.audit.models import SignedPaper
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import late, quarantine, replaying
from exam_portal.sittings.attempts.errors import AlreadyCounted, JournalBroken, NotSealed, VoidCountsNothing
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.models import Attempt, LateEvent, LateRuling, LateVerdict, Sitting
from exam_portal.sittings.service import locking


def propose_ruling(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    attempt: Attempt,
    last: bytes,
    verdict: LateVerdict,
    reason: str,
) -> LateRuling:
    """The ruling waits for the second person; a proposal that was open before is withdrawn.

    ``last`` is the hash of the last batch that the proposer saw: what came since is not ruled on.
    """
    sitting = _held(session, attempt, verdict)
    batches = _up_to(session, attempt, last)
    for former in session.scalars(_open(attempt)).all():
        former.withdrawn_by, former.withdrawn_at = locking.person(actor), now
    session.flush()
    ruling = LateRuling(
        attempt_id=attempt.id,
        last_id=batches[-1].id,
        batches=late.digest(batches),
        verdict=verdict.value,
        reason=reason,
        by=locking.person(actor),
        at=now,
    )
    session.add(ruling)
    session.flush()
    _record(session, actor, now, sitting, "late_ruling_proposed", ruling, attempt, batches=len(batches))
    return ruling


def withdraw_ruling(session: Session, actor: Actor, now: datetime, *, ruling: LateRuling) -> None:
    """The proposal stands no more; the batches wait again."""
    attempt = session.get_one(Attempt, ruling.attempt_id)
    sitting = locking.sitting(session, session.get_one(Sitting, attempt.sitting_id))
    ruling = _still_open(session, ruling)
    ruling.withdrawn_by, ruling.withdrawn_at = locking.person(actor), now
    session.flush()
    _record(session, actor, now, sitting, "late_ruling_withdrawn", ruling, attempt)


def approve_ruling(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    ruling: LateRuling,
    replayed: Replayed | None = None,
    paper: SignedPaper | None = None,
) -> tuple[int, ...]:
    """The ruling stands; return the late texts (client sequences) that fit nothing and are left out.

    ``replayed`` is the attempt as it was read before the writer is taken, ``paper`` the signed decision.
    """
    attempt = session.get_one(Attempt, ruling.attempt_id)
    sitting = _held(session, attempt, LateVerdict(ruling.verdict))
    ruling = _still_open(session, ruling)
    if ruling.by == actor.account_id:
        raise errors.OtherInvigilator
    batches = _up_to(session, attempt, session.get_one(LateEvent, ruling.last_id).body_hash)
    if late.digest(batches) != ruling.batches:
        raise JournalBroken(f"the late batches of attempt {attempt.public_id} are not those proposed")
    ruling.approved_by, ruling.approved_at = locking.person(actor), now
    ruling.signed_paper_id = paper.id if paper else None
    session.flush()
    left_out = replaying.counted(session, attempt, since=replayed).left_out
    facts = {"paper": paper.public_id if paper else None, "left_out": list(left_out)}
    _record(session, actor, now, sitting, "late_ruling_approved", ruling, attempt, **facts)
    return left_out


def _held(session: Session, attempt: Attempt, verdict: LateVerdict) -> Sitting:
    """Return the sitting, locked; its attempt is sealed, and neither marked nor masked.

    Late answers of a void attempt are closed: nothing counts there, whatever was marked beside it.
    """
    sitting = locking.sitting(session, session.get_one(Sitting, attempt.sitting_id))
    session.refresh(attempt)
    if attempt.state == "void":
        if verdict is LateVerdict.ACCEPT:
            raise VoidCountsNothing
        return sitting
    if attempt.state != "submitted":
        raise NotSealed
    if session.scalar(select(Attempt.id).where(Attempt.id == attempt.id, late.is_counted())):
        raise AlreadyCounted
    return sitting


def _up_to(session: Session, attempt: Attempt, last: bytes) -> Sequence[LateEvent]:
    """Return the batches to rule on, each opened and held against its hash; the last is of this attempt."""
    named = select(LateEvent).where(LateEvent.attempt_id == attempt.id, LateEvent.body_hash == last)
    found = session.scalar(named)
    if found is None:
        raise NotFound
    batches = [one for one in late.unruled(session, attempt) if one.id <= found.id]
    if not batches:
        raise StaleState
    for one in batches:
        quarantine.events_of(session, attempt, one)
    return batches


def _still_open(session: Session, ruling: LateRuling) -> LateRuling:
    found = session.get_one(LateRuling, ruling.id, populate_existing=True)
    if found.approved_by is not None or found.withdrawn_by is not None:
        raise StaleState
    return found


def _open(attempt: Attempt) -> Select[LateRuling]:
    return select(LateRuling).where(
        LateRuling.attempt_id == attempt.id,
        LateRuling.approved_by.is_(None),
        LateRuling.withdrawn_by.is_(None),
    )


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    sitting: Sitting,
    act: str,
    ruling: LateRuling,
    attempt: Attempt,
    **facts: object,
) -> None:
    content = {
        "ruling": ruling.public_id,
        "attempt": attempt.public_id,
        "verdict": ruling.verdict,
        "digest": f"sha256:{ruling.batches.hex()}",
        **facts,
    }
    locking.record(session, actor, now, sitting, act, content, subject=ruling.public_id)
