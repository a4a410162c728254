# SPDX-License-Identifier: Apache-2.0
"""Reads of attempts for the player's pages."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import notices, projection
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.models import AnswerEvent, Attempt, Room, Seat, Sitting, TimeGrant

SHOWING = frozenset({"active", "paused"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPlace:
    """An attempt with all that its page shows about it; permissions are decided on it."""

    attempt: Attempt
    seat: Seat
    room: Room
    sitting: Sitting
    competition: Competition
    account_id: int
    candidate_no: str

    @property
    def kind(self) -> str:
        """The competition's kind: a rehearsal's clock runs ahead."""
        return self.competition.kind

    @property
    def clock_offset_seconds(self) -> int:
        """How far a rehearsal's clock runs ahead."""
        return self.competition.clock_offset_seconds

    @property
    def organisation_id(self) -> int:
        """Where staff roles for this attempt are held."""
        return self.competition.organisation_id

    @property
    def competition_id(self) -> int:
        """Where staff roles for this attempt are held."""
        return self.competition.id


def place_of(session: Session, public_id: str) -> AttemptPlace | None:
    """Return the attempt with its surroundings, or None."""
    found = (
        select(Attempt, Seat, Room, Sitting, Competition, Candidate.account_id, Candidate.candidate_no)
        .join(Seat, Seat.id == Attempt.seat_id)
        .join(Room, Room.id == Seat.room_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Competition, Competition.id == Sitting.competition_id)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .where(Attempt.public_id == public_id)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        return None
    attempt, seat, room, sitting, competition, account_id, candidate_no = row
    return AttemptPlace(
        attempt=attempt,
        seat=seat,
        room=room,
        sitting=sitting,
        competition=competition,
        account_id=account_id,
        candidate_no=candidate_no,
    )


def state_of(session: Session, place: AttemptPlace, now: datetime) -> dict[str, Any]:
    """Return what the player asks every few seconds: where the attempt stands and how much time is left."""
    attempt = place.attempt
    facts = projection.clock_of(session, place.sitting)
    schedule = facts.schedule(attempt.seat_id, place.seat.room_id)
    last = session.get(AnswerEvent, (attempt.id, attempt.seq))
    return {
        "state": _state(attempt, now),
        "now": instant(now),
        "starts_at": instant(schedule.plan.opens_at if schedule else place.sitting.starts_at),
        "closes_at": instant(schedule.closes_at) if schedule else None,
        "remaining_ms": _milliseconds(schedule.remaining(now)) if schedule else None,
        "planned_ms": _milliseconds(facts.planned(attempt.seat_id, place.seat.room_id)),
        "seq": attempt.seq,
        "head": attempt.head.hex(),
        "last_client_seq": last.client_seq if last else 0,
        "last_event_hash": last.event_hash.hex() if last else None,
        "last_event_at": instant(attempt.last_event_at) if attempt.last_event_at else None,
        "lease": attempt.lease,
        "messages": [_grant(grant) for grant in facts.grants if _reaches(grant, place)],
        "notices": [
            *notices.notices_for(session, place.seat),
            *(notices.corrections_for(session, attempt) if may_read(attempt, now) else ()),
        ],
        "called_at": notices.called_at(session, place.seat),
        "evacuation": facts.evacuation(place.seat.room_id),
    }


def may_read(attempt: Attempt, now: datetime) -> bool:
    """Whether the candidate may see the paper: from the own start on, as long as the attempt goes on."""
    return attempt.state in SHOWING and attempt.opens_at is not None and now >= attempt.opens_at


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _state(attempt: Attempt, now: datetime) -> str:
    is_over = attempt.accepts_until is not None and now > attempt.accepts_until
    return "time_over" if attempt.state == "active" and is_over else attempt.state


def _reaches(grant: TimeGrant, place: AttemptPlace) -> bool:
    applies = grant.seat_id in (None, place.seat.id) and grant.room_id in (None, place.seat.room_id)
    return applies and (grant.kind == "extra_time" or grant.approved_by is not None)


def _grant(grant: TimeGrant) -> dict[str, Any]:
    return {"id": grant.public_id, "kind": grant.kind, "seconds": grant.seconds}
