# SPDX-License-Identifier: Apache-2.0
"""How many markers would be needed: a decision study of scripts of which each has other markers.

Markers are nested in scripts, p × (r : p) of Brennan 2001: of the one-way analysis of variance come the
variance between scripts and that within them, and with n markers the mean of their marks has the coefficient
between / (between + within / n). With one facet and the same markers throughout, `generalizability` tells the
markers' own part in the variance within.
"""

import math
from dataclasses import dataclass

from scoring.statistics.arrays import Rows, whole

AIM = 0.9  # a coefficient on which decisions about single people are commonly rested (Nunnally 1978)
MOST = 6
MOST_NEEDED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For 1, 2, 3 … markers: the coefficient of their mean mark, and the standard error of that mark."""

    between: float
    within: float
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    needed: int | None  # markers for the aim; None where a hundred would not do


def plan_markers(marks: Rows) -> Plan | None:
    """Return the plan from scripts by marks; None where scripts do not differ beyond their marks."""
    found = whole(marks, least_columns=2)
    each = found.shape[1]
    within = float(found.var(axis=1, ddof=1).mean())
    between = max(float(found.mean(axis=1).var(ddof=1)) - within / each, 0.0)
    if between <= 1e-12:
        return None
    counts = range(1, MOST + 1)
    needed = max(1, math.ceil(round(AIM * within / ((1 - AIM) * between), 9)))
    return Plan(
        between=between,
        within=within,
        coefficients=tuple(between / (between + within / count) for count in counts),
        errors=tuple(math.sqrt(within / count) for count in counts),
        needed=needed if needed <= MOST_NEEDED else None,
    )
