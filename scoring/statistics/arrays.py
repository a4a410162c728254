# SPDX-License-Identifier: Apache-2.0
"""Tables of marks as numpy takes them, and the moments that every statistic here is made of."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]
Rows = Sequence[Sequence[float | None]]


class UnusableTable(ValueError):
    """The numbers cannot be what the statistic is about."""


def table(rows: Rows, *, least_rows: int = 2, least_columns: int = 1) -> Table:
    """Return the rows as a table of floats in which NaN stands for a missing value; raise UnusableTable."""
    try:
        made = np.array(
            [[math.nan if value is None else float(value) for value in row] for row in rows], dtype=np.float64
        )
    except (TypeError, ValueError) as problem:
        raise UnusableTable("the rows are not equally long rows of numbers") from problem
    if made.ndim != 2 or made.shape[0] < least_rows or made.shape[1] < least_columns:
        raise UnusableTable(f"at least {least_rows} rows and {least_columns} columns are needed")
    if np.isinf(made).any():
        raise UnusableTable("a value is infinite")
    return made


def whole(rows: Rows, *, least_rows: int = 2, least_columns: int = 1) -> Table:
    """Return the rows as a table without a missing value; raise UnusableTable."""
    made = table(rows, least_rows=least_rows, least_columns=least_columns)
    if np.isnan(made).any():
        raise UnusableTable("a value is missing")
    return made


def deviations(column: Table) -> Table:
    """Return the differences from the mean; exactly zero where all values are equal."""
    return column - column.mean() if np.ptp(column) else np.zeros_like(column)


def covariance(one: Table, other: Table) -> float:
    """Return the covariance of two columns (ddof = 1); exactly zero beside a column without variance."""
    return float(deviations(one) @ deviations(other)) / (len(one) - 1)


def variance(column: Table) -> float:
    """Return the variance of a column (ddof = 1)."""
    return covariance(column, column)


def correlation(one: Table, other: Table) -> float | None:
    """Return Pearson's r of two columns; None where one of them has no variance."""
    scale = math.sqrt(variance(one) * variance(other))
    return covariance(one, other) / scale if scale else None
