# SPDX-License-Identifier: Apache-2.0
"""The ranking agrees with a second, naive arithmetic, over random competitions of every policy.

`COMPETITIONS=100000 ./dev exec python -m pytest tests/scoring/test_second_arithmetic.py` is the long run.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring.marks import read_marks
from scoring.ranking import rank
from scoring.ruleset import read_ruleset
from tests.scoring import naive
from tests.scoring.competitions import competition

COMPETITIONS = int(os.environ.get("COMPETITIONS", "2000"))
OUTCOMES = ("selected", "reserve", "passed", "failed", "absent", "withdrawn", "disqualified")
UNMET = {
    "ballots_repeated",
    "correction_undone",
    "key_changed",
}  # notes that change no mark, like `neutralised_*`


def ranked(rules: dict[str, Any], marks: dict[str, Any]) -> dict[str, Any]:
    """What the real arithmetic publishes."""
    ruleset = read_ruleset(rules)
    return rank(ruleset, read_marks(marks, ruleset)).to_json()


def shaped(row: dict[str, Any]) -> dict[str, Any]:
    """A published row in the shape of the naive one."""
    marks = {key: part["mark"] for key, part in row["parts"].items()}
    return {
        "outcome": row["outcome"],
        "rank": row["rank"],
        "total": None if row["total"] is None else Fraction(row["total"]),
        "marks": {key: Fraction(mark) for key, mark in marks.items() if mark is not None},
    }


def documented_codes() -> set[str]:
    """The steps of explanations that docs/ranking.md names."""
    page = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text(encoding="utf-8")
    listed = page.partition("**Explanation codes**")[2].partition("**Pending codes**")[0]
    return set(re.findall(r"`([a-z_]+)`", listed))


def held(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a row of an incomplete ranking says of a candidate what the naive one knows, and no more."""
    own = wanted["outcome"]
    certain = {"open": {"pending"}, "passed": {"selected", "reserve", "passed", "pending"}}.get(own, {own})
    same = (found["total"], found["marks"]) == (wanted["total"], wanted["marks"])
    placed = found["rank"] is None or found["outcome"] in {"selected", "reserve", "passed"}
    return same and placed and found["outcome"] in certain


def test_a_second_arithmetic_comes_to_the_same_ranking() -> None:
    met: Counter[str] = Counter()
    for seed in range(COMPETITIONS):
        rules, marks = competition(seed)
        complete, wanted = naive.ranking(rules, marks)
        found = ranked(rules, marks)
        assert found["complete"] == complete, seed
        assert bool(found["pending"]) == (not complete), seed
        met["complete" if complete else "incomplete"] += 1
        for row in found["candidates"]:
            expected = wanted[row["id"]]
            expected["marks"] = {key: mark for key, mark in expected["marks"].items() if mark is not None}
            del expected["gate"]
            agrees = shaped(row) == expected if complete else held(shaped(row), expected)
            assert agrees, (seed, row["id"], shaped(row), expected)
            met.update({row["outcome"]: 1, **{step["code"]: 1 for step in row["explanation"]}})
    assert met["complete"] > COMPETITIONS / 2
    assert met["incomplete"] > COMPETITIONS / 10
    assert [each for each in ("pending", *OUTCOMES) if not met[each]] == []
    told = {code for code in documented_codes() if not code.startswith("neutralised")} - UNMET
    assert len(told) > 20
    assert [code for code in sorted(told) if not met[code]] == []


def test_the_comparison_of_incomplete_rankings_would_see_a_difference() -> None:
    own = {"outcome": "open", "total": None, "rank": None, "marks": {"a": Fraction(70)}}
    published = {**own, "outcome": "pending"}
    assert held(published, own)
    assert not held({**published, "outcome": "selected"}, own)
    assert not held({**published, "rank": 1}, own)
    assert not held({**published, "marks": {}}, own)
    assert not held({**published, "total": Fraction(70)}, own)
    assert not held({**published, "outcome": "pending"}, {**own, "outcome": "failed"})
