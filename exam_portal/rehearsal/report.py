# SPDX-License-Identifier: Apache-2.0
"""What a rehearsal reports: figures, the rankings, the bundle, and whether to go on."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.rehearsal.course import Outcome
from exam_portal.rehearsal.play import Play

STAGES = ("register", "vet", "sit", "mark", "panel", "publish", "appeal")


@dataclasses.dataclass(slots=True)
class Report:
    """The report, as it is printed with ``--json``."""

    candidates: int
    seconds: Mapping[str, float]
    latency_ms: Mapping[str, Mapping[str, float | None]]
    answers: Mapping[str, int]
    reasons: list[str] = dataclasses.field(default_factory=list)
    ranking: Sequence[Mapping[str, Any]] = ()
    bundle: str | None = None
    verify: Mapping[str, int | None] = dataclasses.field(default_factory=lambda: {"exit": None, "checks": 0})

    @property
    def is_go(self) -> bool:
        """Whether nothing speaks against going on."""
        return not self.reasons

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON holds it."""
        return {
            "verdict": "go" if self.is_go else "no-go",
            "reasons": list(self.reasons),
            "candidates": self.candidates,
            "seconds": dict(self.seconds),
            "answers": dict(self.answers),
            "latency_ms": {name: dict(found) for name, found in self.latency_ms.items()},
            "ranking": [dict(each) for each in self.ranking],
            "bundle": self.bundle,
            "verify": dict(self.verify),
        }


def of(play: Play, outcome: Outcome | None) -> Report:
    """Return the report of what has been measured, and of what it led to if it came to its end."""
    answers = play.answers
    found = Report(
        candidates=len(play.contenders),
        seconds={name: round(play.measures.seconds.get(name, 0.0), 2) for name in _stages(play)},
        latency_ms={name: percentiles(all_) for name, all_ in play.measures.latency.items()},
        answers={
            "sent": answers.sent,
            "acknowledged": answers.acknowledged,
            "stored": answers.stored,
            "lost": answers.lost,
        },
    )
    if answers.lost:
        found.reasons.append(f"{answers.lost} acknowledged answers are lost")
    if outcome is not None:
        found.ranking = outcome.rankings
        found.bundle = str(outcome.bundle)
        found.verify = {"exit": outcome.exit, "checks": outcome.checks}
        found.reasons += _doubts(outcome)
    return found


def _doubts(outcome: Outcome) -> list[str]:
    """Return what speaks against going on although the end was reached."""
    found = [f"the bundle does not verify: {outcome.said[-500:]}"] if outcome.exit else []
    incomplete = [ranking["vacancy"] for ranking in outcome.rankings if not ranking["complete"]]
    if incomplete or not outcome.rankings:
        found.append(f"rankings are not complete: {', '.join(incomplete) or 'there is none'}")
    return found


def percentiles(milliseconds: Sequence[float]) -> dict[str, float | None]:
    """Return median and 99th percentile."""
    return {"p50": _percentile(milliseconds, 0.5), "p99": _percentile(milliseconds, 0.99)}


def in_words(report: Report) -> str:
    """Return the report for a person."""
    lines = [
        f"verdict: {'go' if report.is_go else 'no-go'}",
        *(f"  because {each}" for each in report.reasons),
    ]
    lines += [f"{name:>10}: {seconds:8.1f} s" for name, seconds in report.seconds.items()]
    for name, found in report.latency_ms.items():
        lines.append(f"{name:>10}: p50 {found['p50']} ms, p99 {found['p99']} ms")
    lines.append("answers: " + ", ".join(f"{name} {count}" for name, count in report.answers.items()))
    lines.append(f"bundle: {report.bundle or '–'}, verify exit {report.verify['exit']}")
    return "\n".join(lines)


def _stages(play: Play) -> list[str]:
    extra = [name for name in play.measures.seconds if name not in STAGES]
    return [*STAGES, *extra]


def _percentile(milliseconds: Sequence[float], share: float) -> float | None:
    if not milliseconds:
        return None
    ordered = sorted(milliseconds)
    return round(ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)], 1)
