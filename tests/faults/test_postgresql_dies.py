# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL, or one of its processes in the middle of a commit, dies by SIGKILL and comes back."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from exam_portal.core import private_postgres, schema
from exam_portal.core.private_postgres import PrivateCluster, private_cluster
from exam_portal.core.settings import Settings
from tests.faults.conftest import Size
from tests.faults.hall import Hall, gone, writing
from tests.faults.test_kills import some_are_promised
from tests.harness.databases import settings_in

pytestmark = pytest.mark.postgres
COMES_BACK_SECONDS = 15  # on a machine that does nothing else: looked at by the long form


class Cluster:
    """A durable cluster that is killed and started again."""

    def __init__(self, cluster: PrivateCluster) -> None:
        self.cluster = cluster
        self.again: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The first of its processes."""
        file = self.cluster.folder / "cluster" / "postmaster.pid"
        return int(file.read_text(encoding="ascii").split()[0])

    def kill(self) -> None:
        """Every process of it is killed and gone: nothing was tidied up, nothing holds its memory."""
        os.kill(self.pid, signal.SIGSTOP)  # it makes no more
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        family = (self.pid, *map(int, children))
        for each in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        if self.again is not None:
            self.again.wait()
        for each in family:
            gone(each)

    def kill_one(self) -> None:
        """A process that serves the portal is killed: the cluster has ended all the others for it.

        It starts them anew by itself; until then it takes nobody.
        """
        address = self.cluster.url("faults").replace("+psycopg", "")
        others = "SELECT pid FROM pg_stat_activity WHERE datname = 'faults' AND pid <> pg_backend_pid()"
        asked = psycopg.connect(address, autocommit=True)
        os.kill(random.choice([row[0] for row in asked.execute(others)]), signal.SIGKILL)
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                asked.execute("SELECT pg_sleep(0.01)")
        asked.close()

    def start(self) -> None:
        """It runs again, on the same port."""
        programs = private_postgres.server_programs()
        self.again = private_postgres._start(programs, self.cluster.folder, self.cluster.port, ())
        private_postgres._wait_until_ready(self.again, self.cluster.folder, self.cluster.port)

    def end(self) -> None:
        """What was started again has ended."""
        if self.again is not None:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(timeout=60)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with private_cluster(durable=True) as started:
        made = Cluster(started)
        yield made
        made.end()


@pytest.fixture
def settings(cluster: Cluster, instance_directory: Path) -> Settings:
    made = settings_in(instance_directory, url=cluster.cluster.create_database("faults"))
    schema.upgrade(made)
    return made


def test_nothing_promised_is_lost_when_postgresql_dies(
    cluster: Cluster, new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    hall, slowest = new_hall(), 0.0
    hall.serve()
    with writing(hall):
        for number in range(2 * size.database_kills):
            some_are_promised(hall, random.randint(5, 60))
            if number % 2:
                cluster.kill_one()
            else:
                cluster.kill()
                time.sleep(random.random())
                cluster.start()
            began = time.monotonic()
            some_are_promised(hall, 20)
            slowest = max(slowest, time.monotonic() - began)
    assert not size.is_long or slowest < COMES_BACK_SECONDS
    assert hall.ledger.answers[500] == 0
    assert hall.ledger.without_time == 0
    hall.end()
    assert hall.findings() == []
    note(
        kills=2 * size.database_kills,
        acknowledged=hall.ledger.acknowledged,
        lost=0,
        slowest_return_seconds=round(slowest, 1),
        refused=hall.ledger.answers[503],
    )


def test_a_server_that_acknowledges_without_postgresql_is_seen(
    cluster: Cluster, new_hall: Callable[..., Hall]
) -> None:
    hall = new_hall()
    hall.serve(sabotage="acknowledges_what_failed")
    with writing(hall):
        some_are_promised(hall, 20)
        cluster.kill()
        some_are_promised(hall, 20)
    cluster.start()
    hall.end()
    assert any("acknowledged and is not there" in each for each in hall.findings())
