# SPDX-License-Identifier: Apache-2.0
"""The report of a measurement (docs/answer-path.md says what each figure means)."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was offered, what was acknowledged, how long it took, and whether anything was lost."""

    database: str
    workers: int
    attempts: int
    seconds: int
    offered_per_s: float
    acknowledged_per_s: float
    latency_at_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int
    acknowledged: int
    stored: int
    lost: int
    floor_per_s: float
    ratio_to_floor: float
    server_us: (
        int  # processor of all server processes for one save, at the highest rate; the database's is apart
    )
    floor_server_us: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON prints it."""
        return dataclasses.asdict(self)


def in_words(report: Report) -> str:
    """Return the report for a reader."""
    return "\n".join(
        [
            f"database              {report.database}, {report.workers} server process(es)",
            f"durable saves         {report.acknowledged_per_s:,.0f} per second acknowledged",
            f"bare floor            {report.floor_per_s:,.0f} per second",
            f"ratio to the floor    {report.ratio_to_floor:.2f}",
            f"processor of a save   {report.server_us} µs in the server (floor: {report.floor_server_us})",
            f"latency               p50 {report.p50_ms:.1f} ms, p99 {report.p99_ms:.1f} ms",
            f"  measured at         {report.latency_at_per_s:,.0f} saves per second",
            f"errors                {report.errors}",
            f"acknowledged          {report.acknowledged:,}, of which lost: {report.lost}",
        ]
    )
