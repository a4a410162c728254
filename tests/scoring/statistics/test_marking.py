# SPDX-License-Identifier: Apache-2.0
"""The agreement of the markers of a part: a biased marker is found, an honest set is left alone.

No design of marks brings anything but figures within their ranges, or none.
"""

import json
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.statistics import double_marks, severity
from scoring.statistics.agreement import Level, icc, krippendorff_alpha
from scoring.statistics.arrays import UnusableTable
from scoring.statistics.generalizability import d_study, g_study
from scoring.statistics.marking import MOST_APART, NEEDED, agree, pairs_of
from scoring.statistics.planning import plan_markers
from scoring.statistics.two_raters import Weights, agreement, cross_table, weights_of
from tests.scoring.statistics.simulated_marking import VIEW, mark, marking

LOGITS = {"severity", "deviation", "drift"}


def flags(found: dict[str, Any]) -> dict[str, list[str]]:
    return {row["marker"]: row["flags"] for row in found["views"][0]["markers"]}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_an_honest_set_of_markers_is_not_flagged(seed: int) -> None:
    found = agree(marking(seed))
    assert found["views"][0]["method"] == "facets"
    assert flags(found) == {f"GK-{number}": [] for number in range(4)}


@pytest.mark.parametrize("shift", [-6.0, 6.0])
def test_a_marker_who_gives_more_or_less_than_the_others_is_flagged_and_nobody_else(shift: float) -> None:
    found = agree(marking(21, shift=shift))
    assert flags(found) == {"GK-0": ["severity"], "GK-1": [], "GK-2": [], "GK-3": []}
    biased = found["views"][0]["markers"][0]
    assert float(biased["deviation"]["mean"]) == pytest.approx(shift, abs=2)
    assert float(biased["severity"]["z"]) * shift < 0  # who gives more is less severe


def test_a_marker_who_grows_milder_while_the_marking_runs_is_flagged() -> None:
    found = agree(marking(31, drift=14.0))
    assert flags(found) == {"GK-0": ["drift"], "GK-1": [], "GK-2": [], "GK-3": []}
    drifting = found["views"][0]["markers"][0]
    assert float(drifting["drift"]["change"]) == pytest.approx(14, abs=5)
    assert float(drifting["fifths"][0]) < 0 < float(drifting["fifths"][-1])


def test_a_single_script_that_a_marker_favours_is_told_first() -> None:
    document = marking(41, favoured=30.0)
    apart = agree(document)["views"][0]["apart"]
    assert apart[0]["script"] == document["favourite"]
    assert float(apart[0]["z"]) > 3
    assert "GK-0" in apart[0]["markers"]


def test_below_thirty_scripts_nothing_is_told_and_from_thirty_on_something() -> None:
    for scripts in (NEEDED - 1, NEEDED):
        view = agree(marking(51, markers=2, scripts=scripts))["views"][0]
        assert view["pairs"] == scripts
        assert (view["figures"] is not None) == (scripts >= NEEDED)
        assert {row["shown"] for row in view["markers"]} == {scripts >= NEEDED}


def test_a_marker_of_few_scripts_is_not_judged_though_the_part_is() -> None:
    document = marking(61, markers=2, scripts=60)
    document["marks"] += [mark("S-new", "GK-9", 1, 50), mark("S-new", "GK-1", 2, 90)]
    rows = {row["marker"]: row for row in agree(document)["views"][0]["markers"]}
    assert not rows["GK-9"]["shown"]
    assert (rows["GK-9"]["scripts"], rows["GK-9"]["pairs"]) == (1, 1)
    assert rows["GK-9"]["deviation"] is rows["GK-9"]["severity"] is rows["GK-9"]["drift"] is None


def test_where_nothing_connects_the_markers_each_is_compared_with_the_others_of_the_same_scripts() -> None:
    one, other = marking(71, markers=2, scripts=40), marking(72, markers=2, scripts=40)
    for row in other["marks"]:
        row["script"], row["marker"] = f"T{row['script']}", f"{row['marker']}-T"
    view = agree({"views": [VIEW], "marks": one["marks"] + other["marks"]})["views"][0]
    assert (view["method"], view["groups"]) == ("deviation", 2)
    assert all(row["severity"] is None and row["deviation"] for row in view["markers"])


