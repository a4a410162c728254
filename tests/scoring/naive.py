# SPDX-License-Identifier: Apache-2.0
"""A second arithmetic, written from docs/ranking.md and deliberately naive: what the first must agree with.

It reads plain parsed documents, knows one candidate after the other, sorts lists and compares tuples; it
shares no line with `scoring`. Of what is incomplete it says what each candidate has, and places nobody.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


class Incomplete(Exception):
    """Something is lacking that the result needs."""


def ranking(rules: Json, marks: Json) -> tuple[bool, dict[str, Json]]:
    """Return whether the result is complete, and by candidate the outcome, rank, total and marks.

    Of an incomplete result the outcome of each is its own: not present, `failed` for certain, `open` for want
    of figures, or else `passed`; nobody is placed.
    """
    found = {person["id"]: _person(rules, marks, person) for person in marks["candidates"]}
    try:
        return True, _ranking(rules, marks, copy.deepcopy(found))
    except Incomplete:
        return False, found


def _ranking(rules: Json, marks: Json, found: dict[str, Json]) -> dict[str, Json]:
    if any(row["outcome"] == "open" for row in found.values()):
        raise Incomplete
    _enough(rules, marks, found)
    places, reserve = marks["vacancy"]["places"], rules["vacancy"]["reserve"]
    passed = [code for code, row in found.items() if row["outcome"] == "passed"]
    for total in sorted({found[code]["total"] for code in passed}, reverse=True):
        equals = [code for code in passed if found[code]["total"] == total]
        above = sum(found[code]["total"] > total for code in passed)
        for code, behind in _order(rules, marks, found, equals, places - above).items():
            found[code]["rank"] = 1 + above + behind
    for code in passed:
        rank = found[code]["rank"]
        found[code]["outcome"] = (
            "selected" if rank <= places else "reserve" if rank <= places + reserve else "passed"
        )
    return found


def _person(rules: Json, marks: Json, person: Json) -> Json:
    """Return the row of a candidate; who has failed for certain is asked for nothing more."""
    row: Json = {"outcome": person["status"], "rank": None, "total": None, "marks": {}, "gate": True}
    if person["status"] != "present":
        return row
    gates: list[bool | None] = []  # whether each was passed; None while that is open
    ranked: list[bool | None] = []
    total = Fraction(person.get("preference_points", "0"))
    for part in rules["parts"]:
        mark = _mark_or_none(rules, marks, part, person)
        for each in person.get("sanctions", ()):
            if each["part"] == part["key"] and mark is not None:
                taken = mark * Fraction(rules["sanctions"][each["level"]]) / 100
                mark = _rounded(rules, mark - taken)
        row["marks"][part["key"]] = mark
        needed = Fraction(part["pass"])
        if part["role"] == "ranked":
            needed = max(needed, Fraction(rules["total"].get("each_part_min", "0")))
            total += (mark or 0) * Fraction(rules["total"].get("weights", {}).get(part["key"], "1"))
        passed = None if mark is None else mark >= needed
        {"advisory": [], "ranked": ranked}.get(part["role"], gates).append(passed)
    row["outcome"] = "failed" if False in gates + ranked else "open" if None in gates + ranked else "passed"
    row["gate"] = all(gates)
    row["total"] = _rounded(rules, total) if row["gate"] and None not in ranked else None
    return row


def _enough(rules: Json, marks: Json, found: dict[str, Json]) -> None:
    if any(decision["kind"] == "proceed" for decision in marks["decisions"]):
        return
    present = [person["id"] for person in marks["candidates"] if person["status"] == "present"]
    counts = {"vetting": len(found), "withdrawal": len(present)}
    if any(part["role"] in {"qualifying", "gate"} for part in rules["parts"]):
        counts["gate"] = sum(found[code]["gate"] for code in present)
    for moment in rules["vacancy"]["recheck_min_after"]:
        if moment in counts and counts[moment] < rules["vacancy"]["min_candidates"]:
            raise Incomplete


def _mark_or_none(rules: Json, marks: Json, part: Json, person: Json) -> Fraction | None:
    try:
        return _mark(rules, marks, part, person) if part["key"] in person["parts"] else None
    except Incomplete:
        return None


def _mark(rules: Json, marks: Json, part: Json, person: Json) -> Fraction:
    material = person["parts"][part["key"]]
    decisions = [
        each
        for each in marks["decisions"]
        if each.get("candidate") == person["id"] and each.get("part") == part["key"]
    ]
    if part["kind"] == "test":
        share = Fraction(material["value"]) / Fraction(material["max"])
        return _rounded(rules, share * Fraction(rules["numbers"]["scale"]))
    if "panel" in part:
        return _panel(rules, part, material, decisions)
    return _script(rules, part, material, decisions)


def _script(rules: Json, part: Json, material: Json, decisions: Sequence[Json]) -> Fraction:
    first = {each["round"]: Fraction(each["value"]) for each in material["marks"] if "kind" not in each}
    again = {each["round"]: Fraction(each["value"]) for each in material["marks"] if "kind" in each}
    marking = part["marking"]
    if any(number not in first for number in range(1, marking["markers"] + 1)):
        raise Incomplete
    mark = _rounded(rules, _settled(rules, marking, first, decisions))
    if not again:
        return mark
    policy = rules["review"]["policy"]
    if policy == "two_agree_else_mean":
        if len(again) < 2 or (len(again) == 2 and again[1] != again[2]):
            raise Incomplete
        return _rounded(rules, _agreed(list(again.values())))
    reviewed = _rounded(rules, next(iter(again.values())))
    if policy == "tolerance" and abs(reviewed - mark) <= Fraction(rules["review"]["tolerance"]):
        return mark
    return reviewed


def _settled(rules: Json, marking: Json, given: dict[int, Fraction], decisions: Sequence[Json]) -> Fraction:
    values = [given[number] for number in range(1, marking["markers"] + 1)]
    rule, apart = marking["discrepancy"], max(values) - min(values)
    if rule["basis"] == "percent_of_max":
        apart = apart / Fraction(rules["numbers"]["scale"]) * 100
    limit = Fraction(rule["threshold"])
    if len(values) == 1 or apart < limit or (apart == limit and rule["operator"] == ">"):
        return _mean(values)
    if marking["resolve"] == "chair_decides":
        if not decisions:
            raise Incomplete
        return Fraction(decisions[-1]["value"])
    if marking["resolve"] == "mean":
        return _mean(list(given.values()))
    if 3 not in given:
        raise Incomplete
    three = [given[1], given[2], given[3]]
    if marking["resolve"] == "third_decides":
        return given[3]
    if marking["resolve"] == "median":
        return sorted(three)[1]
    if marking["resolve"] == "two_agree_else_mean":
        return _agreed(three)
    pairs = [
        (abs(a - b), -(a + b), (a + b) / 2)
        for a, b in ((three[0], three[1]), (three[0], three[2]), (three[1], three[2]))
    ]
    return min(pairs)[2]


def _agreed(values: Sequence[Fraction]) -> Fraction:
    for value in values:
        if list(values).count(value) >= 2:
            return value
    return _mean(values)


def _panel(rules: Json, part: Json, material: Json, decisions: Sequence[Json]) -> Fraction:
    panel = part["panel"]
    ballots, returned = material["ballots"], material.get("returned", len(material["ballots"]))
    kept = False
    for decision in decisions:
        if decision["kind"] == "panel_remark":
            ballots, returned = decision["ballots"], len(decision["ballots"])
        elif decision["kind"] == "panel_exclude":
            ballots = [each for each in ballots if each["slip"] != decision["ballot"]]
        else:
            kept = True
    whole = decisions[-1]["ballots"] if decisions and decisions[-1]["kind"] == "panel_remark" else None
    counted = material["ballots"] if whole is None else whole
    above, below = (int(figure) for figure in panel["quorum"].split("/"))
    needed = min(n for n in range(1, panel["size"] + 1) if n * below >= above * panel["size"])
    if len(counted) < needed or returned < needed:
        raise Incomplete
    if any(len(each.get("scores", part.get("rubric", ()))) < len(part.get("rubric", ())) for each in counted):
        raise Incomplete
    values = sorted(_ballot(each) for each in ballots)
    watch = panel["deviation"]
    average = _mean(values)
    far = max(average - values[0], values[-1] - average) > Fraction(watch["from_mean"])
    far = far or values[-1] - values[0] > Fraction(watch["spread"])
    if watch["action"] == "panel_meets" and far and not kept:
        raise Incomplete
    return _rounded(rules, _combined(panel, values))


def _combined(panel: Json, values: Sequence[Fraction]) -> Fraction:
    values = sorted(values)
    if panel["aggregate"] == "median":
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    for _ in range(panel.get("trim", 0)):
        values = values[1:-1]
    return _mean(values)


def _ballot(ballot: Json) -> Fraction:
    if "value" in ballot:
        return Fraction(ballot["value"])
    return sum((Fraction(score) for score in ballot["scores"].values()), Fraction(0))


def _order(rules: Json, marks: Json, found: dict[str, Json], equals: list[str], room: int) -> dict[str, int]:
    """Return how many of the equals stand before each of them."""
    crossing = 0 < room < len(equals)
    boundary_only = rules["tie_break"]["places_boundary_only"]
    if len(equals) == 1 or (boundary_only and not crossing):
        return dict.fromkeys(equals, 0)
    keys = {code: _tie_key(rules, marks, found, code) for code in equals}
    line = sorted(equals, key=lambda code: keys[code], reverse=True)
    if not boundary_only:
        return {
            code: behind
            for key in set(keys.values())
            for code, behind in _settle(
                marks,
                [each for each in equals if keys[each] == key],
                sum(keys[each] > key for each in equals),
                room,
            ).items()
        }
    last_in, first_out = keys[line[room - 1]], keys[line[room]]
    if last_in > first_out:
        return {code: 0 if keys[code] >= last_in else room for code in equals}
    inside = [code for code in equals if keys[code] > last_in]
    across = [code for code in equals if keys[code] == last_in]
    placed = dict.fromkeys(equals, len(inside) + len(across))
    placed |= dict.fromkeys(inside, 0)
    return placed | _settle(marks, across, len(inside), room)


def _settle(marks: Json, same: list[str], before: int, room: int) -> dict[str, int]:
    decided = [
        each["order"]
        for each in marks["decisions"]
        if each["kind"] == "tie" and set(same) <= set(each["order"])
    ]
    if len(same) > 1 and decided:
        line = [code for code in decided[-1] if code in same]
        return {code: before + place for place, code in enumerate(line)}
    if before < room < before + len(same):
        raise Incomplete
    return dict.fromkeys(same, before)


def _tie_key(rules: Json, marks: Json, found: dict[str, Json], code: str) -> tuple[Fraction, ...]:
    person = next(each for each in marks["candidates"] if each["id"] == code)
    values = []
    for rule in rules["tie_break"]["order"]:
        kind, _, name = rule.partition(":")
        if kind == "part":
            values.append(found[code]["marks"][name])
        elif kind == "rubric":
            values.append(_criterion(rules, marks, person, *name.split(".")))
    return tuple(values)


def _criterion(rules: Json, marks: Json, person: Json, key: str, criterion: str) -> Fraction:
    part = next(each for each in rules["parts"] if each["key"] == key)
    ballots = person["parts"][key]["ballots"]
    for decision in marks["decisions"]:
        if decision.get("candidate") == person["id"] and decision.get("part") == key:
            if decision["kind"] == "panel_remark":
                ballots = decision["ballots"]
            elif decision["kind"] == "panel_exclude":
                ballots = [each for each in ballots if each["slip"] != decision["ballot"]]
    return _rounded(
        rules, _combined(part["panel"], [Fraction(each["scores"][criterion]) for each in ballots])
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _rounded(rules: Json, value: Fraction) -> Fraction:
    """Count up the steps one would write on paper: the digits, and what is left of the next one."""
    unit = Fraction(1, 10 ** rules["numbers"]["decimals"])
    steps = int(value / unit)
    left = value / unit - steps
    how = rules["numbers"]["rounding"]
    up = left > Fraction(1, 2) or (left == Fraction(1, 2) and (how == "half_up" or steps % 2 == 1))
    if how != "down" and up:
        steps += 1
    return steps * unit
