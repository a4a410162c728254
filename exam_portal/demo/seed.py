# SPDX-License-Identifier: Apache-2.0
"""The demonstration is in the database: acts of people, through the same verbs, with leaves in the record.

Seeding again changes nothing. What a phase writes is one transaction: all of it or nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.accounts import service as accounts
from exam_portal.accounts.models import Account, Organisation
from exam_portal.accounts.passwords import Hasher
from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.demo import banks, cast, guide, material
from exam_portal.demo.phases import drafting, marking, opened, panel, posted, published, sitting, vetting
from exam_portal.demo.stage import Stage
from exam_portal.items.models import ItemBank
from exam_portal.sittings import paper_times

PHASES: Mapping[str, Callable[[Stage], None]] = {
    drafting.CODE: drafting.play,
    opened.CODE: opened.play,
    vetting.CODE: vetting.play,
    sitting.CODE: sitting.play,
    marking.CODE: marking.play,
    panel.CODE: panel.play,
    posted.CODE: posted.play,
    published.CODE: published.play,
}
FOUNDED = timedelta(days=220)  # so long ago, seen from the day on which it is seeded


class NotADemonstration(Exception):
    """The installation does not say that it is a demonstration: nothing was seeded."""


def ensure(database: Database, now: datetime) -> Sequence[str]:
    """Every phase of the demonstration exists; return what to tell whoever started it."""
    if not database.settings.instance.demonstration:
        raise NotADemonstration
    paper_times.fill_hooks()  # it is seeded before any application is put together
    password_hash = _found(database, now)
    _fill_bank(database, now, password_hash)
    for code, play in PHASES.items():
        with database.writing(unhurried=True) as session:
            if not _exists(session, code):
                play(_stage(database, session, now, password_hash))
    return guide.lines(database.settings.server.base_url)


def _found(database: Database, now: datetime) -> str:
    """Authorities and staff exist; return the hash under which all can sign in."""
    with database.writing(unhurried=True) as session:
        first = accounts.by_login(session, cast.STAFF[0].login)
        if first is not None:
            return first.password_hash or ""
        password_hash = Hasher(1).hash(cast.PASSWORD)
        founded = now - FOUNDED
        organisations = cast.found_authorities(session, founded)
        cast.hire(session, founded + timedelta(days=1), organisations, password_hash)
        return password_hash


def _fill_bank(database: Database, now: datetime, password_hash: str) -> None:
    with database.writing(unhurried=True) as session:
        if session.scalar(select(ItemBank.id).limit(1)) is None:
            banks.fill(_stage(database, session, now, password_hash))


def _exists(session: Session, code: str) -> bool:
    return session.scalar(select(Competition.id).where(Competition.code == code)) is not None


def _stage(database: Database, session: Session, now: datetime, password_hash: str) -> Stage:
    return Stage(
        database=database,
        session=session,
        now=now,
        accounts=dict(_staff(session)),
        organisations=dict(_organisations(session)),
        password_hash=password_hash,
    )


def _staff(session: Session) -> Iterator[tuple[str, Account]]:
    for member in cast.STAFF:
        found = accounts.by_login(session, member.login)
        if found is not None:
            yield member.login, found


def _organisations(session: Session) -> Iterator[tuple[str, Organisation]]:
    """Yield the authorities by their keys in the content, found by their names."""
    by_name = {found.name: found for found in session.scalars(select(Organisation))}
    for authority in material.authorities():
        yield authority.key, by_name[authority.name["vi"]]
