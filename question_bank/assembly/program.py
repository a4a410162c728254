# SPDX-License-Identifier: Apache-2.0
"""A program of whole numbers: what may be chosen how often, within which bounds, and what should be largest.

Whoever states one need not know the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The sum of the terms (variable, coefficient) lies between the bounds; None: no bound on that side."""

    terms: Sequence[tuple[int, int]]
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Variables are numbered from 0 and lie between 0 and their upper bound; the objective is made large."""

    upper: Sequence[int]
    rows: Sequence[Row]
    objective: Sequence[tuple[int, int]] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the program as the process of the solver reads it."""
        rows = [[list(row.terms), row.least, row.most] for row in self.rows]
        return {"upper": list(self.upper), "rows": rows, "objective": list(self.objective)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What was found. `values` is empty unless the status is optimal or feasible.

    No answer has an objective above `bound`, found or not.
    """

    status: Status
    values: tuple[int, ...] = ()
    objective: int | None = None
    bound: int | None = None

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return bool(self.values)
