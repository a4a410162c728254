# SPDX-License-Identifier: Apache-2.0
"""Where the line between pass and fail lies, by judges' words: Angoff (1971, modified) and Ebel (1972)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.statistics.arrays import Rows, UnusableTable, variance, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class AngoffCut:
    """The cut in marks, the share of the maximum, what each judge says, and how far judges differ."""

    cut: float
    share: float
    judge_sums: tuple[float, ...]
    item_means: tuple[float, ...]
    sd: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EbelCut:
    """The cut in items, the share of the items, and how many items were judged."""

    cut: float
    share: float
    items: int


def angoff_cut(ratings: Rows, maximum: Sequence[float] | None = None) -> AngoffCut:
    """Return the cut of a table of judges by items: the chance that a barely able candidate is right.

    With `maximum` the marks of each item count (an item that earns 2 counts twice). The standard error is
    that of the mean over judges, who are taken as a sample.
    """
    found = whole(ratings)
    if ((found < 0) | (found > 1)).any():
        raise UnusableTable("a rating is a chance between 0 and 1")
    most = [1.0] * found.shape[1] if maximum is None else [float(one) for one in maximum]
    if len(most) != found.shape[1] or any(not one > 0 or not math.isfinite(one) for one in most):
        raise UnusableTable("each item has a maximum above 0")
    sums = found @ most
    sd = math.sqrt(variance(sums))
    return AngoffCut(
        cut=float(sums.mean()),
        share=float(sums.mean()) / sum(most),
        judge_sums=tuple(float(one) for one in sums),
        item_means=tuple(float(one) for one in found.mean(axis=0)),
        sd=sd,
        standard_error=sd / math.sqrt(len(sums)),
    )


def ebel_ratings(judges: Sequence[tuple[Mapping[str, float], Sequence[str]]]) -> list[list[float]]:
    """Return a table of judges by items from what each gave: the shares by cell, and the cell of each item.

    `angoff_cut` of this table is Ebel's cut of each judge, their mean and its error; of items that all earn
    one mark it is `ebel_cut` of the judge's own table.
    """
    if any(cell not in shares for shares, cells in judges for cell in cells):
        raise UnusableTable("every item lies in a cell that has a share")
    return [[shares[cell] for cell in cells] for shares, cells in judges]


def ebel_cut(shares: Mapping[str, Sequence[float]], counts: Mapping[str, Sequence[int]]) -> EbelCut:
    """Return the cut of items sorted by relevance (rows) and difficulty (columns).

    `shares` says how much of each cell a barely able candidate has right, `counts` how many items lie there.
    """
    if shares.keys() != counts.keys() or any(len(shares[row]) != len(counts[row]) for row in shares):
        raise UnusableTable("both tables have the same rows and columns")
    cells = [cell for row in shares for cell in zip(shares[row], counts[row], strict=True)]
    if any(not 0 <= share <= 1 or count < 0 for share, count in cells):
        raise UnusableTable("a share lies between 0 and 1, a count is not negative")
    items = sum(count for _, count in cells)
    if not items:
        raise UnusableTable("no item was judged")
    cut = math.fsum(share * count for share, count in cells)
    return EbelCut(cut=cut, share=cut / items, items=items)
