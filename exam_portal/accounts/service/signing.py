# SPDX-License-Identifier: Apache-2.0
"""Signing in and out. Secrets are checked before the writer is asked for; here the outcome becomes a fact."""

from collections.abc import Mapping
from datetime import datetime

from exam_portal.accounts import codes, sessions, throttle
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.errors import SignInRefused
from exam_portal.accounts.models import Account, AccountKind
from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session


def take_attempt(
    session: Session, now: datetime, *, counted: Mapping[bytes, int], rules: throttle.Rules
) -> None:
    """The attempt counts as a failure until it succeeds; raises Throttled when there have been too many.

    This is no act of a person yet, so it leaves no leaf: guessers must not be able to fill the record.
    """
    throttle.take(session, now, counted, rules)


def sign_in(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    account_id: int,
    password_hash: str,
    counted: Mapping[bytes, int],
    method: str = "password",
) -> Account:
    """The person has signed in; raises SignInRefused when the account was disabled or its password changed
    since it was checked."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None or account.disabled_at is not None or account.password_hash != password_hash:
        raise SignInRefused
    throttle.give_back(session, counted)
    _record(session, _as(actor, account), now, "accounts.signed_in", account, method=method)
    return account


def sign_in_with_code(
    session: Session, actor: Actor, now: datetime, *, code: str, counted: Mapping[bytes, int]
) -> Account:
    """The printed code is used up and the candidate signed in; a password has to be chosen next."""
    account = codes.use(session, now, purpose=Purpose.COUNTER, code=code)
    if account.kind != AccountKind.CANDIDATE:
        raise SignInRefused
    account.confirmed_at = account.confirmed_at or now
    throttle.give_back(session, counted)
    _record(session, _as(actor, account), now, "accounts.signed_in", account, method="code")
    return account


def sign_out(session: Session, actor: Actor, now: datetime, *, session_id: int) -> None:
    """The browser is signed out."""
    sessions.end(session, session_id, now)
    audit.record(
        session,
        actor,
        now,
        type="accounts.signed_out",
        subject=actor.public_id,
        content={"account": actor.public_id},
    )


def end_sessions(
    session: Session, actor: Actor, now: datetime, *, account: Account, keep_session_id: int | None
) -> None:
    """Every other browser of the person is signed out."""
    sessions.end_all(session, account.id, now, except_id=keep_session_id)
    _record(session, actor, now, "accounts.sessions_ended", account)


def _as(actor: Actor, account: Account) -> Actor:
    """Return the person as actor: when the request arrived nobody had signed in."""
    return actor if actor.is_known else Actor(account_id=account.id, public_id=account.public_id)


def _record(session: Session, actor: Actor, now: datetime, type_: str, account: Account, **more: str) -> None:
    audit.record(
        session,
        actor,
        now,
        type=type_,
        subject=account.public_id,
        content={"account": account.public_id, **more},
    )