def test_third_marks_count_for_nothing() -> None:
    document = marking(81, markers=2, scripts=40)
    plain = agree(document)
    document["marks"] += [mark(f"S{number}", "GK-2", 3, 0) for number in range(40)]
    assert agree(document) == plain


def test_marks_without_a_second_and_of_one_person_alone_make_no_pair() -> None:
    rows = [mark("A", "x", 1, 5), mark("B", "x", 1, 5), mark("B", "x", 2, 6)]
    assert pairs_of(rows, "") == []
    assert agree({"views": [VIEW], "marks": rows})["views"][0]["figures"] is None


def test_the_second_mark_may_come_before_the_first() -> None:
    (pair,) = pairs_of([mark("A", "x", 2, 5), mark("A", "y", 1, 7)], "")
    assert (pair.first.marker, pair.difference) == ("y", 2)


def test_control_scripts_are_told_by_marker() -> None:
    controls = [
        {"key": "", "marker": "GK-0", "mark": str(60 + number), "agreed": "58"} for number in range(3)
    ] + [{"key": "", "marker": "GK-1", "mark": "70", "agreed": "70"}]
    rows = agree({"views": [VIEW], "marks": [], "controls": controls})["views"][0]["controls"]
    assert [(row["marker"], row["scripts"], row["mean"]) for row in rows] == [
        ("GK-0", 3, "3.000"),
        ("GK-1", 1, "0.000"),
    ]
    assert float(rows[0]["z"]) > 3
    assert rows[1]["z"] is None
    assert [row["flags"] for row in rows] == [["severity"], []]


def closeness_of(rows: list[tuple[float, float]], step: float = 1.0) -> double_marks.Closeness:
    pairs = [
        double_marks.Pair(
            script=str(number),
            first=double_marks.Given(marker="a", value=one, place=number),
            second=double_marks.Given(marker="b", value=other, place=number),
        )
        for number, (one, other) in enumerate(rows)
    ]
    return double_marks.closeness(pairs, maximum=10.0, step=step)


MARKS = st.integers(0, 10).map(float)


@given(st.lists(st.tuples(MARKS, MARKS), min_size=2, max_size=40))
def test_the_coefficients_on_the_scale_are_those_of_the_cross_table(rows: list[tuple[float, float]]) -> None:
    found = closeness_of(rows)
    named = [str(number) for number in range(11)]
    counts = cross_table([str(int(a)) for a, _ in rows], [str(int(b)) for _, b in rows], named)
    by_table = agreement(counts, weights_of(11, Weights.QUADRATIC))
    assert found.qwk == pytest.approx(by_table.cohen_kappa, abs=1e-9)
    assert found.exact == pytest.approx(agreement(counts).percent_agreement)
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert found.alpha == pytest.approx(krippendorff_alpha(columns, Level.INTERVAL), abs=1e-9)
    assert sum(one.pairs for one in found.bins) == len(rows)
    whole = icc([list(row) for row in rows])
    assert (found.icc1, found.icc1k) == pytest.approx((whole.icc1, whole.icc1k), nan_ok=True)
    assert found.crossed == whole


@given(st.lists(st.tuples(MARKS, MARKS), min_size=2, max_size=40))
def test_a_plan_for_two_markers_is_the_one_way_correlation_of_their_mean(
    rows: list[tuple[float, float]],
) -> None:
    plan, found = plan_markers([list(row) for row in rows]), icc([list(row) for row in rows])
    if plan is None:
        assert found.icc1k is None or found.icc1k <= 1e-9
        return
    assert plan.coefficients[0] == pytest.approx(found.icc1)
    assert plan.coefficients[1] == pytest.approx(found.icc1k)
    assert list(plan.coefficients) == sorted(plan.coefficients)
    if plan.needed:
        reached = plan.between / (plan.between + plan.within / plan.needed)
        assert reached >= 0.9 - 1e-6
        fewer = plan.between / (plan.between + plan.within / max(plan.needed - 1, 1))
        assert plan.needed == 1 or fewer < 0.9


