# SPDX-License-Identifier: Apache-2.0
"""The measurement of a start runs by itself and counts what is lost; its figures are nobody's test."""

import json
import subprocess

from exam_portal.bench import load, start
from tests.harness.server import COMMAND


def test_a_small_start_is_measured_and_every_receipt_is_in_the_database() -> None:
    command = [COMMAND, "bench", "start", "--candidates", "12", "--submit-seconds", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["receipts"], report["errors"], report["lost"], report["refused"]) == (12, 0, 0, 0)
    assert report["arrive_p50_ms"] > 20  # a password was checked
    assert report["key_p99_ms"] > 0
    assert report["memory_mb"] > 50


def test_only_what_was_asked_for_counts_as_an_answer() -> None:
    asker = start.Asker(b"", b'"starts"')
    assert asker.answered(200, b"", b'{"starts": []}')
    assert not asker.answered(204, b"", b"")
    assert not asker.answered(200, b"", b"{}")
    assert not start.Leaver(b"").answered(409, b"", b"{}")


def test_a_herd_is_sent_whole_however_late() -> None:
    asked = load._Generator("", 0, [start.Asker(b"")] * 3, rate=1e9, seconds=0.0, is_herd=True)
    assert asked.most == 3
