# SPDX-License-Identifier: Apache-2.0
"""Each outcome, each pending code and each decision of the document comes of some marks, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scoring.ranking import rank_json
from scoring.reading import UnusableInput
from scoring.ruleset.parts import ROLES
from tests.scoring.builders import (
    RULESETS,
    ballots,
    candidate,
    gate_content,
    marks_content,
    pending_codes,
    ranking,
    slips,
    written,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text(encoding="utf-8")
GATE_TEXT = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")
PASSED_BY_ALL = written("70", "70")
RIVALS = tuple(
    candidate(c, written=PASSED_BY_ALL, programme=slips(5, v)) for c, v in (("R", "95"), ("S", "94"))
)
DEVIANT = ballots("80", "82", "84", "86", "50")
CHAIR = {"resolve": "chair_decides"}
MEETS = {"deviation": {"from_mean": "20", "spread": "100", "action": "panel_meets"}}


def documented(heading: str) -> set[str]:
    """The words in code of the first column of the first table under a heading."""
    after = DOCUMENT.split(heading, 1)[1]
    table = next(block for block in after.split("\n\n") if block.startswith("| "))
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    return {word for cell in cells for word in re.findall(r"`([a-z_]+)`", cell)}


def rules(*, marking: dict[str, Any] | None = None, panel: dict[str, Any] | None = None) -> dict[str, Any]:
    content = gate_content()
    content["parts"][0]["marking"].update(marking or {})
    content["parts"][1]["panel"].update(panel or {})
    return content


PENDING: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    # the code, what A has, the rules, and the decision or the marks that answer it
    ("marks_missing", {}, rules(), "written"),
    ("marks_missing", {"written": written("70")}, rules(), "written"),
    ("marks_missing", {"written": PASSED_BY_ALL}, rules(), "programme"),
    ("third_mark_required", {"written": written("60", "70")}, rules(), "written"),
    ("third_mark_required", {"written": written("70", "70", remarks=("60", "61"))}, rules(), "written"),
    ("chair_mark_required", {"written": written("60", "70")}, rules(marking=CHAIR), "written"),
    ("quorum_missing", {"written": PASSED_BY_ALL, "programme": slips(4, "80")}, rules(), "programme"),
    ("panel_must_meet", {"written": PASSED_BY_ALL, "programme": DEVIANT}, rules(panel=MEETS), "programme"),
]


@pytest.mark.parametrize(("code", "parts", "ruleset", "part"), PENDING)
def test_what_one_candidate_lacks_is_named_with_its_part(
    code: str, parts: dict[str, Any], ruleset: dict[str, Any], part: str
) -> None:
    result = ranking(candidate("A", **parts), *RIVALS, ruleset=ruleset)
    (lack,) = result.pending
    assert (lack.code, lack.candidate, lack.part) == (code, "A", part)
    assert result.rows[0].outcome == "pending"
    assert not result.complete


def test_each_pending_code_of_the_document_comes_of_some_marks() -> None:
    tied = [candidate(c, written=PASSED_BY_ALL, programme=slips(5, "80")) for c in "AB"]
    of_all = {*pending_codes(ranking(*tied)), *pending_codes(ranking(tied[0]))}
    assert {code for code, *_ in PENDING} | of_all == documented("**Pending codes**")


def test_each_outcome_of_the_document_comes_of_some_marks() -> None:
    ruleset = gate_content()
    ruleset["vacancy"]["reserve"] = 1
    people = [
        *(candidate(c, written=PASSED_BY_ALL, programme=slips(5, v)) for c, v in (("A", "95"), ("B", "94"))),
        candidate("C", written=PASSED_BY_ALL, programme=slips(5, "60")),
        candidate("D", written=written("40", "40")),
        candidate("E", written=PASSED_BY_ALL, programme=slips(4, "59")),
        *(candidate(status, status) for status in ("absent", "withdrawn", "disqualified")),
    ]
    outcomes = [row.outcome for row in ranking(*people, ruleset=ruleset).rows]
    assert outcomes == [
        "pending",
        "pending",
        "passed",
        "failed",
        "pending",
        "absent",
        "withdrawn",
        "disqualified",
    ]
    people[4]["parts"]["programme"] = slips(5, "59")
    outcomes += [row.outcome for row in ranking(*people, ruleset=ruleset).rows]
    assert outcomes[8:13] == ["selected", "reserve", "passed", "failed", "passed"]
    line = next(line for line in DOCUMENT.splitlines() if line.startswith("`outcome`:"))
    assert set(outcomes) == set(re.findall(r"`([a-z]+)`", line)) - {"outcome"}


DECISIONS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # what A has, the rules, and the decision that releases the ranking
    "tie": ({"written": PASSED_BY_ALL, "programme": slips(5, "95")}, rules(), {"order": ["A", "R"]}),
    "panel_keep": ({"written": PASSED_BY_ALL, "programme": DEVIANT}, rules(panel=MEETS), {}),
    "panel_exclude": ({"written": PASSED_BY_ALL, "programme": DEVIANT}, rules(panel=MEETS), {"ballot": "5"}),
    "panel_remark": (
        {"written": PASSED_BY_ALL, "programme": DEVIANT},
        rules(panel=MEETS),
        {"ballots": slips(5, "80")["ballots"]},
    ),
    "chair_mark": (
        {"written": written("60", "70"), "programme": slips(5, "80")},
        rules(marking=CHAIR),
        {"candidate": "A", "part": "written", "value": "65"},
    ),
}


@pytest.mark.parametrize("kind", DECISIONS)
def test_each_decision_releases_what_waits_for_it_and_only_with_its_minute(kind: str) -> None:
    parts, ruleset, keys = DECISIONS[kind]
    people = (candidate("A", **parts), *RIVALS)
    assert not ranking(*people, ruleset=ruleset).complete
    assert ranking(*people, ruleset=ruleset, decisions=({"kind": kind, **keys},)).complete
    with pytest.raises(UnusableInput, match=r"decisions\[0\]\.minute"):
        ranking(*people, ruleset=ruleset, decisions=({"kind": kind, **keys, "minute": " "},))


def test_each_decision_of_the_document_is_tried() -> None:
    assert {*DECISIONS, "proceed"} == documented("**Decisions**")


def test_proceed_releases_a_ranking_of_too_few() -> None:
    alone = candidate("A", written=PASSED_BY_ALL, programme=slips(5, "80"))
    assert pending_codes(ranking(alone)) == ["min_candidates"]
    (row,) = ranking(alone, decisions=({"kind": "proceed"},)).rows
    assert (row.outcome, row.rank) == ("selected", 1)


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (RIVALS, 0),
        ((*RIVALS, candidate("A")), 3),
        (RIVALS[:1], 3),
        ((), 3),
        ((candidate("A", "withdrawn"), candidate("B", "absent")), 3),
        ((candidate("A", written=written("40", "40")), candidate("B", written=written("30", "30"))), 3),
    ],
)
def test_the_exit_status_says_whether_anything_is_open(people: tuple[Any, ...], status: int) -> None:
    found, exit_status = rank_json(GATE_TEXT, json.dumps(marks_content(*people)))
    assert exit_status == status
    assert found["complete"] is (status == 0)
    assert bool(found["pending"]) is (status == 3)


def test_unusable_input_is_no_ranking_at_all() -> None:
    with pytest.raises(UnusableInput):
        rank_json(GATE_TEXT, "{}")
    with pytest.raises(UnusableInput):
        rank_json("", json.dumps(marks_content(*RIVALS)))


def test_each_role_is_printed_with_its_part() -> None:
    content = gate_content()
    content["parts"].insert(0, {"key": "test", "kind": "test", "role": "qualifying"})
    content["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    row = ranking(candidate("A"), ruleset=content).to_json()["candidates"][0]
    assert {part["role"] for part in row["parts"].values()} == set(ROLES)
