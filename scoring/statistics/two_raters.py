# SPDX-License-Identifier: Apache-2.0
"""Agreement of two raters who sort the same subjects into the same categories, from their cross table.

All coefficients are (pa - pe) / (1 - pe) with the same weighted agreement pa and their own chance agreement
pe: Cohen 1960 and 1968 (both raters' own margins), Scott 1955 (their mean margins), Gwet 2008 (AC1, AC2),
Brennan & Prediger 1981 (all categories alike), Krippendorff 2004 (as Scott, corrected for few subjects).
The categories are those of the table, used or not: another set gives another weighted coefficient.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from scoring.statistics.arrays import Rows, Table, UnusableTable, whole


class Weights(enum.StrEnum):
    """How much of an agreement two categories are that are not the same."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The coefficients of one table; None where agreement by chance is perfect."""

    subjects: float
    percent_agreement: float
    cohen_kappa: float | None
    scott_pi: float | None
    gwet_ac: float | None
    brennan_prediger: float | None
    krippendorff_alpha: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Cohen's kappa with its asymptotic errors (Fleiss, Cohen & Everitt 1969).

    `standard_error` is that of the estimate, `standard_error_null` the one under agreement by chance alone,
    of which `z` and the two-sided `p` are made.
    """

    value: float
    standard_error: float
    standard_error_null: float
    low: float
    high: float
    z: float | None
    p: float | None


def cross_table(first: Sequence[str], second: Sequence[str], categories: Sequence[str]) -> list[list[int]]:
    """Return how often the first rater said the row's category and the second the column's."""
    if len(first) != len(second):
        raise UnusableTable("both raters judge the same subjects")
    places = {category: place for place, category in enumerate(categories)}
    counts = [[0] * len(categories) for _ in categories]
    for one, other in zip(first, second, strict=True):
        if one not in places or other not in places:
            raise UnusableTable(f"{one!r} or {other!r} is none of the categories")
        counts[places[one]][places[other]] += 1
    return counts


def weights_of(categories: int, weights: Weights, scores: Sequence[float] | None = None) -> Table:
    """Return the matrix of weights; `scores` are the categories' places on the scale (or 0, 1, 2 …)."""
    if weights is Weights.NONE:
        return np.eye(categories)
    places = np.arange(categories, dtype=np.float64) if scores is None else np.array(scores, dtype=np.float64)
    if places.shape != (categories,) or not np.ptp(places) > 0:
        raise UnusableTable("each category has a place on the scale, and not all the same")
    apart = np.abs(places[:, None] - places[None, :]) / np.ptp(places)
    return 1 - (apart if weights is Weights.LINEAR else apart**2)


def agreement(counts: Rows, weights: Table | None = None) -> Agreement:
    """Return every coefficient of the cross table, with weights between 0 and 1 (1 on the diagonal)."""
    shares, matrix, subjects = _shares(counts, weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    both = (rows + columns) / 2
    observed = float((matrix * shares).sum())
    size = len(shares)
    spread = float((both * (1 - both)).sum())
    corrected = observed + (1 - observed) / (2 * subjects)
    by_mean = float(both @ matrix @ both)
    return Agreement(
        subjects=subjects,
        percent_agreement=observed,
        cohen_kappa=_beyond(observed, float(rows @ matrix @ columns)),
        scott_pi=_beyond(observed, by_mean),
        gwet_ac=_beyond(observed, float(matrix.sum()) / (size * (size - 1)) * spread),
        brennan_prediger=_beyond(observed, float(matrix.sum()) / size**2),
        krippendorff_alpha=_beyond(corrected, by_mean),
    )


def cohen_kappa(counts: Rows, weights: Table | None = None, *, confidence: float = 0.95) -> Kappa | None:
    """Return kappa with its errors and interval; None where agreement by chance is perfect."""
    shares, matrix, subjects = _shares(counts, weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = float(rows @ matrix @ columns)
    value = _beyond(float((matrix * shares).sum()), by_chance)
    if value is None:
        return None
    means = (matrix @ columns)[:, None] + (rows @ matrix)[None, :]
    scale = math.sqrt(subjects) * (1 - by_chance)
    spread = (
        float((shares * (matrix - means * (1 - value)) ** 2).sum()) - (value - by_chance * (1 - value)) ** 2
    )
    null = float((np.outer(rows, columns) * (matrix - means) ** 2).sum()) - by_chance**2
    error, error_null = (math.sqrt(max(one, 0.0)) / scale for one in (spread, null))
    z = value / error_null if error_null else None
    reach = float(stats.norm.isf((1 - confidence) / 2)) * error
    return Kappa(
        value=value,
        standard_error=error,
        standard_error_null=error_null,
        low=value - reach,
        high=value + reach,
        z=z,
        p=None if z is None else float(2 * stats.norm.sf(abs(z))),
    )


def _shares(counts: Rows, weights: Table | None) -> tuple[Table, Table, float]:
    found = whole(counts, least_columns=2)
    size, subjects = len(found), float(found.sum())
    matrix = np.eye(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if found.shape != (size, size) or (found < 0).any() or not subjects:
        raise UnusableTable("a square table of counts, of one subject at least")
    if matrix.shape != found.shape or ((matrix < 0) | (matrix > 1)).any():
        raise UnusableTable("a weight between 0 and 1 for each two categories")
    return found / subjects, matrix, subjects


def _beyond(observed: float, by_chance: float) -> float | None:
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else None
