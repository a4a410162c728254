# SPDX-License-Identifier: Apache-2.0
"""Alpha, KR-20 and the cut of a test against published tables, and where they do not exist."""

import math

import pytest

from scoring.statistics.arrays import UnusableTable
from scoring.statistics.judging import judge
from scoring.statistics.reliability import (
    alpha_if_deleted,
    cronbach_alpha,
    kr20,
    score_statistics,
    standard_error,
)
from scoring.statistics.standard_setting import angoff_cut, ebel_cut, ebel_ratings
from tests.scoring.statistics.published import by_person, published


@pytest.mark.parametrize(
    ("table", "rows", "missing"),
    [
        ("likert", "likert_wide", "listwise"),
        ("binary_listwise", "binary_wide_with_missing", "listwise"),
        ("binary_pairwise", "binary_wide_with_missing", "pairwise"),
    ],
)
def test_alpha_and_its_interval_are_reproduced(table: str, rows: str, missing: str) -> None:
    given, expected, tolerance = published("cronbach_alpha_psych")
    found = cronbach_alpha(given[rows], missing=missing)  # type: ignore[arg-type]
    assert found is not None
    assert found.value == pytest.approx(expected[table]["alpha"], abs=tolerance["alpha"])
    assert (found.low, found.high) == pytest.approx(expected[table]["ci95"], abs=tolerance["ci"])


def test_the_law_school_test_is_reproduced() -> None:
    given, expected, tolerance = published("ctt_lsat6_descriptives")
    rows = by_person(given["patterns"], given["freq"])
    again = expected["recomputed"]
    found = cronbach_alpha(rows)
    assert found is not None
    assert found.value == pytest.approx(again["alpha"], abs=tolerance["recomputed"])
    assert found.value == pytest.approx(expected["cronbach_alpha"], abs=tolerance["alpha_published"])
    assert kr20(rows) == pytest.approx(again["KR20"], abs=tolerance["recomputed"])
    assert alpha_if_deleted(rows) == pytest.approx(again["alpha_if_deleted"], abs=tolerance["recomputed"])


def test_a_negative_alpha_is_given_as_it_is_and_its_error_is_larger_than_the_spread() -> None:
    rows = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.9]]
    found = score_statistics(rows)
    assert found.consistency is not None
    assert found.consistency < 0
    assert found.error_ratio is not None
    assert found.error_ratio > 1
    assert found.standard_error == pytest.approx(standard_error(found.consistency, found.sd))


def test_a_test_that_all_have_wholly_right_or_wholly_wrong_has_no_error() -> None:
    for items in (7, 27, 29):
        rows = [[mark] * items for mark in [0.1] * 6 + [0.0] * 7]
        found = score_statistics(rows)
        assert found.consistency == pytest.approx(1)
        assert found.error_ratio == found.standard_error == pytest.approx(0, abs=1e-6)


def test_without_spread_there_is_no_reliability() -> None:
    rows = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
    assert cronbach_alpha(rows) is None
    assert kr20(rows) is None
    found = score_statistics(rows)
    assert (found.sd, found.consistency, found.skewness, found.kurtosis) == (0, None, None, None)


def test_skewness_and_kurtosis_are_those_of_the_k_statistics() -> None:
    found = score_statistics([[float(one)] for one in (1, 2, 2, 3, 9)])
    values = [1, 2, 2, 3, 9]
    n, mean = 5, sum(values) / 5
    m2, m3, m4 = (sum((one - mean) ** power for one in values) / n for power in (2, 3, 4))
    k2 = n / (n - 1) * m2
    k3 = n**2 / ((n - 1) * (n - 2)) * m3
    k4 = n**2 * ((n + 1) * m4 - 3 * (n - 1) * m2**2) / ((n - 1) * (n - 2) * (n - 3))
    assert found.skewness == pytest.approx(k3 / k2**1.5)
    assert found.kurtosis == pytest.approx(k4 / k2**2)
    assert found.consistency is None  # one item


@pytest.mark.parametrize("rows", [[[1.0, 2.0], [0.0, 1.0]], [[1.0, None], [0.0, 1.0]]])
def test_kr20_takes_right_and_wrong_only(rows: list[list[float | None]]) -> None:
    with pytest.raises(UnusableTable):
        kr20(rows)


