# SPDX-License-Identifier: Apache-2.0
"""Passwords and the second factor change."""

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from exam_portal.accounts import codes, letters, logins, sessions
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.errors import SecondFactorRefused, SignInRefused
from exam_portal.accounts.models import Account, OneTimeCode
from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden

TOTP_CONTEXT = "accounts/totp"
STEP_SECONDS = 30
DRIFT_STEPS = 1  # one step early or late: clocks of telephones differ


def change_password(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    account: Account,
    checked_hash: str | None,
    password_hash: str,
    keep_session_id: int | None,
) -> None:
    """The new password is in force and every other browser signed out.

    ``checked_hash`` is the hash against which the old password was verified: if it has changed since, the
    act is refused. A candidate who came with a printed code has none yet.
    """
    if account.password_hash != checked_hash:
        raise SignInRefused
    account.password_hash = password_hash
    codes.void(session, now, account_id=account.id, purpose=Purpose.RESET)
    sessions.end_all(session, account.id, now, except_id=keep_session_id)
    _record(session, actor, now, "accounts.password_changed", account)


def request_reset(session: Session, actor: Actor, now: datetime, *, login: str) -> None:
    """If an account has this name and an address, a letter goes there; the work here is the same if not."""
    letters.send_to_login(session, now, login_index=logins.index(session, login), kind=letters.Kind.RESET)
    audit.record(session, actor, now, type="accounts.reset_requested", content={})


def reset_password(
    session: Session, actor: Actor, now: datetime, *, token: str, password_hash: str
) -> Account:
    """The password is the one chosen by who could read the letter; every browser is signed out."""
    account = codes.use(session, now, purpose=Purpose.RESET, code=token)
    account.password_hash = password_hash
    account.confirmed_at = account.confirmed_at or now
    sessions.end_all(session, account.id, now)
    _record(session, actor, now, "accounts.password_reset", account)
    return account


def set_password(
    session: Session, actor: Actor, now: datetime, *, account: Account, password_hash: str
) -> None:
    """The installation has given the person a new password and taken the second factor off."""
    if not actor.system:
        raise Forbidden("accounts.set_password")
    account.password_hash = password_hash
    account.totp_secret, account.totp_confirmed_at = None, None
    sessions.end_all(session, account.id, now)
    _record(session, actor, now, "accounts.password_reset", account)


def prepare_second_factor(session: Session, actor: Actor, now: datetime, *, account: Account) -> str:
    """A secret waits to be confirmed by its first figures; returns it for the telephone."""
    if account.totp_confirmed_at is not None:
        raise SecondFactorRefused
    secret = pyotp.random_base32(32)
    account.totp_secret = session.keys.seal(account.key_id, secret.encode(), TOTP_CONTEXT)
    _record(session, actor, now, "accounts.second_factor_prepared", account)
    return secret


def confirm_second_factor(
    session: Session, actor: Actor, now: datetime, *, account: Account, figures: str
) -> None:
    """From now on the person signs in with the telephone's figures, too."""
    _use_figures(session, now, account, figures)
    account.totp_confirmed_at = now
    _record(session, actor, now, "accounts.second_factor_set_up", account)


def verify_second_factor(session: Session, now: datetime, *, account: Account, figures: str) -> None:
    """The figures are the telephone's present ones and are used up, or SecondFactorRefused is raised."""
    if account.totp_confirmed_at is None:
        raise SecondFactorRefused
    _use_figures(session, now, account, figures)


def remove_second_factor(
    session: Session, actor: Actor, now: datetime, *, account: Account, figures: str
) -> None:
    """The person signs in with the password alone again."""
    verify_second_factor(session, now, account=account, figures=figures)
    account.totp_secret, account.totp_confirmed_at = None, None
    _record(session, actor, now, "accounts.second_factor_removed", account)


def secret_of(session: Session, account: Account) -> str | None:
    """Return the secret that the person's telephone shares, if one was prepared."""
    if account.totp_secret is None:
        return None
    return session.keys.open(account.key_id, account.totp_secret, TOTP_CONTEXT).decode()


def _use_figures(session: Session, now: datetime, account: Account, figures: str) -> None:
    secret = secret_of(session, account)
    step = _step(secret, "".join(figures.split()), now) if secret else None
    if step is None:
        raise SecondFactorRefused
    mark = session.keys.index(f"figures|{account.id}|{step}", "accounts/code")
    if session.scalar(select(OneTimeCode.id).where(OneTimeCode.code_hash == mark)) is not None:
        raise SecondFactorRefused
    session.add(
        OneTimeCode(
            account_id=account.id,
            purpose=Purpose.FIGURES,
            code_hash=mark,
            expires_at=now + timedelta(seconds=STEP_SECONDS * (DRIFT_STEPS + 1)),
            used_at=now,
            created_at=now,
        )
    )
    session.flush()


def _step(secret: str, figures: str, now: datetime) -> int | None:
    """Return the time step to which the figures belong, None when they belong to no present one."""
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), figures)), None)


def _record(session: Session, actor: Actor, now: datetime, type_: str, account: Account) -> None:
    audit.record(
        session, actor, now, type=type_, subject=account.public_id, content={"account": account.public_id}
    )
