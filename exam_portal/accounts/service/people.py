# SPDX-License-Identifier: Apache-2.0
"""Accounts come into being: by invitation, at a counter, by command line; registration has its own module."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.accounts import codes, letters, logins, profiles, sessions
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.errors import LoginTaken, NotOpenedHere
from exam_portal.accounts.models import Account, AccountKind, Organisation
from exam_portal.accounts.profiles import Profile
from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session


def invite_staff(
    session: Session, actor: Actor, now: datetime, *, name: str, email: str, language: str
) -> Account:
    """A staff account exists and its letter of invitation is on its way; it holds no role yet."""
    login = logins.accepted(email)
    if by_login(session, login) is not None:
        raise LoginTaken
    profile = Profile(name=names.normalised(name), login=login, email=login)
    account = add(session, now, kind=AccountKind.STAFF, profile=profile, language=language)
    letters.send(session, now, account=account, kind=letters.Kind.INVITE)
    _record(session, actor, now, "accounts.staff_invited", account)
    return account


def open_account(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    kind: AccountKind,
    name: str,
    login: str,
    password_hash: str,
    language: str = "vi",
    is_demonstration: bool = False,
) -> Account:
    """An account exists and can sign in at once: for the installation's own command line and its seeds."""
    accepted = logins.accepted(login)
    if by_login(session, accepted) is not None:
        raise LoginTaken
    email = accepted if logins.is_email(accepted) else ""
    profile = Profile(name=names.normalised(name), login=accepted, email=email)
    account = add(session, now, kind=kind, profile=profile, language=language)
    account.password_hash, account.confirmed_at = password_hash, now
    account.is_demonstration = is_demonstration
    session.flush()
    _record(session, actor, now, "accounts.opened", account)
    return account


def issue_counter_code(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    organisation: Organisation,
    name: str,
    phone: str,
    language: str = "vi",
) -> tuple[Account, str]:
    """An account without e-mail exists; returns it with the one-time code to print, which is nowhere else."""
    login = _free_login(session)
    profile = Profile(
        name=names.normalised(name),
        login=login,
        phone=logins.canonical(phone),
        counter=organisation.public_id,
    )
    account = add(session, now, kind=AccountKind.CANDIDATE, profile=profile, language=language)
    return account, _print_code(session, actor, now, account, organisation)


def renew_counter_code(
    session: Session, actor: Actor, now: datetime, *, organisation: Organisation, account: Account
) -> str:
    """The candidate gets a new code, the old one is void; only the counter that opened the account may."""
    if profiles.read(session, account).counter != organisation.public_id:
        raise NotOpenedHere
    return _print_code(session, actor, now, account, organisation)


def choose_language(
    session: Session, actor: Actor, now: datetime, *, account: Account, language: str
) -> None:
    """Letters and, unless this computer says otherwise, pages speak this language to the person."""
    account.language = language
    _record(session, actor, now, "accounts.language_chosen", account)


def disable_account(session: Session, actor: Actor, now: datetime, *, account: Account) -> None:
    """Nobody can sign in to the account any more; its acts and its grants stay on record."""
    account.disabled_at = account.disabled_at or now
    sessions.end_all(session, account.id, now)
    _record(session, actor, now, "accounts.disabled", account)


def by_login(session: Session, login: str) -> Account | None:
    """Return the account of this name, if there is one."""
    return session.scalar(select(Account).where(Account.login_index == logins.index(session, login)))


def _print_code(
    session: Session, actor: Actor, now: datetime, account: Account, organisation: Organisation
) -> str:
    codes.void(session, now, account_id=account.id, purpose=Purpose.COUNTER)
    code = codes.new_counter_code()
    codes.issue(
        session,
        now,
        account_id=account.id,
        purpose=Purpose.COUNTER,
        code=code,
        lasts=timedelta(days=codes.COUNTER_DAYS),
        issued_by=actor.account_id,
    )
    audit.record(
        session,
        actor,
        now,
        type="accounts.counter_code_issued",
        subject=account.public_id,
        content={"account": account.public_id, "organisation": organisation.public_id},
    )
    return code


def add(
    session: Session,
    now: datetime,
    *,
    kind: AccountKind,
    profile: Profile,
    language: str,
    key_id: str | None = None,
) -> Account:
    """An account exists under a key of its own; nobody can sign in to it yet."""
    key_id = key_id or session.keys.create()
    account = Account(
        kind=kind,
        login_index=logins.index(session, profile.login),
        key_id=key_id,
        profile=profiles.seal(session, key_id, profile),
        language=language,
        is_demonstration=False,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def _free_login(session: Session) -> str:
    while True:
        login = f"ts{secrets.randbelow(1_000_000):06d}"
        if by_login(session, login) is None:
            return login


def _record(session: Session, actor: Actor, now: datetime, type_: str, account: Account) -> None:
    audit.record(
        session, actor, now, type=type_, subject=account.public_id, content={"account": account.public_id}
    )
