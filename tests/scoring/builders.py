# SPDX-License-Identifier: Apache-2.0
"""Typed plain functions that build rule sets and marks for tests; every one takes what differs."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from scoring.marks import Marks, read_marks
from scoring.ranking import Ranking, rank
from scoring.ruleset import RuleSet, read_ruleset

RULESETS = Path(__file__).parents[2] / "config" / "rulesets"
GATE: dict[str, Any] = tomllib.loads((RULESETS / "leadership-gate.toml").read_text(encoding="utf-8"))


def gate_content() -> dict[str, Any]:
    """The content of the written gate → action programme rule set, free to be changed."""
    return copy.deepcopy(GATE)


def weighted_content(**total: Any) -> dict[str, Any]:
    """A test that qualifies, a written part of 0.7 and an interview of 0.3."""
    content = gate_content()
    test = {"key": "test", "kind": "test", "role": "qualifying", "duration_minutes": 60}
    written = {**content["parts"][0], "role": "ranked"}
    interview = {**content["parts"][1], "key": "interview", "duration_minutes": 30}
    content["parts"] = [test, written, interview]
    content["total"] = {
        "mode": "weighted",
        "weights": {"written": "0.7", "interview": "0.3"},
        "each_part_min": "50",
        **total,
    }
    content["tie_break"] = {"order": ["part:written", "decision"]}
    return content


def a_level(mark: str, title: str = "Level", **overrides: Any) -> dict[str, Any]:
    """An anchor of a rubric criterion."""
    return {
        "mark": mark,
        "label": {"vi": "Mức", "en": title},
        "words": {"vi": "Thấy.", "en": "Seen."},
        **overrides,
    }


def written(*values: str, remarks: tuple[str, ...] = ()) -> dict[str, Any]:
    """Marks of a script: rounds 1, 2 and 3 in order, then those of a review."""
    marks = [
        {"marker": f"M{place}", "round": place, "value": value} for place, value in enumerate(values, start=1)
    ]
    for place, value in enumerate(remarks, start=1):
        marks.append({"marker": f"R{place}", "round": place, "value": value, "kind": "remark"})
    return {"marks": marks}


def ballots(*values: str, **counts: int) -> dict[str, Any]:
    """Slips of a panel, with the counts of the counting team where given."""
    slips = [{"slip": str(place), "value": value} for place, value in enumerate(values, start=1)]
    return {"ballots": slips, **counts}


def slips(count: int, value: str) -> dict[str, Any]:
    """So many slips of one value."""
    return ballots(*[value] * count)


def candidate(code: str, status: str = "present", **parts: Any) -> dict[str, Any]:
    """A candidate with material by part."""
    return {"id": code, "status": status, "parts": parts}


def marks_content(
    *candidates: dict[str, Any], places: int = 1, decisions: tuple[Any, ...] = ()
) -> dict[str, Any]:
    """A whole marks/1 document."""
    return {
        "schema": "exam-portal/marks/1",
        "vacancy": {"id": "V1", "places": places},
        "candidates": list(candidates),
        "decisions": [{"minute": f"{place}/BB", **each} for place, each in enumerate(decisions, start=1)],
    }


def read(ruleset: dict[str, Any], content: dict[str, Any]) -> tuple[RuleSet, Marks]:
    """Both documents, read."""
    rules = read_ruleset(ruleset)
    return rules, read_marks(content, rules)


def ranking(
    *candidates: dict[str, Any],
    ruleset: dict[str, Any] | None = None,
    places: int = 1,
    decisions: tuple[Any, ...] = (),
) -> Ranking:
    """The ranking of these candidates, under the gate rule set unless another is given."""
    content = marks_content(*candidates, places=places, decisions=decisions)
    return rank(*read(ruleset or gate_content(), content))


def ranked(*candidates: dict[str, Any], **options: Any) -> dict[str, dict[str, Any]]:
    """The published rows by candidate."""
    return {row["id"]: row for row in ranking(*candidates, **options).to_json()["candidates"]}


def pending_codes(result: Ranking) -> list[str]:
    """What the ranking waits for."""
    return [each.code for each in result.pending]
