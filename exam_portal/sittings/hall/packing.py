# SPDX-License-Identifier: Apache-2.0
"""At home: one sitting with all that one laptop needs to hold it, packed for that laptop alone."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from exam_portal.accounts import actors
from exam_portal.accounts.models import Account, Organisation
from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf, Log
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Base, Session
from exam_portal.core.errors import StaleState
from exam_portal.core.ids import new_public_id
from exam_portal.core.parcels import Address, Parcels
from exam_portal.core.storage import Prepared
from exam_portal.papers import errata, opened
from exam_portal.papers import queries as papers
from exam_portal.papers.models import Paper, PaperErratum, PaperForm, PaperSeal
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Application, Candidate
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import OFFICERS, PACK, SCHEMA, SENT
from exam_portal.sittings.hall.crew import FEWEST, Crew, Slip, paper_of
from exam_portal.sittings.hall.errors import NotForHall, NotReady, TooFewOfficers
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    BrowserKey,
    Hall,
    HallSide,
    PaperTurn,
    Room,
    RoomBinding,
    Seat,
    Sitting,
)
from exam_portal.sittings.service import locking


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The file for the laptop, and what home will know of it."""

    hall: str  # its public id
    file: bytes
    sha256: str
    attempts: int
    stamp: int  # the last act that home knew of


def prepare(session: Session, *, sitting: Sitting, to: Address, crew: Crew) -> Packed:
    """Return the package for the installation with this address; it counts once ``pack`` has kept it.

    Attempts have been prepared; what is costly happens here, before the writer is taken.
    """
    locking.require_here(session, sitting.id)
    _require_ready(session, sitting, crew.slips)
    parcels, hall = Parcels.of(session.keys, session.signer), new_public_id()
    content = _content(session, sitting, parcels.address, crew)
    if len(content["attempts"]) != len(content["seats"]):
        raise NotReady
    file, sha256 = parcels.pack(PACK, hall, to.sealing, content)
    return Packed(
        hall=hall,
        file=file,
        sha256=sha256,
        attempts=len(content["attempts"]),
        stamp=_stamp(session, sitting),
    )


def pack(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    to: Address,
    crew: Crew,
    packed: Packed,
    file: Prepared | None = None,
) -> Hall:
    """The sitting is in the hands of the installation with this address, and of no other.

    StaleState where anything was done in the competition, or about people, since it was packed. ``file``
    is the package where it is to be fetched from here.
    """
    sitting = locking.sitting(session, sitting)
    _require_ready(session, sitting, crew.slips)
    if _stamp(session, sitting) != packed.stamp:
        raise StaleState
    hall = Hall(
        public_id=packed.hall,
        side=HallSide.HOME.value,
        sitting_id=sitting.id,
        name=to.name,
        signing_key=to.signing,
        sealing_key=to.sealing,
        package=bytes.fromhex(packed.sha256),
        attempts=packed.attempts,
        file_id=session.files.add(session, file, now=now).id if file else None,
        by=actor.account_id,
        at=now,
    )
    session.add(hall)
    session.flush()
    facts = {"hall": packed.hall, "package": packed.sha256, "attempts": packed.attempts}
    facts["key"] = to.signing.hex()
    locking.record(session, actor, now, sitting, "hall_packed", facts, subject=packed.hall)
    return hall


def withdraw(session: Session, actor: Actor, now: datetime, *, hall: Hall, reason: str) -> None:
    """The sitting is here again; what that laptop sends is not taken any more."""
    sitting = session.get_one(Sitting, hall.sitting_id, with_for_update=True)
    hall = session.get_one(Hall, hall.id, with_for_update=True, populate_existing=True)
    if hall.side != HallSide.HOME or hall.merged_at is not None or hall.withdrawn_at is not None:
        raise NotForHall
    hall.withdrawn_at, hall.withdrawn_by, hall.withdrawn_because = now, actor.account_id, reason
    session.flush()
    content = {"hall": hall.public_id, "reason": audit.digest(reason)}
    locking.record(session, actor, now, sitting, "hall_withdrawn", content, subject=hall.public_id)


def _stamp(session: Session, sitting: Sitting) -> int:
    """Return the last leaf about the competition or the installation: every act has one."""
    logs = select(Log.id).where(
        or_(Log.competition_id == sitting.competition_id, Log.competition_id.is_(None))
    )
    return session.scalar(select(func.max(Leaf.id)).where(Leaf.log_id.in_(logs))) or 0


def _require_ready(session: Session, sitting: Sitting, slips: Sequence[Slip]) -> None:
    found = select(Attendance.id).join(Seat).where(Seat.sitting_id == sitting.id).limit(1)
    turned = select(PaperTurn.id).where(PaperTurn.sitting_id == sitting.id).limit(1)
    has_begun = locking.events(session, sitting.id) or any(
        session.scalar(query) is not None for query in (found, turned)
    )
    if sitting.mode != "lan" or has_begun:  # what was found at a seat here would not fit what comes back
        raise NotForHall
    if (MilestoneKind.SUMMONED, "") not in competitions.reached(session, sitting.competition_id):
        raise NotReady
    paper = paper_of(session, sitting)
    if papers.is_released(session, paper.id) or not papers.is_sealed(session, paper.id):
        raise NotReady
    held = [role for slip in slips for role in slip.roles]
    holders = {slip.account_id for slip in slips if OFFICERS.intersection(slip.roles)}
    needed = FEWEST
    if paper.split is not None:
        holders &= {share.holder for share in paper.split.shares}
        needed = paper.split.threshold
    if held.count(Role.INVIGILATOR) < FEWEST or len(holders) < needed:
        raise TooFewOfficers


