# SPDX-License-Identifier: Apache-2.0
"""Handing in: the head is sealed once, a receipt is signed, and a script exists for those who mark.

What is answered has been read before the writer is taken (``replaying.replay``); inside, only what was saved
since then is read. When time is over a whole hall hands in at once: whoever waits goes into one transaction.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.papers.models import PaperForm
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import receipts, replaying
from exam_portal.sittings.attempts.errors import AttemptClosed, DeviceMoved, NotRunning, TimeLeft
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.models import Attempt, Script, Seat, Sitting, Submission

RUNNING = frozenset({"active", "paused"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """A device hands in, with what was read of its journal.

    ``is_by_time``: nobody asked for it, the browser took the time for over; while it is not, that is refused.
    """

    attempt_id: int
    lease: str
    at: datetime
    replayed: Replayed
    is_by_time: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Sealing:
    """An attempt that will be sealed, and as of when; ``actor`` None: its candidate."""

    attempt: Attempt
    actor: Actor | None
    now: datetime
    replayed: Replayed | None
    kind: str
    at: datetime


def submit_all(session: Session, handings: Sequence[Handing]) -> list[Submission | DomainError]:
    """The attempts are handed in at their present heads; return each one's submission, or why it has none.

    Handing in again returns the same submission. After the closing time an attempt is sealed as of that time:
    the journal holds nothing later anyway.
    """
    attempts = _locked(session, {handing.attempt_id for handing in handings})
    done: dict[int, Submission] = _submissions(session, attempts)
    refused: dict[int, DomainError] = {}
    due: dict[int, _Sealing] = {}
    for place, handing in enumerate(handings):
        if handing.attempt_id in done or handing.attempt_id in due:
            continue
        try:
            due[handing.attempt_id] = _wanted(attempts[handing.attempt_id], handing)
        except DomainError as refusal:
            refused[place] = refusal
    done |= _seal(session, list(due.values()))
    return [done.get(handing.attempt_id) or refused[place] for place, handing in enumerate(handings)]


def running(session: Session, sitting_id: int) -> Sequence[int]:
    """Return the ids of the attempts that are not sealed yet, to be sealed one by one."""
    found = select(Attempt.id).where(Attempt.sitting_id == sitting_id, Attempt.state.in_(RUNNING))
    return session.scalars(found.order_by(Attempt.id)).all()


def expired(session: Session, sitting_id: int, now: datetime) -> Sequence[int]:
    """Return the ids of the attempts whose time and grace are over; of a paused one they never are."""
    over = (Attempt.state == "active", Attempt.accepts_until < now)
    found = select(Attempt.id).where(Attempt.sitting_id == sitting_id, *over)
    return session.scalars(found.order_by(Attempt.id)).all()


def seal_expired(session: Session, now: datetime, replayed: Collection[Replayed]) -> int:
    """Those of the attempts whose time and grace are over are sealed as of their closing; return how many."""
    read = {each.attempt_id: each for each in replayed}
    due = [
        _Sealing(
            attempt=attempt,
            actor=SYSTEM,
            now=now,
            replayed=read[attempt.id],
            kind="by_time",
            at=attempt.closes_at or now,
        )
        for attempt in _locked(session, read).values()
        if attempt.state == "active" and attempt.accepts_until is not None and now > attempt.accepts_until
    ]
    return len(_seal(session, due))


def seal_attempt(
    session: Session, actor: Actor, now: datetime, *, attempt: Attempt, replayed: Replayed | None
) -> Submission | None:
    """The attempt is sealed as it stands: the sitting was ended, or the candidate sent away.

    None where it does not run. Where nothing was read before (``replayed`` None), the journal is read here.
    """
    (locked,) = _locked(session, [attempt.id]).values()
    if locked.state not in RUNNING:
        return None
    at = min(now, locked.closes_at or now)
    sealing = _Sealing(attempt=locked, actor=actor, now=now, replayed=replayed, kind="by_invigilator", at=at)
    return _seal(session, [sealing])[locked.id]


def submission_of(session: Session, attempt: Attempt) -> Submission | None:
    """Return how the attempt was handed in, if it was."""
    return session.scalar(select(Submission).where(Submission.attempt_id == attempt.id))


def _locked(session: Session, attempt_ids: Collection[int]) -> dict[int, Attempt]:
    """Lock in the one order of everybody: competitions, sittings, attempts by their ids.

    Scripts and leaves point at the first two, and the database would ask for those last, when whoever acts on
    the sitting already waits for the attempts.
    """
    above = (
        select(Sitting.id)
        .join(Competition, Competition.id == Sitting.competition_id)
        .where(Sitting.id.in_(select(Attempt.sitting_id).where(Attempt.id.in_(attempt_ids))))
        .order_by(Competition.id, Sitting.id)
    )
    session.execute(above.with_for_update(read=True, key_share=True, of=Competition)).all()
    session.execute(above.with_for_update(read=True, key_share=True, of=Sitting)).all()
    found = (
        select(Attempt)
        .where(Attempt.id.in_(attempt_ids))
        .order_by(Attempt.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {attempt.id: attempt for attempt in session.scalars(found)}


def _submissions(session: Session, attempt_ids: Collection[int]) -> dict[int, Submission]:
    found = select(Submission).where(Submission.attempt_id.in_(attempt_ids))
    return {submission.attempt_id: submission for submission in session.scalars(found)}


def _wanted(attempt: Attempt, handing: Handing) -> _Sealing:
    now = handing.at
    _require_held(attempt, handing.lease, now)
    is_over = attempt.closes_at is not None and now >= attempt.closes_at
    if handing.is_by_time and not is_over:
        raise TimeLeft
    kind, at = ("by_time", attempt.closes_at or now) if is_over else ("by_candidate", now)
    return _Sealing(attempt=attempt, actor=None, now=now, replayed=handing.replayed, kind=kind, at=at)


def _require_held(attempt: Attempt, lease: str, now: datetime) -> None:
    if attempt.lease != lease:
        raise DeviceMoved
    if attempt.state == "void":
        raise AttemptClosed(state="void", closed_at=attempt.closes_at or now, quarantined=False)
    if attempt.state != "active":
        raise NotRunning(attempt.state)


def _seal(session: Session, sealings: Sequence[_Sealing]) -> dict[int, Submission]:
    """Submissions, scripts and leaves of all of them, written together; return the submissions by attempt."""
    if not sealings:
        return {}
    places = _places(session, sealings)
    submissions: dict[int, Submission] = {}
    acts: dict[int, list[audit.Act]] = {}
    for sealing in sealings:
        attempt, place = sealing.attempt, places[sealing.attempt.id]
        submission = _submission(session, sealing, place)
        submissions[attempt.id] = submission
        session.add_all([submission, _script(sealing, place)])
        attempt.state = "submitted"
        acts.setdefault(place.competition_id, []).append(_act(sealing, place, submission))
    session.flush()
    for competition_id, of_competition in acts.items():
        audit.record_all(session, of_competition, competition_id=competition_id)
    return submissions


_Place = Row[int, str, str, int, int, int, int]


def _places(session: Session, sealings: Sequence[_Sealing]) -> Mapping[int, _Place]:
    """Return what else is known of each attempt: its sitting, its form, whose it is."""
    found = (
        select(
            Attempt.id,
            Sitting.public_id.label("sitting"),
            Sitting.part,
            Sitting.competition_id,
            Seat.candidate_id,
            Candidate.account_id,
            PaperForm.item_count,
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .join(PaperForm, PaperForm.id == Attempt.form_id)
        .where(Attempt.id.in_([sealing.attempt.id for sealing in sealings]))
    )
    return {row.id: row for row in session.execute(found)}


def _submission(session: Session, sealing: _Sealing, place: _Place) -> Submission:
    attempt = sealing.attempt
    answered = replaying.replay(session, attempt, since=sealing.replayed).answers.answered
    content = receipts.content_of(
        attempt,
        sitting=place.sitting,
        kind=sealing.kind,
        answered=answered,
        items=place.item_count,
        at=sealing.at,
    )
    return Submission(
        attempt_id=attempt.id,
        kind=sealing.kind,
        seq=attempt.seq,
        head=attempt.head,
        answered=answered,
        receipt=content,
        signature=receipts.sign(session.signer, content),
        at=sealing.at,
    )


def _script(sealing: _Sealing, place: _Place) -> Script:
    return Script(
        competition_id=place.competition_id,
        sitting_id=sealing.attempt.sitting_id,
        candidate_id=place.candidate_id,
        part=place.part,
        source="portal",
        attempt_id=sealing.attempt.id,
        collected_at=sealing.at,
    )


def _act(sealing: _Sealing, place: _Place, submission: Submission) -> audit.Act:
    return audit.Act(
        actor=sealing.actor or Actor(account_id=place.account_id, is_candidate=True),
        at=sealing.now,
        type="seal",
        content={
            "attempt": sealing.attempt.public_id,
            "kind": submission.kind,
            "seq": submission.seq,
            "head": submission.head.hex(),
            "answered": submission.answered,
        },
        subject=sealing.attempt.public_id,
    )
