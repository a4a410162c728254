# SPDX-License-Identifier: Apache-2.0
"""No total is made of less than everything: each figure is asked for at its place, stray keys are refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.marks import parse_marks
from scoring.ranking import Ranking, rank
from scoring.reading import UnusableInput
from scoring.ruleset import parse, read_ruleset
from tests.scoring.builders import (
    RULESETS,
    a_level,
    candidate,
    gate_content,
    marks_content,
    ranking,
    weighted_content,
    written,
)

Json = dict[str, Any]
Steps = tuple[Any, ...]
CRITERIA = ("build", "defend", "answer")
UNKNOWN = st.from_regex(r"zz[a-z_]{0,6}", fullmatch=True)


def rules() -> Json:
    """A test and a written part that open the programme, which is heard by criterion."""
    content = gate_content()
    content["parts"].insert(0, {"key": "test", "kind": "test", "role": "qualifying"})
    return content


def a_box(count: int = 7) -> Json:
    """As many ballots as there are members, all of them scored by criterion."""
    scores = {"build": "33", "defend": "25", "answer": "26"}
    ballots = [{"slip": str(place), "scores": dict(scores)} for place in range(1, count + 1)]
    return {"ballots": ballots, "issued": count, "returned": count, "invalid": 0}


def everything() -> Json:
    """Three candidates of whom every figure is there; the last one's script has a third mark and a review."""
    people = [
        candidate(code, test={"value": "45", "max": "60"}, written=written("70", "72"), programme=a_box())
        for code in "AB"
    ]
    third = written("60", "71", "66", remarks=("60", "62", "62"))
    people.append(candidate("C", test={"value": "45", "max": "60"}, written=third, programme=a_box()))
    return marks_content(*people)


def without(content: Json, *steps: Any) -> Json:
    """The content without what stands at this place."""
    changed = copy.deepcopy(content)
    target: Any = changed
    for step in steps[:-1]:
        target = target[step]
    del target[steps[-1]]
    return changed


def ranked(content: Json) -> Ranking:
    ruleset = read_ruleset(rules())
    return rank(ruleset, parse_marks(json.dumps(content), ruleset))


def lacks(content: Json, code: str) -> list[Json]:
    """What the ranking waits for; the candidate concerned has no total, no rank and no outcome meanwhile."""
    result = ranked(content)
    row = next(each for each in result.rows if each.standing.candidate.id == code)
    assert (row.standing.total, row.rank, row.outcome) == (None, None, "pending")
    assert not result.complete
    return [each.to_json() for each in result.pending]


CANDIDATES = tuple(enumerate("ABC"))


def test_with_every_figure_there_nothing_is_asked_for() -> None:
    found = ranked(everything())
    assert [each.code for each in found.pending] == ["tie_decision_required"]
    assert all(row.standing.total is not None for row in found.rows)


@pytest.mark.parametrize(("index", "code"), CANDIDATES)
@pytest.mark.parametrize("part", ["test", "written", "programme"])
def test_a_part_that_is_not_there_is_asked_for(index: int, code: str, part: str) -> None:
    found = lacks(without(everything(), "candidates", index, "parts", part), code)
    asked = [each for each in found if each["candidate"] == code]
    assert asked == [{"code": "marks_missing", "candidate": code, "part": part}]
    assert {each["candidate"] for each in found} == {code}


@pytest.mark.parametrize(("index", "code"), CANDIDATES)
@pytest.mark.parametrize("round_no", [1, 2])
def test_a_mark_that_is_not_there_is_asked_for_by_its_round(index: int, code: str, round_no: int) -> None:
    place = ("candidates", index, "parts", "written", "marks", round_no - 1)
    (lack,) = lacks(without(everything(), *place), code)
    assert lack == {"code": "marks_missing", "candidate": code, "part": "written", "rounds": [round_no]}


