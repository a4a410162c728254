# SPDX-License-Identifier: Apache-2.0
"""Single-use secrets: links in mails and codes printed at the counter. Only a keyed hash is kept."""

import enum
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from exam_portal.accounts.errors import CodeRefused
from exam_portal.accounts.models import Account, OneTimeCode
from exam_portal.core.db import Session

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what is mistaken for another when read from paper
GROUPS, GROUP = 3, 4  # 12 characters: 59 bits
COUNTER_DAYS = 30
INVITATION_DAYS = 14


class Purpose(enum.StrEnum):
    """What a code is good for."""

    CONFIRM = "confirm"
    RESET = "reset"
    COUNTER = "counter"
    FIGURES = "figures"  # six figures of the second factor that have been used
    NOTHING = "nothing"  # a letter without a link: it is counted like the others


def new_token() -> str:
    """Return 256 random bits for a link."""
    return secrets.token_urlsafe(32)


def new_counter_code() -> str:
    """Return a code that is read from paper: ABCD-EFGH-JKMN."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def canonical(code: str) -> str:
    """Return the code as it was made, however it was typed."""
    return "".join(code.split()).replace("-", "").upper().replace("O", "0").replace("I", "1")


def issue(
    session: Session,
    now: datetime,
    *,
    account_id: int,
    purpose: Purpose,
    code: str,
    lasts: timedelta,
    issued_by: int | None = None,
) -> OneTimeCode:
    """The code opens this account once. Older ones stay good until one is used: a stranger who asks for a
    letter must not be able to spoil the one that the owner is just reading."""
    row = OneTimeCode(
        account_id=account_id,
        purpose=purpose,
        code_hash=_hash(session, purpose, code),
        issued_by=issued_by,
        expires_at=now + lasts,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def look(session: Session, now: datetime, *, purpose: Purpose, code: str) -> Account:
    """Return the account that the code opens, without using it, or raise CodeRefused."""
    account = session.scalar(
        select(Account)
        .join(OneTimeCode, OneTimeCode.account_id == Account.id)
        .where(
            OneTimeCode.code_hash == _hash(session, purpose, code),
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
            Account.disabled_at.is_(None),
        )
    )
    if account is None:
        raise CodeRefused
    return account


def use(session: Session, now: datetime, *, purpose: Purpose, code: str) -> Account:
    """The code is used up, with the others of its purpose; of two users at once, one gets CodeRefused."""
    account = look(session, now, purpose=purpose, code=code)
    used = session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.code_hash == _hash(session, purpose, code), OneTimeCode.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeCode.id)
    )
    if used.first() is None:
        raise CodeRefused
    void(session, now, account_id=account.id, purpose=purpose)
    return account


def void(session: Session, now: datetime, *, account_id: int, purpose: Purpose) -> None:
    """No code of this purpose opens the account any more."""
    session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.account_id == account_id,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=now)
    )


def _hash(session: Session, purpose: Purpose, code: str) -> bytes:
    form = canonical(code) if purpose is Purpose.COUNTER else code
    return session.keys.index(f"{purpose}|{form}", "accounts/code")
