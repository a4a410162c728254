# SPDX-License-Identifier: Apache-2.0
"""What holds for every ranking, whatever the marks."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring.marks import read_marks
from scoring.ranking import Ranking, rank, rank_json
from scoring.ruleset import RuleSet, read_ruleset
from tests.scoring.builders import (
    RULESETS,
    ballots,
    candidate,
    gate_content,
    marks_content,
    weighted_content,
    written,
)

HALF_POINTS = st.integers(0, 200).map(lambda halves: f"{halves // 2}{'.5' if halves % 2 else ''}")
CLOSE = st.integers(120, 170).map(lambda halves: f"{halves // 2}{'.5' if halves % 2 else ''}")
STATUSES = st.sampled_from(["present"] * 6 + ["absent", "withdrawn", "disqualified"])
GATE_TEXT = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")
GATE = read_ruleset(gate_content())
WEIGHTED = read_ruleset(weighted_content())


@st.composite
def candidates(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to seven candidates whose material is whole, partial or not there."""
    people = []
    for number in range(draw(st.integers(0, 7))):
        marks = draw(st.lists(CLOSE, max_size=3))
        slips = draw(st.lists(CLOSE, max_size=7))
        parts = {"written": written(*marks), "programme": ballots(*slips)}
        held = {key: value for key, value in parts.items() if draw(st.booleans()) or number % 2}
        people.append(candidate(f"C{number}", draw(STATUSES), **held))
    return people


