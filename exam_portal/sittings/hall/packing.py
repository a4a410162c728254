# SPDX-License-Identifier: Apache-2.0
"""At home: one sitting with all that one laptop needs to hold it, packed for that laptop alone."""

import dataclasses
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import actors
from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Account, Organisation
from exam_portal.accounts.passwords import Hasher
from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Base, Session
from exam_portal.core.ids import new_public_id
from exam_portal.core.parcels import Address, Parcels
from exam_portal.papers import opened, shares
from exam_portal.papers import queries as papers
from exam_portal.papers.models import Paper, PaperForm, PaperSeal, PaperShare, PaperSplit
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Application, Candidate
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import OFFICERS, PACK, SCHEMA, SENT, STAFF
from exam_portal.sittings.hall.errors import NotForHall, NotReady, TooFewOfficers
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    BrowserKey,
    Hall,
    HallSide,
    Room,
    RoomBinding,
    Seat,
    Sitting,
)
from exam_portal.sittings.service import arranging, locking

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what is mistaken for another when read from paper
GROUPS, GROUP = 4, 4  # 16 characters: 78 bits, and slow to try
FEWEST = 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What one person takes to the hall on paper: how to sign in there, and only there."""

    account_id: int
    name: str
    roles: tuple[Role, ...]  # none: a candidate
    login: str
    code: str
    room: str = ""
    label: str = ""
    share: str = ""  # of the keys of the paper, where it was divided for this hall


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who travels: the slips for the people, and what of them the package holds. The two must not cross."""

    slips: Sequence[Slip]
    hashes: Mapping[int, str]  # of the codes, by account
    split: Mapping[str, Any]  # the keys of the paper as the package holds them: locked, and who has a share


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The file for the laptop, and what home knows of it."""

    hall: Hall
    file: bytes


def crew_of(session: Session, sitting: Sitting) -> Crew:
    """Return everybody who travels with the sitting, with fresh codes.

    Hashing is slow on purpose, so this belongs before the writer.
    """
    slips, split = _locked(session, sitting, [*_staff(session, sitting), *_seated(session, sitting)])
    hasher = Hasher(1)
    hashes = {slip.account_id: hasher.hash(slip.code) for slip in slips}
    return Crew(slips=slips, hashes=hashes, split=split)


def pack(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    to: Address,
    crew: Crew,
) -> Packed:
    """The sitting is in the hands of the installation with this address, and of no other."""
    sitting = locking.sitting(session, sitting)
    _require_ready(session, sitting, crew.slips)
    attempts.prepare_attempts(session, actor, now, sitting=sitting)
    hall = Hall(
        public_id=new_public_id(),
        side=HallSide.HOME.value,
        sitting_id=sitting.id,
        name=to.name,
        signing_key=to.signing,
        sealing_key=to.sealing,
        package=b"",
        attempts=0,
        by=actor.account_id,
        at=now,
    )
    parcels = Parcels.of(session.keys, session.signer)
    content = _content(session, sitting, parcels.address, crew)
    file, sha256 = parcels.pack(PACK, hall.public_id, to.sealing, content)
    hall.package, hall.attempts = bytes.fromhex(sha256), len(content["attempts"])
    session.add(hall)
    session.flush()
    locking.record(
        session,
        actor,
        now,
        sitting,
        "hall_packed",
        {"hall": hall.public_id, "package": sha256, "key": to.signing.hex(), "attempts": hall.attempts},
        subject=hall.public_id,
    )
    return Packed(hall=hall, file=file)


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


def new_code() -> str:
    """Return a code that is read from paper: ABCD-EFGH-JKMN-PQRS."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def _require_ready(session: Session, sitting: Sitting, slips: Sequence[Slip]) -> None:
    found = select(Attendance.id).join(Seat).where(Seat.sitting_id == sitting.id).limit(1)
    has_begun = locking.events(session, sitting.id) or session.scalar(found) is not None
    if sitting.mode != "lan" or has_begun:  # what was found at a seat here would not fit what comes back
        raise NotForHall
    if (MilestoneKind.SUMMONED, "") not in competitions.reached(session, sitting.competition_id):
        raise NotReady
    paper = _paper(session, sitting)
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


def _paper(session: Session, sitting: Sitting) -> Paper:
    if sitting.paper_id is None:
        raise NotReady
    return session.get_one(Paper, sitting.paper_id)


