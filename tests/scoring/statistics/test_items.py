# SPDX-License-Identifier: Apache-2.0
"""Item statistics against published tables, and at the edges where a number does not exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics.arrays import Rows, UnusableTable
from scoring.statistics.item import Flag, flags, item_statistics, option_statistics
from scoring.statistics.reliability import score_statistics
from tests.scoring.statistics.published import by_person, published

KEY = ["b"] * 24 + ["c"] * 16  # 40 people, of whom the better chose c
TOTALS = [float(10 + at // 2) for at in range(40)]


def test_moodles_statistics_of_twenty_slots_are_reproduced() -> None:
    given_, expected, tolerance = published("ctt_moodle_20slots")
    found = item_statistics(given_["marks"], given_["max_mark"])
    assert len(found) == 20
    for at, one in enumerate(found):
        for value, name, scale in (
            (one.facility, "facility_percent", 100),
            (one.sd, "sd_x1000", 1000),
            (one.effective_weight, "effective_weight_percent", 100),
            (one.discrimination, "discrimination_index_percent", 100),
            (one.efficiency, "discriminative_efficiency_percent", 100),
        ):
            wanted = expected[name][at]
            if not value or not wanted:
                assert (value or None) == (wanted or None), (at, name)  # Moodle mixes 0 and null
            else:
                assert value * scale == pytest.approx(wanted, abs=tolerance["abs"]), (at, name)


def test_the_law_school_test_is_reproduced() -> None:
    given_, expected, tolerance = published("ctt_lsat6_descriptives")
    rows = by_person(given_["patterns"], given_["freq"])
    found = item_statistics(rows, [1.0] * 5)
    again = expected["recomputed"]
    assert [one.facility for one in found] == pytest.approx(again["p"], abs=tolerance["p"])
    assert [one.discrimination for one in found] == pytest.approx(
        again["rpb_excl"], abs=tolerance["recomputed"]
    )
    totals = [sum(row) for row in rows]
    assert [totals.count(score) for score in range(6)] == expected["score_freq_0_5"]
    right = option_statistics(["r" if row[0] else None for row in rows], ["r"], [r[0] for r in rows], totals)
    assert right[0].point_biserial_total == pytest.approx(again["rpb_incl"][0], abs=tolerance["recomputed"])
    assert right[0].point_biserial == pytest.approx(again["rpb_excl"][0], abs=tolerance["recomputed"])


def test_a_key_that_the_better_people_do_not_choose_is_suspect() -> None:
    earned = [float(one == "b") for one in KEY]
    totals = [total + mark for total, mark in zip(TOTALS, earned, strict=True)]
    found = option_statistics(KEY, ["a", "b", "c"], earned, totals)
    [item, _] = item_statistics(
        [[mark, total - mark] for mark, total in zip(earned, totals, strict=True)], [1, 30]
    )
    raised = flags(item, found, "b")
    assert {Flag.KEY_SUSPECT, Flag.AGAINST, Flag.UNUSED_OPTION} <= set(raised)
    assert Flag.KEY_SUSPECT not in flags(item, found, "c")
    assert (found[0].chosen, found[0].mean_rest) == (0, None)


def test_with_few_people_nothing_is_flagged() -> None:
    earned = [float(one == "b") for one in KEY[10:30]]
    found = option_statistics(KEY[10:30], ["a", "b", "c"], earned, TOTALS[10:30])
    [item, _] = item_statistics([[mark, 10 + at] for at, mark in enumerate(earned)], [1, 40])
    assert flags(item, found, "b") == ()


def test_an_item_that_all_have_right_is_too_easy_and_tells_nothing() -> None:
    [item, _] = item_statistics([[1.0, float(at % 3)] for at in range(40)], [1, 2])
    assert (item.facility, item.discrimination, item.efficiency) == (1.0, None, None)
    assert flags(item) == (Flag.TOO_EASY,)


@pytest.mark.parametrize(
    ("rows", "maximum"),
    [([[1.0]], [1.0]), ([[1.0], [None]], [1.0]), ([[1.0], [2.0, 3.0]], [1.0]), ([[1.0], [1.0]], [1.0, 1.0]),
     ([[1.0], [float("inf")]], [1.0]), ([[1.0], [1.0]], [-1.0]), ([], [])],
)  # fmt: skip
def test_what_is_no_table_of_marks_is_refused(rows: Rows, maximum: list[float]) -> None:
    with pytest.raises(UnusableTable):
        item_statistics(rows, maximum)


@pytest.mark.parametrize("chosen", [["a"], ["a", "z"]])
def test_choices_that_do_not_fit_are_refused(chosen: list[str]) -> None:
    with pytest.raises(UnusableTable):
        option_statistics(chosen, ["a", "b"], [1.0, 0.0], [3.0, 4.0])


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=12))
def test_the_statistics_keep_their_bounds_and_care_for_no_order(rows: list[list[int]]) -> None:
    marks = [[float(one) for one in row] for row in rows]
    found = item_statistics(marks, [4.0] * 3)
    for one in found:
        assert one.facility is not None
        assert 0 <= one.facility <= 1
        for value in (one.discrimination, one.efficiency):
            assert value is None or -1 - 1e-9 <= value <= 1 + 1e-9 or value == one.efficiency
    for one, other in zip(found, item_statistics(marks[::-1], [4.0] * 3), strict=True):
        assert one.discrimination == pytest.approx(other.discrimination)
    assert score_statistics(marks).mean == pytest.approx(sum(sum(row) for row in marks) / len(marks))
