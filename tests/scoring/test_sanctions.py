# SPDX-License-Identifier: Apache-2.0
"""What a reprimand or a warning takes from the mark of its part, and from nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.reading import UnusableInput
from tests.scoring.builders import candidate, gate_content, ranked, ranking, slips, written

OTHER = candidate("B", written=written("90", "90"), programme=slips(5, "60"))


def rules(**sanctions: str) -> dict[str, Any]:
    return {**gate_content(), "sanctions": sanctions}


def sanctioned(*sanctions: dict[str, str], marks: tuple[str, ...] = ("72", "78")) -> dict[str, Any]:
    person = candidate("A", written=written(*marks), programme=slips(5, "80"))
    return {**person, "sanctions": list(sanctions)}


def given(part: str, level: str) -> dict[str, str]:
    return {"part": part, "level": level}


@pytest.mark.parametrize(
    ("level", "percent", "left"),
    [
        ("reprimand", "25", "56.25"),
        ("warning", "50", "37.50"),
        ("reprimand", "0", "75.00"),
        ("reprimand", "100", "0.00"),
        ("reprimand", "0.5", "74.63"),
        ("reprimand", "33.333333", "50.00"),
    ],
)
def test_a_sanction_takes_its_per_cent_of_the_rounded_mark(level: str, percent: str, left: str) -> None:
    stated = {"warning": "100", level: percent} if level == "reprimand" else {level: percent}
    row = ranked(sanctioned(given("written", level)), OTHER, ruleset=rules(**stated))["A"]
    assert row["parts"]["written"]["mark"] == left
    assert row["explanation"][1] == {
        "code": f"sanction_{level}",
        "part": "written",
        "values": ["75", percent],
        "result": left,
    }
    assert row["parts"]["programme"]["mark"] == "80.00"


def test_a_gate_compares_what_is_left() -> None:
    stated = rules(reprimand="25")
    for marks, outcome in ((("66", "67"), "failed"), (("66.5", "67"), "selected")):
        row = ranked(sanctioned(given("written", "reprimand"), marks=marks), OTHER, ruleset=stated)["A"]
        assert row["outcome"] == outcome


def test_a_total_is_made_of_what_is_left() -> None:
    stated = rules(reprimand="25", warning="50")
    row = ranked(sanctioned(given("programme", "reprimand")), OTHER, ruleset=stated)["A"]
    assert (row["total"], row["outcome"]) == ("60.00", "passed")
    row = ranked(sanctioned(given("programme", "warning")), OTHER, ruleset=stated)["A"]
    assert (row["total"], row["outcome"]) == ("40.00", "failed")


def test_what_waits_goes_on_waiting() -> None:
    lone = sanctioned(given("written", "reprimand"), marks=("72",))
    result = ranking(lone, OTHER, ruleset=rules(reprimand="25"))
    assert [each.code for each in result.pending] == ["marks_missing"]


@pytest.mark.parametrize(
    ("sanctions", "path"),
    [
        ([given("essay", "reprimand")], "sanctions[0].part"),
        ([given("written", "suspension")], "sanctions[0].level"),
        ([given("written", "warning")], "sanctions[0].level"),
        ([{"part": "written"}], "sanctions[0].level"),
        ([{"level": "reprimand"}], "sanctions[0].part"),
        ([given("written", "reprimand"), given("written", "reprimand")], "sanctions[1].part"),
        ([{**given("written", "reprimand"), "per_cent": "5"}], "sanctions[0].per_cent"),
    ],
)
def test_a_sanction_that_the_rules_do_not_know_is_refused(sanctions: list[dict[str, str]], path: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        ranking(sanctioned(*sanctions), OTHER, ruleset=rules(reprimand="25"))
    assert [each.path for each in refused.value.problems] == [f"candidates[0].{path}"]
