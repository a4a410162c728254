# SPDX-License-Identifier: Apache-2.0
"""A portal of the rehearsal's own: an installation in a temporary directory, served as anywhere else."""

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
from exam_portal.core.private_postgres import private_cluster
from exam_portal.core.settings.loading import variable

START_SECONDS = 180.0
STOP_SECONDS = 60.0
UNLIMITED = "1000000"


class PortalFailed(Exception):
    """The portal or one of its commands ended badly; the message ends with what it printed."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where a portal lives, and under which settings."""

    directory: Path
    base_url: str
    environment: Mapping[str, str]

    @property
    def mail(self) -> Path:
        """The directory of letters that do not leave."""
        return self.directory / "mail"

    def command(self, *arguments: str) -> str:
        """Run ``exam-portal …`` on the installation and return what it printed."""
        command = [sys.executable, "-m", "exam_portal", *arguments]
        done = subprocess.run(
            command, env=dict(self.environment), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise PortalFailed(
                f"exam-portal {' '.join(arguments[:2])}: {done.stderr[-2000:]}{done.stdout[-500:]}"
            )
        return done.stdout


@contextlib.contextmanager
def installation(directory: Path, database: str, settings: Mapping[str, str]) -> Iterator[Installation]:
    """Yield an installation without tables; on PostgreSQL with a private, durable cluster."""
    with contextlib.ExitStack() as stack:
        extra = dict(settings)
        if database == "postgresql":
            cluster = stack.enter_context(private_cluster(durable=True))
            extra["database.url"] = cluster.create_database("rehearsal")
        port = free_port()
        base_url = f"http://127.0.0.1:{port}"
        yield Installation(
            directory=directory, base_url=base_url, environment=_environment(directory, port, base_url, extra)
        )


@contextlib.contextmanager
def serving(place: Installation) -> Iterator[None]:
    """Serve the portal until the block is left."""
    command = [sys.executable, "-m", "exam_portal", "serve"]
    with (place.directory / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=dict(place.environment), stdout=log, stderr=log)
        try:
            _wait(process, place)
            yield
        finally:
            _stop(process)


def _environment(directory: Path, port: int, base_url: str, extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_PORTAL_")}
    own = {
        "instance.directory": str(directory),
        "server.host": "127.0.0.1",
        "server.port": str(port),
        "server.base_url": base_url,
        "rehearsal.enabled": "true",
        "limits.requests_per_minute": UNLIMITED,  # hundreds of people share one address here
        "limits.sign_ins_per_minute": UNLIMITED,
        "jobs.poll_seconds": "0.2",
        "log.level": "warning",
        **extra,
    }
    return kept | {variable(name): value for name, value in own.items()}


def _wait(process: "subprocess.Popen[bytes]", place: Installation) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(place.base_url + "/healthz", timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise PortalFailed((place.directory / "server.log").read_text(encoding="utf-8", errors="replace")[-3000:])


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)
