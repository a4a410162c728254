# SPDX-License-Identifier: Apache-2.0
"""What the bank itself says of a draw: enemies by their tags, questions that rest, and what stays secret."""

import dataclasses
from datetime import date

from exam_portal.competitions import calendar
from exam_portal.core.db import Session
from exam_portal.items import exposure
from exam_portal.items.models import ItemBank
from exam_portal.papers.asked import Asked, holds
from exam_portal.papers.preparing import Pool
from question_bank import enemies

MONTHS = 12


def with_bank(session: Session, bank: ItemBank, asked: Asked, pool: Pool) -> Asked:
    """Return what is asked with what the bank says: groups of enemies, questions that rest, sealed places.

    Whoever was asked for by name does not rest: the board has decided it. It is written down before the seed
    is committed to, so that an opening of another paper in between changes nothing.
    """
    named = {*asked.included, *asked.chosen}
    known = {item.id for item in pool.items}
    resting = [
        name
        for name, found in exposure.exposure_in_bank(session, bank.id).items()
        if name in known - named and _rests(found, asked, pool.day)
    ]
    groups = tuple(enemies.groups(pool.items).values())
    shown = [item for item in pool.items if not item.restricted]
    sealed = tuple(place for place in sorted(asked.counts) if not any(holds(place, item) for item in shown))
    return dataclasses.replace(asked, resting=tuple(sorted(resting)), bank_enemies=groups, sealed=sealed)


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; of a day that the month has not, its last one."""
    year, month = divmod(day.year * MONTHS + day.month - 1 - months, MONTHS)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _rests(found: exposure.Exposure, asked: Asked, day: date) -> bool:
    if asked.max_exposure is not None and found.times >= asked.max_exposure:
        return True
    if not asked.cool_down_months or found.last_held is None:
        return False
    return calendar.local_day(found.last_held) > months_before(day, asked.cool_down_months)
