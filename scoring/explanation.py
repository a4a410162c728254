# SPDX-License-Identifier: Apache-2.0
"""What the arithmetic returns beside a number: how it came about, or what it still waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.rounding import plain, published


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One step of the arithmetic: the rule applied, what went in, what came out."""

    code: str
    part: str | None
    values: tuple[str, ...]
    result: str | None
    weights: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The step as it is published."""
        step = {"code": self.code, "part": self.part, "values": list(self.values), "result": self.result}
        return {**step, "weights": list(self.weights)} if self.weights else step


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something without which nothing is guessed, and whose lack it is."""

    code: str
    candidate: str | None = None
    part: str | None = None
    facts: tuple[tuple[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The lack as it is published: keys that say nothing are left out."""
        named = {"candidate": self.candidate, "part": self.part}
        return {"code": self.code, **{key: name for key, name in named.items() if name}, **dict(self.facts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The mark of one part for one candidate, or what it waits for; never both."""

    mark: Decimal | None
    explanation: tuple[Explanation, ...] = ()
    pending: Pending | None = None
    criteria: tuple[tuple[str, Decimal], ...] = ()


def decided(code: str, part: str, values: Sequence[Decimal], mark: Decimal, *notes: Explanation) -> Outcome:
    """A mark with the step that made it, and notes on what was left aside."""
    step = Explanation(
        code=code, part=part, values=tuple(plain(value) for value in values), result=published(mark)
    )
    return Outcome(mark=mark, explanation=(step, *notes))


def waiting(code: str, candidate: str, part: str, **facts: Any) -> Outcome:
    """No mark, and the reason."""
    pending = Pending(code=code, candidate=candidate, part=part, facts=tuple(facts.items()))
    return Outcome(mark=None, pending=pending)