def test_a_third_mark_that_is_not_there_is_asked_for() -> None:
    place = ("candidates", 2, "parts", "written", "marks", 2)
    (lack,) = lacks(without(everything(), *place), "C")
    assert (lack["code"], lack["candidate"], lack["part"]) == ("third_mark_required", "C", "written")


@pytest.mark.parametrize("round_no", [1, 2])
def test_a_mark_of_a_review_that_is_not_there_is_asked_for_by_its_round(round_no: int) -> None:
    place = ("candidates", 2, "parts", "written", "marks", 2 + round_no)
    (lack,) = lacks(without(everything(), *place), "C")
    assert lack == {
        "code": "marks_missing",
        "candidate": "C",
        "part": "written",
        "rounds": [round_no],
        "review": True,
    }


def test_the_third_mark_of_a_review_that_is_not_there_is_asked_for() -> None:
    (lack,) = lacks(without(everything(), "candidates", 2, "parts", "written", "marks", 5), "C")
    assert (lack["code"], lack["part"], lack["review"]) == ("third_mark_required", "written", True)


@pytest.mark.parametrize(("index", "code"), CANDIDATES)
@pytest.mark.parametrize("ballot", range(7))
@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_score_that_is_not_there_is_asked_for_by_ballot_and_criterion(
    index: int, code: str, ballot: int, criterion: str
) -> None:
    place = ("candidates", index, "parts", "programme", "ballots", ballot, "scores", criterion)
    (lack,) = lacks(without(everything(), *place), code)
    assert lack == {
        "code": "marks_missing",
        "candidate": code,
        "part": "programme",
        "criteria": [criterion],
        "ballots": {str(ballot + 1): [criterion]},
    }


def test_several_scores_that_are_not_there_are_asked_for_at_once() -> None:
    content = everything()
    given = content["candidates"][0]["parts"]["programme"]["ballots"]
    del given[1]["scores"]["build"], given[1]["scores"]["answer"], given[4]["scores"]["defend"]
    (lack,) = lacks(content, "A")
    assert lack["criteria"] == ["answer", "build", "defend"]
    assert lack["ballots"] == {"2": ["build", "answer"], "5": ["defend"]}


@pytest.mark.parametrize(("index", "code"), CANDIDATES)
@pytest.mark.parametrize("ballot", range(7))
def test_a_ballot_that_was_returned_and_is_not_there_is_asked_for(index: int, code: str, ballot: int) -> None:
    content = without(everything(), "candidates", index, "parts", "programme", "ballots", ballot)
    del content["candidates"][index]["parts"]["programme"]["invalid"]
    (lack,) = lacks(content, code)
    assert lack == {"code": "marks_missing", "candidate": code, "part": "programme", "unread": 1}
    content["candidates"][index]["parts"]["programme"]["invalid"] = 0
    with pytest.raises(UnusableInput) as refused:
        ranked(content)
    assert [path for path, _ in refused.value.pairs] == [f"candidates[{index}].parts.programme.returned"]


def test_seven_returned_with_five_ballots_are_no_result_until_the_other_two_are_accounted_for() -> None:
    def heard(**counts: int) -> Ranking:
        content = everything()
        content["candidates"][0]["parts"]["programme"] = {"ballots": a_box(5)["ballots"], **counts}
        return ranked(content)

    assert [each.to_json().get("unread") for each in heard(returned=7).pending] == [2]
    assert heard(returned=7, invalid=2).rows[0].standing.total is not None
    assert heard(returned=5).rows[0].standing.total is not None


