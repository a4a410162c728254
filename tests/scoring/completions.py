# SPDX-License-Identifier: Apache-2.0
"""Every way in which what is missing can come in, on a scale so coarse that all of them can be tried."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from scoring.marks import read_marks
from scoring.ranking import Ranking, rank
from scoring.reading import UnusableInput
from scoring.ruleset import RuleSet, read_ruleset
from tests.scoring.builders import gate_content

Content = dict[str, Any]
GRID = ("0", "1", "2", "3")


def coarse_rules(
    *,
    markers: int = 1,
    size: int = 1,
    weights: dict[str, str] | None = None,
    least: str = "2",
    **vacancy: Any,
) -> Content:
    """Marks from 0 to 3: written gate → programme, or both by weight, with `least` to pass the programme."""
    content = gate_content()
    content["numbers"].update(scale="3", step="1")
    content["vacancy"].update(vacancy)
    content["review"]["tolerance"] = "0"
    written, programme = content["parts"]
    written["pass"], programme["pass"] = "2", least
    written["marking"] = {"markers": markers, "discrepancy": {"threshold": "2"}}
    programme["panel"] = {"size": size, "quorum": "1/1", "deviation": {"from_mean": "3", "spread": "3"}}
    del programme["rubric"]
    if weights is not None:
        written["role"] = "ranked"
        content["total"] = {"mode": "weighted", "weights": weights}
    return content


def ranked(rules: RuleSet, content: Content) -> Ranking:
    """The ranking of marks under rules that have been read."""
    return rank(rules, read_marks(content, rules))


def completions(rules: RuleSet, content: Content) -> Iterator[Ranking]:
    """Every complete ranking that can come of these marks: what is asked for is answered in every way."""
    result = ranked(rules, content)
    if result.complete:
        yield result
        return
    for answered in _answers(content, result.pending[0].to_json()):
        try:
            yield from completions(rules, answered)
        except UnusableInput as refused:
            if "nothing would be left" not in str(refused):
                raise


def _answers(content: Content, lack: dict[str, Any]) -> Iterator[Content]:
    code = lack["code"]
    if code == "min_candidates":
        yield _decided(content, kind="proceed")
    elif code == "tie_decision_required":
        for order in permutations(lack["candidates"]):
            yield _decided(content, kind="tie", order=list(order))
    elif code == "chair_mark_required":
        for value in GRID:
            yield _decided(content, kind="chair_mark", value=value, **_whose(lack))
    elif code == "panel_must_meet":
        yield from _panel_decisions(content, lack)
    else:
        for value in GRID:
            yield _marked(content, lack, value)


def _whose(lack: dict[str, Any]) -> dict[str, str]:
    return {"candidate": lack["candidate"], "part": lack["part"]}


def _decided(content: Content, **decision: Any) -> Content:
    minute = f"{len(content['decisions']) + 1}/BB"
    return {**content, "decisions": [*content["decisions"], {"minute": minute, **decision}]}


def _panel_decisions(content: Content, lack: dict[str, Any]) -> Iterator[Content]:
    ballots = _person(content, lack)["parts"][lack["part"]]["ballots"]
    yield _decided(content, kind="panel_keep", **_whose(lack))
    for ballot in ballots:
        yield _decided(content, kind="panel_exclude", ballot=ballot["slip"], **_whose(lack))
    for value in GRID:
        again = [{"slip": ballot["slip"], "value": value} for ballot in ballots]
        yield _decided(content, kind="panel_remark", ballots=again, **_whose(lack))


def _marked(content: Content, lack: dict[str, Any], value: str) -> Content:
    """One more mark or ballot of this value, where one is missing."""
    changed = copy.deepcopy(content)
    parts = _person(changed, lack)["parts"]
    if lack["part"] == "written":
        marks = parts.setdefault("written", {"marks": []})["marks"]
        marks.append({"marker": f"M{len(marks) + 1}", "round": len(marks) + 1, "value": value})
    else:
        ballots = parts.setdefault("programme", {"ballots": []})["ballots"]
        ballots.append({"slip": str(len(ballots) + 1), "value": value})
    return changed


def _person(content: Content, lack: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in content["candidates"] if one["id"] == lack["candidate"])
    return found


__all__ = ["GRID", "Content", "coarse_rules", "completions", "ranked", "read_ruleset"]
