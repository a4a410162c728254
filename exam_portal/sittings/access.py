# SPDX-License-Identifier: Apache-2.0
"""Who may do what in the sittings, and the only functions that hand their rows to pages."""

from typing import Any, TypeVar

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Base, Session
from exam_portal.core.errors import NotFound
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import access as attempts
from exam_portal.sittings.models import (
    Attempt,
    BrowserKey,
    Incident,
    LateRuling,
    PaperTurn,
    Room,
    Sanction,
    ScannedPage,
    ScanStack,
    Seat,
    SeatCall,
    Sitting,
    TimeGrant,
)
from exam_portal.web import policy

Row = TypeVar("Row", bound=Base)

SEE = (
    Role.ORGANISER,
    Role.SECRETARY,
    Role.CHAIR,
    Role.AUTHORITY,
    Role.INVIGILATOR,
    Role.OVERSIGHT,
)


def _is_own(actor: Actor, target: Any) -> bool:
    return target is not None and actor.account_id == getattr(target, "account_id", None)


is_own = policy.Check("own place", _is_own, lambda actor: actor.is_known and actor.is_candidate)

PERMISSIONS: policy.Permissions = {
    **attempts.PERMISSIONS,
    "sittings.view": policy.any_of(
        policy.holds(*SEE), doc="See rooms, sittings, seats, the board and the registers."
    ),
    "sittings.arrange": policy.any_of(
        policy.holds(Role.ORGANISER, Role.SECRETARY), doc="Set up rooms, sittings and seats; print blanks."
    ),
    "sittings.hall": policy.any_of(
        policy.holds(Role.ORGANISER, Role.SECRETARY),
        doc="Pack a sitting for the laptop of a hall, and take back what happened there.",
    ),
    "sittings.summon": policy.any_of(
        policy.holds(Role.ORGANISER, Role.SECRETARY, Role.CHAIR), doc="Summon the candidates."
    ),
    "sittings.invigilate": policy.any_of(
        policy.holds(Role.INVIGILATOR),
        doc="Check in, start, pause, give time, end; register incidents; count scripts.",
    ),
    "sittings.evacuate": policy.any_of(
        policy.holds(Role.INVIGILATOR, Role.ORGANISER, Role.CHAIR, Role.SECRETARY),
        doc="Clear the rooms: every screen says where to go, and the clock stands still.",
    ),
    "sittings.second": policy.any_of(
        policy.holds(Role.INVIGILATOR, Role.CHAIR, Role.SECRETARY),
        doc="Approve a credited outage, or a turn to paper, that somebody else has proposed.",
    ),
    "sittings.rule_late": policy.any_of(
        policy.holds(Role.CHAIR, Role.SECRETARY),
        doc="Propose whether late answers count, and approve what somebody else has proposed.",
    ),
    "sittings.cancel": policy.any_of(
        policy.holds(Role.CHAIR, Role.SECRETARY), doc="Cancel a sitting; its people are seated anew."
    ),
    "sittings.mask": policy.any_of(
        policy.holds(Role.MASKING_BOARD), doc="Receive scripts, add scans, mask them, print the label sheet."
    ),
    "sittings.own_list": policy.any_of(policy.is_candidate, doc="See the own sittings and summonses."),
    "sittings.own": policy.any_of(policy.all_of(policy.is_candidate, is_own), doc="Open the own summons."),
}


def load_competition(session: Session, actor: Actor, public_id: str, permission: str) -> Competition:
    """Return the competition if the actor may do this in it, else NotFound."""
    found = session.scalar(select(Competition).where(Competition.public_id == public_id))
    if found is None:
        raise NotFound
    policy.authorise(actor, permission, found)
    return found


def load_sitting(session: Session, actor: Actor, public_id: str, permission: str) -> Sitting:
    """Return the sitting if the actor may do this in its competition, else NotFound."""
    sitting = _one(session, Sitting, public_id)
    policy.authorise(actor, permission, competition_of(session, sitting))
    return sitting


def load_seat(session: Session, actor: Actor, public_id: str, permission: str) -> Seat:
    """Return the seat if the actor may do this in its sitting, else NotFound."""
    seat = _one(session, Seat, public_id)
    policy.authorise(actor, permission, competition_of(session, seat.sitting))
    return seat


