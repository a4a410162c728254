# SPDX-License-Identifier: Apache-2.0
"""Accounts come into being: by registration, by invitation, at a counter, by command line."""

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


def register_candidate(
    session: Session, actor: Actor, now: datetime, *, name: str, email: str, language: str
) -> None:
    """A letter is on its way to the address: with a link that opens the account, or, if the address has one
    already, with word of that. Nothing in the answer says which: who registers need not be the owner."""
    login = logins.accepted(email)
    known = by_login(session, login)
    if known is None:
        profile = Profile(name=names.normalised(name), login=login, email=login)
        known = _add(session, now, kind=AccountKind.CANDIDATE, profile=profile, language=language)
    elif known.confirmed_at is None and known.kind == AccountKind.CANDIDATE:
        old = profiles.read(session, known)
        profile = Profile(name=names.normalised(name), login=login, email=login, counter=old.counter)
        known.profile = profiles.seal(session, known.key_id, profile)
        known.language = language
    letter = letters.Kind.CONFIRM if known.confirmed_at is None else letters.Kind.EXISTS
    letters.send(session, now, account=known, kind=letter)
    _record(session, actor, now, "accounts.registration_requested", known)


def confirm_email(
    session: Session, actor: Actor, now: datetime, *, token: str, password_hash: str
) -> Account:
    """The address is confirmed and the password chosen by the one person who could read the letter."""
    account = codes.use(session, now, purpose=Purpose.CONFIRM, code=token)
    account.confirmed_at = now
    account.password_hash = password_hash
    sessions.end_all(session, account.id, now)
    _record(session, actor, now, "accounts.email_confirmed", account)
    return account


def invite_staff(
    session: Session, actor: Actor, now: datetime, *, name: str, email: str, language: str
) -> Account:
    """A staff account exists and its letter of invitation is on its way; it holds no role yet."""
    login = logins.accepted(email)
    if by_login(session, login) is not None:
        raise LoginTaken
    profile = Profile(name=names.normalised(name), login=login, email=login)
    account = _add(session, now, kind=AccountKind.STAFF, profile=profile, language=language)
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
    account = _add(session, now, kind=kind, profile=profile, language=language)
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
    account = _add(session, now, kind=AccountKind.CANDIDATE, profile=profile, language=language)
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


def _add(session: Session, now: datetime, *, kind: AccountKind, profile: Profile, language: str) -> Account:
    key_id = session.keys.create()
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
