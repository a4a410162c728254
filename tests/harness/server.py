# SPDX-License-Identifier: Apache-2.0
"""The portal as a person starts it: `exam-portal serve` on a free loopback port, ended by its process id."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from exam_portal.core.ports import free_port
from tests.harness import ended

START_SECONDS = 300.0  # a busy machine is no fault of the portal
STOP_SECONDS = 120.0
HEALTH = "/readyz"
COMMAND = str(Path(sys.executable).parent / "exam-portal")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LiveServer:
    """A running portal."""

    base_url: str
    directory: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]

    def command(self, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run `exam-portal …` on the same installation and return what it printed."""
        command = [COMMAND, *arguments]
        return subprocess.run(
            command, env=dict(self.environment), capture_output=True, text=True, timeout=timeout, check=False
        )

    def log(self) -> str:
        """Return everything the server has printed."""
        return (self.directory / "server.log").read_text(encoding="utf-8", errors="replace")


def environment_for(directory: Path, port: int, settings: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with the settings of one installation, and of no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_PORTAL_")}
    own = {
        "instance.directory": str(directory),
        "server.host": "127.0.0.1",
        "server.port": str(port),
        "server.base_url": f"http://127.0.0.1:{port}",
        "log.level": "warning",
        "pdf.timeout_seconds": "600",  # a busy machine is no fault of the document
        **settings,
    }
    return kept | {f"EXAM_PORTAL_{key.replace('.', '__').upper()}": value for key, value in own.items()}


@contextlib.contextmanager
def running(
    directory: Path, *arguments: str, settings: Mapping[str, str] | None = None
) -> Iterator[LiveServer]:
    """Start the portal in the directory, wait until it answers, yield it, stop it.

    ``settings`` are dotted keys; ``arguments`` follow `exam-portal serve`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = environment_for(directory, port, settings or {})
    command = ["setpriv", "--pdeathsig=TERM", "--", COMMAND, "serve", *arguments]
    with (directory / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    base_url = f"http://127.0.0.1:{port}"
    server = LiveServer(base_url=base_url, directory=directory, environment=environment, process=process)
    try:
        _wait_until_answering(server)
        with ended.living(base_url):
            yield server
    finally:
        _stop(process)


def _wait_until_answering(server: LiveServer) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise AssertionError(f"the portal ended at its start:\n{server.log()[-4000:]}")
        try:
            with urllib.request.urlopen(server.base_url + HEALTH, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the portal did not answer within {START_SECONDS:.0f} s:\n{server.log()[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)
        raise
