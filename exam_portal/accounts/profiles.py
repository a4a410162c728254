# SPDX-License-Identifier: Apache-2.0
"""What identifies a person, sealed under the person's own key: dropping the key erases it everywhere."""

import dataclasses
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from exam_portal.accounts.models import Account
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased

CONTEXT = "accounts/profile"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Name and contacts of a person; once erased, empty but for the words that stand for the name."""

    name: str
    login: str
    email: str = ""
    phone: str = ""
    counter: str = ""  # public id of the organisation whose counter opened the account

    @property
    def is_erased(self) -> bool:
        """Whether nothing is left to say who it was."""
        return not self.login


ERASED = Profile(name=names.ERASED, login="")


def seal(session: Session, key_id: str, profile: Profile) -> bytes:
    """Return the profile encrypted under the person's key."""
    plain = json.dumps(dataclasses.asdict(profile), ensure_ascii=False, sort_keys=True)
    return session.keys.seal(key_id, plain.encode(), CONTEXT)


def read(session: Session, account: Account) -> Profile:
    """Return the profile of an account; an erased person has an empty one."""
    return _open(session, account.key_id, account.profile)


def of_accounts(session: Session, account_ids: Iterable[int]) -> Mapping[int, Profile]:
    """Return the profiles of several accounts in one query."""
    rows = session.execute(
        select(Account.id, Account.key_id, Account.profile).where(Account.id.in_(set(account_ids)))
    )
    return {row.id: _open(session, row.key_id, row.profile) for row in rows}


def _open(session: Session, key_id: str, sealed: bytes) -> Profile:
    try:
        return Profile(**json.loads(session.keys.open(key_id, sealed, CONTEXT)))
    except KeyErased:
        return ERASED