def load_turn(session: Session, actor: Actor, public_id: str, permission: str) -> PaperTurn:
    """Return the turn to paper if the actor may do this in its sitting, else NotFound."""
    turn = _one(session, PaperTurn, public_id)
    policy.authorise(actor, permission, _competition(session, turn.sitting_id))
    return turn


def load_stack(session: Session, actor: Actor, public_id: str, permission: str) -> ScanStack:
    """Return the scanned stack if the actor may do this in its competition, else NotFound."""
    stack = _one(session, ScanStack, public_id)
    policy.authorise(actor, permission, session.get_one(Competition, stack.competition_id))
    return stack


def load_page(
    session: Session, actor: Actor, public_id: str, permission: str
) -> tuple[ScannedPage, ScanStack]:
    """Return the scanned page with its stack if the actor may do this in its competition, else NotFound."""
    page = _one(session, ScannedPage, public_id)
    stack = session.get_one(ScanStack, page.stack_id)
    policy.authorise(actor, permission, session.get_one(Competition, stack.competition_id))
    return page, stack


def load_call(session: Session, actor: Actor, public_id: str, permission: str) -> SeatCall:
    """Return the call of a seat if the actor may do this in its sitting, else NotFound."""
    call = _one(session, SeatCall, public_id)
    seat = session.get_one(Seat, call.seat_id)
    policy.authorise(actor, permission, competition_of(session, seat.sitting))
    return call


def load_grant(session: Session, actor: Actor, public_id: str, permission: str) -> TimeGrant:
    """Return the grant of time if the actor may do this in its sitting, else NotFound."""
    grant = _one(session, TimeGrant, public_id)
    policy.authorise(actor, permission, _competition(session, grant.sitting_id))
    return grant


def load_sanction(session: Session, actor: Actor, public_id: str, permission: str) -> Sanction:
    """Return the sanction if the actor may do this in its sitting, else NotFound."""
    sanction = _one(session, Sanction, public_id)
    seat = session.get_one(Seat, sanction.seat_id)
    policy.authorise(actor, permission, competition_of(session, seat.sitting))
    return sanction


def load_incident(session: Session, actor: Actor, public_id: str, permission: str) -> Incident:
    """Return the incident if the actor may do this in its sitting, else NotFound."""
    incident = _one(session, Incident, public_id)
    policy.authorise(actor, permission, _competition(session, incident.sitting_id))
    return incident


def load_late_ruling(session: Session, actor: Actor, public_id: str, permission: str) -> LateRuling:
    """Return the ruling on late answers if the actor may do this in its sitting, else NotFound."""
    ruling = _one(session, LateRuling, public_id)
    attempt = session.get_one(Attempt, ruling.attempt_id)
    policy.authorise(actor, permission, _competition(session, attempt.sitting_id))
    return ruling


def load_own(session: Session, actor: Actor, public_id: str) -> Candidate:
    """Return the actor's own candidacy, else NotFound."""
    candidate = _one(session, Candidate, public_id)
    policy.authorise(actor, "sittings.own", candidate)
    return candidate


def load_room(session: Session, actor: Actor, public_id: str, permission: str) -> tuple[Room, Competition]:
    """Return the room and its competition if the actor may do this there, else NotFound."""
    found = _one(session, Room, public_id)
    competition = session.get_one(Competition, found.competition_id)
    policy.authorise(actor, permission, competition)
    return found, competition


def load_browser_key(session: Session, actor: Actor, public_id: str, permission: str) -> BrowserKey:
    """Return the key if the actor may do this in its sitting, else NotFound."""
    key = _one(session, BrowserKey, public_id)
    policy.authorise(actor, permission, _competition(session, key.sitting_id))
    return key


def room(session: Session, competition: Competition, public_id: str) -> Room:
    """Return a room of this competition, else NotFound."""
    found = _one(session, Room, public_id)
    if found.competition_id != competition.id:
        raise NotFound
    return found


def competition_of(session: Session, sitting: Sitting) -> Competition:
    """Return the competition of a sitting."""
    return session.get_one(Competition, sitting.competition_id)


def _competition(session: Session, sitting_id: int) -> Competition:
    return competition_of(session, session.get_one(Sitting, sitting_id))


def _one(session: Session, model: type[Row], public_id: str) -> Row:
    found = session.scalar(select(model).filter_by(public_id=public_id))
    if found is None:
        raise NotFound
    return found
