# SPDX-License-Identifier: Apache-2.0
"""The severity of raters against a published fit and two reference fits, and scores that no model fits."""

import csv

import numpy as np
import pytest

from scoring.statistics.arrays import UnusableTable
from scoring.statistics.facets import Rating, fit_facets, fit_facets_jointly
from tests.question_bank.builders import SHARED
from tests.scoring.statistics.published import published


def tam(*, one_rater: bool = False) -> tuple[list[Rating], dict[str, object], dict[str, float]]:
    """Return the ratings of the published data, one score for each item, person and rater."""
    given, expected, tolerance = published("mfrm_tam_data_ex10")
    with (SHARED / "data" / given["file"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ratings = [
        Rating(
            person=row["pid"], item=name, rater="1" if one_rater else row["rater"], score=int(float(value))
        )
        for row in rows
        for name, value in row.items()
        if name.startswith("I") and value not in {"", "NA"}
    ]
    return ratings, expected, tolerance


def test_the_published_difficulties_are_reproduced() -> None:
    ratings, expected, tolerance = tam(one_rater=True)
    found = fit_facets(ratings)
    assert found.converged
    assert found.difficulties == pytest.approx(expected["published_item_only"], abs=tolerance["published"])
    assert found.ability_sd == pytest.approx(expected["item_only_sd_recomputed"], abs=1e-3)
    assert found.log_likelihood == pytest.approx(expected["item_only_loglik_recomputed"], abs=1e-3)


def test_the_severities_are_reproduced() -> None:
    ratings, expected, tolerance = tam()
    wanted = expected["reference_item_rater_MML"]
    assert isinstance(wanted, dict)
    found = fit_facets(ratings)
    near = tolerance["reference"]
    assert list(found.difficulties.values()) == pytest.approx(wanted["item"], abs=near)
    assert list(found.severities.values()) == pytest.approx(wanted["rater_severity"], abs=near)
    assert found.ability_sd == pytest.approx(wanted["theta_sd"], abs=near)
    assert found.log_likelihood == pytest.approx(wanted["loglik"], abs=near)
    assert all(0 < error < 0.2 for error in (*found.se_severities.values(), *found.se_difficulties.values()))


def test_joint_estimates_are_reproduced_without_the_extreme_persons() -> None:
    ratings, expected, tolerance = tam()
    wanted = expected["reference_item_rater_JML"]
    assert isinstance(wanted, dict)
    found = fit_facets_jointly(ratings)
    assert found.persons == wanted["persons_used"]
    near = tolerance["reference"]
    assert list(found.difficulties.values()) == pytest.approx(wanted["item_centred"], abs=near)
    assert list(found.severities.values()) == pytest.approx(wanted["rater_centred"], abs=near)


def test_a_severe_rater_is_found_on_a_scale_of_several_scores() -> None:
    chance = np.random.default_rng(20211)
    steps, severity = np.array([0.0, -1.0, -1.0, 0.0]), {"nghiêm": 0.8, "vừa": 0.0, "dễ": -0.8}
    ratings = []
    for person, ability in enumerate(chance.normal(size=150)):
        for item, difficulty in (("1", -0.5), ("2", 0.5)):
            for rater, severe in severity.items():
                logits = np.arange(4) * (ability - difficulty - severe) - steps
                shares = np.exp(logits) / np.exp(logits).sum()
                score = int(chance.choice(4, p=shares))
                ratings.append(Rating(person=str(person), item=item, rater=rater, score=score))
    found = fit_facets(ratings)
    for rater, severe in severity.items():
        assert abs(found.severities[rater] - severe) < 4 * found.se_severities[rater]
    assert sum(found.severities.values()) == pytest.approx(0)
    assert sum(found.steps) == pytest.approx(0)
    assert found.steps[0] < 0 < found.steps[2]


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {("p", "i", "r"): -1, ("q", "i", "r"): 1},
        {("p", "i", "r"): 0, ("q", "i", "r"): 2},  # nobody gave 1
        {("p", "i", "r"): 1, ("q", "i", "r"): 1, ("p", "j", "r"): 0},  # all have the first item right
        {("p", "i", "r"): 0, ("q", "i", "r"): 0},
        {("p", "i", "r"): 0, ("q", "i", "r"): 101},
    ],
)
def test_scores_that_no_model_fits_are_refused(scores: dict[tuple[str, str, str], int]) -> None:
    ratings = [Rating(person=p, item=i, rater=r, score=score) for (p, i, r), score in scores.items()]
    for fit in (fit_facets, fit_facets_jointly):
        with pytest.raises(UnusableTable):
            fit(ratings)
