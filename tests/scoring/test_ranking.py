# SPDX-License-Identifier: Apache-2.0
"""Rankings: the contract's example, the table of the domain specification, gates, minima, ties and places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scoring.marks import read_marks
from scoring.ranking import rank, rank_json
from scoring.reading import UnusableInput
from scoring.ruleset import read_ruleset
from tests.scoring.builders import (
    RULESETS,
    ballots,
    candidate,
    gate_content,
    marks_content,
    pending_codes,
    ranked,
    ranking,
    slips,
    weighted_content,
    written,
)

CONTRACT = Path(__file__).parent / "cases" / "contract.json"


def passing(code: str, programme: str, *, gate: str = "70") -> dict[str, Any]:
    return candidate(code, written=written(gate, gate), programme=slips(5, programme))


def test_the_documented_example_gives_exactly_the_documented_output() -> None:
    case = json.loads(CONTRACT.read_text(encoding="utf-8"))
    ruleset = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")
    found, status = rank_json(ruleset, json.dumps(case["input"]))
    hashes = {key: found[key] for key in ("ruleset", "input")}
    assert all(value.startswith("sha256:") and len(value) == 71 for value in hashes.values())
    assert json.dumps(found) == json.dumps({**case["output"], **hashes})
    assert status == 3


def test_a_complete_ranking_has_status_0() -> None:
    ruleset = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")
    content = marks_content(passing("A", "84"), passing("B", "80"))
    found, status = rank_json(ruleset, json.dumps(content))
    assert (status, found["complete"], found["pending"]) == (0, True, [])
    assert [(row["outcome"], row["rank"]) for row in found["candidates"]] == [("selected", 1), ("passed", 2)]


def test_weights_make_the_total_and_each_part_has_its_minimum() -> None:
    rows = ranked(
        candidate(
            "A", test={"value": "40", "max": "60"}, written=written("95", "95"), interview=slips(5, "49")
        ),
        candidate(
            "B", test={"value": "30", "max": "60"}, written=written("80", "80"), interview=slips(5, "90")
        ),
        candidate(
            "C", test={"value": "60", "max": "60"}, written=written("60", "60"), interview=slips(5, "60")
        ),
        ruleset=weighted_content(),
    )
    assert (rows["A"]["total"], rows["A"]["outcome"]) == ("81.20", "failed")
    assert rows["A"]["parts"]["interview"]["passed"] is False
    assert (rows["B"]["total"], rows["B"]["outcome"], rows["B"]["rank"]) == ("83.00", "selected", 1)
    step = rows["B"]["explanation"][-1]
    assert step == {
        "code": "weighted_total",
        "part": None,
        "values": ["80.00", "90.00"],
        "result": "83.00",
        "weights": ["0.7", "0.3"],
    }


def test_each_part_min_is_stricter_than_a_pass_of_zero() -> None:
    rules = weighted_content()
    for part in rules["parts"][1:]:
        part["pass"] = "0"
    rows = ranked(
        candidate(
            "A", test={"value": "60", "max": "60"}, written=written("95", "95"), interview=slips(5, "49.5")
        ),
        candidate(
            "B", test={"value": "60", "max": "60"}, written=written("50", "50"), interview=slips(5, "50")
        ),
        ruleset=rules,
    )
    assert (rows["A"]["outcome"], rows["B"]["outcome"]) == ("failed", "selected")


def test_the_gate_compares_the_rounded_mark() -> None:
    rules = gate_content()
    rules["numbers"]["step"] = "0.001"
    rules["parts"][0]["marking"]["markers"] = 1
    rows = ranked(
        candidate("A", written=written("49.995"), programme=slips(5, "60")),
        candidate("B", written=written("49.994"), programme=slips(5, "90")),
        candidate("C", written=written("50"), programme=slips(5, "59")),
        ruleset=rules,
    )
    assert rows["A"]["parts"]["written"] == {"mark": "50.00", "role": "gate", "passed": True}
    assert rows["B"]["parts"]["written"] == {"mark": "49.99", "role": "gate", "passed": False}
    assert (rows["A"]["outcome"], rows["B"]["outcome"]) == ("selected", "failed")


def test_a_qualifying_mark_never_adds() -> None:
    rows = ranked(
        candidate(
            "A", test={"value": "60", "max": "60"}, written=written("60", "60"), interview=slips(5, "60")
        ),
        candidate(
            "B", test={"value": "30", "max": "60"}, written=written("61", "61"), interview=slips(5, "60")
        ),
        ruleset=weighted_content(),
    )
    assert (rows["B"]["rank"], rows["A"]["rank"]) == (1, 2)


@pytest.mark.parametrize(("points", "mark", "passed"), [("30", "50.00", True), ("29", "48.33", False)])
def test_thirty_of_sixty_passes_and_twenty_nine_fails(points: str, mark: str, passed: bool) -> None:
    rows = ranked(
        candidate("A", test={"value": points, "max": "60"}), candidate("B"), ruleset=weighted_content()
    )
    assert rows["A"]["parts"]["test"] == {"mark": mark, "role": "qualifying", "passed": passed}


def test_a_tie_is_separated_by_the_first_rule_that_can_and_the_rule_is_named() -> None:
    rules = weighted_content(weights={"written": "0.5", "interview": "0.5"})
    rules["tie_break"]["order"] = ["part:test", "part:interview", "part:written", "decision"]
    same_test = {"value": "40", "max": "60"}
    rows = ranked(
        candidate("A", test=same_test, written=written("79", "79"), interview=slips(5, "78")),
        candidate("B", test=same_test, written=written("77", "77"), interview=slips(5, "80")),
        candidate("C", test=same_test, written=written("60", "60"), interview=slips(5, "60")),
        ruleset=rules,
    )
    assert [(rows[code]["total"], rows[code]["rank"], rows[code]["tie_rule"]) for code in "ABC"] == [
        ("78.50", 2, "part:interview"),
        ("78.50", 1, "part:interview"),
        ("60.00", 3, None),
    ]


def test_a_tie_that_no_rule_separates_waits_for_a_decision_and_holds_up_nobody_else() -> None:
    tied = [passing("X", "84"), passing("Y", "84"), passing("Z", "80"), candidate("W", "withdrawn")]
    result = ranking(*tied)
    rows = {row["id"]: row for row in result.to_json()["candidates"]}
    assert pending_codes(result) == ["tie_decision_required"]
    assert result.to_json()["pending"] == [
        {"code": "tie_decision_required", "candidates": ["X", "Y"], "total": "84.00", "places": 1}
    ]
    assert [(rows[c]["outcome"], rows[c]["rank"]) for c in "XYZW"] == [
        ("pending", None),
        ("pending", None),
        ("passed", 3),
        ("withdrawn", None),
    ]
    decided = ranked(*tied, decisions=({"kind": "tie", "order": ["Y", "X"]},))
    assert [(decided[c]["outcome"], decided[c]["rank"], decided[c]["tie_rule"]) for c in "XYZ"] == [
        ("passed", 2, "decision"),
        ("selected", 1, "decision"),
        ("passed", 3, None),
    ]


@pytest.mark.parametrize("name", ["kind", "type", "decision", "code"])
def test_a_decision_is_understood_under_each_name_of_its_key(name: str) -> None:
    tied = [passing("X", "84"), passing("Y", "84")]
    assert ranking(*tied, decisions=({name: "tie", "order": ["Y", "X"]},)).complete


def test_a_decision_about_other_people_decides_nothing() -> None:
    tied = [passing("X", "84"), passing("Y", "84"), passing("Z", "80")]
    assert not ranking(*tied, decisions=({"kind": "tie", "order": ["Y", "Z"]},)).complete


def test_ties_inside_and_below_the_places_share_a_rank() -> None:
    marks = {"A": "90", "B": "90", "C": "85", "D": "80", "E": "80", "F": "70", "G": "70", "H": "60"}
    people = [passing(code, mark, gate=str(60 + place)) for place, (code, mark) in enumerate(marks.items())]
    result = ranking(*people, places=4)
    rows = {row["id"]: row for row in result.to_json()["candidates"]}
    assert result.complete
    assert [rows[code]["rank"] for code in marks] == [1, 1, 3, 5, 4, 6, 6, 8]
    assert [code for code in marks if rows[code]["outcome"] == "selected"] == ["A", "B", "C", "E"]
    assert [code for code in marks if rows[code]["tie_rule"]] == ["D", "E"]


def test_without_the_boundary_rule_every_tie_is_separated_where_a_rule_can() -> None:
    rules = gate_content()
    rules["tie_break"]["places_boundary_only"] = False
    people = [
        passing("A", "90", gate="60"),
        passing("B", "90", gate="61"),
        passing("C", "80"),
        passing("D", "80"),
    ]
    result = ranking(*people, ruleset=rules, places=2)
    assert result.complete
    assert [(row.rank, row.tie_rule) for row in result.rows] == [
        (2, "part:written"),
        (1, "part:written"),
        (3, None),
        (3, None),
    ]


def test_of_three_tied_across_the_last_place_only_those_the_boundary_parts_are_parted() -> None:
    people = [passing(code, "80", gate=gate) for code, gate in (("A", "60"), ("B", "70"), ("C", "65"))]
    rows = ranked(*people, places=1)
    assert [(rows[c]["rank"], rows[c]["outcome"]) for c in "ABC"] == [
        (2, "passed"),
        (1, "selected"),
        (2, "passed"),
    ]


def test_a_rubric_rule_separates_only_those_who_were_marked_by_criterion() -> None:
    rules = gate_content()
    rules["tie_break"]["order"] = ["rubric:programme.defend", "decision"]

    def scored(code: str, build: str, defend: str) -> dict[str, Any]:
        slip = {"build": build, "defend": defend, "answer": "25"}
        box = {"ballots": [{"slip": str(place), "scores": slip} for place in range(5)]}
        return candidate(code, written=written("70", "70"), programme=box)

    rows = ranked(scored("A", "30", "25"), scored("B", "29", "26"), ruleset=rules)
    assert (rows["B"]["rank"], rows["B"]["tie_rule"]) == (1, "rubric:programme.defend")
    assert not ranking(scored("A", "30", "25"), passing("B", "80"), ruleset=rules).complete


def test_the_reserve_list_follows_the_places_and_takes_a_whole_tie() -> None:
    rules = gate_content()
    rules["vacancy"]["reserve"] = 1
    result = ranking(
        passing("A", "90"), passing("B", "80"), passing("C", "80"), passing("D", "70"), ruleset=rules
    )
    assert result.to_json()["reserve"] == ["B", "C"]
    assert [row.outcome for row in result.rows] == ["selected", "reserve", "reserve", "passed"]


def test_one_left_after_the_gate_stops_until_the_council_goes_on() -> None:
    people = [candidate("A", written=written("72", "78")), candidate("B", written=written("44", "56", "49"))]
    stopped = ranking(*people)
    assert stopped.to_json()["pending"] == [
        {"code": "min_candidates", "after": "gate", "remaining": 1, "minimum": 2}
    ]
    assert [row.outcome for row in stopped.rows] == ["pending", "failed"]
    going_on = ranking(*people, decisions=({"kind": "proceed"},))
    assert going_on.to_json()["pending"] == [{"code": "marks_missing", "candidate": "A", "part": "programme"}]


@pytest.mark.parametrize(
    ("statuses", "moment"),
    [
        (["present"], "vetting"),
        (["present", "withdrawn"], "withdrawal"),
        (["present", "disqualified"], "withdrawal"),
    ],
)
def test_too_few_candidates_stop_the_ranking(statuses: list[str], moment: str) -> None:
    people = [{**passing(str(place), "80"), "status": status} for place, status in enumerate(statuses)]
    result = ranking(*people)
    assert result.to_json()["pending"][0]["after"] == moment
    assert ranking(*people, decisions=({"kind": "proceed"},)).complete


def test_a_moment_that_the_rule_set_leaves_out_does_not_stop() -> None:
    rules = gate_content()
    rules["vacancy"]["recheck_min_after"] = ["vetting"]
    assert ranking(passing("A", "80"), {**passing("B", "80"), "status": "withdrawn"}, ruleset=rules).complete


def test_an_undecided_candidate_holds_up_only_those_it_can_still_reach() -> None:
    people = [
        passing("A", "90"),
        passing("B", "80"),
        passing("C", "60"),
        candidate("U", written=written("60", "70"), programme=slips(5, "70")),
        candidate("F", written=written("40", "40")),
    ]
    rows = ranked(*people)
    assert [(rows[c]["outcome"], rows[c]["rank"]) for c in "ABCUF"] == [
        ("selected", 1),
        ("passed", 2),
        ("passed", None),
        ("pending", None),
        ("failed", None),
    ]


def test_an_open_gate_that_may_leave_too_few_holds_up_everybody() -> None:
    rows = ranked(passing("A", "90"), candidate("U", written=written("60", "70"), programme=slips(5, "70")))
    assert rows["A"]["outcome"] == "pending"


@pytest.mark.parametrize("gate", [{}, {"written": written("60")}, {"written": written("60", "70")}])
def test_an_open_gate_that_may_leave_too_few_is_asked_for_though_its_candidate_has_failed_since(
    gate: dict[str, Any],
) -> None:
    failed = candidate("C0", **gate, programme=slips(5, "40"))
    result = ranking(failed, passing("C1", "80"))
    assert [(each.candidate, each.part) for each in result.pending] == [("C0", "written")]
    assert [row.outcome for row in result.rows] == ["failed", "pending"]
    through = {**failed, "parts": {**failed["parts"], "written": written("60", "60")}}
    assert [row.outcome for row in ranking(through, passing("C1", "80")).rows] == ["failed", "selected"]
    barred = {**failed, "parts": {**failed["parts"], "written": written("40", "40")}}
    assert pending_codes(ranking(barred, passing("C1", "80"))) == ["min_candidates"]


def test_nothing_but_the_gate_is_asked_of_who_has_failed() -> None:
    failed = candidate("C0", written=written("40", "40"), interview=slips(2, "80"))
    through = candidate(
        "C1", test={"value": "60", "max": "60"}, written=written("80", "80"), interview=slips(5, "80")
    )
    result = ranking(failed, through, ruleset=weighted_content())
    assert [(each.code, each.candidate, each.part) for each in result.pending] == [
        ("marks_missing", "C0", "test")
    ]


def test_the_gate_of_who_has_failed_is_not_asked_for_where_enough_are_left() -> None:
    failed = candidate("C0", written=written("60", "70"), programme=slips(5, "40"))
    assert ranking(failed, passing("C1", "80"), passing("C2", "70")).complete
    assert ranking(failed, passing("C1", "80"), decisions=({"kind": "proceed"},)).complete


def test_the_council_is_asked_too_where_nobody_is_left() -> None:
    failed = [candidate(code, written=written("40", "40")) for code in "AB"]
    for people in ([], failed, [candidate("C", "withdrawn"), candidate("D", "absent")]):
        assert pending_codes(ranking(*people)) == ["min_candidates"]
        assert ranking(*people, decisions=({"kind": "proceed"},)).complete
    failed_later = [candidate(code, programme=slips(5, "40")) for code in "AB"]
    assert pending_codes(ranking(*failed_later)) == ["marks_missing", "marks_missing"]


def test_those_tied_may_not_both_be_selected_while_somebody_may_still_pass_them() -> None:
    people = [passing("A", "80"), passing("B", "80"), candidate("U", written=written("70", "70"))]
    assert [row.outcome for row in ranking(*people, places=2).rows] == ["pending"] * 3
    assert [row.outcome for row in ranking(*people, places=3).rows] == ["selected", "selected", "pending"]


def test_who_is_selected_whatever_comes_is_selected_before_the_rank_is_known() -> None:
    people = [passing("A", "90"), passing("B", "80"), candidate("U", written=written("70", "70"))]
    rows = ranked(*people, places=3)
    assert [(rows[c]["outcome"], rows[c]["rank"]) for c in "ABU"] == [
        ("selected", None),
        ("selected", None),
        ("pending", None),
    ]
    rows = ranked(*people, places=2)
    assert [rows[c]["outcome"] for c in "ABU"] == ["selected", "pending", "pending"]


def test_the_reserve_list_names_only_those_whose_rank_is_certain() -> None:
    rules = gate_content()
    rules["vacancy"]["reserve"] = 3
    undecided = candidate("U", written=written("70", "70"))
    people = [passing("A", "100", gate="71"), passing("B", "80"), passing("C", "70"), undecided]
    result = ranking(*people, ruleset=rules)
    assert [row.outcome for row in result.rows] == ["pending", "reserve", "reserve", "pending"]
    assert result.reserve == ()


def test_who_can_no_longer_fail_counts_as_above_those_who_cannot_follow() -> None:
    rules = weighted_content()
    rules["parts"][2]["pass"] = "0"
    del rules["total"]["each_part_min"]
    test = {"value": "60", "max": "60"}
    waiting = candidate("U", test=test, written=written("95", "95"))
    behind = candidate("B", test=test, written=written("50", "50"), interview=slips(5, "60"))
    last = candidate("C", test=test, written=written("50", "50"), interview=slips(5, "50"))
    rows = ranked(waiting, behind, last, ruleset=rules)
    assert [(rows[c]["outcome"], rows[c]["rank"]) for c in "UBC"] == [
        ("pending", None),
        ("passed", 2),
        ("passed", 3),
    ]


def test_who_can_no_longer_end_below_may_still_end_level() -> None:
    rules = weighted_content()
    rules["parts"][2]["pass"] = "0"
    del rules["total"]["each_part_min"]
    test = {"value": "60", "max": "60"}
    waiting = candidate("U", test=test, written=written("90", "90"))
    level = candidate("B", test=test, written=written("60", "60"), interview=slips(5, "70"))
    row = ranked(waiting, level, ruleset=rules)["B"]
    assert (row["total"], row["outcome"], row["rank"]) == ("63.00", "pending", None)


def test_who_failed_for_certain_is_asked_for_nothing_more() -> None:
    people = [
        passing("A", "90"),
        passing("B", "80"),
        candidate("F", written=written("40", "40"), programme=slips(2, "90")),
        candidate("G", test=None, written=written("60", "60"), programme=slips(5, "49")),
    ]
    del people[3]["parts"]["test"]
    result = ranking(*people)
    assert result.complete
    assert [row.outcome for row in result.rows] == ["selected", "passed", "failed", "failed"]


def test_a_part_not_begun_is_asked_for_only_when_everything_before_it_is_passed() -> None:
    result = ranking(candidate("A"), candidate("B", written=written("60", "70")), passing("C", "60"))
    assert [(each.code, each.candidate, each.part) for each in result.pending] == [
        ("marks_missing", "A", "written"),
        ("third_mark_required", "B", "written"),
    ]


def test_an_absent_candidate_has_no_marks_and_no_rank() -> None:
    rows = ranked({**passing("A", "80"), "status": "absent"}, passing("B", "80"), passing("C", "70"))
    assert (rows["A"]["outcome"], rows["A"]["rank"], rows["A"]["total"]) == ("absent", None, None)
    assert rows["A"]["parts"]["written"]["mark"] is None


def test_an_advisory_vote_is_recorded_and_decides_nothing() -> None:
    rules = gate_content()
    vote = {"key": "confidence", "kind": "vote", "role": "advisory", "panel": {"size": 7}}
    rules["parts"].insert(1, vote)
    people = [passing("A", "80"), passing("B", "70")]
    people[0]["parts"]["confidence"] = slips(6, "0")
    result = ranking(*people, ruleset=rules)
    assert result.complete
    assert result.to_json()["candidates"][0]["parts"]["confidence"] == {
        "mark": "0.00",
        "role": "advisory",
        "passed": None,
    }


def test_preference_points_enter_the_total_only_where_the_rule_set_gives_them() -> None:
    rules = weighted_content(preference_points={"enabled": True, "max": "7.5"})
    people = [
        candidate(
            "A", test={"value": "60", "max": "60"}, written=written("80", "80"), interview=slips(5, "80")
        ),
        candidate(
            "B", test={"value": "60", "max": "60"}, written=written("78", "78"), interview=slips(5, "78")
        ),
    ]
    people[1]["preference_points"] = "2.5"
    rows = ranked(*people, ruleset=rules)
    assert (rows["B"]["total"], rows["B"]["rank"]) == ("80.50", 1)
    with pytest.raises(UnusableInput, match="preference_points"):
        ranked(*people, ruleset=weighted_content())


def test_scenario_b_stops_at_a_tie_that_only_the_authority_can_end() -> None:
    rules = gate_content()
    rules["parts"][1]["panel"].update(size=9)
    x = candidate(
        "X",
        written=written("71.5", "71.5"),
        programme=ballots("84", "86", "80", "88", "85", "83", "82", issued=7, returned=7, invalid=0),
    )
    y = candidate(
        "Y",
        written=written("71.5", "71.5"),
        programme=ballots("90", "78", "84", "80", "86", "88", "82", issued=8, returned=8, invalid=1),
    )
    z = candidate("Z", written=written("70", "70"), programme=slips(8, "80"))
    result = ranking(x, y, z, ruleset=rules)
    assert [row.to_json()["total"] for row in result.rows] == ["84.00", "84.00", "80.00"]
    assert pending_codes(result) == ["tie_decision_required"]
    assert ranking(x, y, z, ruleset=rules, decisions=({"kind": "tie", "order": ["X", "Y"]},)).complete


def test_scenario_e_corrects_a_gate_after_review_and_the_order_changes() -> None:
    rivals = [passing("R", "80.5"), passing("S", "78"), passing("T", "70"), passing("U", "60")]
    before = ranked(candidate("E", written=written("44", "56", "49")), *rivals)
    assert (before["E"]["outcome"], before["R"]["outcome"]) == ("failed", "selected")
    after = ranked(
        candidate(
            "E", written=written("44", "56", "49", remarks=("52", "50", "52")), programme=slips(5, "81")
        ),
        *rivals,
    )
    assert after["E"]["parts"]["written"]["mark"] == "52.00"
    assert (after["E"]["outcome"], after["E"]["total"]) == ("selected", "81.00")
    assert (after["R"]["outcome"], after["R"]["rank"]) == ("passed", 2)


def test_marks_read_under_another_rule_set_are_not_ranked() -> None:
    marks = read_marks(marks_content(passing("A", "80")), read_ruleset(gate_content()))
    other = gate_content()
    other["id"] = "another"
    with pytest.raises(ValueError, match="another rule set"):
        rank(read_ruleset(other), marks)
