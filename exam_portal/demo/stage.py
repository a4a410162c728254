# SPDX-License-Identifier: Apache-2.0
"""Where the demonstration plays: a transaction, a calendar that ends today, and the cast."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exam_portal.accounts import actors
from exam_portal.accounts.models import Account, Organisation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.demo.material import Person

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What every phase is played with."""

    database: Database
    session: Session
    now: datetime
    accounts: Mapping[str, Account]  # staff by login
    organisations: Mapping[str, Organisation]  # by key of the content
    password_hash: str

    def at(self, days: int, hour: int = 8, minute: int = 0) -> datetime:
        """Return an instant so many days from today, by the clocks of Viet Nam."""
        day = self.now.astimezone(HERE).date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), tzinfo=HERE).astimezone(UTC)

    def day(self, days: int) -> date:
        """Return a day so many days from today, in Viet Nam."""
        return self.at(days).astimezone(HERE).date()

    def actor(self, login: str) -> Actor:
        """Return a member of staff with the roles held now."""
        return actors.actor_of(self.session, self.accounts[login].id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A person with an account, as the phases use one."""

    account: Account
    person: Person
    login: str

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor(account_id=self.account.id, public_id=self.account.public_id, is_candidate=True)
