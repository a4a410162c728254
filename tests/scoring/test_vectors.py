# SPDX-License-Identifier: Apache-2.0
"""The numbered test vectors of the domain specification, each from marks to ranking."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scoring.builders import (
    ballots,
    candidate,
    gate_content,
    pending_codes,
    ranked,
    ranking,
    slips,
    weighted_content,
    written,
)

OTHERS = (
    candidate("R", written=written("90", "90"), programme=slips(5, "95")),
    candidate("S", written=written("90", "90"), programme=slips(5, "94")),
)
TEST = {"value": "45", "max": "60"}


def written_mark(*values: str, remarks: tuple[str, ...] = (), **marking: Any) -> str | None:
    """The written mark of a candidate beside two others, or the code of what is pending."""
    rules = gate_content()
    rules["parts"][0]["marking"].update(marking)
    one = candidate("A", written=written(*values, remarks=remarks), programme=slips(5, "80"))
    result = ranking(one, *OTHERS, ruleset=rules)
    mark: str | None = result.rows[0].to_json()["parts"]["written"]["mark"]
    return mark or result.pending[0].code


def weighed(code: str, mark: str, interview: str, test: dict[str, str] | None = None) -> dict[str, Any]:
    return candidate(code, test=test or TEST, written=written(mark, mark), interview=slips(5, interview))


def test_vector_1_two_marks_within_the_threshold_make_their_mean() -> None:
    assert written_mark("72", "78") == "75.00"


def test_vector_2_a_difference_of_exactly_ten_needs_a_third_marker() -> None:
    assert written_mark("60", "70") == "third_mark_required"
    assert written_mark("60", "69.5") == "64.75"


def test_vector_3_the_third_mark_decides() -> None:
    assert written_mark("60", "71", "66") == "66.00"


def test_vector_4_the_closest_two_make_the_mean() -> None:
    assert written_mark("60", "71", "66", resolve="closest_two") == "68.50"


def test_vector_5_a_review_on_which_two_agree_is_the_mark() -> None:
    assert written_mark("72", "78", remarks=("60", "62", "62")) == "62.00"


def test_vector_6_a_review_on_which_nobody_agrees_is_the_mean_of_three() -> None:
    assert written_mark("72", "78", remarks=("60", "62", "65")) == "62.33"


def test_vector_7_a_part_below_its_minimum_fails_whatever_the_total() -> None:
    row = ranked(weighed("A", "95", "49"), weighed("B", "80", "90"), ruleset=weighted_content())["A"]
    assert (row["total"], row["outcome"], row["rank"]) == ("81.20", "failed", None)


def test_vector_8_weights_make_the_total() -> None:
    rows = ranked(weighed("A", "95", "49"), weighed("B", "80", "90"), ruleset=weighted_content())
    assert rows["B"]["total"] == "83.00"


@pytest.mark.parametrize(("mark", "shown", "passed"), [("49.995", "50.00", True), ("49.994", "49.99", False)])
def test_vector_9_the_gate_compares_the_rounded_mark(mark: str, shown: str, passed: bool) -> None:
    rules = gate_content()
    rules["numbers"]["step"] = "0.001"
    one = candidate("A", written=written(mark, mark), programme=slips(5, "80"))
    row = ranked(one, *OTHERS, ruleset=rules)["A"]
    assert row["parts"]["written"] == {"mark": shown, "role": "gate", "passed": passed}
    assert row["outcome"] == ("passed" if passed else "failed")


def test_vector_10_deviating_ballots_give_no_result_until_the_panel_decides() -> None:
    rules = gate_content()
    watch = {"from_mean": "20", "spread": "100", "action": "panel_meets"}
    rules["parts"][1]["panel"]["deviation"] = watch
    one = candidate("A", written=written("70", "70"), programme=ballots("80", "82", "84", "86", "50"))
    result = ranking(one, *OTHERS, ruleset=rules)
    assert pending_codes(result) == ["panel_must_meet"]
    assert dict(result.pending[0].facts)["from_mean"] == "26.40"
    assert result.rows[0].standing.total is None
    for decision, total in (
        ({"kind": "panel_keep"}, "76.40"),
        ({"kind": "panel_exclude", "ballot": "5"}, "83.00"),
        ({"kind": "panel_remark", "ballots": slips(5, "81")["ballots"]}, "81.00"),
    ):
        assert ranked(one, *OTHERS, ruleset=rules, decisions=(decision,))["A"]["total"] == total


def test_vector_11_four_ballots_of_seven_give_no_result() -> None:
    for count, codes in ((4, ["quorum_missing"]), (5, [])):
        one = candidate("A", written=written("70", "70"), programme=slips(count, "80"))
        assert pending_codes(ranking(one, *OTHERS)) == codes


def test_vector_12_a_qualifying_part_never_adds() -> None:
    rows = ranked(
        weighed("A", "60", "60", {"value": "60", "max": "60"}),
        weighed("B", "61", "60", {"value": "30", "max": "60"}),
        ruleset=weighted_content(),
    )
    assert (rows["A"]["rank"], rows["B"]["rank"]) == (2, 1)


def test_vector_13_the_first_rule_that_separates_a_tie_is_named() -> None:
    rules = weighted_content(weights={"written": "0.5", "interview": "0.5"})
    rules["tie_break"]["order"] = ["part:test", "part:interview", "part:written", "decision"]
    rows = ranked(weighed("A", "77", "80"), weighed("B", "79", "78"), ruleset=rules)
    assert [(rows[c]["total"], rows[c]["rank"], rows[c]["tie_rule"]) for c in "AB"] == [
        ("78.50", 1, "part:interview"),
        ("78.50", 2, "part:interview"),
    ]


def test_vector_14_a_tie_that_exhausts_the_rules_waits_whatever_the_names() -> None:
    for codes in (("A", "B"), ("B", "A"), ("Z9", "A1")):
        result = ranking(
            *(candidate(c, written=written("70", "70"), programme=slips(5, "80")) for c in codes)
        )
        assert pending_codes(result) == ["tie_decision_required"]
        assert [(row.outcome, row.rank) for row in result.rows] == [("pending", None)] * 2


def test_vector_15_the_rules_run_only_across_the_last_of_three_places() -> None:
    programme = {"A": "90", "B": "85", "C": "80", "D": "80", "E": "75", "F": "75", "G": "70", "H": "60"}
    gates = {"C": "60", "D": "61", "E": "60", "F": "61"}
    people = [
        candidate(code, written=written(*[gates.get(code, "70")] * 2), programme=slips(5, value))
        for code, value in programme.items()
    ]
    rows = ranked(*people, places=3)
    assert [(rows[c]["rank"], rows[c]["tie_rule"]) for c in "CDEF"] == [
        (4, "part:written"),
        (3, "part:written"),
        (5, None),
        (5, None),
    ]
    assert [code for code in programme if rows[code]["outcome"] == "selected"] == ["A", "B", "D"]
