# SPDX-License-Identifier: Apache-2.0
"""Ranks of numbers by five conventions for ties. A candidate's place is not made here (`scoring.ranking`)."""

import enum
from collections.abc import Sequence

from scipy import stats

from scoring.statistics.arrays import UnusableTable


class Ties(enum.StrEnum):
    """Which place equal values share."""

    COMPETITION = "min"  # 1 2 2 4
    MODIFIED = "max"  # 1 3 3 4
    DENSE = "dense"  # 1 2 2 3
    ORDINAL = "ordinal"  # 1 2 3 4, in the order given
    FRACTIONAL = "average"  # 1 2.5 2.5 4


def ranks(values: Sequence[float], ties: Ties, *, highest_first: bool = False) -> tuple[float, ...]:
    """Return the place of each value, the lowest (or the highest) first."""
    if any(value != value for value in values):  # noqa: PLR0124 - the one value that is not itself is NaN
        raise UnusableTable("a value is missing")
    ordered = [-value for value in values] if highest_first else list(values)
    return tuple(float(one) for one in stats.rankdata(ordered, method=ties.value))
