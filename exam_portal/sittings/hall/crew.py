# SPDX-License-Identifier: Apache-2.0
"""At home: who travels with a sitting to its hall, each with a slip, and how its paper is opened there."""

import dataclasses
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.passwords import Hasher
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.db import Session
from exam_portal.papers import errata, shares
from exam_portal.papers.models import Paper, PaperShare, PaperSplit
from exam_portal.registration.models import Candidate
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import OFFICERS, SENT, STAFF
from exam_portal.sittings.hall.errors import NotReady, TooFewOfficers
from exam_portal.sittings.models import Room, Seat, Sitting
from exam_portal.sittings.service import arranging

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


def crew_of(session: Session, sitting: Sitting) -> Crew:
    """Return everybody who travels with the sitting, with fresh codes.

    Hashing is slow on purpose, so this belongs before the writer.
    """
    slips, split = _locked(session, sitting, [*_staff(session, sitting), *_seated(session, sitting)])
    hasher = Hasher(1)
    hashes = {slip.account_id: hasher.hash(slip.code) for slip in slips}
    return Crew(slips=slips, hashes=hashes, split=split)


def new_code() -> str:
    """Return a code that is read from paper: ABCD-EFGH-JKMN-PQRS."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def paper_of(session: Session, sitting: Sitting) -> Paper:
    """Return the paper of the sitting, else NotReady."""
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
    paper = paper_of(session, sitting)
    if paper.split is not None:
        given = {share.holder: share.fingerprint for share in paper.split.shares}
        facts = {"threshold": paper.split.threshold, "locked": paper.split.locked}
        return list(slips), _split(facts, given, by=paper.split.by, at=paper.split.at)
    officers = [slip.account_id for slip in slips if OFFICERS.intersection(slip.roles)]
    if not FEWEST <= len(officers) <= shares.MOST:
        raise TooFewOfficers
    closed = [form.key_id for form in paper.forms]
    closed += [one.key_id for one in errata.approved(session, paper.id)]  # read with the paper, not before
    keys = {key_id: session.keys.take_out(key_id) for key_id in closed}
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
