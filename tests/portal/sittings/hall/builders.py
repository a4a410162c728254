# SPDX-License-Identifier: Apache-2.0
"""Two installations: home with a sitting that is ready, and the laptop of the hall with what home packed."""

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import actors
from exam_portal.core.actors import SYSTEM, Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.parcels import Address, Parcels
from exam_portal.papers import service as papers
from exam_portal.papers import shares
from exam_portal.papers.models import Paper, PaperShare, PaperSplit
from exam_portal.sittings import service
from exam_portal.sittings.hall import checking, closing, coming_back, merging, opening, packing
from exam_portal.sittings.hall.crew import Slip, crew_of
from exam_portal.sittings.hall.packing import Packed
from exam_portal.sittings.models import AttendanceStatus, GrantKind, Seat, Sitting
from scoring.ruleset import RuleSet
from tests.harness.databases import settings_in
from tests.portal.competitions.pages import grant
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall
from tests.portal.sittings.computers import player_at, rules_with_a_test, seal_all, summoned

READY = START - timedelta(hours=1)
OVER = START + 61 * MINUTE
HOME_AGAIN = START + timedelta(hours=3)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Home, its people, the sitting, and what is needed to pack it again."""

    database: Database
    hall: Hall
    sitting_id: int

    def pack(self, to: Address) -> tuple[Packed, Sequence[Slip]]:
        """Pack the sitting for this address; return also everybody's slip."""
        with self.database.reading() as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            crew = crew_of(session, sitting)
            packed = packing.prepare(session, sitting=sitting, to=to, crew=crew)
        with self.database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            packing.pack(session, SYSTEM, READY, sitting=sitting, to=to, crew=crew, packed=packed)
            return packed, crew.slips

    def take_back(self, file: bytes) -> None:
        """Merge what came back."""
        with self.database.reading() as session:
            checked = checking.check(session, coming_back.read(session, file))
        with self.database.writing(unhurried=True) as session:
            merging.merge(session, SYSTEM, HOME_AGAIN, checked=checked)


def a_home(
    database: Database,
    *,
    people: int = 3,
    items: list[dict[str, Any]] | None = None,
    rules: RuleSet | None = None,
    capacity: int = 24,
    sealed: Callable[..., Paper] | None = None,
    **named: str,
) -> Home:
    """A test on the closed network is ready: sealed, seated, summoned."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=people, ruleset=rules or rules_with_a_test(), **named)
        place = hall.house.organisation.id
        for actor in (hall.house.chair, hall.house.secretary, hall.invigilator, hall.second):
            grant(session, actor, place, LISTED)
        form = attempt_builders.a_form(items=items or attempt_builders.ITEMS[:3])
        sitting = summoned(
            session, hall, part="test", form=form, mode="lan", capacity=capacity, sealed=sealed
        )
        return Home(database=database, hall=hall, sitting_id=sitting.id)


def divide(home: Home) -> dict[int, str]:
    """The keys of the paper lie with chair and secretary and no more at home; return their shares."""
    house = home.hall.house
    holders = [one.account_id for one in (house.chair, house.secretary) if one.account_id]
    with home.database.writing(unhurried=True) as session:
        paper = session.scalars(select(Paper)).one()
        keys = {form.key_id: session.keys.take_out(form.key_id) for form in paper.forms}
        locked, words = shares.split(keys, threshold=2, count=2, context=paper.public_id)
        split = PaperSplit(
            paper_id=paper.id,
            threshold=2,
            locked=locked,
            key_id=session.keys.create(),
            by=holders[0],
            at=LISTED,
        )
        split.shares = [
            PaperShare(
                holder=holder, fingerprint=shares.fingerprint(one), sealed=b"", key_id="gone", taken_at=LISTED
            )
            for holder, one in zip(holders, words, strict=True)
        ]
        session.add(split)
        for key_id in keys:
            session.keys.destroy(key_id)
    return dict(zip(holders, words, strict=True))


def address_of(database: Database) -> Address:
    """Return by what other installations know this one."""
    return Parcels.of(database.keys, database.signer).address


def a_laptop(directory: Path, template: Path) -> Database:
    """A fresh installation."""
    directory.mkdir()
    shutil.copy(template, directory / "portal.sqlite3")
    return Database(settings_in(directory, audit={"origin": "hoi-truong.example"}))


def open_on(laptop: Database, home: Database, file: bytes) -> None:
    """The laptop takes the package of home."""
    sender = address_of(home)
    parcel = opening.read(Parcels.of(laptop.keys, laptop.signer), file, sender)
    with laptop.writing(unhurried=True) as session:
        opening.install(session, READY, parcel=parcel, home=sender)


def somebody(session: Session, slips: Sequence[Slip], role: Role, number: int = 0) -> Actor:
    """Return the actor of a member of staff who travelled with the sitting."""
    found = [slip for slip in slips if role in slip.roles]
    return actors.actor_of(session, found[number].account_id)


def release(laptop: Database, slips: Sequence[Slip], *roles: Role) -> None:
    """These officers give their words to open the paper, each with the own share."""
    for role in roles:
        words = next(slip.share for slip in slips if role in slip.roles)
        with laptop.writing(unhurried=True) as session:
            paper = session.scalars(select(Paper)).one()
            officer = somebody(session, slips, role)
            papers.release_key(session, officer, START, paper=paper, opens_at=START, share=words)


def hold(laptop: Database, slips: Sequence[Slip]) -> None:
    """The test is sat: the first answers all rightly, the second one question, the third is absent."""
    release(laptop, slips, Role.CHAIR, Role.SECRETARY)
    with laptop.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        one, two = (somebody(session, slips, Role.INVIGILATOR, number) for number in (0, 1))
        first, second, third = session.scalars(select(Seat).order_by(Seat.id)).all()
        for seat in (first, second):
            status = AttendanceStatus.PRESENT
            service.check_in(session, one, START, seat=seat, status=status, identity_checked=True)
        service.check_in(session, one, START, seat=third, status=AttendanceStatus.ABSENT)
        service.start(session, one, START, sitting=sitting)
        credit = service.grant_time(
            session,
            one,
            START + 32 * MINUTE,
            sitting=sitting,
            kind=GrantKind.CREDIT,
            seconds=720,
            reason="Hỏng bộ chuyển mạch",
        )
        service.approve_credit(session, two, START + 33 * MINUTE, grant=credit)
    with laptop.reading() as session:
        first, second, _ = session.scalars(select(Seat).order_by(Seat.id)).all()
    right: dict[str, Any] = {"Q-1": "b", "Q-2": ["a", "c"], "Q-3": "CANARY-KEY"}
    for seat, answers in ((first, right), (second, {"Q-1": "b"})):
        player = player_at(laptop, seat, START + 40 * MINUTE)
        for item, answer in answers.items():
            player.answer(answer, item=item)
    over = OVER + 12 * MINUTE
    with laptop.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        service.end(session, somebody(session, slips, Role.INVIGILATOR), over, sitting=sitting)
        seal_all(session, somebody(session, slips, Role.INVIGILATOR), over, sitting)


def close(laptop: Database) -> bytes:
    """Return the results of the hall, once no late answer can come any more."""
    with laptop.writing(unhurried=True) as session:
        now = OVER + 60 * MINUTE
        return closing.close(session, SYSTEM, now, hall=closing.here(session))
