# SPDX-License-Identifier: Apache-2.0
"""The agreement of the markers of one part, as a document of plain decimals that names markers by code only.

`python -m scoring.statistics.marking` reads the marks of masked scripts in the order in which they were given
and writes what two marks of a script say about each other, by question and as a whole: a portal runs it as a
child, and never loads numpy itself. Below thirty scripts marked twice nothing is told, below thirty scripts
of one marker nothing about that marker. Adjudications are left out: they are called where two marks differ,
and would make markers look apart who are not.
"""

import json
import math
import os
import resource
import sys
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median, stdev
from typing import Any

from scoring.statistics import double_marks, planning, severity
from scoring.statistics.double_marks import Given, Pair
from scoring.statistics.severity import FLAGGED

SCHEMA = "exam-portal/marking-agreement/1"
NEEDED = 30  # scripts marked twice, or scripts of one marker
APART = 3.0  # robust standard deviations from which on a script is worth a look
MOST_APART = 50  # scripts told
MOST_OF_A_QUESTION = 40_000  # scripts times markers: beyond, the model is fitted to the part alone
MEMORY = 1 << 30  # bytes of address space for the child
Json = dict[str, Any]


def agree(document: Mapping[str, Any]) -> Json:
    """Return the agreement of `views` (key, max, step) over `marks` (script, marker, round, values).

    The view of the part as a whole has an empty key, those of questions their own. `controls` are marks of
    control scripts: marker, key of the view, mark and agreed mark.
    """
    marks = [one for one in document["marks"] if one["round"] < 3]
    controls = document.get("controls", ())
    found = [_view(view, marks, controls) for view in document["views"]]
    return {"schema": SCHEMA, "needed": NEEDED, "views": found}


def pairs_of(marks: Iterable[Mapping[str, Any]], key: str) -> list[Pair]:
    """Return the scripts that two different people marked, in the order in which the second mark came."""
    last: dict[str, int] = {}
    waiting: dict[str, Given] = {}
    found = []
    for mark in marks:
        if key not in mark["values"]:
            continue
        place = last[mark["marker"]] = last.get(mark["marker"], -1) + 1
        given = Given(marker=mark["marker"], value=float(mark["values"][key]), place=place)
        other = waiting.pop(mark["script"], None)
        if other is None:
            waiting[mark["script"]] = given
        elif other.marker != given.marker:
            first, second = (other, given) if mark["round"] == 2 else (given, other)
            found.append(Pair(script=mark["script"], first=first, second=second))
    return found


def _view(
    view: Mapping[str, Any], marks: Sequence[Mapping[str, Any]], controls: Sequence[Mapping[str, Any]]
) -> Json:
    key, step, maximum = view["key"], float(view["step"]), float(view["max"])
    pairs = pairs_of(marks, key)
    found: Json = {"key": key, "max": view["max"], "pairs": len(pairs), "figures": None, "plan": None}
    groups = [sorted(group) for group in severity.groups(pairs)]
    found |= {"method": None, "groups": len(groups), "apart": [], "apart_more": 0}
    found["unconnected"] = groups if len(groups) > 1 else []
    enough = len(pairs) >= NEEDED
    is_affordable = not key or len(pairs) * len(severity.by_marker(pairs)) <= MOST_OF_A_QUESTION
    severities = severity.severities(pairs) if enough and is_affordable else None
    if enough:
        found["figures"] = _figures(double_marks.closeness(pairs, maximum=maximum, step=step))
        found["plan"] = _plan(pairs)
        found["method"] = "facets" if severities else "deviation"
        apart = _apart(pairs, step)
        found["apart"], found["apart_more"] = apart[:MOST_APART], max(0, len(apart) - MOST_APART)
    drifts = severity.drifts(pairs, step=step) if enough else {}
    rows = severity.by_marker(pairs)
    found["markers"] = [
        _marker(marker, given, rows.get(marker, []), severities, drifts, step)
        for marker, given in _values(marks, key).items()
    ]
    found["controls"] = _controls(controls, key, step)
    return found


