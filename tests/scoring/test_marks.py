# SPDX-License-Identifier: Apache-2.0
"""Marks are read against their rule set: every mistake is named with its path, all of them at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scoring.marks import BallotBox, parse_marks
from scoring.ranking import rank, rank_json
from scoring.reading import UnusableInput
from scoring.ruleset import read_ruleset
from scoring.verify.canonical import sha256_of
from tests.scoring.builders import (
    RULESETS,
    ballots,
    candidate,
    gate_content,
    marks_content,
    read,
    slips,
    weighted_content,
    written,
)


def paths_of(content: object, ruleset: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(UnusableInput) as refused:
        parse_marks(json.dumps(content), read_ruleset(ruleset or gate_content()))
    assert refused.value.source == "input"
    return [path for path, _ in refused.value.pairs]


def a_mark(**overrides: Any) -> dict[str, Any]:
    return {"marker": "A", "round": 1, "value": "72", **overrides}


def marked(*marks: dict[str, Any]) -> dict[str, Any]:
    return marks_content(candidate("A", written={"marks": list(marks)}))


def heard(box: dict[str, Any]) -> dict[str, Any]:
    return marks_content(candidate("A", programme=box))


def decided(*decisions: dict[str, Any]) -> dict[str, Any]:
    return {**marks_content(candidate("A"), candidate("B")), "decisions": list(decisions)}


WRITTEN, PROGRAMME = "candidates[0].parts.written", "candidates[0].parts.programme"


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        ({**marks_content(), "schema": "x"}, ["schema"]),
        ({**marks_content(), "vacancy": {"id": "V1", "places": "1"}}, ["vacancy.places"]),
        ({**marks_content(), "vacancy": {"places": 1}}, ["vacancy.id"]),
        ({**marks_content(), "note": ""}, ["note"]),
        (marks_content(candidate("A"), candidate("A")), ["candidates[1].id"]),
        (marks_content(candidate("A", "late")), ["candidates[0].status"]),
        (marks_content(candidate("A", essay={})), ["candidates[0].parts.essay"]),
        (marks_content({"id": 1, "status": "present"}), ["candidates[0].id"]),
        (marked(a_mark(value=72)), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value=72.5)), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value="72.25")), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value="100.5")), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value="-1")), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value="NaN")), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(value=None)), [f"{WRITTEN}.marks[0].value"]),
        (marked(a_mark(round=0)), [f"{WRITTEN}.marks[0].round"]),
        (marked(a_mark(round=4)), [f"{WRITTEN}.marks[0].round"]),
        (marked(a_mark(kind="review")), [f"{WRITTEN}.marks[0].kind"]),
        (marked(a_mark(name="Nguyễn Văn A")), [f"{WRITTEN}.marks[0].name"]),
        (marked(a_mark(), a_mark(marker="B")), [f"{WRITTEN}.marks[1].round"]),
        (marked(a_mark(), a_mark(round=2)), [f"{WRITTEN}.marks[1].marker"]),
        (marked(a_mark(), a_mark(kind="remark")), [f"{WRITTEN}.marks[1].marker"]),
        (marks_content(candidate("A", written={})), [f"{WRITTEN}.marks"]),
        (marks_content(candidate("A", written=slips(1, "80"))), [f"{WRITTEN}.marks", f"{WRITTEN}.ballots"]),
        (heard({"ballots": [{"value": "80"}]}), [f"{PROGRAMME}.ballots[0]"]),
        (heard({"ballots": [{"slip": "1", "member": "M", "value": "80"}]}), [f"{PROGRAMME}.ballots[0]"]),
        (heard({"ballots": [{"slip": "1"}]}), [f"{PROGRAMME}.ballots[0]"]),
        (
            heard({"ballots": [{"slip": "1", "value": "80"}, {"slip": "1", "value": "80"}]}),
            [f"{PROGRAMME}.ballots[1]"],
        ),
        (
            heard({"ballots": [{"slip": "1", "scores": {"build": "41"}}]}),
            [f"{PROGRAMME}.ballots[0].scores.build"],
        ),
        (
            heard({"ballots": [{"slip": "1", "scores": {"style": "4"}}]}),
            [f"{PROGRAMME}.ballots[0].scores.style"],
        ),
        (heard(slips(8, "80")), [f"{PROGRAMME}.ballots"]),
        (heard(ballots("80", issued=1, returned=2)), [f"{PROGRAMME}.issued"]),
        (heard(ballots("80", "80", returned=1)), [f"{PROGRAMME}.returned"]),
        (heard(ballots("80", returned=3, invalid=1)), [f"{PROGRAMME}.returned"]),
        (decided({"kind": "proceed"}), ["decisions[0].minute"]),
        (decided({"kind": "order", "minute": "1"}), ["decisions[0].kind"]),
        (decided({"kind": "tie", "order": ["A", "C"], "minute": "1"}), ["decisions[0].order[1]"]),
        (decided({"kind": "tie", "order": ["A", "A"], "minute": "1"}), ["decisions[0].order[1]"]),
        (decided({"kind": "proceed", "minute": "1", "because": ""}), ["decisions[0].because"]),
        (decided({"kind": "panel_keep", "part": "written", "minute": "1"}), ["decisions[0].part"]),
        (decided({"kind": "panel_keep", "candidate": "C", "minute": "1"}), ["decisions[0].candidate"]),
        (
            decided(
                {"kind": "chair_mark", "candidate": "A", "part": "written", "value": "60", "minute": "1"}
            ),
            ["decisions[0].part"],
        ),
    ],
)
def test_a_mistake_is_named_with_its_path(content: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(content) == paths


@pytest.mark.parametrize(
    ("score", "paths"),
    [
        ({"value": "61", "max": "60"}, ["candidates[0].parts.test.value"]),
        ({"value": "0", "max": "0"}, ["candidates[0].parts.test.max"]),
        ({"value": "45"}, ["candidates[0].parts.test.max"]),
        ({"value": 45, "max": "60"}, ["candidates[0].parts.test.value"]),
    ],
)
def test_a_test_score_lies_within_its_maximum(score: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(marks_content(candidate("A", test=score)), weighted_content()) == paths


UNSEEN = [" A", "A ", "A\u00a0", "A\t", "A\u200b", "\ufeffA", "A\n"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_differs_from_another_in_nothing_visible_is_refused(name: str) -> None:
    assert paths_of(marked(a_mark(), a_mark(marker=name, round=2))) == [f"{WRITTEN}.marks[1].marker"]
    assert paths_of(marks_content(candidate("A"), candidate(name))) == ["candidates[1].id"]
    for voter in ("slip", "member"):
        ballots_of_two = {"ballots": [{voter: one, "value": "80"} for one in ("A", name)]}
        assert paths_of(heard(ballots_of_two)) == [f"{PROGRAMME}.ballots[1].{voter}"]


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    composed, decomposed = "H\u1ed9", "Ho\u0323\u0302"
    assert paths_of(marked(a_mark(marker=composed), a_mark(marker=decomposed, round=2))) == [
        f"{WRITTEN}.marks[1].marker"
    ]
    assert paths_of(marks_content(candidate(composed), candidate(decomposed))) == ["candidates[1].id"]
    assert paths_of(heard({"ballots": [{"slip": s, "value": "80"} for s in (composed, decomposed)]})) == [
        f"{PROGRAMME}.ballots[1]"
    ]
    twice = {"kind": "tie", "order": [composed, decomposed], "minute": "1"}
    content = {**marks_content(candidate(composed), candidate("B")), "decisions": [twice]}
    assert paths_of(content) == ["decisions[0].order[1]"]


def test_a_decision_finds_its_candidate_however_the_accents_are_written() -> None:
    people = [candidate(c, written=written("70", "70"), programme=slips(5, "80")) for c in ("H\u1ed9", "B")]
    order = {"kind": "tie", "order": ["Ho\u0323\u0302", "B"], "minute": "1"}
    result = rank(*read(gate_content(), {**marks_content(*people), "decisions": [order]}))
    assert [row.outcome for row in result.rows] == ["selected", "passed"]


def test_all_mistakes_are_listed_at_once() -> None:
    content = marked(a_mark(value="x"), a_mark(marker="B", round=2, value="101"))
    content["candidates"][0]["status"] = "?"
    assert paths_of(content) == [
        "candidates[0].status",
        f"{WRITTEN}.marks[0].value",
        f"{WRITTEN}.marks[1].value",
    ]


def test_a_review_of_a_part_that_has_none_is_refused() -> None:
    rules = gate_content()
    rules["parts"][0]["reviewable"] = False
    content = marks_content(candidate("A", written=written("70", "70", remarks=("60",))))
    assert paths_of(content, rules) == [f"{WRITTEN}.marks[2].kind"]


@pytest.mark.parametrize(("policy", "count"), [("two_agree_else_mean", 4), ("single", 2), ("tolerance", 2)])
def test_a_review_has_no_more_marks_than_its_policy_asks_for(policy: str, count: int) -> None:
    rules = gate_content()
    rules["review"]["policy"] = policy
    content = marks_content(candidate("A", written=written("70", "70", remarks=("60",) * count)))
    assert paths_of(content, rules) == [f"{WRITTEN}.marks"]


def test_a_chairs_mark_is_refused_where_no_difference_calls_for_it() -> None:
    rules = gate_content()
    rules["parts"][0]["marking"]["resolve"] = "chair_decides"
    decision = {"kind": "chair_mark", "candidate": "A", "part": "written", "value": "90", "minute": "1"}
    content = marks_content(candidate("A", written=written("70", "70")), candidate("B"))
    with pytest.raises(UnusableInput, match=r"decisions\[0\]"):
        rank(*read(rules, {**content, "decisions": [decision]}))
    content["candidates"][0]["parts"]["written"] = written("70", "90")
    row = rank(*read(rules, {**content, "decisions": [decision]})).rows[0].to_json()
    assert row["parts"]["written"]["mark"] == "90.00"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "line 1, column 2"),
        ("", "line 1, column 1"),
        ('{"schema": "exam-portal/marks/1", "schema": "x"}', "schema"),
        ("[" * 100_000, "document"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, path: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        parse_marks(text, read_ruleset(gate_content()))
    assert path in [each.path for each in refused.value.problems]


def test_a_key_given_twice_is_a_mistake_at_its_path() -> None:
    text = json.dumps(marked(a_mark())).replace('"value": "72"', '"value": "72", "value": "92"')
    with pytest.raises(UnusableInput) as refused:
        parse_marks(text, read_ruleset(gate_content()))
    assert refused.value.pairs == ((f"{WRITTEN}.marks[0].value", "appears twice"),)


def test_the_hash_of_the_input_is_that_of_its_content() -> None:
    content = marks_content(candidate("A", written=written("72", "78")))
    found, _ = rank_json(
        (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8"), json.dumps(content, indent=4)
    )
    assert found["input"] == sha256_of(content)


def test_places_default_to_the_rule_set() -> None:
    content = {**marks_content(), "vacancy": {"id": "V1"}}
    rules = gate_content()
    rules["vacancy"]["places"] = 3
    assert read(rules, content)[1].places == 3


def problems_of(content: dict[str, Any], ruleset: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    try:
        parse_marks(json.dumps(content), read_ruleset(ruleset or gate_content()))
    except UnusableInput as refused:
        return list(refused.pairs)
    return []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("50", "must be 0 for no or 100 for yes, but is 50"),
        ("100.5", "may not be above 100, but is 100.5"),
        ("x", "must be a decimal written as text, such as \"12.5\", not 'x'"),
    ],
)
def test_a_wrong_vote_is_told_once(value: str, message: str) -> None:
    rules = gate_content()
    rules["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    content = marks_content(candidate("A", vote=ballots(value)))
    assert problems_of(content, rules) == [("candidates[0].parts.vote.ballots[0].value", message)]


def test_a_vote_of_yes_or_no_is_what_it_says() -> None:
    rules = gate_content()
    rules["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    _, marks = read(rules, marks_content(candidate("A", vote=ballots("0", "100"))))
    (box,) = [material for _, material in marks.candidates[0].parts if isinstance(material, BallotBox)]
    assert [str(each.value) for each in box.ballots] == ["0", "100"]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"vacancy": None}, [("vacancy", "must be a table (an object), not null")]),
        ({"candidates": {}}, [("candidates", "must be a list, not a table")]),
        ({"vacancy": {"id": "V1", "seats": 1}}, [("vacancy.seats", "is not a known key")]),
        ({"candidates": [{**candidate("A"), "name": "X"}]}, [("candidates[0].name", "is not a known key")]),
        ({"other": 1}, [("other", "is not a known key")]),
        (
            {"candidates": [{**candidate("A"), "sanctions": [{"part": "written", "level": "fine"}]}]},
            [("candidates[0].sanctions[0].level", "must be one of reprimand, warning, not 'fine'")],
        ),
    ],
)
def test_a_document_is_read_to_its_last_key(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert problems_of({**marks_content(candidate("A")), **change}) == problems


def test_broken_json_is_refused_as_the_input() -> None:
    with pytest.raises(UnusableInput) as refused:
        parse_marks("{", read_ruleset(gate_content()))
    assert refused.value.source == "input"
    assert [path for path, _ in refused.value.pairs] == ["line 1, column 2"]


@pytest.mark.parametrize("key", ["vacancy", "candidates"])
def test_a_document_without_post_or_candidates_misses_them(key: str) -> None:
    content = marks_content()
    del content[key]
    assert problems_of(content) == [(key, "is missing")]


def test_text_without_a_canonical_form_is_refused() -> None:
    ruleset = read_ruleset(gate_content())
    sheet = written("70", "70")
    sheet["marks"][0]["marker"] = "M"
    content = {
        **marks_content(candidate("A", written=sheet)),
        "decisions": [{"kind": "proceed", "minute": "\ud800"}],
    }
    with pytest.raises(UnusableInput) as refused:
        parse_marks(json.dumps(content), ruleset)
    assert (refused.value.source, refused.value.pairs) == (
        "input",
        (("document", "holds text that has no canonical form"),),
    )


def test_a_decision_of_a_panel_names_its_part_where_there_are_two() -> None:
    rules = gate_content()
    rules["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    content = {**marks_content(candidate("A")), "decisions": [{"minute": "1", "kind": "panel_keep"}]}
    assert problems_of(content, rules) == [("decisions[0].part", "is missing")]
    assert problems_of(content) == []


def test_a_chairs_mark_names_its_part_even_where_there_is_one() -> None:
    rules = gate_content()
    rules["parts"][0]["marking"] = {"markers": 2, "resolve": "chair_decides"}
    chair = {"minute": "1", "kind": "chair_mark", "candidate": "A", "value": "60"}
    content = {**marks_content(candidate("A", written=written("70", "40"))), "decisions": [chair]}
    assert problems_of(content, rules) == [("decisions[0].part", "is missing")]


def test_a_decision_about_a_part_that_is_unknown_asks_for_no_ballots() -> None:
    remark = {"minute": "1", "kind": "panel_remark", "part": "oral", "ballots": ballots("80")["ballots"]}
    content = {**marks_content(candidate("A")), "decisions": [remark]}
    assert [path for path, _ in problems_of(content)] == ["decisions[0].part", "decisions[0].ballots"]


def test_a_decision_to_go_on_is_about_nobody() -> None:
    proceed = {"minute": "1", "kind": "proceed", "candidate": "A"}
    content = {**marks_content(candidate("A")), "decisions": [proceed]}
    assert problems_of(content) == [("decisions[0].candidate", "is not a known key")]
    _, marks = read(gate_content(), {**content, "decisions": [{"minute": "1", "kind": "proceed"}]})
    assert (marks.decisions[0].candidate, marks.decisions[0].part) == (None, "")