def _locked(
    session: Session, sitting: Sitting, slips: Sequence[Slip]
) -> tuple[list[Slip], Mapping[str, Any]]:
    """Return the keys of the paper as they travel, and the slips with the shares that belong to them.

    Where officers hold shares already (ADR 13), those open the paper in the hall, too. Otherwise the keys are
    divided for this hall: any two of its officers open it, with the words on their slips.
    """
    paper = _paper(session, sitting)
    if paper.split is not None:
        given = {share.holder: share.fingerprint for share in paper.split.shares}
        facts = {"threshold": paper.split.threshold, "locked": paper.split.locked}
        return list(slips), _split(facts, given, by=paper.split.by, at=paper.split.at)
    officers = [slip.account_id for slip in slips if OFFICERS.intersection(slip.roles)]
    if not FEWEST <= len(officers) <= shares.MOST:
        raise TooFewOfficers
    keys = {form.key_id: session.keys.take_out(form.key_id) for form in paper.forms}
    locked, words = shares.split(keys, threshold=FEWEST, count=len(officers), context=paper.public_id)
    own = dict(zip(officers, words, strict=True))
    given = {holder: shares.fingerprint(share) for holder, share in own.items()}
    facts = {"threshold": FEWEST, "locked": locked}
    split = _split(facts, given, by=sitting.created_by, at=sitting.created_at)
    return [dataclasses.replace(one, share=own.get(one.account_id, "")) for one in slips], split


def _split(
    facts: Mapping[str, Any], given: Mapping[int, bytes], *, by: int, at: datetime
) -> Mapping[str, Any]:
    row = PaperSplit(paper_id=0, by=by, at=at, **facts)
    people = [PaperShare(holder=holder, fingerprint=mark) for holder, mark in given.items()]
    columns = [name for name in SENT[PaperSplit] if name != "paper_id"]
    return {
        "split": rows.dump(row, columns),
        "shares": [rows.dump(one, SENT[PaperShare]) for one in people],
    }


def _staff(session: Session, sitting: Sitting) -> Iterator[Slip]:
    competition = session.get_one(Competition, sitting.competition_id)
    place = {"organisation_id": competition.organisation_id, "competition_id": competition.id}
    held: dict[int, tuple[str, list[Role]]] = {}
    for role in STAFF:
        for one in accounts.holders(session, role, **place):
            held.setdefault(one.id, (one.name, []))[1].append(role)
    for number, (account_id, (name, roles)) in enumerate(held.items(), start=1):
        yield Slip(
            account_id=account_id,
            name=name,
            roles=tuple(roles),
            login=f"can-bo-{number}",
            code=new_code(),
        )


def _seated(session: Session, sitting: Sitting) -> Iterator[Slip]:
    still = set(arranging.in_competition(session, sitting.competition_id))
    found = session.execute(
        select(Candidate, Seat, Room.name)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Room, Room.id == Seat.room_id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(Room.name, Seat.label)
    ).all()
    people = accounts.names_of(session, {candidate.account_id for candidate, _, _ in found})
    for candidate, seat, room in found:
        if candidate.id in still:
            yield Slip(
                account_id=candidate.account_id,
                name=people[candidate.account_id],
                roles=(),
                login=f"sbd-{candidate.candidate_no.lower()}",
                code=new_code(),
                room=room,
                label=seat.label,
            )


def _content(
    session: Session,
    sitting: Sitting,
    home: Address,
    crew: Crew,
) -> dict[str, Any]:
    """Return what travels; who has left the competition does not."""
    competition = session.get_one(Competition, sitting.competition_id)
    paper = _paper(session, sitting)
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
        "attempts": [_attempt(session, one) for one in tried],
    }
    named = {*_people(found), crew.split["split"]["by"]}
    written["named_only"] = _named_only(session, named - known)
    return written


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


def _attempt(session: Session, attempt: Attempt) -> dict[str, Any]:
    """The order travels as ciphertext; where the keys are with the officers, nobody can make it before."""
    row = rows.dump(attempt, SENT[Attempt])
    if papers.is_locked(session, session.get_one(PaperForm, attempt.form_id).paper_id):
        return row
    order = opened.sealed_order(session, attempt.form_id, attempt.public_id)
    return row | {"sealed_order": rows.to_text(order)}


def _people(found: Mapping[type[Base], Sequence[Any]]) -> set[int]:
    """Return whom the rows name as having done something: they travel as numbers, without a name."""
    named = ("created_by", "drawn_by", "by", "actor_id")
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