@pytest.mark.parametrize("key", ["value", "max"])
def test_half_a_test_score_is_refused_at_its_place(key: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        ranked(without(everything(), "candidates", 1, "parts", "test", key))
    assert refused.value.pairs == ((f"candidates[1].parts.test.{key}", "is missing"),)


@pytest.mark.parametrize("value", ["50", "99.5", "0.5"])
def test_a_vote_says_yes_or_no_and_nothing_between(value: str) -> None:
    content = gate_content()
    content["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    people = [
        candidate("A", vote={"ballots": [{"slip": str(n), "value": v} for n, v in enumerate(("0", given))]})
        for given in (value, "100")
    ]
    with pytest.raises(UnusableInput) as refused:
        ranking(people[0], ruleset=content)
    assert [path for path, _ in refused.value.pairs] == ["candidates[0].parts.vote.ballots[1].value"]
    assert ranking(people[1], ruleset=content).rows


# ------------------------------------------------------------------ keys that nobody knows


def tables(content: Any, at: Steps = ()) -> Iterator[Steps]:
    """Where each table of a document stands."""
    if isinstance(content, dict):
        yield at
        for key, value in content.items():
            yield from tables(value, (*at, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from tables(value, (*at, index))


def with_key(content: Json, at: Steps, key: str) -> tuple[Json, str]:
    """The content with one key more at a table, and the path of that key."""
    changed = copy.deepcopy(content)
    target: Any = changed
    path = ""
    for step in at:
        target = target[step]
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    target[key] = "1"
    return changed, f"{path}.{key}".strip(".")


def full_rules() -> Json:
    """A rule set in which every table that there can be is there."""
    content = weighted_content()
    content["parts"][0]["title"] = {"vi": "Trắc nghiệm", "en": "Test"}
    content["parts"][2]["rubric"][0]["levels"] = [a_level("40"), a_level("20")]
    content["sanctions"] = {"reprimand": "25", "warning": "50"}
    return content


SHIPPED = [parse(path.read_text(encoding="utf-8")).canonical() for path in sorted(RULESETS.glob("*.toml"))]


def refusal(key: str, content: Json, at: Steps) -> tuple[list[str], str]:
    """The paths that are refused with this key at a table of a rule set, and the path of the key."""
    changed, path = with_key(content, at, key)
    with pytest.raises(UnusableInput) as refused:
        read_ruleset(changed)
    return [each for each, _ in refused.value.pairs], path


def test_a_key_that_nobody_knows_is_refused_in_every_table_of_the_rule_sets_that_ship() -> None:
    for content in (full_rules(), *SHIPPED):
        read_ruleset(content)
        for at in tables(content):
            found, path = refusal("zz", content, at)
            assert path in found


@given(UNKNOWN, st.sampled_from(list(tables(full_rules()))))
def test_whatever_nobody_knows_is_refused_with_its_path_in_a_rule_set(key: str, at: Steps) -> None:
    found, path = refusal(key, full_rules(), at)
    assert path in found


def full_marks() -> Json:
    """Marks in which every table that there can be is there."""
    content = everything()
    content["candidates"][0]["parts"]["test"]["corrections"] = [{"question": "7", "kind": "key"}]
    content["decisions"] = [
        {"kind": "proceed", "minute": "1"},
        {"kind": "tie", "order": ["A", "B"], "minute": "2"},
        {"kind": "panel_keep", "candidate": "A", "part": "programme", "minute": "3"},
        {"kind": "panel_exclude", "ballot": "1", "minute": "4"},
        {"kind": "panel_remark", "ballots": a_box()["ballots"], "minute": "5"},
    ]
    return content


@given(UNKNOWN, st.sampled_from(list(tables(full_marks()))))
def test_whatever_nobody_knows_is_refused_with_its_path_in_the_marks(key: str, at: Steps) -> None:
    changed, path = with_key(full_marks(), at, key)
    with pytest.raises(UnusableInput) as refused:
        parse_marks(json.dumps(changed), read_ruleset(rules()))
    assert [each for each, _ in refused.value.pairs] == [path]


def test_a_key_that_nobody_knows_is_refused_in_every_table_of_the_marks() -> None:
    ruleset, content = read_ruleset(rules()), full_marks()
    assert parse_marks(json.dumps(content), ruleset).candidates
    for at in tables(content):
        changed, path = with_key(content, at, "zz")
        with pytest.raises(UnusableInput) as refused:
            parse_marks(json.dumps(changed), ruleset)
        assert [each for each, _ in refused.value.pairs] == [path]