@st.composite
def whole_candidates(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two to seven candidates with everything marked, none of them failing."""
    return [
        candidate(
            f"C{number}",
            test={"value": str(draw(st.integers(30, 60))), "max": "60"},
            written=written(*[draw(st.sampled_from(["60", "60.5", "61"]))] * 2),
            interview=ballots(*[draw(st.sampled_from(["70", "70.5", "71"]))] * 5),
        )
        for number in range(draw(st.integers(2, 7)))
    ]


def ranked(rules: RuleSet, people: list[dict[str, Any]], places: int = 1) -> Ranking:
    return rank(rules, read_marks(marks_content(*people, places=places), rules))


def rows(result: Ranking) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in result.to_json()["candidates"]}


@given(candidates(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_the_input_changes_nothing(
    people: list[dict[str, Any]], chance: Any, places: int
) -> None:
    shuffled = people[:]
    chance.shuffle(shuffled)
    first, second = ranked(GATE, people, places), ranked(GATE, shuffled, places)
    assert rows(first) == rows(second)
    assert {each.code for each in first.pending} == {each.code for each in second.pending}


@given(candidates(), st.integers(1, 3))
def test_every_outcome_follows_from_its_row(people: list[dict[str, Any]], places: int) -> None:
    result = ranked(GATE, people, places)
    found = rows(result)
    for person in people:
        row = found[person["id"]]
        assert (row["outcome"] in {"absent", "withdrawn", "disqualified"}) is (person["status"] != "present")
        ranked_outcome = row["outcome"] in {"selected", "reserve", "passed"}
        assert ranked_outcome or row["rank"] is None
        assert row["rank"] is not None or not (ranked_outcome and result.complete)
        assert row["outcome"] != "selected" or all(
            part["passed"] is not False for part in row["parts"].values()
        )
        assert row["outcome"] != "failed" or any(part["passed"] is False for part in row["parts"].values())
    assert sum(row["outcome"] == "selected" for row in found.values()) <= places


@given(whole_candidates(), st.integers(1, 3))
def test_ranks_are_those_of_standard_competition(people: list[dict[str, Any]], places: int) -> None:
    found = rows(ranked(WEIGHTED, people, places)).values()
    in_order = sorted((row for row in found if row["rank"]), key=lambda row: int(row["rank"]))
    waiting = sorted(Fraction(row["total"]) for row in found if not row["rank"])
    for place, row in enumerate(in_order, start=1):
        above = sum(Fraction(row["total"]) < total for total in waiting)
        assert row["rank"] == place + above or in_order[place - 2]["rank"] == row["rank"]
    totals = [Fraction(row["total"]) for row in in_order]
    assert totals == sorted(totals, reverse=True)


@given(candidates(), st.integers(1, 3), st.booleans())
def test_an_outcome_is_pending_exactly_when_something_is_asked_for_while_anybody_is_left(
    people: list[dict[str, Any]], places: int, proceeds: bool
) -> None:
    decisions = [{"kind": "proceed", "minute": "1/BB"}] if proceeds else []
    content = {**marks_content(*people, places=places), "decisions": decisions}
    found, status = rank_json(GATE_TEXT, json.dumps(content))
    waiting = bool(found["pending"])
    assert (found["complete"], status) == ((False, 3) if waiting else (True, 0))
    outcomes = {row["outcome"] for row in found["candidates"]}
    if outcomes - {"failed", "absent", "withdrawn", "disqualified"}:
        assert ("pending" in outcomes) is waiting
    else:
        assert waiting is (not proceeds and short_after_the_gate(found["candidates"]))


def short_after_the_gate(published: list[dict[str, Any]]) -> bool:
    """Whether fewer than two are known to have passed the gate."""
    return sum(row["parts"]["written"]["passed"] is True for row in published) < 2


def answered(people: list[dict[str, Any]], lacking: dict[str, Any], data: st.DataObject) -> bool:
    """Exactly what the ranking asked for is there now; whether it was something that marks can answer."""
    person = next((each for each in people if each["id"] == lacking.get("candidate")), None)
    if person is None:
        return False
    if lacking["part"] == "written":
        marks = person["parts"].setdefault("written", {"marks": []})["marks"]
        upto = 3 if lacking["code"] == "third_mark_required" else 2
        for place in range(len(marks) + 1, upto + 1):
            marks.append({"marker": f"M{place}", "round": place, "value": data.draw(HALF_POINTS)})
    else:
        slips = person["parts"].setdefault("programme", {"ballots": []})["ballots"]
        for place in range(len(slips) + 1, 6):
            slips.append({"slip": str(place), "value": data.draw(HALF_POINTS)})
    return True


@given(candidates(), st.data())
def test_what_is_certain_stays_so_whatever_is_still_to_come(
    people: list[dict[str, Any]], data: st.DataObject
) -> None:
    result = ranked(GATE, people)
    for _ in range(30):
        before = rows(result)
        answers = [answered(people, lacking.to_json(), data) for lacking in result.pending]
        if not any(answers):
            break
        result = ranked(GATE, people)
        for code, row in rows(result).items():
            assert before[code]["outcome"] in {"pending", row["outcome"]}
            assert before[code]["rank"] in {None, row["rank"]}
    assert {each.code for each in result.pending} <= {"min_candidates", "tie_decision_required"}


@given(whole_candidates(), st.data())
def test_a_better_mark_never_makes_a_worse_rank(people: list[dict[str, Any]], data: st.DataObject) -> None:
    before = ranked(WEIGHTED, people)
    lucky = data.draw(st.integers(0, len(people) - 1))
    better = copy.deepcopy(people)
    for ballot in better[lucky]["parts"]["interview"]["ballots"]:
        ballot["value"] = "90"
    after = ranked(WEIGHTED, better)
    assert Fraction(rows(after)[f"C{lucky}"]["total"]) > Fraction(rows(before)[f"C{lucky}"]["total"])
    old, new = before.rows[lucky].rank, after.rows[lucky].rank
    assert old is None or (new is not None and new <= old)


@given(whole_candidates(), st.data())
def test_a_qualifying_mark_changes_no_total_and_no_rank(
    people: list[dict[str, Any]], data: st.DataObject
) -> None:
    changed = copy.deepcopy(people)
    for person in changed:
        person["parts"]["test"]["value"] = str(data.draw(st.integers(30, 60)))
    before, after = ranked(WEIGHTED, people), ranked(WEIGHTED, changed)
    assert [(row.rank, row.outcome, row.standing.total) for row in before.rows] == [
        (row.rank, row.outcome, row.standing.total) for row in after.rows
    ]


@given(whole_candidates(), st.integers(1, 3))
def test_candidates_with_equal_marks_are_treated_alike(people: list[dict[str, Any]], places: int) -> None:
    twins = [{**people[0], "id": "T1"}, {**people[0], "id": "T2"}]
    found = rows(ranked(WEIGHTED, [*twins, *people[1:]], places))
    for key in ("rank", "outcome", "total", "tie_rule", "explanation"):
        assert found["T1"][key] == found["T2"][key]


@given(whole_candidates())
def test_ranking_is_a_function_of_its_input(people: list[dict[str, Any]]) -> None:
    assert ranked(WEIGHTED, people).to_json() == ranked(WEIGHTED, copy.deepcopy(people)).to_json()
