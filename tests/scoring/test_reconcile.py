# SPDX-License-Identifier: Apache-2.0
"""Independent marks become one mark: every rule of resolving, every policy of review."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scoring.explanation import Outcome
from scoring.marks import MarkSheet
from scoring.reconcile import reconcile
from scoring.rounding import published
from tests.scoring.builders import candidate, gate_content, marks_content, read, written


def reconciled(
    *values: str,
    remarks: tuple[str, ...] = (),
    chair: str | None = None,
    review: dict[str, Any] | None = None,
    numbers: dict[str, Any] | None = None,
    **marking: Any,
) -> Outcome:
    rules = gate_content()
    rules["parts"][0]["marking"].update(marking)
    rules["review"].update(review or {})
    rules["numbers"].update(numbers or {})
    content = marks_content(candidate("A", written=written(*values, remarks=remarks)))
    ruleset, marks = read(rules, content)
    sheet = marks.candidates[0].material("written")
    assert isinstance(sheet, MarkSheet)
    decided = None if chair is None else Decimal(chair)
    return reconcile(
        ruleset.parts[0],
        sheet,
        numbers=ruleset.numbers,
        review=ruleset.review,
        candidate="A",
        chair_mark=decided,
    )


def told(outcome: Outcome) -> str:
    if outcome.pending is not None:
        return f"{outcome.pending.code} {dict(outcome.pending.facts).get('difference', '')}".strip()
    assert outcome.mark is not None
    return f"{outcome.explanation[-1].code} {published(outcome.mark)}"


@pytest.mark.parametrize(
    ("values", "marking", "expected"),
    [
        (("72", "78"), {}, "mean_of_two 75.00"),
        (("72",), {"markers": 1, "discrepancy": {"threshold": "0"}}, "single_mark 72.00"),
        (("60", "69.5"), {}, "mean_of_two 64.75"),
        (("60", "70"), {}, "third_mark_required 10"),
        (("70", "60"), {}, "third_mark_required 10"),
        (("60", "70"), {"discrepancy": {"operator": ">"}}, "mean_of_two 65.00"),
        (("60", "70.5"), {"discrepancy": {"operator": ">"}}, "third_mark_required 10.5"),
        (("60", "71", "66"), {}, "third_decides 66.00"),
        (("44", "56", "49"), {}, "third_decides 49.00"),
        (("60", "71", "66"), {"resolve": "closest_two"}, "closest_two 68.50"),
        (("60", "70", "65"), {"resolve": "closest_two"}, "closest_two 67.50"),
        (("60", "71", "61"), {"resolve": "closest_two"}, "closest_two 60.50"),
        (("60", "71", "90"), {"resolve": "closest_two"}, "closest_two 65.50"),
        (("60", "71"), {"resolve": "closest_two"}, "third_mark_required 11"),
        (("60", "71", "66"), {"resolve": "median"}, "median_of_three 66.00"),
        (("60", "71", "80"), {"resolve": "median"}, "median_of_three 71.00"),
        (("60", "71", "71"), {"resolve": "two_agree_else_mean"}, "two_agree 71.00"),
        (("60", "71", "66"), {"resolve": "two_agree_else_mean"}, "mean_of_three 65.67"),
        (("60", "71"), {"resolve": "mean"}, "mean_of_two 65.50"),
        (("60", "71", "66"), {"resolve": "mean"}, "mean_of_three 65.67"),
        (("60", "71"), {"resolve": "chair_decides"}, "chair_mark_required 11"),
        (("72",), {}, "marks_missing"),
        (("72",), {"markers": 1}, "single_mark 72.00"),
        (("60", "70", "62"), {"markers": 3, "resolve": "median"}, "median_of_three 62.00"),
        (("60", "62", "64"), {"markers": 3, "resolve": "median"}, "mean_of_three 62.00"),
        (("60", "62"), {"markers": 3, "resolve": "median"}, "marks_missing"),
    ],
)
def test_marks_resolve_by_the_rule(values: tuple[str, ...], marking: dict[str, Any], expected: str) -> None:
    assert told(reconciled(*values, **marking)) == expected


def test_the_chairs_mark_settles_a_difference() -> None:
    assert told(reconciled("60", "71", resolve="chair_decides", chair="64")) == "chair_decides 64.00"


def test_a_difference_may_be_counted_in_percent_of_the_scale() -> None:
    ten = {"scale": "10", "step": "0.5"}
    rule = {"threshold": "10", "operator": ">=", "basis": "percent_of_max"}
    rules = gate_content()
    for part in rules["parts"]:
        part["pass"] = "5"
        part.pop("rubric", None)
    rules["numbers"].update(ten)
    rules["parts"][0]["marking"]["discrepancy"] = rule
    rules["parts"][1]["panel"].pop("deviation")
    ruleset, marks = read(rules, marks_content(candidate("A", written=written("6", "7"))))
    sheet = marks.candidates[0].material("written")
    assert isinstance(sheet, MarkSheet)
    outcome = reconcile(ruleset.parts[0], sheet, numbers=ruleset.numbers, review=ruleset.review)
    assert told(outcome) == "third_mark_required 1"


def test_a_third_mark_that_nothing_called_for_is_said_to_be_left_aside() -> None:
    outcome = reconciled("72", "78", "90")
    assert [(step.code, step.values) for step in outcome.explanation] == [
        ("mean_of_two", ("72", "78")),
        ("third_mark_not_needed", ("90",)),
    ]


def test_a_third_mark_that_the_chair_sets_aside_is_said_to_be_left_aside() -> None:
    outcome = reconciled("60", "71", "66", resolve="chair_decides", chair="64")
    assert [(step.code, step.values, step.result) for step in outcome.explanation] == [
        ("chair_decides", ("60", "71", "64"), "64.00"),
        ("third_mark_not_needed", ("66",), None),
    ]
    assert told(reconciled("60", "71", "66", resolve="chair_decides")) == "chair_mark_required 11"


@pytest.mark.parametrize(
    ("remarks", "review", "expected"),
    [
        (("60", "62", "62"), {}, "remark_two_agree 62.00"),
        (("52", "50", "52"), {}, "remark_two_agree 52.00"),
        (("60", "62", "65"), {}, "remark_mean_of_three 62.33"),
        (("60", "60"), {}, "remark_two_agree 60.00"),
        (("60", "62"), {}, "third_mark_required 2"),
        (("60",), {}, "marks_missing"),
        (("60",), {"policy": "single"}, "remark_single 60.00"),
        (("60",), {"policy": "review_only"}, "remark_review_only 60.00"),
        (("77",), {"policy": "tolerance", "tolerance": "2"}, "remark_tolerance 75.00"),
        (("77.5",), {"policy": "tolerance", "tolerance": "2"}, "remark_tolerance 77.50"),
    ],
)
def test_a_review_makes_the_mark_by_its_policy(
    remarks: tuple[str, ...], review: dict[str, Any], expected: str
) -> None:
    outcome = reconciled("72", "78", remarks=remarks, review=review)
    assert told(outcome) == expected
    assert outcome.mark is None or outcome.explanation[0].code == "mean_of_two"


def test_a_review_waits_for_the_marking_it_reviews() -> None:
    assert told(reconciled("60", "70", remarks=("60", "60"))) == "third_mark_required 10"


def test_a_part_without_markers_is_not_reconciled() -> None:
    ruleset, _ = read(gate_content(), marks_content())
    with pytest.raises(ValueError, match="not marked by markers"):
        reconcile(ruleset.parts[1], MarkSheet(marks=()), numbers=ruleset.numbers, review=ruleset.review)
