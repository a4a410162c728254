# SPDX-License-Identifier: Apache-2.0
"""What a panel asks of its sealed record: is one kept, is its key out of the house, an entry of a ballot."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.orm import aliased

from exam_portal.accounts import queries as accounts
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import names
from exam_portal.core.actors import Role
from exam_portal.core.db import Session
from exam_portal.interviews.models import BallotModeChange, Hearing, PanelMember, PanelSession
from exam_portal.interviews.record import errors, sealing
from exam_portal.interviews.record.models import RecordKey, RecordOpening, RecordShare, SealedRecord
from scoring.ruleset import Panel
from scoring.verify.canonical import sha256_of

KEEPERS = (Role.OVERSIGHT, Role.AUTHORITY, Role.ORGANISER, Role.CHAIR, Role.SECRETARY)


def is_kept(panel: PanelSession, rule: Panel) -> bool:
    """Whether the portal keeps a sealed record: of ballots given on a screen, unless the rules keep none."""
    return panel.mode != "paper" and rule.record == "sealed"


def key_of(session: Session, panel_id: int) -> RecordKey | None:
    """Return the key of the panel's record, if it has been entrusted and holds."""
    return session.scalar(select(RecordKey).where(RecordKey.panel_id == panel_id, _holds()))


def may_be_named(panel: PanelSession, rule: Panel, key: RecordKey | None) -> bool:
    """Whether keepers can be named (again): until lots, and after them while no key is copied by all."""
    is_copied = key is not None and all(share.taken_at is not None for share in key.shares)
    return is_kept(panel, rule) and not (panel.hearings and is_copied)


def require_ready(session: Session, panel: PanelSession, rule: Panel) -> None:
    """The private half of the key lies with its keepers alone; RecordUnkept or RecordSharesWait otherwise."""
    if not is_kept(panel, rule):
        return
    key = key_of(session, panel.id)
    if key is None:
        raise errors.RecordUnkept
    if waiting := sum(share.taken_at is None for share in key.shares):
        raise errors.RecordSharesWait(waiting)
    forget(session, key)


def forget(session: Session, key: RecordKey) -> None:
    """Shares that were copied cannot be read here any more; done again, nothing happens."""
    for share in key.shares:
        if share.taken_at is not None:
            session.keys.destroy(share.key_id)


def require_no_keeper(session: Session, panel: PanelSession, account_id: int | None, name: str) -> None:
    """Nobody votes who holds a share of the record, under this account or by name; else KeeperVotes."""
    key = key_of(session, panel.id)
    if key is None:
        return
    holders = accounts.names_of(session, [share.holder for share in key.shares])
    if account_id in holders or any(names.is_one_person(name, other) for other in holders.values()):
        raise errors.KeeperVotes


def entry(session: Session, hearing: Hearing, rule: Panel, member: PanelMember, slip: str) -> str | None:
    """Return the entry of a ballot in the record; None where none is kept, RecordUnkept without a key."""
    if not is_kept(hearing.panel, rule):
        return None
    key = key_of(session, hearing.panel_id)
    if key is None:
        raise errors.RecordUnkept
    made = sealing.sealed(key.public_key, hearing=hearing.public_id, member=member.public_id, slip=slip)
    return made.hex()


def store(session: Session, hearing: Hearing, entries: Collection[str]) -> str:
    """The record of the hearing is kept, in an order that tells nothing; returns its hash for the log."""
    record = SealedRecord(hearing_id=hearing.id, entries=sorted(entries))
    session.add(record)
    session.flush()
    return sha256_of(record.entries)


def record_of(session: Session, hearing_id: int) -> SealedRecord | None:
    """Return the sealed record of a hearing, if there is one."""
    return session.scalar(select(SealedRecord).where(SealedRecord.hearing_id == hearing_id))


def openings(session: Session, hearing_ids: Collection[int]) -> Sequence[RecordOpening]:
    """Return who opened the records of these hearings and when: one query."""
    found = select(RecordOpening).where(RecordOpening.hearing_id.in_(hearing_ids))
    return session.scalars(found.order_by(RecordOpening.id)).all()


def uncopied(
    session: Session, competition_ids: Collection[int], account_id: int
) -> Sequence[Row[int, str, str]]:
    """Return competition, panel and post of each share that waits to be copied by this person: one query.

    It begins at the shares of this person that wait (``ix_record_shares_waiting``), and reads of their
    panels alone whether the key holds: it does not grow with the panels of the house.
    """
    found = select(PanelSession.competition_id, PanelSession.public_id, Vacancy.code)
    found = found.select_from(RecordShare).join(RecordKey, RecordKey.id == RecordShare.record_key_id)
    found = found.join(PanelSession, PanelSession.id == RecordKey.panel_id)
    found = found.join(Vacancy, Vacancy.id == PanelSession.vacancy_id)
    found = found.where(
        RecordShare.holder == account_id,
        RecordShare.taken_at.is_(None),
        PanelSession.competition_id.in_(competition_ids),
        _holds(),
    )
    return session.execute(found.order_by(PanelSession.id)).all()


def _holds() -> ColumnElement[bool]:
    """No later key was made for the panel, and no change to paper slips has ended this one."""
    later = aliased(RecordKey)
    is_replaced = exists().where(later.panel_id == RecordKey.panel_id, later.id > RecordKey.id)
    return ~is_replaced & ~exists().where(BallotModeChange.record_key_id == RecordKey.id)


def officers(session: Session, competition: Competition) -> list[tuple[accounts.AccountEntry, set[Role]]]:
    """Return who may keep a share, each once with the roles held here, by name."""
    people: dict[int, accounts.AccountEntry] = {}
    roles: dict[int, set[Role]] = {}
    for role in KEEPERS:
        for one in accounts.holders(
            session, role, organisation_id=competition.organisation_id, competition_id=competition.id
        ):
            people[one.id] = one
            roles.setdefault(one.id, set()).add(role)
    return [(one, roles[one.id]) for one in sorted(people.values(), key=lambda one: names.order(one.name))]
