# SPDX-License-Identifier: Apache-2.0
"""Ballots become one mark: quorum, aggregates, deviation, and the panel's own decisions."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.explanation import Outcome
from scoring.marks import BallotBox
from scoring.panel import aggregate
from scoring.ranking import Ranking
from scoring.reading import UnusableInput
from scoring.rounding import published
from tests.scoring.builders import (
    ballots,
    candidate,
    gate_content,
    marks_content,
    ranking,
    read,
    slips,
    written,
)

DEVIANT = ("80", "82", "84", "86", "50")
MEETS = {"from_mean": "20", "spread": "100", "action": "panel_meets"}


def rules_with(**panel: Any) -> dict[str, Any]:
    rules = gate_content()
    rules["parts"][1]["panel"].update(panel)
    return rules


def counted(box: dict[str, Any], **panel: Any) -> Outcome:
    ruleset, marks = read(rules_with(**panel), marks_content(candidate("A", programme=box)))
    material = marks.candidates[0].material("programme")
    assert isinstance(material, BallotBox)
    return aggregate(ruleset.parts[1], material, numbers=ruleset.numbers, candidate="A")


def told(outcome: Outcome) -> str:
    if outcome.pending is not None:
        return outcome.pending.code
    assert outcome.mark is not None
    return f"{outcome.explanation[0].code} {published(outcome.mark)}"


@pytest.mark.parametrize(
    ("box", "panel", "expected"),
    [
        (ballots("84", "86", "80", "88", "85", "83", "82"), {"size": 9}, "mean_of_ballots 84.00"),
        (
            ballots("90", "78", "84", "80", "86", "88", "82", returned=8, invalid=1),
            {"size": 9},
            "mean_of_ballots 84.00",
        ),
        (slips(4, "80"), {}, "quorum_missing"),
        (slips(5, "80"), {}, "mean_of_ballots 80.00"),
        (slips(4, "80") | {"returned": 5, "invalid": 1}, {}, "quorum_missing"),
        (slips(4, "80") | {"returned": 5}, {}, "quorum_missing"),
        (slips(5, "80"), {"size": 9}, "quorum_missing"),
        (slips(6, "80"), {"size": 9}, "mean_of_ballots 80.00"),
        (slips(7, "80"), {"quorum": "1/1"}, "mean_of_ballots 80.00"),
        (slips(6, "80"), {"quorum": "1/1"}, "quorum_missing"),
        (slips(4, "80"), {"quorum": "1/2"}, "mean_of_ballots 80.00"),
        (ballots(*DEVIANT), {}, "mean_of_ballots 76.40"),
        (ballots(*DEVIANT), {"aggregate": "trimmed_mean", "trim": 1}, "trimmed_mean_of_ballots 82.00"),
        (ballots(*DEVIANT), {"aggregate": "median"}, "median_of_ballots 82.00"),
        (ballots(*DEVIANT, "81"), {"aggregate": "median"}, "median_of_ballots 81.50"),
        (ballots(*DEVIANT), {"deviation": MEETS}, "panel_must_meet"),
        (ballots(*DEVIANT), {"deviation": MEETS | {"from_mean": "26.4"}}, "mean_of_ballots 76.40"),
        (ballots(*DEVIANT), {"deviation": MEETS | {"from_mean": "26.39"}}, "panel_must_meet"),
        (
            ballots(*DEVIANT),
            {"deviation": MEETS | {"from_mean": "100", "spread": "36"}},
            "mean_of_ballots 76.40",
        ),
        (ballots(*DEVIANT), {"deviation": MEETS | {"from_mean": "100", "spread": "35.5"}}, "panel_must_meet"),
        (ballots(*DEVIANT), {"deviation": MEETS | {"action": "flag"}}, "mean_of_ballots 76.40"),
    ],
)
def test_ballots_are_counted_by_the_rule(box: dict[str, Any], panel: dict[str, Any], expected: str) -> None:
    assert told(counted(box, **panel)) == expected


def test_a_flag_is_explained_and_holds_nothing_up() -> None:
    outcome = counted(ballots(*DEVIANT), deviation=MEETS | {"action": "flag"})
    assert [(step.code, step.values) for step in outcome.explanation[1:]] == [
        ("deviation_flagged", ("26.40", "36"))
    ]


def test_ballots_given_again_are_explained_by_the_decision_that_ordered_them() -> None:
    outcome = counted({**ballots("84", "84", "84", "84", "84"), "repeated": "15/QĐ-HĐTT"})
    assert told(outcome) == "mean_of_ballots 84.00"
    assert [(step.code, step.values) for step in outcome.explanation[1:]] == [
        ("ballots_repeated", ("15/QĐ-HĐTT",))
    ]


def test_scores_are_summed_by_rubric_and_a_missing_criterion_is_asked_for() -> None:
    whole = {"build": "33", "defend": "25", "answer": "26"}
    box = {"ballots": [{"member": f"M{place}", "scores": whole} for place in range(5)]}
    outcome = counted(box)
    assert told(outcome) == "mean_of_ballots 84.00"
    assert dict(outcome.criteria)["build"] == 33
    box["ballots"][2] = {"member": "M2", "scores": {"build": "33", "defend": "25"}}
    pending = counted(box).pending
    assert pending is not None
    assert pending.to_json() == {
        "code": "marks_missing",
        "candidate": "A",
        "part": "programme",
        "criteria": ["answer"],
        "ballots": {"M2": ["answer"]},
    }


def met(*decisions: dict[str, Any], box: dict[str, Any] | None = None, **panel: Any) -> Ranking:
    """Two candidates, of whom A's panel deviates."""
    people = (
        candidate("A", written=written("70", "70"), programme=box or ballots(*DEVIANT)),
        candidate("B", written=written("70", "70"), programme=slips(5, "60")),
    )
    rules = rules_with(**{"deviation": MEETS, **panel})
    return ranking(*people, ruleset=rules, decisions=decisions)


