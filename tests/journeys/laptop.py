# SPDX-License-Identifier: Apache-2.0
"""Home and the laptop of a hall, each with its command line, and the server that the laptop runs."""

import base64
import contextlib
import dataclasses
import hashlib
import os
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from exam_portal.cli import main
from exam_portal.core.database import Database
from exam_portal.rehearsal.browser import Browser
from tests.harness.databases import settings_in
from tests.harness.server import environment_for
from tests.journeys import hall_server
from tests.journeys.closed_network import HALL, ClosedNetwork

BASE = f"https://{HALL}:8443"
ROOT = Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Installation:
    """One installation and its command line."""

    directory: Path
    environment: dict[str, str]

    @classmethod
    def at(cls, directory: Path, origin: str) -> "Installation":
        """An installation in this directory."""
        settings = {"audit.origin": origin, "rehearsal.enabled": "true"}
        return cls(directory, environment_for(directory, 1, settings))

    def run(self, *words: str, status: int = 0) -> str:
        """Run `exam-portal …` and return what it printed."""
        others = {name: None for name in os.environ if name.startswith("EXAM_PORTAL_")}
        own = {name: value for name, value in self.environment.items() if name.startswith("EXAM_PORTAL_")}
        done = CliRunner().invoke(main, words, env={**others, **own})
        assert done.exit_code == status, (words, done.output, done.exception)
        return done.output

    def opened(self) -> Database:
        """Return its database, which nobody else holds then."""
        origin = self.environment["EXAM_PORTAL_AUDIT__ORIGIN"]
        return Database(settings_in(self.directory, audit={"origin": origin}))


@dataclasses.dataclass
class Clock:
    """The clock of the hall, which the test sets forward instead of waiting."""

    file: Path
    offset: timedelta  # of the rehearsal
    ahead: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """It stands where the rehearsal's stands."""
        self.set(self.now())

    def now(self) -> datetime:
        """Return the instant in the hall."""
        return datetime.now(UTC) + self.offset + self.ahead

    def set(self, instant: datetime) -> None:
        """It is this instant in the hall; no clock is set back."""
        self.ahead += max(instant - self.now(), timedelta(0))
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(f"{self.ahead.total_seconds():.3f}", encoding="ascii")
        fresh.replace(self.file)


@dataclasses.dataclass
class Laptop:
    """The server of the hall, which somebody may pull the plug of."""

    network: ClosedNetwork
    at: Installation
    clock: Clock
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It serves the hall."""
        kept = {name: value for name, value in self.at.environment.items() if "SERVER__" not in name}
        kept[hall_server.AHEAD] = str(self.clock.file)
        words = [sys.executable, "-m", "tests.journeys.hall_server"]
        config = str(self.at.directory / "hall.toml")
        serve = self.network.command("hall", "setpriv", "--pdeathsig=TERM", "--", *words)
        self.process = subprocess.Popen([*serve, "--config", config, "serve"], env=kept, cwd=ROOT)

    def answers(self, browser: Browser) -> None:
        """Return once it answers a computer that trusts its authority and nobody else."""
        until = time.monotonic() + 90
        while time.monotonic() < until:
            with contextlib.suppress(Exception):
                browser.get("/readyz")
                return
            assert self.process is not None
            assert self.process.poll() is None
            time.sleep(0.1)
        raise AssertionError("the laptop does not answer")

    def trust(self) -> ssl.SSLContext:
        """Return what a computer trusts on which the certificate of the hall was installed, and no other."""
        authority = x509.load_der_x509_certificate((self.at.directory / "tls" / "authority.crt").read_bytes())
        return ssl.create_default_context(cadata=authority.public_bytes(Encoding.PEM).decode())

    def die(self) -> None:
        """Nothing is written to the end, nobody is told."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=30)

    def stop(self) -> None:
        """It is shut down."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def fingerprint(self) -> str:
        """Return by which a browser here knows the server's key: the hash over its public half."""
        [leaf, _] = x509.load_pem_x509_certificates((self.at.directory / "tls" / "server.crt").read_bytes())
        public = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(public).digest()).decode()
