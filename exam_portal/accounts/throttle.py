# SPDX-License-Identifier: Apache-2.0
"""Guessing is slowed down per name and network, and per network; a stranger elsewhere locks nobody out.

An attempt is counted before the secret is looked at, so that guesses sent at the same instant all count. What
succeeded is given back.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, case, null, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from exam_portal.accounts.errors import Throttled
from exam_portal.accounts.models import SignInThrottle
from exam_portal.core import networks
from exam_portal.core.db import Session

NETWORK_FACTOR = 50  # a hall full of candidates shares one address
CODE_FACTOR = 4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How many failures within the delay are borne, and how long the delay is."""

    failures: int
    delay: timedelta


def subjects(
    session: Session, *, login: str, address: str, rules: Rules, is_hall: bool = False
) -> Mapping[bytes, int]:
    """Return what an attempt with this name from this address counts against, each with its limit.

    In a hall only the name counts: whoever fails there on purpose must not keep hundreds of others out.
    """
    place = networks.of(address)
    pair = {session.keys.index(f"pair|{login}|{place}", "accounts/throttle"): rules.failures}
    return (
        pair
        if is_hall
        else pair
        | {
            session.keys.index(f"network|{place}", "accounts/throttle"): rules.failures * NETWORK_FACTOR,
        }
    )


def code_subjects(
    session: Session, *, address: str, rules: Rules, is_hall: bool = False
) -> Mapping[bytes, int]:
    """Return what a try of a one-time code counts against: nothing in a hall, where 59 bits are enough."""
    subject = session.keys.index(f"codes|{networks.of(address)}", "accounts/throttle")
    return {} if is_hall else {subject: rules.failures * CODE_FACTOR}


def second_factor_subject(session: Session, *, account_id: int, rules: Rules) -> Mapping[bytes, int]:
    """Return what a try of six figures counts against; only who knows the password comes so far."""
    return {session.keys.index(f"figures|{account_id}", "accounts/throttle"): rules.failures}


def take(session: Session, now: datetime, counted: Mapping[bytes, int], rules: Rules) -> None:
    """One more attempt is counted against each subject, or Throttled says when to come again.

    Counting and asking are one statement per subject, always in the same order: of attempts at the same
    instant each sees those before it. What a refused attempt counted goes with its transaction; the block
    that refused it stays.
    """
    until = [_count(session, now, subject, counted[subject], rules) for subject in sorted(counted)]
    refused = [instant for instant in until if instant is not None]
    if refused:
        raise Throttled(max(refused), now)


def give_back(session: Session, counted: Mapping[bytes, int]) -> None:
    """The attempt succeeded: it does not count."""
    session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.subject.in_(counted), SignInThrottle.failures > 0)
        .values(failures=SignInThrottle.failures - 1, blocked_until=null())
    )


def _count(session: Session, now: datetime, subject: bytes, limit: int, rules: Rules) -> datetime | None:
    """Count the attempt; return until when the subject is refused, None when this attempt is still borne."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = SignInThrottle
    is_blocked = row.blocked_until > now
    begins_anew = and_(
        row.window_started_at <= now - rules.delay, or_(row.blocked_until.is_(None), ~is_blocked)
    )
    found = session.execute(
        dialect.insert(row)
        .values(subject=subject, failures=1, window_started_at=now, blocked_until=None)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "failures": case((begins_anew, 1), else_=row.failures + 1),
                "window_started_at": case((begins_anew, now), else_=row.window_started_at),
                "blocked_until": case(
                    (begins_anew, null()),
                    (is_blocked, row.blocked_until),
                    (row.failures + 1 >= limit, now + rules.delay),
                    else_=null(),
                ),
            },
        )
        .returning(row.failures, row.blocked_until)
    ).one()
    return (found.blocked_until or now + rules.delay) if found.failures > limit else None
