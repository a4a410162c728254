# SPDX-License-Identifier: Apache-2.0
"""Working days in Viet Nam: deadlines of rule sets are counted in them.

Public holidays follow the Labour Code 2019, Art. 112; a fixed one that falls on a weekly day off gives the
next working day instead (Art. 111.3). Holidays of the lunar calendar and the second day of the National Day
are in the table: as announced up to 2026, reckoned from the lunar calendar after that. Working days that the
government moves to a Saturday are not known here: an organiser counts them by hand.
"""

import functools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
FIXED = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
ANNOUNCED_YEARS = frozenset({2025, 2026})

# Tết with the days given for its weekend, Giỗ Tổ Hùng Vương (10th of the 3rd lunar month), 2nd National Day.
MOVABLE: dict[int, tuple[tuple[date, date], ...]] = {
    2025: (
        (date(2025, 1, 27), date(2025, 1, 31)),
        (date(2025, 4, 7), date(2025, 4, 7)),
        (date(2025, 9, 1), date(2025, 9, 1)),
    ),
    2026: (
        (date(2026, 2, 16), date(2026, 2, 20)),
        (date(2026, 4, 26), date(2026, 4, 27)),
        (date(2026, 9, 1), date(2026, 9, 1)),
    ),
    2027: (
        (date(2027, 2, 5), date(2027, 2, 11)),
        (date(2027, 4, 16), date(2027, 4, 16)),
        (date(2027, 9, 3), date(2027, 9, 3)),
    ),
    2028: (
        (date(2028, 1, 25), date(2028, 1, 31)),
        (date(2028, 4, 4), date(2028, 4, 4)),
        (date(2028, 9, 1), date(2028, 9, 1)),
    ),
}


def is_announced(year: int) -> bool:
    """Whether the movable holidays of the year are those that were announced, not merely reckoned."""
    return year in ANNOUNCED_YEARS


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday, or the working day given for one that fell on a weekend."""
    return _is_named(day) or day in _given_instead(day.year)


def is_working_day(day: date) -> bool:
    """Whether offices work on the day: Monday to Friday, no holiday."""
    return day.weekday() < 5 and not is_holiday(day)


def add_working_days(start: date, days: int) -> date:
    """Return the day on which a period of working days ends; the day of the event does not count.

    Civil Code 2015, Art. 147: a period in days begins on the day after the event.
    """
    if days < 0:
        raise ValueError("a period does not run backwards")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after ``start`` up to and including ``end`` (0 if it is not later)."""
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


def end_of_day(day: date) -> datetime:
    """Return the last instant of a day on the clocks of Viet Nam, as deadlines in days end."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LOCAL)


def local_day(instant: datetime) -> date:
    """Return the calendar day of an instant in Viet Nam."""
    return instant.astimezone(LOCAL).date()


def _is_named(day: date) -> bool:
    movable = any(first <= day <= last for first, last in MOVABLE.get(day.year, ()))
    return movable or (day.month, day.day) in FIXED


@functools.cache
def _given_instead(year: int) -> frozenset[date]:
    """Return the working days given for fixed holidays of the year that fall on a weekend."""
    given: set[date] = set()
    for month, number in sorted(FIXED):
        day = date(year, month, number)
        if day.weekday() < 5:
            continue
        while day.weekday() >= 5 or _is_named(day) or day in given:
            day += timedelta(days=1)
        given.add(day)
    return frozenset(given)
