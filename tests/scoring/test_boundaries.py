# SPDX-License-Identifier: Apache-2.0
"""Edges of the arithmetic at which a small mistake would show, and the exact words of its refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from scoring.correction import ItemPoints, Neutralised, NothingLeft, corrected
from scoring.effect import effect
from scoring.marks import Ballot, BallotBox, Decision, Mark, MarkSheet
from scoring.panel import aggregate, is_flagged
from scoring.ranking import Ranking, rank
from scoring.reading import UnusableInput
from scoring.reconcile import differ, reconcile
from scoring.rounding import quantise
from scoring.ruleset import Discrepancy, RuleSet, read_ruleset
from scoring.standing import Standing, evaluate
from scoring.timing import plan_of
from tests.scoring.builders import (
    ballots,
    candidate,
    gate_content,
    marks_content,
    ranked,
    ranking,
    read,
    slips,
    weighted_content,
    written,
)

Json = dict[str, Any]
PASSED = written("70", "70")
TEST = {"value": "45", "max": "60"}


def gate() -> RuleSet:
    return read_ruleset(gate_content())


def standing(person: Json, rules: Json | None = None) -> Standing:
    ruleset, marks = read(rules or gate_content(), marks_content(person))
    return evaluate(ruleset, marks.candidates[0], ())


# ------------------------------------------------------------------ rounding and totals


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("1.1", "1"), ("1.5", "2"), ("2.5", "2"), ("3.4", "3"), ("3.5", "4"), ("5.5", "6"), ("4.51", "5")],
)
def test_only_an_exact_half_goes_to_the_even_digit(value: str, rounded: str) -> None:
    assert quantise(Decimal(value), 0, "half_even") == Decimal(rounded)


def test_a_rounding_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match=r"^no such rounding: up$"):
        quantise(Decimal(1), 0, "up")


def test_the_minimum_of_each_ranked_part_is_none_of_a_part_that_is_not_ranked() -> None:
    rules = weighted_content(each_part_min="50")
    rules["parts"][0]["pass"] = "40"
    person = candidate("A", test={"value": "27", "max": "60"}, written=PASSED, interview=slips(5, "70"))
    parts = ranked(person, ruleset=rules)["A"]["parts"]
    assert (parts["test"]["mark"], parts["test"]["passed"]) == ("45.00", True)


def test_preference_points_are_a_step_of_their_own() -> None:
    rules = gate_content()
    rules["total"]["preference_points"] = {"enabled": True, "max": "7.5"}
    people = [
        {**candidate(code, written=PASSED, programme=slips(5, value)), "preference_points": points}
        for code, value, points in (("A", "80", "2.5"), ("B", "80", "0"))
    ]
    rows = ranked(*people, ruleset=rules)
    assert rows["A"]["explanation"][-1] == {
        "code": "preference_points",
        "part": None,
        "values": ["2.5"],
        "result": "82.50",
    }
    assert [step["code"] for step in rows["B"]["explanation"]] == ["mean_of_two", "mean_of_ballots"]


# ------------------------------------------------------------------ marks of two


@pytest.mark.parametrize(
    ("values", "operator", "percent", "scale", "far"),
    [
        (("60", "70"), ">", "10", "100", False),
        (("60", "70.05"), ">", "10", "100", True),
        (("60", "69.95"), ">=", "10", "100", False),
        (("6", "6.5"), ">=", "10", "10", False),
        (("6", "7"), ">=", "10", "10", True),
        (("6", "7"), ">", "10", "10", False),
    ],
)
def test_a_difference_in_per_cent_is_one_of_the_scale(
    values: tuple[str, str], operator: str, percent: str, scale: str, far: bool
) -> None:
    rule = Discrepancy(threshold=Decimal(percent), operator=operator, basis="percent_of_max")
    assert differ(rule, [Decimal(each) for each in values], Decimal(scale)) is far


def test_one_mark_never_differs() -> None:
    rule = Discrepancy(threshold=Decimal(0), operator=">=", basis="points")
    assert differ(rule, [Decimal(60)], Decimal(100)) is False


@pytest.mark.parametrize(
    ("rounds", "missing"), [((1,), [2]), ((2,), [1]), ((3,), [1, 2]), ((1, 3), [2]), ((2, 3), [1])]
)
def test_a_review_by_two_says_which_of_its_rounds_is_missing(
    rounds: tuple[int, ...], missing: list[int]
) -> None:
    assert dict(reviewed(*rounds).facts)["rounds"] == missing


def reviewed(*rounds: int) -> Any:
    ruleset = gate()
    first = [Mark(marker=f"M{each}", round=each, value=Decimal(70)) for each in (1, 2)]
    again = [Mark(marker=f"R{each}", round=each, value=Decimal(60), remark=True) for each in rounds]
    outcome = reconcile(
        ruleset.parts[0],
        MarkSheet(marks=(*first, *again)),
        numbers=ruleset.numbers,
        review=ruleset.review,
    )
    return outcome.pending or outcome.mark


def test_two_reviewers_are_two_however_their_rounds_are_numbered() -> None:
    assert reviewed(1, 2) == reviewed(3, 4) == 60


def test_a_part_is_only_resolved_by_what_it_is_marked_by() -> None:
    ruleset = gate()
    numbers = ruleset.numbers
    with pytest.raises(ValueError, match=r"^the part 'programme' is not marked by markers$"):
        reconcile(ruleset.parts[1], MarkSheet(marks=()), numbers=numbers, review=ruleset.review)
    with pytest.raises(ValueError, match=r"^the part 'written' has no panel$"):
        aggregate(ruleset.parts[0], BallotBox(ballots=(), returned=0), numbers=numbers)


# ------------------------------------------------------------------ ballots


def panel_rules(**panel: Any) -> Json:
    rules = gate_content()
    watch = {"from_mean": "20", "spread": "100", "action": "panel_meets"}
    rules["parts"][1]["panel"].update({"deviation": watch, **panel})
    return rules


def heard(box: Json, *decisions: Json, **panel: Any) -> Ranking:
    others = candidate("B", written=PASSED, programme=slips(7, "60"))
    return ranking(
        candidate("A", written=PASSED, programme=box),
        others,
        ruleset=panel_rules(**panel),
        decisions=decisions,
    )


def refusal(box: Json, *decisions: Json, **panel: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    with pytest.raises(UnusableInput) as refused:
        heard(box, *decisions, **panel)
    return refused.value.source, refused.value.pairs


def test_no_ballots_do_not_deviate() -> None:
    panel = read_ruleset(panel_rules()).parts[1].panel
    assert panel is not None
    assert is_flagged(panel, ()) is False


def test_a_decision_refused_by_the_panels_own_arithmetic_is_one_of_the_input() -> None:
    rules = panel_rules()
    part = read_ruleset(rules).parts[1]
    box = BallotBox(ballots=(), returned=0)
    keep = Decision(path="decisions[0]", kind="panel_keep", minute="1/BB")
    with pytest.raises(UnusableInput) as refused:
        aggregate(part, box, numbers=gate().numbers, decisions=[keep])
    assert refused.value.source == "input"


def test_below_the_quorum_the_panel_decides_nothing_about_its_ballots() -> None:
    words = "the ballots do not deviate: there is nothing to decide"
    assert refusal(ballots("80", "82", "84", "20"), {"kind": "panel_keep"}) == (
        "input",
        (("decisions[0]", words),),
    )


def test_a_ballot_that_is_not_there_cannot_be_excluded() -> None:
    box = ballots("80", "82", "84", "86", "50")
    assert refusal(box, {"kind": "panel_exclude", "ballot": "9"}) == (
        "input",
        (("decisions[0].ballot", "there is no ballot '9' to exclude"),),
    )


@pytest.mark.parametrize(("values", "holds"), [(("80", "90", "20"), False), (("80", "82", "90", "20"), True)])
def test_a_ballot_is_excluded_only_while_something_is_left_to_count(
    values: tuple[str, ...], holds: bool
) -> None:
    trimmed = {"aggregate": "trimmed_mean", "trim": 1, "quorum": "3/7"}
    exclude = {"kind": "panel_exclude", "ballot": str(len(values))}
    if holds:
        assert heard(ballots(*values), exclude, **trimmed).rows[0].standing.total == Decimal(82)
    else:
        assert refusal(ballots(*values), exclude, **trimmed)[1] == (
            ("decisions[0].ballot", "nothing would be left to count"),
        )


# ------------------------------------------------------------------ where a candidate stands


def voting_rules() -> Json:
    """A vote that decides nothing is held between the written part and the programme."""
    rules = gate_content()
    rules["parts"].insert(1, {"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    return rules


def test_a_vote_that_decides_nothing_holds_nothing_up_and_hides_no_step() -> None:
    found = standing(candidate("A", written=PASSED, programme=slips(5, "80")), voting_rules())
    assert (found.state, found.total) == ("passed", Decimal(80))
    assert [step.part for step in found.explanation] == ["written", "programme"]
    assert (found.pending, found.not_begun) == ((), ())


@pytest.mark.parametrize("status", ["absent", "withdrawn", "disqualified"])
def test_who_takes_no_part_is_asked_for_nothing_and_cannot_be_ranked(status: str) -> None:
    found = standing(candidate("A", status))
    assert (found.alive, found.present, found.pending, found.not_begun) == (False, False, (), ())
    open_gates = (candidate(code, written=written("70")) for code in "BC")
    asked = [each.to_json()["candidate"] for each in ranking(candidate("A", status), *open_gates).pending]
    assert asked == ["B", "C"]


def test_who_has_failed_a_gate_is_asked_for_no_later_one() -> None:
    rules = gate_content()
    rules["parts"].insert(0, {"key": "test", "kind": "test", "role": "qualifying"})
    failed = candidate("A", test={"value": "10", "max": "60"})
    found = standing(failed, rules)
    assert (found.alive, found.pending, found.not_begun) == (False, (), ())
    half = candidate("A", test={"value": "10", "max": "60"}, written=written("70"))
    assert standing(half, rules).pending == ()


def test_a_ranked_part_that_has_not_begun_does_not_hide_the_next_one() -> None:
    found = standing(candidate("A", test=TEST), weighted_content())
    assert [each.part for each in found.not_begun] == ["written", "interview"]
    assert [each.part for each in standing(candidate("A"), weighted_content()).not_begun] == ["test"]


def test_the_lowest_total_of_a_candidate_who_can_still_fail_is_unknown() -> None:
    assert standing(candidate("A", written=PASSED, programme=slips(5, "80"))).lowest == 80
    assert standing(candidate("A", written=PASSED, programme=slips(5, "40"))).lowest is None
    assert standing(candidate("A", written=PASSED)).lowest is None


def test_a_sanction_in_a_part_that_has_not_begun_waits_with_it() -> None:
    rules = {**gate_content(), "sanctions": {"reprimand": "25"}}
    person = {**candidate("A"), "sanctions": [{"part": "written", "level": "reprimand"}]}
    found = standing(person, rules)
    assert [(each.code, each.part) for each in found.not_begun] == [("marks_missing", "written")]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("neutralised", "neutralised_redistribute"),
        ("key", "key_changed"),
        ("restored", "correction_undone"),
    ],
)
def test_each_correction_of_a_test_is_a_step(kind: str, code: str) -> None:
    test = {**TEST, "corrections": [{"question": "7", "kind": kind}]}
    found = standing(candidate("A", test=test, written=PASSED), weighted_content())
    assert [(step.code, step.part, step.values, step.result) for step in found.explanation[:2]] == [
        ("test_score", "test", ("45", "60"), "75.00"),
        (code, "test", ("7",), None),
    ]


# ------------------------------------------------------------------ places


def tied(*codes: str, **gates: str) -> list[Json]:
    """Candidates of one total, each with an own mark of the written gate, where it is given."""
    return [
        candidate(code, written=written(*[gates.get(code, "70")] * 2), programme=slips(5, "80"))
        for code in codes
    ]


def placed(people: list[Json], places: int, **tie_break: Any) -> dict[str, tuple[Any, ...]]:
    rules = gate_content()
    rules["tie_break"].update(tie_break)
    rows = ranked(*people, ruleset=rules, places=places)
    return {code: (row["rank"], row["tie_rule"], row["outcome"]) for code, row in rows.items()}


def test_a_tie_that_ends_with_the_places_is_separated_by_nothing() -> None:
    assert placed(tied("A", "B", A="90"), 2) == {"A": (1, None, "selected"), "B": (1, None, "selected")}


def test_a_tie_that_begins_behind_the_places_is_separated_by_nothing() -> None:
    people = [candidate("Z", written=PASSED, programme=slips(5, "90")), *tied("A", "B", A="90")]
    found = placed(people, 1)
    assert found == {"Z": (1, None, "selected"), "A": (2, None, "passed"), "B": (2, None, "passed")}


def test_whoever_a_rule_puts_inside_is_not_separated_any_further() -> None:
    rules = gate_content()
    rules["parts"].insert(0, {"key": "test", "kind": "test", "role": "qualifying"})
    rules["tie_break"]["order"] = ["part:written", "part:test"]
    people = tied("A", "B", "C", "D", "E", A="90", B="90", D="60", E="60")
    for person, points in zip(people, ("50", "45", "40", "55", "35"), strict=True):
        person["parts"]["test"] = {"value": points, "max": "60"}
    rows = ranked(*people, ruleset=rules, places=3)
    assert {code: (row["rank"], row["tie_rule"]) for code, row in rows.items()} == {
        "A": (1, "part:written"),
        "B": (1, "part:written"),
        "C": (1, "part:written"),
        "D": (4, "part:written"),
        "E": (4, "part:written"),
    }


def test_where_every_tie_is_looked_at_a_class_that_fits_is_shared_and_complete() -> None:
    found = placed(tied("A", "B"), 2, places_boundary_only=False, order=["decision"])
    assert found == {"A": (1, None, "selected"), "B": (1, None, "selected")}
    found = placed(tied("A", "B", "C"), 2, places_boundary_only=False, order=["decision"])
    assert found == dict.fromkeys("ABC", (None, None, "pending"))


def test_marks_read_for_another_rule_set_are_not_ranked() -> None:
    _, marks = read(gate_content(), marks_content())
    with pytest.raises(ValueError, match=r"^these marks were read against another rule set$"):
        rank(read_ruleset(weighted_content()), marks)


def test_too_few_for_certain_are_asked_for_nothing_of_who_has_failed() -> None:
    rules = gate_content()
    rules["parts"].reverse()
    failed = candidate("A", programme=slips(5, "40"), written=written("70"))
    result = ranking(failed, candidate("B", "withdrawn"), ruleset=rules)
    assert [each.to_json()["code"] for each in result.pending] == ["min_candidates"]
    beside = candidate("C", programme=slips(5, "80"), written=PASSED)
    unsure = ranking(failed, beside, ruleset=rules)
    assert [(each.code, each.candidate) for each in unsure.pending] == [("marks_missing", "A")]


def test_nobody_is_selected_while_candidates_are_too_few() -> None:
    (row,) = ranking(candidate("A", written=PASSED, programme=slips(5, "80"))).rows
    assert (row.outcome, row.rank) == ("pending", None)


def chair_rules() -> Json:
    rules = gate_content()
    rules["parts"][0]["marking"]["resolve"] = "chair_decides"
    return rules


@pytest.mark.parametrize("marks", [("70", "70", "90"), ("70",), ("70", "79.5")])
def test_the_chair_settles_only_a_difference_of_the_independent_marks(marks: tuple[str, ...]) -> None:
    decision = {"kind": "chair_mark", "candidate": "A", "part": "written", "value": "60"}
    with pytest.raises(UnusableInput) as refused:
        ranking(candidate("A", written=written(*marks)), ruleset=chair_rules(), decisions=(decision,))
    assert refused.value.source == "input"
    assert refused.value.pairs == (("decisions[0]", "no difference calls for a mark of the chair"),)


def test_the_chair_settles_nothing_of_a_part_that_has_not_begun() -> None:
    decision = {"kind": "chair_mark", "candidate": "A", "part": "written", "value": "60"}
    with pytest.raises(UnusableInput, match=r"decisions\[0\]: no difference calls"):
        ranking(candidate("A"), ruleset=chair_rules(), decisions=(decision,))


def test_a_decision_of_a_panel_names_a_candidate_whose_ballots_deviate() -> None:
    box = ballots("80", "82", "84", "86", "50")
    assert refusal(box, {"kind": "panel_keep", "candidate": "B"}) == (
        "input",
        (("decisions[0].candidate", "must name a candidate whose ballots deviate"),),
    )


@pytest.mark.parametrize(("recheck", "outcome"), [(["gate"], "pending"), ([], "selected")])
def test_an_open_gate_may_leave_too_few_only_where_it_is_counted_again(
    recheck: list[str], outcome: str
) -> None:
    rules = gate_content()
    rules["vacancy"]["recheck_min_after"] = recheck
    people = (candidate("A", written=PASSED, programme=slips(5, "80")), candidate("B", written=written("70")))
    assert ranking(*people, ruleset=rules, places=2).rows[0].outcome == outcome


def test_without_a_gate_nothing_is_counted_again_after_one() -> None:
    rules = gate_content()
    del rules["parts"][0]
    rules["tie_break"]["order"] = ["decision"]
    rules["vacancy"]["recheck_min_after"] = ["gate"]
    people = (candidate("A", programme=slips(5, "80")), candidate("B", "withdrawn"))
    result = ranking(*people, ruleset=rules)
    assert (result.complete, result.rows[0].outcome) == (True, "selected")


# ------------------------------------------------------------------ what a new run changes


def a_ranking(**row: Any) -> Json:
    parts = {"written": {"mark": row.pop("mark", "70.00")}}
    return {
        "candidates": [{"id": "A", "outcome": "passed", "rank": 1, "total": "80.00", "parts": parts, **row}]
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mark": "71.00"}, "marks"),
        ({"total": "81.00"}, "total"),
        ({"rank": 2}, "rank"),
        ({"outcome": "reserve"}, "outcome"),
    ],
)
def test_each_published_value_that_changes_is_an_effect_by_itself(changed: Json, field: str) -> None:
    (found,) = effect(a_ranking(), a_ranking(**changed))
    told = [name for name in ("marks", "total", "rank", "outcome") if getattr(found, name)]
    assert told == [field]
    assert effect(a_ranking(**changed), a_ranking(**changed)) == ()


def test_an_item_that_earns_more_than_it_is_worth_is_named_with_its_figures() -> None:
    with pytest.raises(ValueError, match=r"^the item 'E1' cannot earn 3 of 2$"):
        ItemPoints(item="E1", earned=Decimal(3), worth=Decimal(2))


def test_what_a_correction_cannot_do_is_said_in_words() -> None:
    points = [ItemPoints(item="E1", earned=Decimal(1), worth=Decimal(2))]
    with pytest.raises(ValueError, match=r"^no such policy: guess$"):
        corrected(points, (), "guess")
    with pytest.raises(ValueError, match=r"^an item stands twice in the form$"):
        corrected(points * 2, (), "redistribute")
    with pytest.raises(NothingLeft, match=r"^nothing of worth is left in the form$"):
        corrected(points, (Neutralised(item="E1"),), "redistribute")


def test_a_part_without_a_duration_has_no_sitting() -> None:
    rules = gate_content()
    rules["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    with pytest.raises(ValueError, match=r"^the part 'vote' has no duration$"):
        plan_of(read_ruleset(rules), "vote", datetime(2026, 12, 1, tzinfo=UTC))


def test_a_ballot_amounts_to_what_stands_on_it() -> None:
    half = Ballot(voter="1", value=None, scores=(("build", Decimal(30)), ("defend", None)))
    assert (half.amount, half.missing) == (Decimal(30), ("defend",))
