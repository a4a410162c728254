# SPDX-License-Identifier: Apache-2.0
"""What a ranking calls certain holds however the missing figures come in, and the rest is really open.

Inputs are drawn, and every completion of each is tried: four marks are possible, so there are few.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.ranking import Ranking
from scoring.ruleset import RuleSet, read_ruleset
from tests.scoring.builders import ballots, candidate, marks_content, written
from tests.scoring.completions import GRID, Content, coarse_rules, completions, ranked

marks = st.sampled_from([*GRID, "2", "3"])
statuses = st.sampled_from(["present"] * 9 + ["absent", "withdrawn", "disqualified"])
thorough = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def vacancies(draw: st.DrawFn) -> tuple[RuleSet, Content]:
    """Up to four candidates of whom a few figures are missing, under rules of every make."""
    rules = coarse_rules(
        weights=draw(st.sampled_from([None, {"written": "0.5", "programme": "0.5"}])),
        least=draw(st.sampled_from(["2", "0"])),
        min_candidates=draw(st.integers(1, 2)),
        reserve=draw(st.integers(0, 1)),
    )
    rules["tie_break"]["places_boundary_only"] = draw(st.booleans())
    rules["tie_break"]["order"] = draw(st.sampled_from([["decision"], ["part:written", "decision"]]))
    return read_ruleset(rules), _content(draw, people=draw(st.integers(1, 4)), most_missing=3)


@st.composite
def disputes(draw: st.DrawFn) -> tuple[RuleSet, Content]:
    """Two candidates whose marks may differ and whose ballots may deviate; a figure may be missing too."""
    rules = coarse_rules(markers=2, size=2, min_candidates=draw(st.integers(1, 2)))
    rules["parts"][0]["marking"]["resolve"] = draw(
        st.sampled_from(["third_decides", "closest_two", "median", "two_agree_else_mean", "chair_decides"])
    )
    rules["parts"][1]["panel"]["deviation"].update(spread="1", action="panel_meets")
    return read_ruleset(rules), _content(draw, people=2, most_missing=1, each=2)


def _content(draw: st.DrawFn, *, people: int, most_missing: int, each: int = 1) -> Content:
    found = []
    for number in range(people):
        held = {}
        for key, shape in (("written", written), ("programme", ballots)):
            left_out = draw(st.integers(0, min(each, most_missing)))
            most_missing -= left_out
            if left_out < each:
                held[key] = shape(*[draw(marks) for _ in range(each - left_out)])
        found.append(candidate(f"C{number}", draw(statuses), **held))
    decisions = ({"kind": "proceed"},) if draw(st.booleans()) else ()
    return marks_content(*found, places=draw(st.integers(1, 3)), decisions=decisions)


def rows_of(result: Ranking) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in result.to_json()["candidates"]}


def completed(rules: RuleSet, content: Content) -> list[dict[str, dict[str, Any]]]:
    return [rows_of(each) for each in completions(rules, content)]


def assert_the_certain_holds(now: dict[str, dict[str, Any]], later: list[dict[str, dict[str, Any]]]) -> None:
    assert later
    for code, row in now.items():
        outcomes, ranks = {each[code]["outcome"] for each in later}, {each[code]["rank"] for each in later}
        assert row["outcome"] == "pending" or outcomes == {row["outcome"]}
        assert row["rank"] is None or ranks == {row["rank"]}
        assert row["total"] is None or {each[code]["total"] for each in later} == {row["total"]}


@thorough
@given(vacancies())
def test_a_certain_outcome_and_a_certain_rank_hold_in_every_completion(
    drawn: tuple[RuleSet, Content],
) -> None:
    assert_the_certain_holds(rows_of(ranked(*drawn)), completed(*drawn))


@thorough
@given(disputes())
def test_they_hold_too_where_marks_differ_and_ballots_deviate(drawn: tuple[RuleSet, Content]) -> None:
    assert_the_certain_holds(rows_of(ranked(*drawn)), completed(*drawn))


def excepted(row: dict[str, Any], rules: RuleSet, result: Ranking, later: list[dict[str, Any]]) -> bool:
    """The exceptions of docs/ranking.md, `Certain is what cannot change`; nothing here is half marked."""
    own_figures_are_missing = row["total"] is None
    too_few_may_be_left = any(each.code == "min_candidates" for each in result.pending) or (
        sum(each.standing.gate == "passed" for each in result.rows) < rules.vacancy.min_candidates
    )
    may_still_be_tied = any(
        each[row["id"]]["total"] == other["total"]
        for each in later
        for other in each.values()
        if other["id"] != row["id"] and other["rank"] is not None
    )
    return own_figures_are_missing or too_few_may_be_left or may_still_be_tied


@thorough
@given(vacancies())
def test_what_is_open_comes_out_in_two_ways_unless_the_document_excepts_it(
    drawn: tuple[RuleSet, Content],
) -> None:
    rules, content = drawn
    result, later = ranked(rules, content), completed(rules, content)
    for code, row in rows_of(result).items():
        if row["outcome"] in {"absent", "withdrawn", "disqualified", "failed"}:
            continue
        if excepted(row, rules, result, later):
            continue
        assert row["outcome"] != "pending" or len({each[code]["outcome"] for each in later}) > 1
        assert row["rank"] is not None or len({each[code]["rank"] for each in later}) > 1
