# SPDX-License-Identifier: Apache-2.0
"""Who was erased stays erased: a key that a restored copy brought back is destroyed again."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts.models import Account
from exam_portal.audit.fsck import Difference, also
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.jobs import every

SECONDS = 600.0


@every(lambda _settings: SECONDS, "accounts.stay_erased")
def stay_erased(database: Database, now: datetime) -> None:
    """No erased person has a key."""
    with database.reading() as session:
        found = [account.key_id for account in _returned(session)]
    for key_id in found:
        database.keys.destroy(key_id)


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each erased person whose key is there: just erased, or brought back by a copy of the keys."""
    for account in _returned(session):
        yield Difference(where="accounts", code="erased", place=account.public_id)


def _returned(session: Session) -> list[Account]:
    erased = session.scalars(select(Account).where(Account.erased_at.is_not(None)).order_by(Account.id))
    return [account for account in erased if session.keys.exists(account.key_id)]
