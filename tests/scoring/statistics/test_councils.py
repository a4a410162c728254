# SPDX-License-Identifier: Apache-2.0
"""What is told of a council's ballots: enough hearings, names only where ballots bear them, known figures."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from scoring.statistics import agreement, generalizability, planning
from scoring.statistics.councils import NEEDED, NEEDED_OF_A_MEMBER, agree

Json = dict[str, Any]


def a_council(hearings: int, members: int = 7, *, seed: int = 5, harsh: float = 0.0) -> list[dict[str, str]]:
    """Ballots about true marks of 70 ± 8, with a noise of 3; the first member gives less."""
    drawn = random.Random(seed)
    found = []
    for _ in range(hearings):
        true = drawn.gauss(70, 8)
        marks = [round(2 * (true + drawn.gauss(0, 3))) / 2 for _ in range(members)]
        marks[0] -= harsh
        found.append({f"M{number}": str(mark) for number, mark in enumerate(marks, start=1)})
    return found


def told(hearings: Sequence[dict[str, str]], *, is_named: bool = True) -> Json:
    views = [{"key": "", "is_named": is_named, "step": "0.5", "hearings": hearings}]
    found: Json = agree({"views": views})["views"][0]
    return found


def test_below_the_least_number_of_hearings_nothing_is_told() -> None:
    few, enough = told(a_council(NEEDED - 1)), told(a_council(NEEDED))
    assert (few["unnamed"], few["crossed"], few["members"]) == (None, None, [])
    assert few["hearings"] == NEEDED - 1
    assert enough["unnamed"] is not None
    assert enough["crossed"] is not None


def test_the_least_number_is_what_bonett_asks_of_seven_members() -> None:
    z, r, k, w = 1.96, 0.7, 7, 0.3
    asked = 8 * z**2 * (1 - r) ** 2 * (1 + (k - 1) * r) ** 2 / (k * (k - 1) * w**2) + 1
    assert NEEDED - 1 < asked <= NEEDED


def test_the_figures_are_those_of_the_methods_themselves() -> None:
    hearings = a_council(25)
    found = told(hearings)
    table = [[float(mark) for mark in one.values()] for one in hearings]
    icc, plan = agreement.icc(table), planning.plan_markers(table)
    concord = agreement.kendall_w([list(column) for column in zip(*table, strict=True)])
    assert plan is not None
    assert concord is not None
    assert icc.icc1 is not None
    assert icc.icc3k is not None
    crossed = found["crossed"]
    assert float(found["unnamed"]["icc1"]) == pytest.approx(icc.icc1, abs=1e-4)
    assert float(crossed["icc3k"]) == pytest.approx(icc.icc3k, abs=1e-4)
    assert float(crossed["w"]) == pytest.approx(concord.w, abs=1e-4)
    seven = generalizability.d_study(generalizability.g_study(table)).relative
    assert float(crossed["relative"][6]) == pytest.approx(seven, abs=1e-4)
    assert float(found["unnamed"]["coefficients"][0]) == pytest.approx(plan.coefficients[0], abs=1e-4)


def test_secret_ballots_tell_nothing_that_compares_members_and_their_order_tells_nothing() -> None:
    named = a_council(30)
    drawn = random.Random(1)
    mixed = []
    for one in named:
        values = list(one.values())
        drawn.shuffle(values)
        mixed.append({f"#{number}": mark for number, mark in enumerate(values, start=1)})
    found = told(mixed, is_named=False)
    assert (found["crossed"], found["members"]) == (None, [])
    assert found["unnamed"] == told(named)["unnamed"]


def test_a_member_who_gives_less_is_told_from_thirty_hearings_on_and_nobody_else_stands_out() -> None:
    assert {one["deviation"] for one in told(a_council(NEEDED_OF_A_MEMBER - 1, harsh=6))["members"]} == {None}
    members = told(a_council(40, harsh=6))["members"]
    harsh, *others = members
    assert float(harsh["deviation"]["z"]) < -3
    assert float(harsh["deviation"]["high"]) < -4
    assert float(harsh["severity"]["value"]) > 0.5
    assert max(abs(float(one["severity"]["value"])) for one in others) < float(harsh["severity"]["value"])


def test_members_who_missed_a_hearing_are_left_out_of_what_compares_members() -> None:
    hearings = a_council(25)
    del hearings[3]["M7"]
    found = told(hearings)
    assert found["crossed"]["members"] == 6
    assert found["unnamed"]["hearings"] == 24
    for one in hearings[:5]:
        for member in ("M3", "M4", "M5", "M6"):
            one.pop(member)
    assert told(hearings)["crossed"] is None


def test_equal_ballots_make_no_figure_that_is_not_a_number() -> None:
    found = told([{f"M{number}": "80" for number in range(1, 8)}] * 25)
    assert "nan" not in str(found)
    assert found["unnamed"]["alpha"] is None
    assert found["crossed"]["w"] is None


def one_mark_apart(hearings: int, members: int) -> list[dict[str, str]]:
    """The first gives each candidate one mark less than everybody else, who all give the same."""
    return [
        {f"M{member}": str(60 + number % 20 - (member == 1)) for member in range(1, members + 1)}
        for number in range(hearings)
    ]


@pytest.mark.parametrize("members", [2, 3])
def test_a_severity_to_which_the_marks_set_no_bound_is_not_told(members: int) -> None:
    found = told(one_mark_apart(31, members))["members"]
    assert [one["severity"] for one in found] == [None] * members
    assert float(found[0]["deviation"]["mean"]) == -1
    assert all(one["severity"] for one in told(a_council(31))["members"])


def test_of_two_members_no_severity_is_told() -> None:
    assert {one["severity"] for one in told(a_council(40, members=2))["members"]} == {None}
    assert all(one["severity"] for one in told(a_council(40, members=3))["members"])