def _values(marks: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for mark in marks:
        if key in mark["values"]:
            found.setdefault(mark["marker"], []).append(float(mark["values"][key]))
    return dict(sorted(found.items()))


def _figures(found: double_marks.Closeness) -> Json:
    named = ("mean", "signed", "sd", "greatest", "exact", "near_within", "near")
    coefficients = ("qwk", "alpha", "fleiss", "icc1", "icc1k", "concordance")
    six = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
    return {
        **{name: _text(getattr(found, name)) for name in (*named, *coefficients)},
        "crossed": {name: _text(getattr(found.crossed, name)) for name in six} if found.crossed else None,
        "bins": [{"low": _text(one.low), "high": _text(one.high), "pairs": one.pairs} for one in found.bins],
    }


def _plan(pairs: Sequence[Pair]) -> Json | None:
    plan = planning.plan_markers([[one.first.value, one.second.value] for one in pairs])
    if plan is None:
        return None
    return {
        "coefficients": [_text(one) for one in plan.coefficients],
        "errors": [_text(one) for one in plan.errors],
        "needed": plan.needed,
        "aim": _text(planning.AIM),
        "between": _text(plan.between),
        "within": _text(plan.within),
    }


def _marker(
    marker: str,
    values: Sequence[float],
    rows: Sequence[tuple[Given, Given]],
    severities: Mapping[str, severity.Severity] | None,
    drifts: Mapping[str, severity.Drift],
    step: float,
) -> Json:
    found: Json = {"marker": marker, "scripts": len(values), "pairs": len(rows), "shown": False}
    found |= dict.fromkeys(("mean", "sd", "deviation", "severity", "drift"))
    found |= {"fifths": [], "flags": []}
    if len(rows) < NEEDED or (severities is None and not drifts):
        return found
    own = severity.deviation([given.value - other.value for given, other in rows], step=step)
    logits, drift = (severities or {}).get(marker), drifts.get(marker)
    found |= {"shown": True, "mean": _text(fmean(values)), "sd": _text(stdev(values))}
    found["deviation"] = {name: _text(getattr(own, name)) for name in ("mean", "low", "high", "sd", "z")}
    if logits:
        found["severity"] = {name: _text(getattr(logits, name)) for name in ("value", "error", "z")}
    if drift:
        found["drift"] = {name: _text(getattr(drift, name)) for name in ("change", "error", "z")}
    found["fifths"] = [_text(one) for one in severity.fifths(rows)]
    flagged = {"severity": (logits or own).z, "drift": drift.z if drift else 0.0}
    found["flags"] = [name for name, z in flagged.items() if abs(z) > FLAGGED]
    return found


def _apart(pairs: Sequence[Pair], step: float) -> list[Json]:
    """Return the scripts whose marks lie unusually far apart, the furthest first.

    Unusual is told from the middle difference of the same two markers' scripts where there are enough, else
    of all, in robust standard deviations (of the median distance from the median), so that one script that
    somebody favours does not hide itself.
    """
    told = {}
    of_two: dict[tuple[str, str], list[float]] = {}
    for pair in pairs:
        of_two.setdefault(_two(pair), []).append(_from_lower(pair))
    middles = {two: median(found) for two, found in of_two.items() if len(found) >= NEEDED}
    middle_of_all = median(_from_lower(pair) for pair in pairs)
    away = {pair.script: (pair, _from_lower(pair) - middles.get(_two(pair), middle_of_all)) for pair in pairs}
    scale = math.hypot(1.4826 * median(abs(one) for _, one in away.values()), step / math.sqrt(6))
    for script, (pair, distance) in away.items():
        if abs(distance) / scale > APART:
            told[script] = (abs(distance) / scale, pair)
    return [
        {
            "script": script,
            "markers": list(_two(pair)),
            "difference": _text(abs(pair.difference)),
            "z": _text(z),
        }
        for script, (z, pair) in sorted(told.items(), key=lambda each: (-each[1][0], each[0]))
    ]


def _two(pair: Pair) -> tuple[str, str]:
    return min(pair.first.marker, pair.second.marker), max(pair.first.marker, pair.second.marker)


def _from_lower(pair: Pair) -> float:
    """Return the difference as the one of the two whose code comes first gave more."""
    return pair.difference if pair.first.marker < pair.second.marker else -pair.difference


def _controls(controls: Sequence[Mapping[str, Any]], key: str, step: float) -> list[Json]:
    """Return, by marker, how far marks of control scripts lie from the marks agreed for them."""
    by_marker: dict[str, list[float]] = {}
    for one in controls:
        if one["key"] == key:
            by_marker.setdefault(one["marker"], []).append(float(one["mark"]) - float(one["agreed"]))
    return [_control(marker, found, step) for marker, found in sorted(by_marker.items())]


def _control(marker: str, found: Sequence[float], step: float) -> Json:
    z = severity.deviation(found, step=step).z if len(found) > 1 else None
    return {
        "marker": marker,
        "scripts": len(found),
        "mean": _text(fmean(found)),
        "distance": _text(fmean(abs(one) for one in found)),
        "greatest": _text(max(abs(one) for one in found)),
        "z": _text(z),
        "flags": ["severity"] if z is not None and abs(z) > FLAGGED else [],
    }


def _text(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 3) + 0.0:.3f}"


def main() -> None:
    """Answer one document, with the patience of a job."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(agree(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
