# SPDX-License-Identifier: Apache-2.0
"""The measurement runs by itself and reports what the contracts say; its figures are nobody's test."""

import json
import subprocess

from tests.harness.server import COMMAND

PROMISED = {
    "database", "workers", "attempts", "offered_per_s", "acknowledged_per_s", "p50_ms", "p99_ms",
    "errors", "lost", "floor_per_s", "ratio_to_floor",
}  # fmt: skip


def test_a_short_measurement_reports_honestly() -> None:
    command = [
        COMMAND,
        "bench",
        "saves",
        "--seconds",
        "2",
        "--attempts",
        "10",
        "--connections",
        "8",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report.keys() >= PROMISED
    assert report["lost"] == report["errors"] == 0
    assert report["stored"] == report["acknowledged"] > 0