@pytest.mark.parametrize("same", [7.3, 72.35, 0.1, 99.95])
def test_where_all_marks_are_the_same_no_correlation_is_told(same: float) -> None:
    found = icc([[same, same]] * 37)
    assert {found.icc1, found.icc2, found.icc3, found.icc1k, found.icc2k, found.icc3k} == {None}
    assert (found.f1, found.f) == (None, None)
    told = closeness_of([(same, same)] * 37)
    assert told.icc1 is told.icc1k is None
    assert told.crossed == found


def test_markers_nested_in_scripts_are_no_surer_than_markers_crossed_with_them() -> None:
    rows = [[float(n % 7), float(n % 7 + 1 + n % 2)] for n in range(40)]  # the second gives more
    plan, crossed = plan_markers(rows), d_study(g_study(rows))
    assert plan is not None
    assert crossed.relative is not None
    assert plan.coefficients[1] < crossed.relative


def test_a_marker_who_always_gives_the_same_difference_has_a_finite_z() -> None:
    found = severity.deviation([2.0] * 40, step=0.5)
    assert found.low < 2 < found.high
    assert 3 < found.z < math.inf
    with pytest.raises(UnusableTable):
        closeness_of([(1.0, 2.0)])


def design(draw: st.DrawFn) -> dict[str, Any]:
    """Markers who share some scripts or none, marks that vary or not, marks missing, one marker alone."""
    markers, scripts = draw(st.integers(1, 4)), draw(st.integers(0, 45))
    values = draw(st.sampled_from([[50.0], [0.0], [100.0], [0.0, 100.0], [40.0, 55.0, 60.25, 75.5, 90.0]]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    missing = draw(st.sampled_from([0.0, 0.1, 0.9]))
    apart = draw(st.booleans())
    marks = []
    for script in range(scripts):
        half = script % 2 * 2 if apart and markers == 4 else 0
        among = range(half, half + 2) if apart and markers == 4 else range(markers)
        chosen = chance.permutation(list(among))[:2]
        for round_, marker in enumerate(chosen, start=1):
            if chance.random() >= missing:
                marks.append(mark(f"S{script}", f"GK-{marker}", round_, float(chance.choice(values))))
    return {"views": [VIEW, {"key": "none", "max": "10", "step": "0.5"}], "marks": marks}


@settings(max_examples=25, deadline=None)
@given(st.composite(design)())
def test_no_design_of_marks_brings_anything_but_figures_within_their_ranges(document: dict[str, Any]) -> None:
    found = agree(document)
    written = json.dumps(found, allow_nan=False)
    assert "nan" not in written.casefold()
    assert "inf" not in written.casefold().replace("infit", "")
    whole, unused = found["views"]
    assert unused["figures"] is None
    assert unused["markers"] == []
    if whole["figures"] is None:
        assert whole["pairs"] < NEEDED
        return
    figures = whole["figures"]
    assert sum(one["pairs"] for one in figures["bins"]) == whole["pairs"]
    assert 0 <= float(figures["mean"]) <= float(figures["greatest"]) <= 100
    assert 0 <= float(figures["exact"]) <= float(figures["near"]) <= 1
    for name in ("qwk", "alpha", "fleiss", "icc1", "icc1k"):
        assert figures[name] is None or float(figures[name]) <= 1
    for name in ("qwk", "alpha", "fleiss", "icc1"):
        assert figures[name] is None or float(figures[name]) >= -1.001
    assert figures["concordance"] is None or 0 <= float(figures["concordance"]) <= 1
    assert len(whole["apart"]) <= MOST_APART
    assert whole["plan"] is None or all(0 < float(one) <= 1 for one in whole["plan"]["coefficients"])
    for row in whole["markers"]:
        assert row["shown"] or not any(row[name] for name in LOGITS)
        assert not row["shown"] or float(row["deviation"]["low"]) < float(row["deviation"]["high"])


def test_the_child_answers_a_document_and_loads_what_it_needs_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scoring.statistics.marking"],
        input=json.dumps(marking(91, markers=2, scripts=30)).encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["views"][0]["pairs"] == 30
