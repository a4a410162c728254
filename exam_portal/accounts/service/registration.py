# SPDX-License-Identifier: Apache-2.0
"""Candidates register and confirm their address."""

import base64
import json
from datetime import datetime

from exam_portal.accounts import codes, letters, logins, profiles, sessions
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.models import Account, AccountKind
from exam_portal.accounts.profiles import Profile
from exam_portal.accounts.service import people
from exam_portal.audit import service as audit
from exam_portal.core import erasing, names, outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session

JOB = "accounts.registration"


def register_candidate(
    session: Session, actor: Actor, now: datetime, *, name: str, email: str, language: str
) -> None:
    """A letter will go to the address: with a link that opens the account, or with word that it has one.

    Nothing in the answer or in its time says which: who registers need not be the owner, and whether the
    address is known is not even looked up now.
    """
    wish = {"name": names.normalised(name), "login": logins.accepted(email), "language": language}
    key_id = session.keys.create()  # becomes the person's, if nobody has the address yet
    sealed = session.keys.seal(key_id, json.dumps(wish).encode(), JOB)
    outbox.enqueue(session, JOB, {"key": key_id, "wish": base64.b64encode(sealed).decode()}, now)
    audit.record(session, actor, now, type="accounts.registration_requested", content={})


@outbox.handler(JOB)
def carry_out(job: outbox.Job) -> None:
    """The account exists, unconfirmed, and its letter waits to be written, exactly once."""
    key_id = job.payload["key"]
    wish = json.loads(job.database.keys.open(key_id, base64.b64decode(job.payload["wish"]), JOB))
    with job.database.writing() as session:
        if job.finish(session):
            _open(session, job.now, key_id, **wish)


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


def _open(session: Session, now: datetime, key_id: str, *, name: str, login: str, language: str) -> None:
    profile = Profile(name=name, login=login, email=login)
    known = people.by_login(session, login)
    if known is None:
        known = people.add(
            session, now, kind=AccountKind.CANDIDATE, profile=profile, language=language, key_id=key_id
        )
        _record(session, SYSTEM, now, "accounts.registered", known)
    else:
        erasing.erase_key(session, now, key_id)
        if known.confirmed_at is None and known.kind == AccountKind.CANDIDATE:
            known.profile = profiles.seal(session, known.key_id, profile)  # the last wish counts so far
            known.language = language
    letter = letters.Kind.CONFIRM if known.confirmed_at is None else letters.Kind.EXISTS
    letters.send(session, now, account=known, kind=letter)


def _record(session: Session, actor: Actor, now: datetime, type_: str, account: Account) -> None:
    audit.record(
        session, actor, now, type=type_, subject=account.public_id, content={"account": account.public_id}
    )
