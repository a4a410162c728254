# SPDX-License-Identifier: Apache-2.0
"""One round of judges who say where the pass mark lies (Angoff, modified), as a document of plain decimals.

`python -m scoring.statistics.judging` reads the estimates from standard input and writes cut, error and
agreement: a portal runs it as a child, and never loads numpy itself. It names no judge.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping
from statistics import fmean
from typing import Any

import numpy as np

from scoring.statistics import raters
from scoring.statistics.arrays import UnusableTable
from scoring.statistics.standard_setting import angoff_cut

SCHEMA = "exam-portal/standard-round/1"
MEMORY = 1 << 30  # bytes of address space for the child
Json = dict[str, Any]


def judge(document: Mapping[str, Any]) -> Json:
    """Return the round of `items` (id, max) and `ratings` (of each judge by items, shares from 0 to 1)."""
    ratings = [[float(one) for one in row] for row in document["ratings"]]
    most = [float(each["max"]) for each in document["items"]]
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
            for column, each in enumerate(document["items"])
        ],
    }


def _agreement(ratings: list[list[float]]) -> float | None:
    """Return how reliable the mean of the judges is over the items: ICC(2,k) of Shrout and Fleiss (1979)."""
    by_item = list(zip(*ratings, strict=True))
    if len(by_item) < 2:
        return None
    try:
        return raters.icc(by_item).icc2k
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
