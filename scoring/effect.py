# SPDX-License-Identifier: Apache-2.0
"""What a new run would change: whose marks, totals and ranks, and who crosses the line of the places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One published value before and after; None where there was or is none."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEffect:
    """What changes for one candidate. `line`: `in` or `out` when the candidate crosses it, else None."""

    candidate: str
    marks: tuple[tuple[str, Change], ...]
    total: Change | None
    rank: Change | None
    outcome: Change | None
    line: str | None


def effect(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[CandidateEffect, ...]:
    """The candidates for whom two `exam-portal/ranking/1` differ, in the order of the later one.

    Candidates who appear in only one of them differ in everything they have there.
    """
    old, new = _rows(before), _rows(after)
    effects = (_of_candidate(code, old.get(code, {}), new.get(code, {})) for code in {**new, **old})
    return tuple(each for each in effects if _says_something(each))


def _rows(ranking: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in ranking["candidates"]}


def _of_candidate(code: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> CandidateEffect:
    was, now = old.get("outcome") == "selected", new.get("outcome") == "selected"
    return CandidateEffect(
        candidate=code,
        marks=_marks(old.get("parts", {}), new.get("parts", {})),
        total=_change(old.get("total"), new.get("total")),
        rank=_change(old.get("rank"), new.get("rank")),
        outcome=_change(old.get("outcome"), new.get("outcome")),
        line=None if was == now else ("in" if now else "out"),
    )


def _marks(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, Change], ...]:
    changes = (
        (part, _change(old.get(part, {}).get("mark"), new.get(part, {}).get("mark")))
        for part in {**new, **old}
    )
    return tuple((part, change) for part, change in changes if change is not None)


def _change(before: Any, after: Any) -> Change | None:
    return None if before == after else Change(before=before, after=after)


def _says_something(effect_of_one: CandidateEffect) -> bool:
    one = effect_of_one
    return bool(one.marks or one.total or one.rank or one.outcome)
