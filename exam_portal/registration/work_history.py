# SPDX-License-Identifier: Apache-2.0
"""Quá trình công tác: where an applicant has worked, as the registration form of Nghị định 170/2025 asks."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

MONTH = r"(0?[1-9]|1[0-2])/(19|20)\d\d"
MOST_PERIODS = 12
BLANK_ROWS = 2  # offered behind what is filled in; saving a draft offers as many again


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From month to month (MM/YYYY; without an end it lasts): in which unit, as what."""

    since: str
    until: str = ""
    unit: str
    position: str = ""


def periods(rows: Iterable[Mapping[str, Any]]) -> tuple[Period, ...]:
    """Return the periods of a form or of its stored JSON; rows without any word are left out."""
    said = [
        {name: (row.get(name) or "").strip() for name in ("since", "until", "unit", "position")}
        for row in rows
    ]
    return tuple(Period(**row) for row in said if any(row.values()))


def ends_before_it_begins(since: str, until: str) -> bool:
    """Whether both months are given, and the second lies before the first."""
    return bool(since and until) and _order(until) < _order(since)


def _order(month: str) -> tuple[int, int]:
    number, year = month.split("/")
    return int(year), int(number)
