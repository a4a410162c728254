# SPDX-License-Identifier: Apache-2.0
"""Working days in Viet Nam."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_portal.competitions import calendar

DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # Giỗ Tổ on a Sunday gives the Monday
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # 30/4 and 1/5 before a weekend
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết
        (date(2026, 8, 31), 1, date(2026, 9, 3)),  # 1 and 2 September
        (date(2027, 4, 29), 1, date(2027, 5, 4)),  # 1/5 on a Saturday gives Monday 3/5
        (date(2027, 12, 31), 1, date(2028, 1, 4)),  # 1/1 on a Saturday gives Monday 3/1
    ],
)
def test_a_period_of_working_days_ends_where_the_calendar_says(start: date, days: int, end: date) -> None:
    assert calendar.add_working_days(start, days) == end


@given(DAYS, st.integers(min_value=1, max_value=40))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    end = calendar.add_working_days(start, days)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == days


@given(DAYS)
def test_no_working_day_is_a_holiday_or_a_weekend(day: date) -> None:
    if calendar.is_working_day(day):
        assert day.weekday() < 5
        assert not calendar.is_holiday(day)


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        calendar.add_working_days(date(2026, 11, 23), -1)


def test_a_deadline_in_days_ends_with_the_day_in_viet_nam() -> None:
    end = calendar.end_of_day(date(2026, 11, 23))
    assert end.isoformat() == "2026-11-23T23:59:59+07:00"
    assert calendar.local_day(end) == date(2026, 11, 23)


def test_only_announced_years_are_called_announced() -> None:
    assert calendar.is_announced(2026)
    assert not calendar.is_announced(2028)
