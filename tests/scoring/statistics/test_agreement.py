# SPDX-License-Identifier: Apache-2.0
"""Agreement of markers against published tables, and where there is nothing to agree about."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics.agreement import Level, fleiss_kappa, icc, kendall_w, krippendorff_alpha, trimmed_mean
from scoring.statistics.arrays import Rows, UnusableTable
from scoring.statistics.ranks import Ties, ranks
from scoring.statistics.two_raters import Weights, agreement, cohen_kappa, cross_table, weights_of
from tests.scoring.statistics.published import published


@pytest.mark.parametrize("kind", ["unweighted", "quadratic"])
def test_the_coefficients_of_two_raters_are_reproduced(kind: str) -> None:
    given_, expected, tolerance = published("agreement_2raters_3x3_abstractors")
    weights = None if kind == "unweighted" else np.array(given_["quadratic_weights"])
    if weights is not None:
        assert weights == pytest.approx(weights_of(3, Weights.QUADRATIC))
    found, wanted = agreement(given_["table"], weights), expected[kind]
    named = {
        "cohen_kappa": found.cohen_kappa,
        "scott_pi": found.scott_pi,
        "gwet_ac1" if weights is None else "gwet_ac2": found.gwet_ac,
        "brennan_prediger": found.brennan_prediger,
        "percent_agreement": found.percent_agreement,
        "kripp_alpha": found.krippendorff_alpha,
    }
    kappa = cohen_kappa(given_["table"], weights)
    assert kappa is not None
    named["cohen_kappa_se"] = kappa.standard_error
    assert named == pytest.approx(wanted, abs=tolerance["abs"])


@pytest.mark.parametrize(("kind", "weights"), [("simple", Weights.NONE), ("weighted_linear", Weights.LINEAR)])
def test_kappa_with_its_errors_is_reproduced(kind: str, weights: Weights) -> None:
    given_, expected, tolerance = published("cohen_kappa_sas_3x3")
    found, wanted = cohen_kappa(given_["table"], weights_of(3, weights)), expected[kind]
    assert found is not None
    near = {"abs": tolerance["abs"]}
    assert found.value == pytest.approx(wanted["kappa"], **near)
    assert found.standard_error == pytest.approx(wanted["ase"], **near)
    assert found.standard_error_null == pytest.approx(wanted["ase0"], **near)
    assert (found.low, found.high) == pytest.approx(wanted["ci95"], **near)
    assert found.z == pytest.approx(wanted["z"], **near)
    assert found.p == pytest.approx(wanted["p2"], **near)


def test_fleiss_kappa_is_reproduced() -> None:
    given_, expected, tolerance = published("fleiss_kappa_wikipedia_14x10")
    found = fleiss_kappa(given_["counts"])
    assert found.kappa == pytest.approx(expected["kappa"], abs=tolerance["abs"])
    assert found.kappa == pytest.approx(expected["recomputed"], abs=1e-9)
    assert found.agreement == pytest.approx(expected["P_i"], abs=tolerance["abs"])


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.INTERVAL])
def test_krippendorffs_alpha_is_reproduced(level: Level) -> None:
    given_, expected, tolerance = published("krippendorff_alpha_wikipedia")
    found = krippendorff_alpha(given_["reliability_data"], level)
    assert found == pytest.approx(expected[level.value], abs=tolerance["published"])
    assert found == pytest.approx(expected["recomputed"][level.value], abs=tolerance["recomputed"])


def test_the_intraclass_correlations_are_reproduced() -> None:
    given_, expected, tolerance = published("icc_wine_realstatistics")
    found = icc(given_["ratings"])
    for name in ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"):
        assert getattr(found, name.lower()) == pytest.approx(expected[name], abs=tolerance["abs"])
    assert (found.f1, found.f, found.f) == pytest.approx(expected["F"][:3], abs=tolerance["abs"])


def test_kendalls_w_is_reproduced_with_its_ties() -> None:
    given_, expected, tolerance = published("kendall_w_ties_roundingtimes")
    found = kendall_w(given_["times"])
    assert found is not None
    assert found.w == pytest.approx(expected["kendall_W"], abs=tolerance["W"])
    assert found.w_without_correction == pytest.approx(
        expected["W_without_tie_correction"], abs=tolerance["W"]
    )
    assert (found.chi_square, found.freedom) == pytest.approx(
        (expected["friedman_chi2"], expected["df"]), abs=tolerance["chi2"]
    )
    assert found.p == pytest.approx(expected["p"], abs=tolerance["p"])


def test_the_trimmed_mean_is_reproduced() -> None:
    given_, expected, tolerance = published("trimmed_mean_r_docs")
    values = given_["x"]
    assert trimmed_mean(values, 0) == pytest.approx(expected["mean"], abs=tolerance["abs"])
    assert trimmed_mean(values, given_["trim_each_side"]) == pytest.approx(
        expected["trimmed"], abs=tolerance["abs"]
    )


def test_where_all_say_the_same_there_is_no_coefficient_and_no_crash() -> None:
    assert agreement([[5, 0], [0, 0]]).cohen_kappa is None
    assert cohen_kappa([[5, 0], [0, 0]]) is None
    assert fleiss_kappa([[3, 0], [3, 0]]).kappa is None
    assert krippendorff_alpha([[1, 1], [1, 1]], Level.NOMINAL) is None
    assert icc([[2, 2], [2, 2]]).icc1 is None
    assert kendall_w([[1, 1], [2, 2]]) is None


def test_a_category_that_nobody_used_changes_what_linear_weights_say() -> None:
    used = [[4, 1], [2, 5]]
    wider = [[4, 1, 0], [2, 5, 0], [0, 0, 0]]
    narrow = agreement(used, weights_of(2, Weights.LINEAR)).percent_agreement
    assert agreement(wider, weights_of(3, Weights.LINEAR)).percent_agreement > narrow
    assert agreement(wider).cohen_kappa == pytest.approx(agreement(used).cohen_kappa)


def test_the_cross_table_counts_pairs_in_the_order_of_the_categories() -> None:
    assert cross_table(["đạt", "đạt", "trượt"], ["đạt", "trượt", "trượt"], ["đạt", "trượt"]) == [
        [1, 1],
        [0, 1],
    ]


@pytest.mark.parametrize(
    "refused",
    [
        lambda: cross_table(["a"], ["a", "b"], ["a", "b"]),
        lambda: cross_table(["a"], ["z"], ["a", "b"]),
        lambda: agreement([[1, 2, 3], [1, 2, 3]]),
        lambda: agreement([[0, 0], [0, 0]]),
        lambda: agreement([[1, -1], [0, 1]]),
        lambda: agreement([[1, 0], [0, 1]], np.array([[1.0, 2.0], [0.0, 1.0]])),
        lambda: weights_of(2, Weights.LINEAR, [1.0, 1.0]),
        lambda: fleiss_kappa([[2, 1], [1, 1]]),
        lambda: krippendorff_alpha([[1, None], [None, 1]], Level.NOMINAL),
        lambda: krippendorff_alpha([[-1, 2], [1, 2]], Level.RATIO),
        lambda: trimmed_mean([1.0], 0.5),
        lambda: trimmed_mean([], 0.1),
        lambda: icc([[1, None], [1, 2]]),
    ],
)
def test_what_no_coefficient_can_be_made_of_is_refused(refused: Any) -> None:
    with pytest.raises(UnusableTable):
        refused()


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=9))
def test_the_order_of_subjects_and_raters_says_nothing(rows: list[list[int]]) -> None:
    values: Rows = [[float(one) for one in row] for row in rows]
    turned: Rows = [row[::-1] for row in values[::-1]]
    assert icc(values).icc2 == pytest.approx(icc(turned).icc2, nan_ok=True)
    columns: Rows = [list(column) for column in zip(*values, strict=True)]
    backwards: Rows = [list(column) for column in zip(*turned, strict=True)]
    for level in Level:
        one, other = krippendorff_alpha(columns, level), krippendorff_alpha(backwards, level)
        assert one == pytest.approx(other)
        assert one is None or one <= 1 + 1e-9


def test_the_five_conventions_for_ties_are_reproduced() -> None:
    given_, expected, _ = published("ranking_conventions")
    for ties in Ties:
        assert ranks(given_["scipy_example"], ties) == tuple(expected["scipy"][ties.value])
    for name, ties in (
        ("standard_competition_1224", Ties.COMPETITION),
        ("modified_competition_1334", Ties.MODIFIED),
    ):
        found = ranks(given_["four_items_desc_scores"], ties, highest_first=True)
        assert found == tuple(expected["wikipedia"][name])
    with pytest.raises(UnusableTable):
        ranks([1.0, float("nan")], Ties.DENSE)
