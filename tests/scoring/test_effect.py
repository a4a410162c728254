# SPDX-License-Identifier: Apache-2.0
"""The effect of a new run: whose marks, totals and ranks change, and who crosses the line."""

from __future__ import annotations

from typing import Any

from scoring.effect import CandidateEffect, Change, effect
from tests.scoring.builders import candidate, ranking, slips, written


def run(*people: dict[str, Any]) -> dict[str, Any]:
    return ranking(*people).to_json()


def passing(code: str, programme: str) -> dict[str, Any]:
    return candidate(code, written=written("70", "70"), programme=slips(5, programme))


def test_a_review_that_turns_the_order_round_is_shown_for_everybody_it_touches() -> None:
    rivals = [passing("R", "80.5"), passing("S", "60")]
    before = run(candidate("E", written=written("44", "56", "49")), *rivals)
    reviewed = written("44", "56", "49", remarks=("52", "50", "52"))
    after = run(candidate("E", written=reviewed, programme=slips(5, "81")), *rivals)
    assert effect(before, after) == (
        CandidateEffect(
            candidate="E",
            marks=(
                ("written", Change(before="49.00", after="52.00")),
                ("programme", Change(before=None, after="81.00")),
            ),
            total=Change(before=None, after="81.00"),
            rank=Change(before=None, after=1),
            outcome=Change(before="failed", after="selected"),
            line="in",
        ),
        CandidateEffect(
            candidate="R",
            marks=(),
            total=None,
            rank=Change(before=1, after=2),
            outcome=Change(before="selected", after="passed"),
            line="out",
        ),
        CandidateEffect(
            candidate="S", marks=(), total=None, rank=Change(before=2, after=3), outcome=None, line=None
        ),
    )


def test_the_same_run_twice_has_no_effect() -> None:
    same = run(passing("A", "80"), passing("B", "70"))
    assert effect(same, same) == ()


def test_a_candidate_who_is_only_in_one_run_is_listed() -> None:
    before = run(passing("A", "80"), passing("B", "70"), passing("C", "60"))
    after = run(passing("A", "80"), passing("B", "70"))
    assert [(each.candidate, each.rank) for each in effect(before, after)] == [
        ("C", Change(before=3, after=None))
    ]
