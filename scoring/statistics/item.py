# SPDX-License-Identifier: Apache-2.0
"""Classical item statistics, as Moodle computes them (its quiz statistics report), and options one by one.

With x the marks of an item, T the totals and o = T - x the rest; variances and covariances with ddof = 1:
facility = mean(x) / max; discrimination index = r(x, o); discriminative efficiency = cov(x, o) over the
covariance that x and o would have if both were in order; effective weight = sqrt(cov(x, T)) over the sum of
these over all items. A number that does not exist (no variance, a negative covariance) is None, not 0.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.statistics.arrays import Rows, Table, UnusableTable, correlation, covariance, variance, whole

FEW = 30  # below this many persons a statistic of an item says little, and no flag is raised
TOO_HARD, TOO_EASY = 0.20, 0.95  # facilities; Haladyna & Rodriguez 2013, ch. 17 give the like
WEAK = 0.15  # a discrimination below this; Ebel & Frisbie 1991 call an item under .19 poor
UNUSED = 0.05  # a distractor that fewer choose attracts nobody (Haladyna & Downing 1993)


class Flag(enum.StrEnum):
    """What a person should look at."""

    KEY_SUSPECT = "key_suspect"  # the key may be wrong: better people, or nearly all, chose otherwise
    AGAINST = "against"  # who did better on the rest did worse here
    WEAK = "weak"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    UNUSED_OPTION = "unused_option"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatistics:
    """The statistics of one item; shares lie between 0 and 1, correlations between -1 and 1."""

    persons: int
    facility: float | None
    sd: float
    discrimination: float | None
    efficiency: float | None
    effective_weight: float | None
    intended_weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionStatistics:
    """How often an option was chosen, and by whom: its point-biserial with the rest and with the total."""

    option: str
    chosen: int
    share: float
    mean_rest: float | None
    point_biserial: float | None
    point_biserial_total: float | None


def item_statistics(marks: Rows, maximum: Sequence[float]) -> tuple[ItemStatistics, ...]:
    """Return the statistics of each column of a table of persons by items; an item not answered earned 0."""
    table = whole(marks, least_rows=2)
    if len(maximum) != table.shape[1] or any(most < 0 or not math.isfinite(most) for most in maximum):
        raise UnusableTable("each item has a maximum of 0 or more")
    totals: Table = table.sum(axis=1)
    weights = _effective_weights(table, totals)
    return tuple(
        _of_item(table[:, column], totals, most, sum(maximum), weights[column])
        for column, most in enumerate(maximum)
    )


def option_statistics(
    chosen: Sequence[str | None], options: Sequence[str], earned: Sequence[float], totals: Sequence[float]
) -> tuple[OptionStatistics, ...]:
    """Return the statistics of each option, from what each person chose (None: nothing) and earned."""
    item, total = np.array(earned, dtype=np.float64), np.array(totals, dtype=np.float64)
    if not len(chosen) == len(item) == len(total) or len(chosen) < 2:
        raise UnusableTable("a choice, a mark and a total are needed of each of two persons or more")
    if unknown := {one for one in chosen if one is not None} - set(options):
        raise UnusableTable(f"no option of the item: {', '.join(sorted(unknown))}")
    rest = total - item
    return tuple(_of_option(option, chosen, rest, total) for option in options)


def flags(
    item: ItemStatistics, options: Sequence[OptionStatistics] = (), key: str | None = None
) -> tuple[Flag, ...]:
    """Return what a person should look at; nothing where fewer than `FEW` people sat."""
    if item.persons < FEW:
        return ()
    found = [
        (Flag.KEY_SUSPECT, key is not None and preferred(options, key) is not None),
        (Flag.AGAINST, item.discrimination is not None and item.discrimination < 0),
        (Flag.WEAK, item.discrimination is not None and 0 <= item.discrimination < WEAK),
        (Flag.TOO_HARD, item.facility is not None and item.facility < TOO_HARD),
        (Flag.TOO_EASY, item.facility is not None and item.facility > TOO_EASY),
        (Flag.UNUSED_OPTION, any(one.option != key and one.share < UNUSED for one in options)),
    ]
    return tuple(flag for flag, is_so in found if is_so)


def _of_item(
    marks: Table, totals: Table, most: float, sum_of_most: float, weight: float | None
) -> ItemStatistics:
    rest = totals - marks
    best = covariance(np.sort(marks), np.sort(rest))
    return ItemStatistics(
        persons=len(marks),
        facility=float(marks.mean()) / most if most else None,
        sd=math.sqrt(variance(marks)),
        discrimination=correlation(marks, rest),
        efficiency=covariance(marks, rest) / best if best else None,
        effective_weight=weight,
        intended_weight=most / sum_of_most if sum_of_most else 0.0,
    )


def _effective_weights(table: Table, totals: Table) -> list[float | None]:
    """Return each item's part in the spread of the totals; None beside a negative covariance."""
    shared = [covariance(column, totals) for column in table.T]
    roots = [math.sqrt(one) if one >= 0 else None for one in shared]
    whole_sum = sum(root for root in roots if root is not None)
    return [None if root is None or not whole_sum else root / whole_sum for root in roots]


def _of_option(option: str, chosen: Sequence[str | None], rest: Table, total: Table) -> OptionStatistics:
    took = np.array([float(one == option) for one in chosen])
    count = int(took.sum())
    return OptionStatistics(
        option=option,
        chosen=count,
        share=count / len(chosen),
        mean_rest=float(rest[took == 1].mean()) if count else None,
        point_biserial=correlation(took, rest),
        point_biserial_total=correlation(took, total),
    )


def preferred(options: Sequence[OptionStatistics], key: str) -> str | None:
    """Return the option that speaks against the key: more than half chose it and hardly anybody the key, or
    it was the choice of those who did better on the rest; None where nothing does.
    """
    of_key = next((one for one in options if one.option == key), None)
    others = [one for one in options if one.option != key]
    crowd = max(others, key=lambda one: one.share, default=None)
    if crowd and crowd.share > 0.5 and (of_key is None or of_key.share < UNUSED):
        return crowd.option
    worth = {one.option: one.point_biserial for one in others if one.point_biserial is not None}
    best = max(worth, key=lambda option: worth[option], default=None)
    if best is None or worth[best] <= 0:
        return None
    own = of_key.point_biserial if of_key else None
    return best if own is None or worth[best] > own else None
