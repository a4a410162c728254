# SPDX-License-Identifier: Apache-2.0
"""One round of judges who say where the pass mark lies (Angoff or Ebel), as a document of plain decimals.

`python -m scoring.statistics.judging` reads the estimates from standard input and writes cut, error and
agreement: a portal runs it as a child, and never loads numpy itself. It names no judge.
"""

import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from scoring.statistics import agreement
from scoring.statistics.arrays import UnusableTable
from scoring.statistics.standard_setting import angoff_cut, ebel_ratings

SCHEMA = "exam-portal/standard-round/1"
MEMORY = 1 << 30  # bytes of address space for the child
Json = dict[str, Any]


def judge(document: Mapping[str, Any]) -> Json:
    """Return the round of `items` (id, max) and what each judge gave, shares from 0 to 1.

    Angoff: `ratings` has a share of each judge by items. Ebel: `sorted` has of each judge the `shares` by
    cell and the `cells` of the items; the round then also says how many judges agree on each item's cell.
    """
    judges = document.get("sorted")
    if judges is None:
        ratings = [[float(one) for one in row] for row in document["ratings"]]
        return _round(document["items"], ratings)
    given = [({cell: float(one) for cell, one in each["shares"].items()}, each["cells"]) for each in judges]
    made = _round(document["items"], ebel_ratings(given))
    for each, cells in zip(made["items"], zip(*(each["cells"] for each in judges), strict=True), strict=True):
        each["cell"], each["agreed"] = _agreed(cells)
    made["cells"] = {cell: _text(fmean(shares[cell] for shares, _ in given)) for cell in given[0][0]}
    return made


def _round(items: Sequence[Mapping[str, Any]], ratings: list[list[float]]) -> Json:
    most = [float(each["max"]) for each in items]
    cut = angoff_cut(ratings, most)
    table = np.array(ratings)
    spread = table.std(axis=0, ddof=1)
    return {
        "schema": SCHEMA,
        "judges": len(ratings),
        "cut": _text(cut.cut),
        "maximum": _text(sum(most)),
        "share": _text(cut.share),
        "sd": _text(cut.sd),
        "standard_error": _text(cut.standard_error),
        "agreement": _text(_agreement(ratings)),
        "spread": _text(fmean(float(one) for one in spread)),
        "judge_cuts": [_text(one) for one in sorted(cut.judge_sums)],
        "items": [
            {
                "id": each["id"],
                "mean": _text(cut.item_means[column]),
                "low": _text(float(table[:, column].min())),
                "high": _text(float(table[:, column].max())),
                "sd": _text(float(spread[column])),
            }
            for column, each in enumerate(items)
        ],
    }


def _agreed(cells: Sequence[str]) -> tuple[str | None, int]:
    """Return the cell that most judges chose, None where two are equal in that, and how many they are."""
    first, *others = Counter(cells).most_common(2)
    is_shared = bool(others) and others[0][1] == first[1]
    return (None if is_shared else first[0]), first[1]


def _agreement(ratings: list[list[float]]) -> float | None:
    """Return how reliable the mean of the judges is over the items: ICC(2,k) of Shrout and Fleiss (1979)."""
    by_item = list(zip(*ratings, strict=True))
    if len(by_item) < 2:
        return None
    try:
        return agreement.icc(by_item).icc2k
    except (UnusableTable, ZeroDivisionError):
        return None


def _text(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 3) + 0.0:.3f}"


def main() -> None:
    """Answer one document."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(judge(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
