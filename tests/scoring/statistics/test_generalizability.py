# SPDX-License-Identifier: Apache-2.0
"""Variance components against Brennan's two synthetic data sets, and designs that are none."""

from typing import Any

import pytest

from scoring.statistics.arrays import UnusableTable
from scoring.statistics.generalizability import Study, d_study, g_study
from scoring.statistics.reliability import kr20
from tests.scoring.statistics.published import published


def of(study: Study, name: str) -> dict[str, float]:
    return {letters: getattr(effect, name) for letters, effect in study.effects.items()}


def test_persons_by_items_are_reproduced_and_equal_kr20() -> None:
    given, expected, tolerance = published("gtheory_brennan_synthetic1_pxi")
    study = g_study(given["scores"])
    long = {"p": "person", "i": "item", "pi": "pi"}
    for name, wanted in (("t", "T"), ("ss", "SS"), ("ms", "MS"), ("variance", "variance")):
        found = {long[letters]: value for letters, value in of(study, name).items()}
        assert found == pytest.approx(expected[wanted], abs=tolerance["abs"])
    here = d_study(study)
    assert (here.relative, here.absolute) == pytest.approx(
        (expected["Erho2"], expected["phi"]), abs=tolerance["abs"]
    )
    assert here.relative == pytest.approx(kr20(given["scores"]))
    for items, wanted in expected["D_study"].items():
        planned = d_study(study, {"i": int(items)})
        assert (planned.relative, planned.absolute) == pytest.approx(
            (wanted["rho2"], wanted["phi"]), abs=tolerance["D_study"]
        )


def test_persons_by_items_by_occasions_are_reproduced() -> None:
    given, expected, tolerance = published("gtheory_brennan_synthetic3_pxixo")
    study = g_study([given["O1"], given["O2"]])
    assert of(study, "t") == pytest.approx(expected["T"], abs=0.006)
    assert of(study, "ms") == pytest.approx(expected["MS"], abs=6e-4)  # one of them is printed as 1.3383
    assert of(study, "variance") == pytest.approx(expected["variance"], abs=tolerance["variance"])
    here = d_study(study)
    assert (here.relative, here.absolute) == pytest.approx(
        (expected["recomputed"]["Erho2"], expected["recomputed"]["phi"])
    )


def test_a_negative_component_counts_as_nothing_and_says_so() -> None:
    study = g_study([[1.0, 2.0], [2.0, 1.0]])
    assert study.effects["p"].variance == 0
    assert study.effects["p"].was_negative
    assert d_study(study).relative == 0


@pytest.mark.parametrize(
    "scores",
    [[[1.0, 2.0]], [[1.0], [2.0]], [[[1.0, 2.0], [2.0, 1.0]]], [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 2.0]]]],
)
def test_what_is_no_crossed_design_is_refused(scores: Any) -> None:
    with pytest.raises(UnusableTable):
        g_study(scores)


@pytest.mark.parametrize("sizes", [{"i": 0}, {"x": 3}])
def test_a_plan_names_the_facets_of_the_study(sizes: dict[str, int]) -> None:
    with pytest.raises(UnusableTable):
        d_study(g_study([[1.0, 2.0], [2.0, 4.0]]), sizes)
