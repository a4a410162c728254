# SPDX-License-Identifier: Apache-2.0
"""In the hall: a fresh installation takes the one sitting that it will hold, with the ids of home."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from exam_portal.accounts import logins, profiles
from exam_portal.accounts.models import Account, AccountKind, Organisation, RoleGrant
from exam_portal.accounts.profiles import Profile
from exam_portal.audit import service as audit
from exam_portal.audit.models import Log
from exam_portal.competitions.models import Competition, Milestone, Vacancy
from exam_portal.core import names
from exam_portal.core.actors import SYSTEM, Role
from exam_portal.core.db import Base, Session
from exam_portal.core.ids import new_public_id
from exam_portal.core.parcels import Address, Parcel, ParcelRefused, Parcels
from exam_portal.papers.drawing import SEED
from exam_portal.papers.models import Paper, PaperErratum, PaperForm, PaperSeal, PaperShare, PaperSplit
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import Application, Candidate
from exam_portal.registration.queries import FORM_CONTEXT
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import PACK, SCHEMA, SENT
from exam_portal.sittings.hall.errors import NotEmpty, PackageRefused
from exam_portal.sittings.models import (
    Attempt,
    BrowserKey,
    Hall,
    HallSide,
    Room,
    RoomBinding,
    Seat,
    Sitting,
)
from exam_portal.sittings.service import locking

PLAIN = (
    Organisation,
    Competition,
    Vacancy,
    Candidate,
    Milestone,
    Paper,
    PaperForm,
    PaperSeal,
    PaperErratum,
    Room,
)
THEN = (Sitting, RoomBinding, BrowserKey)
ALSO = {
    "_",
    "home",
    "accounts",
    "grants",
    "births",
    "paper_split",
    "seeds",
    "errata_keys",
    "seats",
    "attempts",
    "named_only",
}
DEFAULTS: Mapping[type[Base], Mapping[str, Any]] = {
    Competition: {"description": ""},
    Milestone: {"payload": {}},
    Paper: {"blueprint": {}},
    Vacancy: {"description": ""},
}


def read(parcels: Parcels, file: bytes, home: Address) -> Parcel:
    """Return the package that this home has made for this installation, or raise PackageRefused."""
    try:
        parcel = parcels.open(file, PACK)
    except ParcelRefused as problem:
        raise PackageRefused(problem.reason) from problem
    said = parcel.content.get("home")
    own = {"name": home.name, "signing": home.signing.hex(), "sealing": home.sealing.hex()}
    if parcel.sender != home.signing or said != own:
        raise PackageRefused("sender")
    return parcel


def install(session: Session, now: datetime, *, parcel: Parcel, home: Address) -> Hall:
    """This installation holds the sitting of the package, and nothing else.

    Raises NotEmpty where anybody or anything is in it, PackageRefused where the content is not of its form.
    """
    if session.scalar(select(func.count()).select_from(Account)):
        raise NotEmpty
    try:
        return _install(session, now, parcel, home)
    except (ParcelRefused, KeyError, TypeError, ValueError) as problem:
        raise PackageRefused("shape") from problem


def _install(session: Session, now: datetime, parcel: Parcel, home: Address) -> Hall:
    tables = {model.__tablename__ for model in (*PLAIN, *THEN)}
    content = rows.only_keys(parcel.content, {*ALSO, *tables})
    if content["_"] != SCHEMA:
        raise ParcelRefused("schema")
    _insert(session, Organisation, content)
    keys = _people(session, now, content)
    _insert(session, Competition, content)
    _insert(session, Vacancy, content)
    _applications(session, now, content, keys)
    for model in (*PLAIN[3:], *THEN):
        if model is PaperForm:
            _forms(session, content)
        else:
            _insert(session, model, content)
    for key_id, key in content["errata_keys"].items():
        session.keys.put_back(key_id, rows.to_bytes(key))
    _grants(session, now, content)
    _split(session, now, content["paper_split"])
    _write(session, Seat, rows.load_all(Seat, SENT[Seat], content["seats"]))
    _attempts(session, content, keys)
    sitting = session.scalars(select(Sitting)).one()
    return _begin(session, now, parcel, home, sitting)


def _insert(session: Session, model: type[Base], content: Mapping[str, Any]) -> None:
    found = rows.load_all(model, SENT[model], content[model.__tablename__])
    _write(session, model, [row | dict(DEFAULTS.get(model, {})) for row in found])


def _forms(session: Session, content: Mapping[str, Any]) -> None:
    """Seeds of orders lie under keys of this installation; the keys of the forms come with the shares."""
    found, seeds = rows.load_all(PaperForm, SENT[PaperForm], content["paper_forms"]), content["seeds"]
    for row in found:
        key_id, seed = session.keys.create(), rows.to_bytes(seeds[str(row["id"])])
        row |= {"seed_key_id": key_id, "sealed_seed": session.keys.seal(key_id, seed, SEED)}
    _write(session, PaperForm, found)


def _write(session: Session, model: type[Base], found: Sequence[Mapping[str, Any]]) -> None:
    if found:
        session.execute(insert(model), list(found))


def _people(session: Session, now: datetime, content: Mapping[str, Any]) -> dict[int, str]:
    """Everybody has an account under a key of this installation; return the keys by account."""
    found = []
    for written in content["accounts"]:
        given = rows.only_keys(written, ("row", "name", "login"))
        row = rows.load(Account, SENT[Account], given["row"])
        profile = Profile(name=names.normalised(given["name"]), login=logins.accepted(given["login"]))
        found.append(_account(session, row | {"confirmed_at": now, "disabled_at": None}, profile))
    for written in content["named_only"]:
        row = rows.load(Account, ("id", "public_id"), written)
        known = {"kind": AccountKind.STAFF.value, "language": "vi", "created_at": now, "password_hash": None}
        profile = Profile(name="–", login=f"home-{row['public_id']}")
        found.append(_account(session, row | known | {"confirmed_at": None, "disabled_at": now}, profile))
    session.execute(insert(Account), found)
    return {row["id"]: row["key_id"] for row in found}


def _account(session: Session, row: dict[str, Any], profile: Profile) -> dict[str, Any]:
    key_id = session.keys.create()
    return row | {
        "key_id": key_id,
        "login_index": logins.index(session, profile.login),
        "profile": profiles.seal(session, key_id, profile),
        "is_demonstration": False,
    }


def _applications(
    session: Session, now: datetime, content: Mapping[str, Any], keys: Mapping[int, str]
) -> None:
    """Of a dossier only the date of birth is here."""
    born = content["births"]
    found = []
    for one in rows.load_all(Candidate, SENT[Candidate], content["candidates"]):
        day = born[str(one["application_id"])]
        form = FormContent(birth_date=date.fromisoformat(day) if day else None)
        found.append(
            {
                "id": one["application_id"],
                "competition_id": one["competition_id"],
                "vacancy_id": one["vacancy_id"],
                "account_id": one["account_id"],
                "source": "online",
                "form": session.keys.seal(keys[one["account_id"]], form.dump(), FORM_CONTEXT),
                "created_at": now,
            }
        )
    _write(session, Application, found)


def _grants(session: Session, now: datetime, content: Mapping[str, Any]) -> None:
    competition = session.scalars(select(Competition)).one()
    found = [
        {
            "account_id": given["account"],
            "role": Role(role).value,
            "organisation_id": competition.organisation_id,
            "competition_id": competition.id,
            "proposed_at": now,
            "approved_at": now,
        }
        for written in content["grants"]
        for given in [rows.only_keys(written, ("account", "roles"))]
        for role in given["roles"]
    ]
    _write(session, RoleGrant, found)


def _split(session: Session, now: datetime, written: object) -> None:
    """The keys are locked; of each share only its mark is here, so that a wrong one is noticed at once."""
    given = rows.only_keys(written, ("split", "shares"))
    columns = [name for name in SENT[PaperSplit] if name != "paper_id"]
    facts = rows.load(PaperSplit, columns, given["split"])
    paper = session.scalars(select(Paper)).one()
    split = PaperSplit(paper_id=paper.id, key_id=session.keys.create(), **facts)
    split.shares = [
        PaperShare(**row, sealed=b"", key_id=new_public_id(), taken_at=now)
        for row in rows.load_all(PaperShare, SENT[PaperShare], given["shares"])
    ]
    session.add(split)
    session.flush()


def _attempts(session: Session, content: Mapping[str, Any], keys: Mapping[int, str]) -> None:
    seated = session.execute(
        select(Seat.id, Candidate.account_id).join(Candidate, Candidate.id == Seat.candidate_id)
    )
    of_seat = {seat_id: keys[account_id] for seat_id, account_id in seated}
    found = [
        row | {"key_id": of_seat[row["seat_id"]], "seq": 0, "state": "awaiting"}
        for row in rows.load_all(Attempt, SENT[Attempt], content["attempts"])
    ]
    _write(session, Attempt, found)


def _begin(session: Session, now: datetime, parcel: Parcel, home: Address, sitting: Sitting) -> Hall:
    """The log of the hall begins: a log of its own, under the key of this installation."""
    hall = Hall(
        public_id=parcel.subject,
        side=HallSide.HALL.value,
        sitting_id=sitting.id,
        name=home.name,
        signing_key=home.signing,
        sealing_key=home.sealing,
        package=bytes.fromhex(parcel.sha256),
        attempts=len(parcel.content["attempts"]),
        at=now,
    )
    origin = origin_of(session.signer.name, parcel.subject)
    session.add_all([hall, Log(competition_id=sitting.competition_id, origin=origin, created_at=now)])
    session.flush()
    key = session.signer.public_key.hex()
    facts = {"hall": hall.public_id, "package": parcel.sha256, "origin": origin, "key": key}
    locking.record(session, SYSTEM, now, sitting, "hall_opened", facts, subject=hall.public_id)
    audit.checkpoint(session, now, competition_id=sitting.competition_id)
    return hall


def origin_of(name: str, hall: str) -> str:
    """Return the first line of the checkpoints of a hall's log."""
    return f"{name}/hall-{hall}"
