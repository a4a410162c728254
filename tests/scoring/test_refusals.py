# SPDX-License-Identifier: Apache-2.0
"""Each mistake is refused with its path and words that say what would be right: refusals.txt, reviewed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring.marks import parse_marks
from scoring.reading import UnusableInput
from scoring.ruleset import read_ruleset
from tests.scoring.builders import (
    a_level,
    ballots,
    candidate,
    gate_content,
    marks_content,
    slips,
    weighted_content,
    written,
)
from tests.scoring.test_ruleset import MISTAKES, at, with_numbers

Json = dict[str, Any]
REVIEWED = Path(__file__).with_name("refusals.txt")
VOTE: Json = {"key": "vote", "kind": "vote", "role": "advisory", "panel": {}}


def rule_mistakes() -> Iterator[Json]:
    """Rule sets that are each wrong in one way."""
    for change, _ in MISTAKES:
        content = gate_content()
        change(content)
        yield content
    for weights in (
        {"written": "1", "interview": "0"},
        {"written": "0.6", "interview": "0.3"},
        {"written": "1"},
    ):
        yield weighted_content(weights=weights)
    yield weighted_content(weights={"test": "0.1", "written": "0.6", "interview": "0.3"})
    yield {**weighted_content(), "total": {"mode": "weighted"}}
    short = with_numbers(gate_content(), scale="10")
    short["total"]["preference_points"] = {"enabled": True}
    del short["parts"][0]["marking"]["discrepancy"], short["parts"][0]["pass"]
    short["parts"][1]["panel"]["deviation"] = {"action": "flag"}
    yield short
    for panel in ({"aggregate": "trimmed_mean"}, {"aggregate": "trimmed_mean", "trim": 3}, {"trim": 1}):
        yield changed("parts", 1, "panel", value=panel)
    for level in (a_level("40.5"), a_level("39.75")):
        yield changed("parts", 1, "rubric", 0, "levels", value=[level])
    yield changed("parts", 1, "rubric", 0, "levels", value=[a_level("20"), a_level("20")])
    for step in ("0.3", "200"):
        yield changed("numbers", "step", value=step)
    yield changed("tie_break", "order", value=["rubric:written.build", "part:vote"], parts=[VOTE])
    yield changed("id", value="gate", parts=[{**VOTE, "rubric": gate_content()["parts"][1]["rubric"]}])
    for kind, wrong in (("test", ["marking"]), ("test", ["panel"]), ("dossier", []), ("vote", [])):
        more: Json = {name: {} for name in wrong}
        part = {"key": "more", "kind": kind, "role": "advisory", "reviewable": False, **more}
        yield changed("id", value="gate", parts=[part])
    yield changed("parts", 1, "kind", value="dossier", parts=[{**VOTE, "kind": "dossier", "marking": {}}])
    yield changed("publication", "order", value=[1])
    yield changed("parts", 0, "marking", "markers", value=True)
    yield changed("parts", 0, "title", value=[])
    yield changed("parts", value="written")
    yield changed("legal_basis", value=[""])
    yield changed("parts", 0, "pass", value=50.5)


def changed(*steps: Any, value: Any, parts: Any = ()) -> Json:
    content = gate_content()
    at(*steps, value=value)(content)
    content["parts"] = [*content["parts"], *copy.deepcopy(list(parts))] if parts else content["parts"]
    return content


def marked(*marks: Json) -> Json:
    return marks_content(candidate("A", written={"marks": list(marks)}))


def a_mark(**overrides: Any) -> Json:
    return {"marker": "A", "round": 1, "value": "72", **overrides}


def heard(box: Json) -> Json:
    return marks_content(candidate("A", programme=box))


def decided(**decision: Any) -> Json:
    return {**marks_content(candidate("A"), candidate("B")), "decisions": [{"minute": "1", **decision}]}


def mark_mistakes() -> Iterator[Json]:
    """Marks that are each wrong in one way, under the gate rule set with a vote and a test beside it."""
    yield {**marks_content(), "schema": "x"}
    yield marks_content(candidate("A"), candidate("A"))
    yield marks_content(candidate(""), candidate(""))
    yield marked(a_mark(marker=""), a_mark(marker="", round=2))
    yield marks_content(candidate("A", "late"))
    yield marks_content(candidate(" A"))
    yield {**marks_content(), "vacancy": {"id": "V", "places": 0}}
    yield {**marks_content(), "candidates": None}
    yield marks_content({**candidate("A"), "preference_points": "2"})
    yield marks_content({**candidate("A"), "preference_points": "8"})
    yield marks_content({**candidate("A"), "sanctions": [{"part": "written", "level": "reprimand"}]})
    values: list[Any] = [72, 72.5, "72.25", "100.5", "-1", "NaN", None, [], {}]
    for value in values:
        yield marked(a_mark(value=value))
    for round_no in (0, 4, "1"):
        yield marked(a_mark(round=round_no))
    yield marked(a_mark(kind="remark", round=10))
    yield marked(a_mark(kind="review"))
    yield marked(a_mark(), a_mark(marker="B"))
    yield marked(a_mark(), a_mark(round=2))
    yield marks_content(candidate("A", written={}))
    yield marks_content(candidate("A", written=written("70", "70", remarks=("1", "2", "3", "4"))))
    yield marks_content(candidate("A", again={"marks": [a_mark(kind="remark")]}))
    yield marks_content(candidate("A", again={"marks": [a_mark(), a_mark(round=2, marker="B")]}))
    yield marks_content(candidate("A", again={"marks": [a_mark(value="x", marker="")]}))
    for score in ({"value": "61", "max": "60"}, {"value": "0", "max": "0"}, {"value": "x", "max": "0"}):
        yield marks_content(candidate("A", test=score))
    for rows in ([{"question": "7", "kind": "wrong"}], [{"question": "7", "kind": "key"}] * 2):
        yield marks_content(candidate("A", test={"value": "45", "max": "60", "corrections": rows}))
    yield heard({"ballots": [{"value": "80"}]})
    yield heard({"ballots": [{"slip": "1", "member": "M", "value": "80"}]})
    yield heard({"ballots": [{"slip": "1"}]})
    yield heard({"ballots": [{"slip": "1", "value": "80"}] * 2})
    yield heard({"ballots": [{"slip": "1", "scores": {"build": "41"}}]})
    yield heard({"ballots": [{"slip": "1", "scores": {"build": "40.25"}}]})
    yield heard(slips(8, "80"))
    yield heard(ballots("80", issued=8))
    yield heard(ballots("80", issued=1, returned=2))
    yield heard(ballots("80", "80", returned=1))
    yield heard(ballots("80", returned=3, invalid=1))
    yield marks_content(candidate("A", vote={"ballots": [{"slip": "1", "value": "50"}]}))
    yield marks_content(candidate("A", vote={"ballots": [{"slip": "1", "value": "101"}]}))
    yield marks_content(candidate("A", vote={"ballots": [{"slip": "1", "scores": {}}]}))
    yield decided(kind="proceed", minute="")
    yield decided()
    yield decided(kind="order")
    yield decided(kind="tie", order=["A", "C"])
    yield decided(kind="tie", order=["A", "A"])
    yield decided(kind="tie")
    yield decided(kind="panel_keep", part="written")
    yield decided(kind="panel_keep", candidate="C", part="programme")
    yield decided(kind="panel_keep")
    yield decided(kind="panel_exclude", part="programme")
    yield decided(kind="panel_remark", part="programme")
    yield decided(kind="panel_remark", part="programme", ballots=slips(8, "80")["ballots"])
    yield decided(kind="chair_mark", candidate="A", part="written", value="60")
    yield decided(kind="chair_mark", part="again", value="60.25")


def full_rules() -> Json:
    rules = gate_content()
    again = {**rules["parts"][0], "key": "again", "reviewable": False}
    again["marking"] = {"markers": 1, "resolve": "chair_decides"}
    rules["parts"] += [{"key": "test", "kind": "test", "role": "qualifying"}, again, VOTE]
    return rules


def refusals() -> Iterator[str]:
    """Every refusal as it is printed, mistake by mistake."""
    for rules in rule_mistakes():
        with pytest.raises(UnusableInput) as refused:
            read_ruleset(rules)
        yield str(refused.value)
    ruleset = read_ruleset(full_rules())
    for marks in mark_mistakes():
        with pytest.raises(UnusableInput) as refused:
            parse_marks(json.dumps(marks), ruleset)
        yield str(refused.value)


def test_each_refusal_says_where_the_mistake_is_and_what_would_be_right() -> None:
    assert "\n".join(refusals()) + "\n" == REVIEWED.read_text(encoding="utf-8")
