# SPDX-License-Identifier: Apache-2.0
"""What must not move a ranking does not; what should improve a place never worsens it."""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring.marks import read_marks
from scoring.ranking import Ranking, rank
from scoring.ruleset import read_ruleset
from tests.scoring.builders import ballots, candidate, gate_content, marks_content, slips, written

People = list[dict[str, Any]]
RULES = read_ruleset(gate_content())
NEAR = st.sampled_from(["49.5", "50", "60", "60.5", "61", "80"])
ANY = st.integers(0, 200).map(lambda halves: f"{halves // 2}{'.5' if halves % 2 else ''}")


@st.composite
def vacancies(draw: st.DrawFn) -> People:
    """Three to six candidates, marked whole or in part, close to each other and to the pass mark."""
    people = []
    for number in range(draw(st.integers(3, 6))):
        marks, slips_given = draw(st.lists(NEAR, min_size=1, max_size=3)), draw(st.lists(NEAR, max_size=7))
        people.append(candidate(f"C{number}", written=written(*marks), programme=ballots(*slips_given)))
    return people


@st.composite
def whole_vacancies(draw: st.DrawFn) -> People:
    """Three to six candidates with everything marked."""
    return [
        candidate(
            f"C{number}",
            written=written(*[draw(NEAR)] * 2),
            programme=ballots(*draw(st.lists(NEAR, min_size=5, max_size=5))),
        )
        for number in range(draw(st.integers(3, 6)))
    ]


def ranked(people: People, places: int = 1, *, order: list[str] | None = None) -> Ranking:
    """The ranking, every tie decided in this order where one is given, and the council going on."""
    decisions: tuple[dict[str, Any], ...] = ({"kind": "proceed"},)
    if order:
        decisions = (*decisions, {"kind": "tie", "order": order})
    return rank(RULES, read_marks(marks_content(*people, places=places, decisions=decisions), RULES))


def rows(result: Ranking) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in result.to_json()["candidates"]}


def told(result: Ranking) -> tuple[Any, ...]:
    """Everything a ranking says of its candidates, the order in which ballots are listed left out."""
    said = rows(result)
    for row in said.values():
        for step in row["explanation"]:
            step["values"].sort()
    return said, [each.to_json() for each in result.pending], result.reserve


@given(vacancies(), st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_marks_and_ballots_changes_nothing(
    people: People, places: int, chance: random.Random
) -> None:
    shuffled = copy.deepcopy(people)
    for person in shuffled:
        chance.shuffle(person["parts"]["written"]["marks"])
        chance.shuffle(person["parts"]["programme"]["ballots"])
    assert told(ranked(people, places)) == told(ranked(shuffled, places))


@given(vacancies(), st.integers(1, 3), st.randoms(use_true_random=False))
def test_other_ids_make_no_other_ranking(people: People, places: int, chance: random.Random) -> None:
    names = [f"N{number}" for number in range(len(people))]
    chance.shuffle(names)
    renamed = [{**person, "id": name} for person, name in zip(people, names, strict=True)]
    before, after = ranked(people, places), ranked(renamed, places)
    assert [(row.outcome, row.rank, row.tie_rule) for row in before.rows] == [
        (row.outcome, row.rank, row.tie_rule) for row in after.rows
    ]


@given(
    vacancies(), st.integers(1, 3), ANY, st.sampled_from(["failed", "absent", "withdrawn", "disqualified"])
)
def test_one_more_candidate_who_is_out_changes_nothing_for_the_others(
    people: People, places: int, programme: str, outcome: str
) -> None:
    status, gate = ("present", "49.5") if outcome == "failed" else (outcome, "90")
    out = candidate("OUT", status, written=written(gate, gate), programme=slips(5, programme))
    without, beside = ranked(people, places), ranked([*people, out], places)
    assert rows(beside).pop("OUT")["outcome"] == outcome
    assert {**rows(without), "OUT": rows(beside)["OUT"]} == rows(beside)
    assert without.pending == beside.pending


@given(whole_vacancies(), st.integers(1, 3), st.data())
def test_raising_one_ballot_never_lowers_the_rank(people: People, places: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations([person["id"] for person in people]))
    before = rows(ranked(people, places, order=order))
    better = copy.deepcopy(people)
    person = data.draw(st.sampled_from(better))
    code, ballot = person["id"], data.draw(st.sampled_from(person["parts"]["programme"]["ballots"]))
    ballot["value"] = data.draw(ANY.filter(lambda value: Decimal(value) > Decimal(ballot["value"])))
    after = rows(ranked(better, places, order=order))
    assert before[code]["outcome"] != "selected" or after[code]["outcome"] == "selected"
    assert before[code]["rank"] is None or after[code]["rank"] <= before[code]["rank"]


@given(whole_vacancies(), st.integers(1, 3))
def test_a_complete_ranking_is_what_a_clerk_would_write(people: People, places: int) -> None:
    """An independent computation: in half points, with whole numbers only, one candidate at a time."""

    def halves(text: str) -> int:
        return int(text.replace(".5", "")) * 2 + text.endswith(".5")

    sheets = {
        person["id"]: (
            sum(halves(ballot["value"]) for ballot in person["parts"]["programme"]["ballots"]),
            halves(person["parts"]["written"]["marks"][0]["value"]),
        )
        for person in people
    }
    through = {code: sheet for code, sheet in sheets.items() if sheet[0] >= 5 * 100 and sheet[1] >= 100}
    found = rows(ranked(people, places))
    for code, sheet in sheets.items():
        ahead = sum(other > sheet for other in through.values())
        level = sum(other == sheet for other in through.values())
        expected = "pending" if ahead < places < ahead + level else "selected" if ahead < places else "passed"
        assert found[code]["outcome"] == (expected if code in through else "failed")
        above = sum(other[0] > sheet[0] for other in through.values())
        tied = sum(other[0] == sheet[0] for other in through.values())
        if code in through and not above < places < above + tied:
            assert found[code]["rank"] == above + 1
