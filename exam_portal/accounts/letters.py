# SPDX-License-Identifier: Apache-2.0
"""Letters about an account, in its owner's language. The secret of a link is made when the letter is written:
it is never stored, neither here nor in what waits to be done."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import func, select

from exam_portal.accounts import codes, profiles
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.models import Account, OneTimeCode
from exam_portal.core import mail, outbox, translations
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings

JOB = "accounts.letter"
AT_MOST_IN_AN_HOUR = 5  # nobody's mailbox is filled by a stranger who asks again and again
NOWHERE = ".invalid"  # addresses of rehearsals: such letters never leave the installation


class Kind(enum.StrEnum):
    """Why somebody is written to."""

    CONFIRM = "confirm"  # somebody registered with this address
    EXISTS = "exists"  # the same, but the address has an account
    INVITE = "invite"  # a staff account was opened
    RESET = "reset"  # somebody asked for a new password


PURPOSES = {
    Kind.CONFIRM: Purpose.CONFIRM,
    Kind.EXISTS: Purpose.NOTHING,
    Kind.INVITE: Purpose.CONFIRM,
    Kind.RESET: Purpose.RESET,
}


def send(session: Session, now: datetime, *, account: Account, kind: Kind) -> None:
    """The letter will be written after this transaction."""
    outbox.enqueue(session, JOB, {"login_index": account.login_index.hex(), "kind": kind}, now)


def send_to_login(session: Session, now: datetime, *, login_index: bytes, kind: Kind) -> None:
    """The letter will be written if an account has this name; who asks cannot tell from the work done now."""
    outbox.enqueue(session, JOB, {"login_index": login_index.hex(), "kind": kind}, now)


@outbox.handler(JOB)
def write(job: outbox.Job) -> None:
    """The letter is queued with a fresh link, exactly once."""
    with job.database.writing() as session:
        if job.finish(session):
            _write(
                session, job.now, job.database.settings, job.payload["login_index"], Kind(job.payload["kind"])
            )


def _write(session: Session, now: datetime, settings: Settings, login_index: str, kind: Kind) -> None:
    account = session.scalar(
        select(Account).where(
            Account.login_index == bytes.fromhex(login_index), Account.disabled_at.is_(None)
        )
    )
    profile = profiles.read(session, account) if account is not None else profiles.ERASED
    if account is None or not profile.email or _too_many(session, now, account, kind):
        return
    link = f"{settings.server.base_url}{_path(session, now, settings, account, kind)}"
    knows = kind is Kind.INVITE or account.confirmed_at is not None
    name = profile.name if knows else ""  # else a stranger could send words of his own to any address
    subject, paragraphs = _words(kind, account.language, name, link, settings)
    mail.queue(
        session,
        now,
        key_id=account.key_id,
        to=profile.email,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        is_rehearsal=profile.email.endswith(NOWHERE),
    )


def _path(session: Session, now: datetime, settings: Settings, account: Account, kind: Kind) -> str:
    token = codes.new_token()
    lasts = _lasts(kind, settings)
    codes.issue(session, now, account_id=account.id, purpose=PURPOSES[kind], code=token, lasts=lasts)
    if kind is Kind.EXISTS:
        return "/sign-in"
    return f"/{'reset' if kind is Kind.RESET else 'confirm'}/{token}"


def _lasts(kind: Kind, settings: Settings) -> timedelta:
    if kind is Kind.INVITE:
        return timedelta(days=codes.INVITATION_DAYS)
    if kind is Kind.RESET:
        return timedelta(minutes=settings.accounts.reset_minutes)
    return timedelta(hours=settings.accounts.confirmation_hours)


def _too_many(session: Session, now: datetime, account: Account, kind: Kind) -> bool:
    count = session.scalar(
        select(func.count())
        .select_from(OneTimeCode)
        .where(
            OneTimeCode.account_id == account.id,
            OneTimeCode.purpose == PURPOSES[kind],
            OneTimeCode.created_at > now - timedelta(hours=1),
        )
    )
    return (count or 0) >= AT_MOST_IN_AN_HOUR


def _words(kind: Kind, language: str, name: str, link: str, settings: Settings) -> tuple[str, list[str]]:
    _ = translations.of(language).gettext
    greeting = _("Dear %(name)s,") % {"name": name} if name else _("Dear Sir or Madam,")
    if kind is Kind.CONFIRM:
        subject = _("Confirm your e-mail address")
        body = [
            _("This address was given to register on the Leadership Selection Portal."),
            _("Open this page to confirm it and to choose your password:"),
            link,
            _("The link works once, for %(hours)d hours.") % {"hours": settings.accounts.confirmation_hours},
            _("If you did not register, you need do nothing: without the link no account can be used."),
        ]
    elif kind is Kind.EXISTS:
        subject = _("You already have an account")
        body = [
            _("Somebody has tried to register with this address, which already has an account."),
            _("If it was you, sign in here; if you have forgotten your password, you can ask for a new one:"),
            link,
            _("If it was not you, you need do nothing."),
        ]
    elif kind is Kind.INVITE:
        subject = _("Your account on the Leadership Selection Portal")
        body = [
            _("An account has been opened for your duties in a selection."),
            _("Open this page to choose your password:"),
            link,
            _("The link works once, for %(days)d days.") % {"days": codes.INVITATION_DAYS},
        ]
    else:
        subject = _("Choose a new password")
        body = [
            _("Somebody has asked for a new password for your account."),
            _("Open this page to choose it:"),
            link,
            _("The link works once, for %(minutes)d minutes.") % {"minutes": settings.accounts.reset_minutes},
            _("If it was not you, you need do nothing: your password stays as it is."),
        ]
    return subject, [greeting, *body]
