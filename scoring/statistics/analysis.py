# SPDX-License-Identifier: Apache-2.0
"""The analysis of one form after its sitting, as a document of plain decimals that names nobody.

`python -m scoring.statistics.analysis` reads the marks from standard input and writes the analysis: a portal
runs it as a child, and never loads numpy itself. Small counts are left out here, before anything is written.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scoring.statistics import irt, item, reliability
from scoring.statistics.arrays import UnusableTable

SCHEMA = "exam-portal/item-analysis/1"
SHOWN_FROM = 10  # persons; below, a share tells what single people answered
SMALL = 5  # an option that fewer chose is not counted out, and not correlated
MEMORY = 1 << 30  # bytes of address space for the child
LEAST_SLOPE, MOST_SLOPE = 0.1, 6.0  # below, the chance hardly depends on ability; above, it is a step
MODELLED = 2_000  # persons: more make the model hardly finer (errors fall by their root), and cost minutes
RASCH_FROM, TWO_PARAMETERS_FROM = 100, 500  # persons (Linacre 1994; Drasgow 1989)
Json = dict[str, Any]


def analyse(document: Mapping[str, Any]) -> Json:
    """Return the analysis of `items` (id, max, options, key) and `rows` (marks and choices of one person)."""
    items, rows = document["items"], document["rows"]
    found: Json = {"schema": SCHEMA, "persons": len(rows), "test": None, "model": None, "items": []}
    if len(rows) < SHOWN_FROM or not items:
        return found
    marks = [[float(mark) for mark in row["marks"]] for row in rows]
    statistics = item.item_statistics(marks, [float(each["max"]) for each in items])
    right = _right(items, marks)
    found["test"] = _test(marks, right)
    fitted, found["model"] = _model(right, len(rows))
    totals = [sum(each) for each in marks]
    for column, each in enumerate(items):
        chosen = [row["chosen"][column] for row in rows]
        earned = [row[column] for row in marks]
        options = item.option_statistics(chosen, each["options"], earned, totals) if each["options"] else ()
        found["items"].append(
            {
                "id": each["id"],
                "max": each["max"],
                **_item(statistics[column]),
                **_fit(fitted.get(column)),
                "flags": _flags(statistics[column], options, each["key"]),
                "options": _options(options, each["key"], len(rows)),
            }
        )
    return found


def _test(marks: Sequence[Sequence[float]], right: Mapping[int, Sequence[int]]) -> Json:
    scores = reliability.score_statistics(marks)
    alpha = reliability.cronbach_alpha(marks) if len(marks[0]) > 1 else None
    is_dichotomous = len(right) == len(marks[0]) > 1
    return {
        "mean": _text(scores.mean),
        "median": _text(scores.median),
        "sd": _text(scores.sd),
        "alpha": _text(alpha.value if alpha else None),
        "alpha_low": _text(alpha.low if alpha else None),
        "alpha_high": _text(alpha.high if alpha else None),
        "kr20": _text(reliability.kr20(list(zip(*right.values(), strict=True))) if is_dichotomous else None),
        "standard_error": _text(scores.standard_error),
    }


def _right(items: Sequence[Mapping[str, Any]], marks: Sequence[Sequence[float]]) -> dict[int, list[int]]:
    """Return, by column, who has the item right, of items that are right or wrong and nothing between."""
    found = {}
    for column, each in enumerate(items):
        most = float(each["max"])
        earned = [row[column] for row in marks]
        if most > 0 and set(earned) <= {0.0, most}:
            found[column] = [int(mark == most) for mark in earned]
    return found


def _model(right: Mapping[int, Sequence[int]], persons: int) -> tuple[dict[int, irt.ItemFit], Json | None]:
    """Return the fitted items by column and which model it is; none where too few sat, or it does not fit."""
    every = -(-persons // MODELLED)  # an even sample in the order of the rows
    right, persons = {column: answers[::every] for column, answers in right.items()}, -(-persons // every)
    columns = [column for column, answers in right.items() if SMALL <= sum(answers) <= persons - SMALL]
    if persons < RASCH_FROM or len(columns) < 3:
        return {}, None
    table = list(zip(*(right[column] for column in columns), strict=True))
    name = "2pl" if persons >= TWO_PARAMETERS_FROM else "1pl"
    try:
        fit = irt.fit_2pl(table) if name == "2pl" else irt.fit_rasch(table)
    except UnusableTable:
        return {}, None
    fitted = {
        column: found
        for column, found in zip(columns, fit.items, strict=True)
        if LEAST_SLOPE <= abs(found.discrimination) <= MOST_SLOPE
    }
    if not fit.converged or not fitted or (name == "1pl" and fit.items[0].discrimination < LEAST_SLOPE):
        return {}, None  # nothing common is measured: a difficulty would be any number
    return fitted, {"name": name, "items": len(fitted), "persons": persons}


def _item(found: item.ItemStatistics) -> Json:
    return {
        "facility": _text(found.facility),
        "discrimination": _text(found.discrimination),
        "efficiency": _text(found.efficiency),
    }


def _fit(found: irt.ItemFit | None) -> Json:
    if found is None:
        return {"slope": None, "difficulty": None, "difficulty_error": None}
    return {
        "slope": _text(found.discrimination),
        "difficulty": _text(found.difficulty),
        "difficulty_error": _text(found.se_difficulty),
    }


def _flags(
    found: item.ItemStatistics, options: Sequence[item.OptionStatistics], key: str | None
) -> list[Json]:
    """Return what a person should look at, each with the options that it is about."""
    options = [one if one.chosen >= SMALL else replace(one, point_biserial=None) for one in options]
    about = {
        item.Flag.UNUSED_OPTION: [
            one.option for one in options if one.option != key and one.share < item.UNUSED
        ],
        item.Flag.KEY_SUSPECT: [against] if (against := item.preferred(options, key or "")) else [],
    }
    return [{"flag": flag.value, "options": about.get(flag, [])} for flag in item.flags(found, options, key)]


def _options(options: Sequence[item.OptionStatistics], key: str | None, persons: int) -> list[Json]:
    """Return the options with their counts; small ones hidden, never one alone: the rest would betray it."""
    if not options:
        return []
    silent = persons - sum(one.chosen for one in options)
    counts = {one.option: one.chosen for one in options} | {"": silent}
    hidden = {name for name, count in counts.items() if name != key and 0 < count < SMALL}
    others = sorted((count, name) for name, count in counts.items() if name != key and name not in hidden)
    if len(hidden) == 1 and others:
        hidden.add(others[0][1])
    worth = {one.option: one.point_biserial for one in options}
    return [
        {
            "id": name,
            "is_key": name == key,
            "chosen": None if name in hidden else count,
            "share": None if name in hidden else _text(count / persons),
            "point_biserial": None if name in hidden or count < SMALL else _text(worth.get(name)),
        }
        for name, count in counts.items()
    ]


def _text(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 3) + 0.0:.3f}"


def main() -> None:
    """Answer one document, with the patience of a job: other work of the machine goes first."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(analyse(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
