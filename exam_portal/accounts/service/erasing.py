# SPDX-License-Identifier: Apache-2.0
"""A person is erased: on a signed decision, by two people, once nothing is under way that needs the person.

Rows, leaves and hashes stay and stay true. What identifies the person, and all that was sealed under the
person's key, ends with that key.
"""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from exam_portal.accounts import holdings, sessions
from exam_portal.accounts.errors import ErasureDecided, ErasureExists, SamePerson, StillHolds, StillTakesPart
from exam_portal.accounts.models import Account, Erasure, OneTimeCode, RoleGrant, WebSession
from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.core import erasing
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden


def propose_erasure(
    session: Session, actor: Actor, now: datetime, *, account: Account, paper: SignedPaper
) -> Erasure:
    """The erasure waits for another person's approval; refused at once while the person is still needed."""
    account = _locked(session, account)
    by = _person(actor)
    if by == account.id:
        raise SamePerson
    if standing_erasure(session, account.id) is not None:
        raise ErasureExists
    require_free(session, account)
    erasure = Erasure(account_id=account.id, signed_paper_id=paper.id, proposed_by=by, proposed_at=now)
    session.add(erasure)
    session.flush()
    _record(session, actor, now, "accounts.erasure_proposed", account, erasure)
    return erasure


def withdraw_erasure(session: Session, actor: Actor, now: datetime, *, erasure: Erasure) -> None:
    """The proposal is off the table; the person stays."""
    account = _open(session, erasure)
    erasure.withdrawn_by, erasure.withdrawn_at = _person(actor), now
    session.flush()
    _record(session, actor, now, "accounts.erasure_withdrawn", account, erasure)


def erase_person(session: Session, actor: Actor, now: datetime, *, erasure: Erasure) -> None:
    """The person is erased: approved by somebody who has not proposed it.

    Nobody can sign in to the account, its name to sign in with is free again, nothing finds it by address or
    identity number, and its key is destroyed as soon as this transaction is committed.
    """
    account = _open(session, erasure)
    by = _person(actor)
    if by in {erasure.proposed_by, account.id}:
        raise SamePerson
    require_free(session, account)
    erasure.approved_by, erasure.approved_at = by, now
    _close(session, account, now)
    holdings.forget(session, account.id)
    session.flush()
    _record(session, actor, now, "accounts.person_erased", account, erasure)
    erasing.erase_key(session, now, account.key_id)


def require_free(session: Session, account: Account) -> None:
    """Nothing is under way that needs the person: no role, held or proposed; no competition."""
    live = select(RoleGrant.id).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
    if session.scalar(live.limit(1)) is not None:
        raise StillHolds
    open_ = [found.competition for found in holdings.of(session, account.id) if not found.is_over]
    if open_:
        raise StillTakesPart(open_[0])


def standing_erasure(session: Session, account_id: int) -> Erasure | None:
    """Return the erasure of the person that waits or was done."""
    return session.scalar(
        select(Erasure).where(Erasure.account_id == account_id, Erasure.withdrawn_at.is_(None))
    )


def _close(session: Session, account: Account, now: datetime) -> None:
    account.erased_at, account.disabled_at = now, account.disabled_at or now
    account.login_index = secrets.token_bytes(32)
    account.password_hash = account.totp_secret = account.totp_confirmed_at = None
    sessions.end_all(session, account.id, now)
    traces = update(WebSession).where(WebSession.account_id == account.id)
    session.execute(traces.values(user_agent=""))
    codes = update(OneTimeCode).where(OneTimeCode.account_id == account.id, OneTimeCode.used_at.is_(None))
    session.execute(codes.values(used_at=now))


def _locked(session: Session, account: Account) -> Account:
    return session.get_one(Account, account.id, with_for_update=True, populate_existing=True)


def _open(session: Session, erasure: Erasure) -> Account:
    """Return the person of a proposal that still waits, both read afresh under the lock on the person."""
    account = _locked(session, session.get_one(Account, erasure.account_id))
    session.refresh(erasure)
    if erasure.approved_at is not None or erasure.withdrawn_at is not None:
        raise ErasureDecided
    return account


def _person(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden("accounts.erase")
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, type_: str, account: Account, erasure: Erasure
) -> None:
    paper = session.get_one(SignedPaper, erasure.signed_paper_id)
    audit.record(
        session,
        actor,
        now,
        type=type_,
        subject=account.public_id,
        content={"account": account.public_id, "erasure": erasure.public_id, "paper": paper.public_id},
    )