def test_without_a_decision_a_deviating_panel_gives_no_result() -> None:
    result = met()
    assert result.to_json()["pending"] == [
        {
            "code": "panel_must_meet",
            "candidate": "A",
            "part": "programme",
            "from_mean": "26.40",
            "spread": "36",
        }
    ]
    assert result.rows[0].standing.total is None


@pytest.mark.parametrize(
    ("decision", "total"),
    [
        ({"kind": "panel_keep"}, "76.40"),
        ({"kind": "panel_keep", "candidate": "A", "part": "programme"}, "76.40"),
        ({"kind": "panel_exclude", "ballot": "5"}, "83.00"),
        ({"kind": "panel_remark", "ballots": slips(5, "81")["ballots"]}, "81.00"),
    ],
)
def test_the_panel_decides_and_its_minute_is_named(decision: dict[str, Any], total: str) -> None:
    row = met(decision).to_json()["candidates"][0]
    assert (row["total"], row["outcome"]) == (total, "selected")
    assert {"code": decision["kind"], "part": "programme", "values": ["1/BB"], "result": None} in row[
        "explanation"
    ]


def test_ballots_given_again_may_deviate_again() -> None:
    again = {"kind": "panel_remark", "ballots": ballots(*DEVIANT)["ballots"]}
    assert met(again).pending[0].code == "panel_must_meet"
    assert met(again, {"kind": "panel_keep"}).complete


@pytest.mark.parametrize(
    ("decisions", "path"),
    [
        ([{"kind": "panel_keep", "candidate": "B"}], "decisions[0].candidate"),
        ([{"kind": "panel_exclude", "ballot": "9"}], "decisions[0].ballot"),
        ([{"kind": "panel_keep"}, {"kind": "panel_exclude", "ballot": "5"}], "decisions[1]"),
        (
            [{"kind": "panel_exclude", "ballot": "5"}, {"kind": "panel_exclude", "ballot": "1"}],
            "decisions[1]",
        ),
    ],
)
def test_a_decision_that_nothing_calls_for_is_refused(decisions: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        met(*decisions)
    assert [each.path for each in refused.value.problems] == [path]


def test_where_the_rule_does_not_watch_deviation_no_ballot_can_be_dropped() -> None:
    with pytest.raises(UnusableInput):
        met({"kind": "panel_exclude", "ballot": "5"}, deviation={"action": "off"})


def test_a_decision_must_name_its_candidate_where_two_panels_deviate() -> None:
    people = [candidate(code, written=written("70", "70"), programme=ballots(*DEVIANT)) for code in "AB"]
    with pytest.raises(UnusableInput, match="candidate"):
        ranking(*people, ruleset=rules_with(deviation=MEETS), decisions=({"kind": "panel_keep"},))


def test_a_part_without_a_panel_has_no_ballots() -> None:
    ruleset, _ = read(gate_content(), marks_content())
    with pytest.raises(ValueError, match="no panel"):
        aggregate(ruleset.parts[0], BallotBox(ballots=(), returned=0), numbers=ruleset.numbers)
