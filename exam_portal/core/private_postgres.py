# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster of our own, for tests and the load bench: temporary, on loopback only."""

import contextlib
import dataclasses
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from exam_portal.core.ports import free_port

FAST_SHUTDOWN = signal.SIGINT
START_SECONDS = 180.0
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ALWAYS = ("listen_addresses=127.0.0.1", "max_connections=100", "shared_buffers=128MB", "timezone=UTC")


class ClusterUnavailable(Exception):
    """PostgreSQL's server programs are not installed, or the cluster did not come up; says which and why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCluster:
    """A running cluster. It ends with the program that started it, however that program ends."""

    folder: Path
    port: int

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database of this cluster."""
        return f"postgresql+psycopg://portal@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create the database as a copy of the template and return its address."""
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._administer(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop the database, closing whatever is still connected to it."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administer(self, statement: sql.Composed) -> None:
        address = f"postgresql://portal@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def server_programs() -> Path:
    """Return the folder of the newest installed server programs or raise ClusterUnavailable."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise ClusterUnavailable("initdb was not found; install the package postgresql")


@contextlib.contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[PrivateCluster]:
    """Start a cluster, yield it, stop it and delete its folder.

    ``durable`` keeps fsync and synchronous commit on (measurements need it; tests do not).
    """
    programs = server_programs()
    folder = Path(tempfile.mkdtemp(prefix="exam-portal-pg-"))
    try:
        _give_to_server_account(folder)
        _initialise(programs, folder)
        port = free_port()
        server = _start(programs, folder, port, () if durable else NOT_DURABLE)
        try:
            _wait_until_ready(server, folder, port)
            yield PrivateCluster(folder=folder, port=port)
        finally:
            server.send_signal(FAST_SHUTDOWN)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> str | None:
    """Return whom the server has to run as: PostgreSQL refuses root; anybody else runs it himself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ClusterUnavailable("PostgreSQL does not run as root and there is no account postgres or nobody")


def _give_to_server_account(folder: Path) -> None:
    account = _server_account()
    if account is not None:
        shutil.chown(folder, user=account)


def _as_server_account(command: list[str]) -> list[str]:
    """Return the command so that it runs without root's rights and dies with its parent."""
    prefix = ["setpriv", f"--pdeathsig={FAST_SHUTDOWN.name.removeprefix('SIG')}"]
    account = _server_account()
    if account is not None:
        entry = pwd.getpwnam(account)
        prefix += [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return [*prefix, "--", *command]


def _initialise(programs: Path, folder: Path) -> None:
    command = [str(programs / "initdb"), "--pgdata", str(folder / "cluster"), "--username=portal"]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = _as_server_account(command)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClusterUnavailable(f"initdb failed: {done.stderr.strip()}")


def _start(programs: Path, folder: Path, port: int, extra: tuple[str, ...]) -> subprocess.Popen[bytes]:
    options = [*ALWAYS, f"port={port}", f"unix_socket_directories={folder}", *extra]
    command = [str(programs / "postgres"), "-D", str(folder / "cluster")]
    for option in options:
        command += ["-c", option]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(_as_server_account(command), cwd=folder, stdout=log, stderr=log)


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ClusterUnavailable((folder / "server.log").read_text(errors="replace")[-2000:])
        try:
            psycopg.connect(f"postgresql://portal@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise ClusterUnavailable(f"the cluster did not answer within {START_SECONDS:.0f} seconds")