def _content(
    session: Session,
    sitting: Sitting,
    home: Address,
    crew: Crew,
) -> dict[str, Any]:
    """Return what travels; who has left the competition does not."""
    competition = session.get_one(Competition, sitting.competition_id)
    paper = paper_of(session, sitting)
    known = {slip.account_id for slip in crew.slips}
    candidates = _of(session, Candidate, Candidate.account_id.in_(known), competition_id=competition.id)
    seats = _of(session, Seat, Seat.candidate_id.in_([one.id for one in candidates]), sitting_id=sitting.id)
    tried = _of(session, Attempt, Attempt.seat_id.in_([one.id for one in seats]))
    found: dict[type[Base], Sequence[Any]] = {
        Organisation: _of(
            session, Organisation, Organisation.id.in_(actors.ancestors(session, competition.organisation_id))
        ),
        Competition: [competition],
        Vacancy: _of(session, Vacancy, Vacancy.id.in_({one.vacancy_id for one in candidates})),
        Candidate: candidates,
        Milestone: _of(session, Milestone, competition_id=competition.id),
        Paper: [paper],
        PaperForm: paper.forms,
        PaperSeal: paper.seals,
        PaperErratum: errata.approved(session, paper.id),
        Room: _of(session, Room, Room.id.in_({one.room_id for one in seats})),
        RoomBinding: _of(session, RoomBinding, RoomBinding.room_id.in_({one.room_id for one in seats})),
        BrowserKey: _of(session, BrowserKey, BrowserKey.withdrawn_at.is_(None), sitting_id=sitting.id),
        Sitting: [sitting],
        Seat: seats,
    }
    tables = {model.__tablename__: [rows.dump(row, SENT[model]) for row in found[model]] for model in found}
    written = {
        **tables,
        "_": SCHEMA,
        "home": {"name": home.name, "signing": home.signing.hex(), "sealing": home.sealing.hex()},
        "accounts": [_account(session, slip, crew.hashes) for slip in crew.slips],
        "grants": [_grants(slip) for slip in crew.slips if slip.roles],
        "births": _births(session, candidates),
        "paper_split": crew.split,
        "seeds": {str(form.id): rows.to_text(opened.shuffle_seed(session, form.id)) for form in paper.forms},
        "errata_keys": _errata_keys(session, paper),
        "attempts": [rows.dump(one, SENT[Attempt]) for one in tried],
    }
    named = {*_people(found), crew.split["split"]["by"]}
    written["named_only"] = _named_only(session, named - known)
    return written


def _errata_keys(session: Session, paper: Paper) -> dict[str, str]:
    """Return the keys of its corrections that cannot be locked with the paper's: it was divided before."""
    if paper.split is None:
        return {}
    found = errata.approved(session, paper.id)
    return {one.key_id: rows.to_text(session.keys.take_out(one.key_id)) for one in found}


def _of(session: Session, model: Any, *conditions: Any, **equal: Any) -> Sequence[Any]:
    return session.scalars(select(model).where(*conditions).filter_by(**equal).order_by(model.id)).all()


def _account(session: Session, slip: Slip, hashes: Mapping[int, str]) -> dict[str, Any]:
    account = session.get_one(Account, slip.account_id)
    row = rows.dump(account, SENT[Account]) | {"password_hash": hashes[account.id]}
    return {"row": row, "name": slip.name, "login": slip.login}


def _grants(slip: Slip) -> dict[str, Any]:
    return {"account": slip.account_id, "roles": [role.value for role in slip.roles]}


def _births(session: Session, candidates: Sequence[Candidate]) -> dict[str, str | None]:
    """Return the dates of birth, by application: the attendance list names the year, the card the day."""
    found = {}
    for one in candidates:
        application = session.get_one(Application, one.application_id)
        born = registration.form_of(session, application).birth_date
        found[str(application.id)] = born.isoformat() if born else None
    return found


def _people(found: Mapping[type[Base], Sequence[Any]]) -> set[int]:
    """Return whom the rows name as having done something: they travel as numbers, without a name."""
    named = ("created_by", "drawn_by", "by", "actor_id", "proposed_by", "approved_by")
    return {
        value
        for some in found.values()
        for row in some
        for name in named
        if (value := getattr(row, name, None)) is not None
    }


def _named_only(session: Session, account_ids: set[int]) -> list[dict[str, Any]]:
    found = session.scalars(select(Account).where(Account.id.in_(account_ids)).order_by(Account.id))
    return [rows.dump(one, ("id", "public_id")) for one in found]
