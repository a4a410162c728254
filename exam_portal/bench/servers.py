# SPDX-License-Identifier: Apache-2.0
"""Servers of the measurement: the portal as it is served, and the floor on the same server program."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

START_SECONDS = 180.0
STOP_SECONDS = 60.0


class ServerFailed(Exception):
    """A server of the measurement did not start; the message ends with what it printed."""


@contextlib.contextmanager
def portal(environment: Mapping[str, str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve the portal with these settings until the block is left."""
    command = [sys.executable, "-m", "exam_portal", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _running(command, environment, f"http://127.0.0.1:{port}/health/live") as process:
        yield process


@contextlib.contextmanager
def floor(
    environment: Mapping[str, str], port: int, *, workers: int, threads: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve the floor in the way the portal is served."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--http", "1", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += ["--blocking-threads", str(threads), "--log-level", "error", "exam_portal.bench.floor:load"]
    with _running(command, environment, f"http://127.0.0.1:{port}/") as process:
        yield process


@contextlib.contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], address: str
) -> Iterator["subprocess.Popen[bytes]"]:
    with tempfile.NamedTemporaryFile(prefix="exam-portal-bench-", suffix=".log") as log:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            _wait(process, address, Path(log.name))
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=STOP_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise ServerFailed(log.read_text(encoding="utf-8", errors="replace")[-2000:])
