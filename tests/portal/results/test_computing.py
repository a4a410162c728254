# SPDX-License-Identifier: Apache-2.0
"""A ranking is computed before the writer is taken; it counts only for exactly what is marked inside."""

from typing import Any

import pytest

from exam_portal.core.database import Database
from exam_portal.results import service
from exam_portal.results.runs import Computed
from tests.portal.results.builders import HEARD, a_stage, here, marked, vacancy_of

pytestmark = pytest.mark.engines("sqlite")


def test_a_ranking_of_other_marks_is_computed_again(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        marked(session, stage, {0: ("70", "70"), 1: ("60", "60")})
        right = service.compute(session, here(session, stage), vacancy_of(session, stage))
        run = service.compute_run(
            session,
            stage.secretary,
            HEARD,
            competition=here(session, stage),
            vacancy=vacancy_of(session, stage),
            computed=Computed("sha256:of other marks", {"candidates": []}, "sha256:of nobody"),
        )
        assert (run.input_hash, run.output_hash) == (right.input_hash, right.output_hash)
        assert run.output == right.output


def test_a_ranking_of_these_marks_is_taken_as_it_is(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        marked(session, stage, {0: ("70", "70"), 1: ("60", "60")})
        place: dict[str, Any] = {
            "competition": here(session, stage),
            "vacancy": vacancy_of(session, stage),
        }
        early = service.compute(session, **place)
        run = service.compute_run(session, stage.secretary, HEARD, **place, computed=early)
        assert run.output is early.output
