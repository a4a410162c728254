# SPDX-License-Identifier: Apache-2.0
"""1PL and 2PL against published fits of the law school test, and data that no model can be fitted to."""

import math

import pytest

from scoring.statistics.arrays import Rows, UnusableTable
from scoring.statistics.irt import fit_2pl, fit_rasch
from tests.scoring.statistics.published import published


def test_the_two_parameter_model_is_reproduced() -> None:
    given, expected, tolerance = published("irt_lsat6_2pl_ltm")
    found = fit_2pl(given["patterns"], given["freq"])
    assert found.converged
    for name, near in (
        ("difficulty", tolerance["difficulty"]),
        ("discrimination", tolerance["discrimination"]),
    ):
        assert [getattr(one, name) for one in found.items] == pytest.approx(expected[name], abs=near)
        assert [getattr(one, name) for one in found.items] == pytest.approx(
            expected["recomputed"][name], abs=1e-4
        )
        errors = [getattr(one, f"se_{name}") for one in found.items]
        assert errors == pytest.approx(expected[f"se_{name}"], rel=0.01)
    assert found.log_likelihood == pytest.approx(expected["loglik"], abs=tolerance["loglik"])
    assert (found.aic, found.bic) == pytest.approx((expected["AIC"], expected["BIC"]), abs=0.002)


def test_the_rasch_model_is_reproduced_in_its_three_spellings() -> None:
    given, expected, tolerance = published("irt_lsat6_rasch")
    common = fit_rasch(given["patterns"], given["freq"])
    wanted = expected["ltm_common_a"]
    assert [one.difficulty for one in common.items] == pytest.approx(
        wanted["difficulty"], abs=tolerance["ltm"]
    )
    assert common.items[0].discrimination == pytest.approx(wanted["discrimination"], abs=tolerance["ltm"])
    assert common.log_likelihood == pytest.approx(wanted["loglik"], abs=tolerance["loglik"])
    fixed = fit_rasch(given["patterns"], given["freq"], slope=1.0)
    wanted = expected["ltm_a_fixed_1"]
    assert [one.difficulty for one in fixed.items] == pytest.approx(
        wanted["difficulty"], abs=tolerance["ltm"]
    )
    assert fixed.log_likelihood == pytest.approx(wanted["loglik"], abs=tolerance["loglik"])
    wanted, near = expected["mirt_rasch"], tolerance["mirt"]
    assert [one.intercept for one in common.items] == pytest.approx(wanted["d"], abs=near)
    assert common.latent_variance == pytest.approx(wanted["latent_variance"], abs=near)
    assert common.se_latent_variance is not None
    assert common.latent_variance is not None
    low = common.latent_variance - 1.96 * common.se_latent_variance
    assert low == pytest.approx(wanted["ci_var"][0], abs=0.01)  # another estimate of this error
    for one, lowest in zip(common.items, wanted["ci_d_low"], strict=True):
        assert one.intercept - 1.96 * one.se_intercept == pytest.approx(lowest, abs=0.005)


def test_one_row_for_each_person_fits_as_rows_with_weights_do() -> None:
    patterns: Rows = [[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]]
    counts = [3, 2, 2, 3, 6, 4]
    weighted = fit_rasch(patterns, counts, slope=1.0)
    rows = [row for row, count in zip(patterns, counts, strict=True) for _ in range(count)]
    plain = fit_rasch(rows, slope=1.0)
    assert plain.persons == weighted.persons == 20
    assert [one.difficulty for one in plain.items] == pytest.approx(
        [one.difficulty for one in weighted.items]
    )


def test_an_item_that_was_not_seen_says_nothing() -> None:
    rows: Rows = [[1, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 1]] * 5
    some: Rows = [*rows, [None, None, None]]
    without, beside = fit_rasch(rows, slope=1.0), fit_rasch(some, slope=1.0)
    assert beside.log_likelihood == pytest.approx(without.log_likelihood)
    assert [one.difficulty for one in beside.items] == pytest.approx(
        [one.difficulty for one in without.items], abs=1e-4
    )


@pytest.mark.parametrize(
    ("rows", "weights"),
    [
        ([[1, 0], [1, 1]], None),  # all have the first right
        ([[1, 0.5], [0, 1]], None),
        ([[1, 0], [0, 1]], [1]),
        ([[1, 0], [0, 1]], [1, -1]),
        ([[1, 0], [0, 1]], [1, math.inf]),
        ([[1, None], [0, None]], None),  # nobody saw the second
    ],
)
def test_what_no_model_can_be_fitted_to_is_refused(rows: Rows, weights: list[float] | None) -> None:
    with pytest.raises(UnusableTable):
        fit_2pl(rows, weights)


@pytest.mark.parametrize("slope", [0.0, -1.0, math.nan])
def test_a_slope_is_above_nought(slope: float) -> None:
    with pytest.raises(UnusableTable):
        fit_rasch([[1, 0], [0, 1]], slope=slope)
