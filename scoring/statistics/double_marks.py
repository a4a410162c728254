# SPDX-License-Identifier: Apache-2.0
"""Scripts that two people marked: how far the two marks lie apart, and how consistent they are.

The coefficients are those of the marks on their own scale: the weighted kappa with quadratic weights needs no
categories there (it is Lin's concordance coefficient, 1989), alpha is Krippendorff's for intervals, and the
intraclass correlations are the one-way ones, which hold whoever the two were; where the same two marked all
scripts, `crossed` has all six of Shrout & Fleiss and Kendall's W beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.statistics import agreement
from scoring.statistics.arrays import Table, UnusableTable

NEAR = 20  # two marks are near each other at this part of the scale or less
BINS = 10
BANDS = 5  # equal bands of the scale, for Fleiss' kappa


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One of the two marks: by whom, and the place of the script in the order in which that person marked."""

    marker: str
    value: float
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A script with its two marks, by two different people."""

    script: str
    first: Given
    second: Given

    @property
    def difference(self) -> float:
        """The first mark less the second."""
        return self.first.value - self.second.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """How many pairs lie at least `low` and less than `high` apart; the last bin has no end."""

    low: float
    high: float | None
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """How close the marks of pairs are; a coefficient is None where the marks do not vary."""

    pairs: int
    mean: float  # of the distances
    signed: float  # of the differences: first less second
    sd: float  # of the differences
    greatest: float
    exact: float  # share of pairs with equal marks
    near_within: float
    near: float  # share of pairs within that distance
    bins: tuple[Bin, ...]
    qwk: float | None
    alpha: float | None
    fleiss: float | None
    icc1: float | None
    icc1k: float | None
    crossed: agreement.Intraclass | None
    concordance: float | None


def closeness(pairs: Sequence[Pair], *, maximum: float, step: float) -> Closeness:
    """Return how close the pairs are; UnusableTable where there are fewer than two."""
    if len(pairs) < 2:
        raise UnusableTable("at least two pairs are needed")
    table = np.array([[one.first.value, one.second.value] for one in pairs])
    differences, distances = table[:, 0] - table[:, 1], np.abs(table[:, 0] - table[:, 1])
    within = max(step, maximum / NEAR)
    one_way = agreement.icc(table.tolist())
    crossed = _crossed(pairs)
    return Closeness(
        pairs=len(pairs),
        mean=float(distances.mean()),
        signed=float(differences.mean()),
        sd=float(differences.std(ddof=1)),
        greatest=float(distances.max()),
        exact=float((distances < step / 2).mean()),
        near_within=within,
        near=float((distances < within + step / 2).mean()),
        bins=_bins(distances, within=within, step=step),
        qwk=quadratic_kappa(table),
        alpha=_alpha(table),
        fleiss=_fleiss(table, maximum),
        icc1=one_way.icc1,
        icc1k=one_way.icc1k,
        crossed=agreement.icc(crossed) if crossed else None,
        concordance=_concordance(crossed),
    )


def quadratic_kappa(table: Table) -> float | None:
    """Return kappa with quadratic weights of two columns of marks, on the scale itself."""
    one, other = table[:, 0], table[:, 1]
    by_chance = float(one.var() + other.var() + (one.mean() - other.mean()) ** 2)
    return 1 - float(((one - other) ** 2).mean()) / by_chance if by_chance > 1e-12 else None


def _bins(distances: Table, *, within: float, step: float) -> tuple[Bin, ...]:
    """Return the distances in bins of half of what is near, but of one step at least."""
    width = step * max(1, round(within / 2 / step))
    places = np.minimum((distances + step / 1000) // width, BINS - 1).astype(int)
    counts = np.bincount(places, minlength=BINS)
    return tuple(
        Bin(low=one * width, high=(one + 1) * width if one < BINS - 1 else None, pairs=int(counts[one]))
        for one in range(BINS)
    )


def _alpha(table: Table) -> float | None:
    """Return Krippendorff's alpha for intervals: one less the spread within pairs over the spread in all."""
    apart = 2 * float(table.var(ddof=1))
    return 1 - float(((table[:, 0] - table[:, 1]) ** 2).mean()) / apart if apart > 1e-12 else None


def _fleiss(table: Table, maximum: float) -> float | None:
    """Return Fleiss' kappa of the fifth of the scale into which each mark falls."""
    bands = np.minimum(table * BANDS // maximum, BANDS - 1).astype(int)
    return agreement.fleiss_kappa([np.bincount(row, minlength=BANDS).tolist() for row in bands]).kappa


def _crossed(pairs: Sequence[Pair]) -> list[list[float]]:
    """Return scripts by markers where the same two marked all, else nothing."""
    two = sorted({one.first.marker for one in pairs} | {one.second.marker for one in pairs})
    if len(two) > 2:
        return []
    return [
        [one.value for one in sorted((pair.first, pair.second), key=lambda each: each.marker)]
        for pair in pairs
    ]


def _concordance(crossed: list[list[float]]) -> float | None:
    found = agreement.kendall_w(list(zip(*crossed, strict=True))) if crossed else None
    return found.w if found else None