def test_two_items_that_nobody_has_both_of_have_no_alpha() -> None:
    rows = [[1.0, None], [0.0, None], [None, 1.0], [None, 0.0]]
    for missing in ("listwise", "pairwise"):
        with pytest.raises(UnusableTable):
            cronbach_alpha(rows, missing=missing)


def test_the_cuts_of_angoff_and_ebel_are_reproduced() -> None:
    given, expected, tolerance = published("standard_setting_angoff_ebel_constructed")
    near = {"abs": tolerance["abs"]}
    found = angoff_cut(given["angoff_ratings_judges_x_items"])
    assert found.cut == pytest.approx(expected["angoff_cut_raw"], **near)
    assert 100 * found.share == pytest.approx(expected["angoff_cut_percent"], **near)
    assert found.judge_sums == pytest.approx(expected["angoff_judge_sums"], **near)
    assert found.item_means == pytest.approx(expected["angoff_item_means"], **near)
    assert found.sd == pytest.approx(expected["angoff_sd_judges"], **near)
    assert found.standard_error == pytest.approx(expected["angoff_se_of_cut"], **near)
    cut = ebel_cut(given["ebel_matrix"], given["ebel_item_counts"])
    assert (cut.cut, 100 * cut.share) == pytest.approx(
        (expected["ebel_cut_raw"], expected["ebel_cut_percent"]), **near
    )
    assert cut.items == expected["ebel_items"]
    # the same items sorted one by one, by two judges alike: each judge's cut is that of the table
    shares = {
        (row, column): one for row, line in given["ebel_matrix"].items() for column, one in enumerate(line)
    }
    cells = [
        f"{row}.{column}"
        for row, line in given["ebel_item_counts"].items()
        for column, count in enumerate(line)
        for _ in range(count)
    ]
    alike = ({f"{row}.{column}": one for (row, column), one in shares.items()}, cells)
    sorted_cut = angoff_cut(ebel_ratings([alike, alike]))
    assert sorted_cut.judge_sums == pytest.approx([expected["ebel_cut_raw"]] * 2, **near)
    assert (sorted_cut.sd, sorted_cut.standard_error) == (0, 0)


def test_an_item_in_a_cell_without_a_share_is_refused() -> None:
    with pytest.raises(UnusableTable):
        ebel_ratings([({"essential.easy": 0.9}, ["essential.easy", "essential.hard"])])


def test_a_round_of_ebel_says_on_which_cell_judges_agree_and_leaves_a_tie_open() -> None:
    shares = {"a": "0.9", "b": "0.5"}
    made = judge(
        {
            "items": [{"id": "1", "max": "2"}, {"id": "2", "max": "1"}],
            "sorted": [{"shares": shares, "cells": ["a", "b"]}, {"shares": shares, "cells": ["a", "a"]}],
        }
    )
    assert [(row["cell"], row["agreed"]) for row in made["items"]] == [("a", 2), (None, 1)]
    assert made["judge_cuts"] == ["2.300", "2.700"]
    assert (made["cut"], made["maximum"], made["cells"]) == ("2.500", "3.000", {"a": "0.900", "b": "0.500"})


def test_an_item_of_two_marks_counts_twice_in_the_cut() -> None:
    found = angoff_cut([[0.5, 1.0], [0.7, 0.8]], [2, 1])
    assert found.cut == pytest.approx((2.0 + 2.2) / 2)
    assert found.share == pytest.approx(found.cut / 3)


@pytest.mark.parametrize("ratings", [[[0.5, 1.1], [0.5, 0.5]], [[0.5, -0.1], [0.5, 0.5]], [[0.5, 0.5]]])
def test_ratings_are_chances_of_two_judges_at_least(ratings: list[list[float]]) -> None:
    with pytest.raises(UnusableTable):
        angoff_cut(ratings)


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        ({"a": [0.5]}, {"b": [1]}),
        ({"a": [0.5]}, {"a": [1, 2]}),
        ({"a": [1.5]}, {"a": [1]}),
        ({"a": [0.5]}, {"a": [0]}),
    ],
)
def test_the_tables_of_ebel_fit_each_other(
    shares: dict[str, list[float]], counts: dict[str, list[int]]
) -> None:
    with pytest.raises(UnusableTable):
        ebel_cut(shares, counts)


def test_the_spread_of_judges_is_that_of_a_sample() -> None:
    found = angoff_cut([[0.4], [0.6]])
    assert found.sd == pytest.approx(math.sqrt(0.02))
