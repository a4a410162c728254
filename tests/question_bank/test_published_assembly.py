# SPDX-License-Identifier: Apache-2.0
"""Pools and blueprints published with TestDesign: the solver finds the reference optimum of each."""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from question_bank.assembly.process import Solver
from question_bank.assembly.program import Program, Row
from tests.question_bank.builders import SHARED
from tests.scoring.statistics.published import published

Facts = dict[str, str]
SCALE = 10**7  # of the information, which the solver wants as whole numbers
_CLAUSE = re.compile(r"(\w+) (==|>=|<|%in%) (.+)")


@pytest.mark.parametrize(
    ("table", "points"),
    [("ata_testdesign_reading_303_maxinfo", (-2, 2)), ("ata_testdesign_science_1000_maxinfo", (-1, 0, 1))],
)
def test_the_reference_optimum_of_a_published_pool_is_found(table: str, points: Sequence[float]) -> None:
    asked, expected, tolerance = published(table)
    pool, attributes, constraints = (_rows(name) for name in asked["files"])
    facts = {each["ID"]: each for each in attributes}
    items = [{**facts[each["ID"]], **each} for each in pool]
    information = [sum(_information(item, point) for point in points) for item in items]
    with Solver() as solver:
        found = solver.solve(_program(items, constraints, information), seed=1, effort=60)
    taken = [place for place, _ in enumerate(items) if found.values[place]]
    assert found.status == "optimal"
    assert len(taken) == expected["n_selected"]
    reached = sum(information[place] for place in taken)
    assert abs(reached - expected["objective"]) < tolerance["objective"]


def _program(items: Sequence[Facts], constraints: Sequence[Facts], information: Sequence[float]) -> Program:
    """A variable for each item, then one for each stimulus; an item is taken with its stimulus only."""
    stimuli = sorted({item["STID"] for item in items if "STID" in item})
    members = {
        name: [place for place, item in enumerate(items) if item.get("STID") == name] for name in stimuli
    }
    of_stimulus = {name: len(items) + place for place, name in enumerate(stimuli)}
    rows = [
        Row(terms=[(place, 1), (of_stimulus[name], -1)], most=0)
        for name in stimuli
        for place in members[name]
    ]
    for each in constraints:
        if each["ONOFF"] == "OFF" or each["TYPE"] == "Order":
            continue
        if each["CONDITION"] == "Per Stimulus":
            for name in stimuli:
                terms = [(place, 1) for place in members[name]]
                rows.append(Row(terms=[*terms, (of_stimulus[name], -int(each["LB"]))], least=0))
                rows.append(Row(terms=[*terms, (of_stimulus[name], -int(each["UB"]))], most=0))
        elif each["WHAT"] == "Stimulus":
            terms = [(place, 1) for place in of_stimulus.values()]
            rows.append(Row(terms=terms, least=int(each["LB"]), most=int(each["UB"])))
        else:
            rows += _of_items(each, items)
    return Program(
        upper=[1] * (len(items) + len(stimuli)),
        rows=rows,
        objective=[(place, round(each * SCALE)) for place, each in enumerate(information)],
    )


def _of_items(constraint: Facts, items: Sequence[Facts]) -> Iterator[Row]:
    for places in _groups(constraint["CONDITION"], items):
        terms = [(place, 1) for place in places]
        kind = constraint["TYPE"]
        if kind == "Number":
            yield Row(terms=terms, least=int(constraint["LB"]), most=int(constraint["UB"]))
        elif kind == "Enemy":
            yield Row(terms=terms, most=1)
        elif kind == "Include":
            yield Row(terms=terms, least=len(terms))
        elif kind == "Exclude":
            yield Row(terms=terms, most=0)
        else:
            assert kind == "AllOrNone", kind
            yield from (Row(terms=[(place, 1), (places[0], -1)], least=0, most=0) for place in places[1:])


def _groups(condition: str, items: Sequence[Facts]) -> list[list[int]]:
    """The places of the items that are meant; a column alone means those of each of its values."""
    if condition in items[0]:
        values = sorted({item[condition] for item in items})
        return [[place for place, item in enumerate(items) if item[condition] == each] for each in values]
    clauses = [_CLAUSE.fullmatch(each) for each in condition.split(" & ")] if condition else []
    return [[place for place, item in enumerate(items) if all(_holds(item, clause) for clause in clauses)]]


def _holds(item: Facts, clause: re.Match[str] | None) -> bool:
    assert clause is not None
    value, operator = item[clause[1]], clause[2]
    wanted = re.findall(r'[^\s"(),]+', clause[3].removeprefix("c"))
    if operator == ">=":
        return float(value) >= float(wanted[0])
    if operator == "<":
        return float(value) < float(wanted[0])
    return value in wanted


def _information(item: Facts, point: float) -> float:
    """Fisher information of the three-parameter and of the generalised partial credit model, D = 1."""
    slope = float(item["PAR1"])
    if item["MODEL"] == "3PL":
        hard, guess = float(item["PAR2"]), float(item["PAR3"])
        right = guess + (1 - guess) / (1 + math.exp(-slope * (point - hard)))
        return float(slope**2 * (1 - right) / right * ((right - guess) / (1 - guess)) ** 2)
    steps = [float(item[name]) for name in ("PAR2", "PAR3", "PAR4", "PAR5") if item.get(name)]
    heights = [0.0]
    for step in steps:
        heights.append(heights[-1] + slope * (point - step))
    shares = [math.exp(each) for each in heights]
    shares = [each / sum(shares) for each in shares]
    mean = sum(place * share for place, share in enumerate(shares))
    return float(slope**2 * sum((place - mean) ** 2 * share for place, share in enumerate(shares)))


def _rows(name: Any) -> list[Facts]:
    with (SHARED / "data" / name).open(encoding="utf-8", newline="") as file:
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(file)]
