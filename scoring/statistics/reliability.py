# SPDX-License-Identifier: Apache-2.0
"""Internal consistency of a test: alpha (Cronbach 1951), KR-20, and what follows from them.

All variances with ddof = 1; KR-20 with population variances is the same number, and mixing the two is not.
Alpha can be negative; it is given as it is.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from scoring.statistics.arrays import Rows, Table, UnusableTable, deviations, table, variance, whole

Missing = Literal["listwise", "pairwise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Alpha with its confidence interval (Feldt 1965), from so many persons and items.

    The interval counts every person in the table, also those with a gap, as R's psych and pingouin do.
    """

    value: float
    low: float
    high: float
    persons: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreStatistics:
    """The totals of a test; None where the totals have no variance (or too few people sat)."""

    persons: int
    mean: float
    median: float
    sd: float
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None


def cronbach_alpha(scores: Rows, *, missing: Missing = "listwise", confidence: float = 0.95) -> Alpha | None:
    """Return alpha of a table of persons by items; None where the totals have no variance.

    `missing` leaves out persons with a gap (listwise), or takes each covariance from those who have both
    items (pairwise).
    """
    found = table(scores, least_columns=2)
    persons, items = found.shape
    if missing == "listwise":
        found = found[~np.isnan(found).any(axis=1)]
    value = _alpha(_covariances(found))
    if value is None:
        return None
    freedom = (persons - 1, (persons - 1) * (items - 1))
    tail = (1 - confidence) / 2
    return Alpha(
        value=value,
        low=1 - (1 - value) * float(stats.f.isf(tail, *freedom)),
        high=1 - (1 - value) * float(stats.f.isf(1 - tail, *freedom)),
        persons=persons,
        items=items,
    )


def alpha_if_deleted(scores: Rows) -> tuple[float | None, ...]:
    """Return, for each item, alpha of the test without it."""
    found = _covariances(whole(scores, least_columns=3))
    every = np.arange(len(found))
    return tuple(_alpha(found[np.ix_(every != one, every != one)]) for one in every)


def kr20(scores: Rows) -> float | None:
    """Return Kuder-Richardson's formula 20 of a table of zeros and ones; None where no totals differ."""
    found = whole(scores, least_columns=2)
    if not np.isin(found, (0.0, 1.0)).all():
        raise UnusableTable("an item is neither right (1) nor wrong (0)")
    items, right = found.shape[1], found.mean(axis=0)
    spread = float(np.var(found.sum(axis=1)))
    return items / (items - 1) * (1 - float((right * (1 - right)).sum()) / spread) if spread else None


def standard_error(reliability: float, sd: float) -> float:
    """Return the standard error of measurement; larger than the spread where reliability is negative."""
    return sd * error_ratio(reliability)


def error_ratio(reliability: float) -> float:
    """Return the standard error of measurement over the spread; 0 where rounding put reliability above 1."""
    return math.sqrt(max(1 - reliability, 0.0))


def score_statistics(marks: Rows) -> ScoreStatistics:
    """Return the statistics of the totals of a table of persons by items (k-statistics, as Moodle)."""
    found = whole(marks)
    totals: Table = found.sum(axis=1)
    sd = math.sqrt(variance(totals))
    consistency = _alpha(_covariances(found)) if found.shape[1] > 1 else None
    return ScoreStatistics(
        persons=len(totals),
        mean=float(totals.mean()),
        median=float(np.median(totals)),
        sd=sd,
        skewness=_standardised(totals, 3),
        kurtosis=_standardised(totals, 4),
        consistency=consistency,
        error_ratio=None if consistency is None else error_ratio(consistency),
        standard_error=None if consistency is None else standard_error(consistency, sd),
    )


def _covariances(found: Table) -> Table:
    """Return the covariance of each two items over the persons who have both."""
    items = found.shape[1]
    made = np.empty((items, items))
    for one in range(items):
        for other in range(one, items):
            both = ~np.isnan(found[:, one]) & ~np.isnan(found[:, other])
            made[one, other] = made[other, one] = _covariance(found[both, one], found[both, other])
    return made


def _covariance(one: Table, other: Table) -> float:
    if len(one) < 2:
        raise UnusableTable("two items have fewer than two persons in common")
    return float(deviations(one) @ deviations(other)) / (len(one) - 1)


def _alpha(covariances: Table) -> float | None:
    items, spread = len(covariances), float(covariances.sum())
    if spread <= 0:
        return None
    return items / (items - 1) * (1 - float(np.trace(covariances)) / spread)


def _standardised(values: Table, order: Literal[3, 4]) -> float | None:
    """Return k3 / k2^1.5 or k4 / k2^2; None for too few values or without variance."""
    if len(values) < order or not np.ptp(values):
        return None
    second, kth = float(stats.kstat(values, 2)), float(stats.kstat(values, order))
    return kth / math.pow(second, order / 2)
