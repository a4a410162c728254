# SPDX-License-Identifier: Apache-2.0
"""Agreement of any number of raters: intraclass correlation, Fleiss, Krippendorff, Kendall."""

import enum
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from scoring.statistics.arrays import Rows, Table, UnusableTable, table, whole

_ALIKE = 1e-12  # of the greatest value: what lies closer together differs by rounding alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Intraclass:
    """The six of Shrout & Fleiss 1979; None where nothing varies. `icc3` asks for consistency only.

    `icc1`: each subject has other raters; `icc2`: the raters are a sample; `icc3`: the raters are all there
    are; with `k` of the mean of the raters. `f1` and `f` are the F ratios behind them (one-way; two-way).
    """

    icc1: float | None
    icc2: float | None
    icc3: float | None
    icc1k: float | None
    icc2k: float | None
    icc3k: float | None
    f1: float | None
    f: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleiss:
    """Fleiss' kappa and how far the raters agree on each subject."""

    kappa: float | None
    agreement: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Kendall's W, corrected for ties and not, with Friedman's chi-square (corrected) and its p."""

    w: float
    w_without_correction: float
    chi_square: float
    freedom: int
    p: float


class Level(enum.StrEnum):
    """What differences between values mean (Stevens 1946)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def icc(ratings: Rows) -> Intraclass:
    """Return the intraclass correlations of a table of subjects by raters, each of whom rated all."""
    found = whole(ratings, least_columns=2)
    if float(np.ptp(found)) <= _ALIKE * float(np.abs(found).max()):
        return Intraclass(
            icc1=None, icc2=None, icc3=None, icc1k=None, icc2k=None, icc3k=None, f1=None, f=None
        )
    subjects, raters = found.shape
    grand, squares = found.mean(), float(((found - found.mean()) ** 2).sum())
    between = raters * float(((found.mean(axis=1) - grand) ** 2).sum())
    of_raters = subjects * float(((found.mean(axis=0) - grand) ** 2).sum())
    msb = between / (subjects - 1)
    msw = (squares - between) / (subjects * (raters - 1))
    msj = of_raters / (raters - 1)
    mse = max(squares - between - of_raters, 0.0) / ((subjects - 1) * (raters - 1))
    k, drift = raters, (msj - mse) / subjects
    return Intraclass(
        icc1=_ratio(msb - msw, msb + (k - 1) * msw),
        icc2=_ratio(msb - mse, msb + (k - 1) * mse + k * drift),
        icc3=_ratio(msb - mse, msb + (k - 1) * mse),
        icc1k=_ratio(msb - msw, msb),
        icc2k=_ratio(msb - mse, msb + drift),
        icc3k=_ratio(msb - mse, msb),
        f1=_ratio(msb, msw),
        f=_ratio(msb, mse),
    )


def fleiss_kappa(counts: Rows) -> Fleiss:
    """Return Fleiss' kappa of a table of subjects by categories: how many raters said so."""
    found = whole(counts, least_rows=1, least_columns=2)
    raters = float(found[0].sum())
    if (found < 0).any() or raters < 2 or not np.allclose(found.sum(axis=1), raters):
        raise UnusableTable("every subject has the same number of raters, two at least")
    each = ((found**2).sum(axis=1) - raters) / (raters * (raters - 1))
    by_chance = float(((found.sum(axis=0) / found.sum()) ** 2).sum())
    kappa = _ratio(float(each.mean()) - by_chance, 1 - by_chance)
    return Fleiss(kappa=kappa, agreement=tuple(float(one) for one in each))


def krippendorff_alpha(ratings: Rows, level: Level) -> float | None:
    """Return Krippendorff's alpha of a table of raters by units, None where a rater did not rate.

    Units with one rating say nothing and are left out; the answer is None where all ratings are the same.
    """
    found = table(ratings, least_rows=2)
    found = found[:, (~np.isnan(found)).sum(axis=0) >= 2]
    if not found.size:
        raise UnusableTable("no unit has two ratings")
    values = np.unique(found[~np.isnan(found)])
    if level is Level.RATIO and (values < 0).any():
        raise UnusableTable("a ratio scale has no negative value")
    together: Table = np.zeros((len(values), len(values)))
    for unit in found.T:
        together += _pairs(unit[~np.isnan(unit)], values)
    margins = together.sum(axis=1)
    apart = _DISTANCES[level](values, margins)
    expected = float((np.outer(margins, margins) * apart).sum()) / (margins.sum() - 1)
    return 1 - float((together * apart).sum()) / expected if expected else None


def kendall_w(scores: Rows) -> Concordance | None:
    """Return the concordance of a table of judges by objects; None where no judge tells objects apart."""
    found = whole(scores, least_columns=2)
    judges, objects = found.shape
    ranks = stats.rankdata(found, axis=1)
    sums = ranks.sum(axis=0)
    squares = float(((sums - sums.mean()) ** 2).sum())
    most = judges**2 * (objects**3 - objects) / 12
    ties = sum(float((counts**3 - counts).sum()) for counts in map(_tied, ranks))
    left = most - judges * ties / 12
    if left <= 0:
        return None
    w, freedom = squares / left, objects - 1
    chi_square = judges * freedom * w
    return Concordance(
        w=w,
        w_without_correction=squares / most,
        chi_square=chi_square,
        freedom=freedom,
        p=float(stats.chi2.sf(chi_square, freedom)),
    )


def trimmed_mean(values: Sequence[float], share: float) -> float:
    """Return the mean without the floor(n × share) lowest and as many highest values (R, scipy)."""
    if not 0 <= share < 0.5 or not values or not all(map(math.isfinite, values)):
        raise UnusableTable("values, and a share of 0 to under a half to leave out on each side")
    return float(stats.trim_mean(np.array(values, dtype=np.float64), share))


def _ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def _tied(ranks: Table) -> Table:
    counts: Table = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    return counts


def _pairs(unit: Table, values: Table) -> Table:
    """Return how often each two values stand together in a unit, each value counted once in all."""
    counts = (unit[:, None] == values[None, :]).sum(axis=0).astype(np.float64)
    pairs: Table = (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return pairs


def _ordinal(_values: Table, margins: Table) -> Table:
    middle = np.cumsum(margins) - margins / 2
    apart: Table = (middle[:, None] - middle[None, :]) ** 2
    return apart


def _ratio_apart(values: Table, _margins: Table) -> Table:
    sums = values[:, None] + values[None, :]
    apart = np.abs(values[:, None] - values[None, :])
    result: Table = (np.divide(apart, sums, out=np.zeros_like(sums), where=sums > 0)) ** 2
    return result


_DISTANCES: dict[Level, Callable[[Table, Table], Table]] = {
    Level.NOMINAL: lambda values, _: (values[:, None] != values[None, :]).astype(np.float64),
    Level.ORDINAL: _ordinal,
    Level.INTERVAL: lambda values, _: (values[:, None] - values[None, :]) ** 2,
    Level.RATIO: _ratio_apart,
}
