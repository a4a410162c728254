# SPDX-License-Identifier: Apache-2.0
"""What is known about late answers: times and counts, never what was answered. The ruling is blind to it."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts.evidence import Anchor, Evidence, anchors, evidence_of
from exam_portal.sittings.models import Attempt, LateEvent, LateRuling, Room, Seat, Sitting, Submission


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LateBatch:
    """One batch in quarantine."""

    hash: str
    received_at: datetime
    late_by: timedelta
    is_moved: bool  # its computer had lost the attempt to another one: that moment is its closing
    is_same_device: bool | None  # as the last acknowledged answer; None: there was none
    evidence: Evidence | None  # None: it cannot be read any more
    verdict: str | None
    is_proposed: bool  # the open proposal is about it


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LatePlace:
    """Where an attempt stands, under its candidate number and seat."""

    attempt: Attempt
    candidate_no: str
    room: str
    label: str
    handed_in_at: datetime | None
    is_counted: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LateAttempt:
    """An attempt with its late batches and what was ruled on them."""

    place: LatePlace
    closed_at: datetime
    batches: tuple[LateBatch, ...]
    rulings: tuple[LateRuling, ...]  # approved ones
    proposal: LateRuling | None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has ruled on some of the batches."""
        return any(batch.verdict is None for batch in self.batches)

    def only(self, *, proposed: bool = False) -> "LateAttempt":
        """Return the same with the batches that wait, or with those that the open proposal is about."""
        kept = (batch for batch in self.batches if (batch.is_proposed if proposed else batch.verdict is None))
        return dataclasses.replace(self, batches=tuple(kept))


def late_attempts(session: Session, sitting: Sitting, attempt_id: int | None = None) -> list[LateAttempt]:
    """Return the attempts of the sitting (or one of them) that have late batches: three queries."""
    places, batches = _batches(session, sitting, attempt_id)
    last = anchors(session, {id_: place.attempt for id_, place in places.items()})
    rulings = _rulings(session, places)
    return [
        _late_attempt(session, place, batches[id_], last[id_], rulings[id_]) for id_, place in places.items()
    ]


def late_answers(session: Session, competition_ids: Collection[int]) -> list[tuple[Sitting, int]]:
    """Return the sittings of these competitions with late batches to rule on, and how many: two queries."""
    own = select(Sitting).where(Sitting.competition_id.in_(competition_ids))
    found = session.scalars(own.order_by(Sitting.starts_at, Sitting.id)).all()
    counts = late.waiting(session, [sitting.id for sitting in found])
    return [(sitting, counts[sitting.id]) for sitting in found if sitting.id in counts]


def _batches(
    session: Session, sitting: Sitting, attempt_id: int | None
) -> tuple[dict[int, LatePlace], dict[int, list[LateEvent]]]:
    found = (
        select(
            LateEvent,
            Attempt,
            Candidate.candidate_no,
            Room.name.label("room"),
            Seat.label.label("label"),
            Submission.at.label("handed_in_at"),
            late.is_counted().label("is_counted"),
        )
        .join(Attempt, Attempt.id == LateEvent.attempt_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .join(Room, Room.id == Seat.room_id)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .outerjoin(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting.id)
        .order_by(Candidate.candidate_no, LateEvent.id)
    )
    if attempt_id is not None:
        found = found.where(Attempt.id == attempt_id)
    places: dict[int, LatePlace] = {}
    batches: dict[int, list[LateEvent]] = defaultdict(list)
    for row in session.execute(found).mappings():
        place = {name: row[name] for name in ("candidate_no", "room", "label", "handed_in_at", "is_counted")}
        places[row[Attempt].id] = LatePlace(attempt=row[Attempt], **place)
        batches[row[Attempt].id].append(row[LateEvent])
    return places, batches


def _late_attempt(
    session: Session,
    place: LatePlace,
    events: Sequence[LateEvent],
    last: Mapping[str, Anchor],
    rulings: Sequence[LateRuling],
) -> LateAttempt:
    approved = tuple(one for one in rulings if one.approved_by)
    proposal = next((one for one in rulings if not one.approved_by), None)
    own = (event.closed_at for event in events if event.lease == place.attempt.lease)
    ends = (next(own, place.attempt.closes_at), place.handed_in_at)
    closed_at = min((at for at in ends if at), default=events[0].closed_at)
    device = max(last, key=lambda lease: last[lease].seq, default=None)
    return LateAttempt(
        place=place,
        closed_at=closed_at,
        rulings=approved,
        proposal=proposal,
        batches=tuple(
            LateBatch(
                hash=event.body_hash.hex(),
                received_at=event.received_at,
                late_by=event.received_at - _closing(event, place),
                is_moved=event.lease != place.attempt.lease,
                is_same_device=None if device is None else event.lease == device,
                evidence=evidence_of(
                    session, place.attempt, event, last.get(event.lease), _closing(event, place)
                ),
                verdict=(verdict := late.verdict_on(event.id, approved)),
                is_proposed=verdict is None and proposal is not None and event.id <= proposal.last_id,
            )
            for event in events
        ),
    )


def _closing(event: LateEvent, place: LatePlace) -> datetime:
    """Return when the computer of this batch could write no more: closed, handed in, or moved away."""
    return min(event.closed_at, place.handed_in_at or event.closed_at)


def _rulings(session: Session, attempt_ids: Collection[int]) -> dict[int, list[LateRuling]]:
    found = defaultdict[int, list[LateRuling]](list)
    rows = select(LateRuling).where(LateRuling.attempt_id.in_(attempt_ids), LateRuling.withdrawn_by.is_(None))
    for ruling in session.scalars(rows.order_by(LateRuling.last_id)):
        found[ruling.attempt_id].append(ruling)
    return found
