# SPDX-License-Identifier: Apache-2.0
"""The disk is full, or fails to sync: nothing is acknowledged that is not stored, and work goes on after."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exam_portal.core.settings import Settings
from tests.faults.conftest import Size
from tests.faults.hall import Hall, Launcher, writing
from tests.faults.test_kills import some_are_promised
from tests.harness.databases import settings_in

pytestmark = pytest.mark.engines("sqlite")
SHIM = Path(__file__).parent / "shim.c"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB; only root can mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system cannot be mounted here (that takes root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def new_hall_on_it(
    small_disk: Path, sqlite_template: Path, launcher: Launcher
) -> Iterator[Callable[..., Hall]]:
    from tests.faults.hall import a_hall

    made: list[Hall] = []

    def make() -> Hall:
        folder = small_disk / str(len(made))
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "portal.sqlite3")
        settings: Settings = settings_in(folder)
        made.append(a_hall(settings, launcher))
        return made[-1]

    yield make
    for hall in made:
        hall.end()


def fill(disk: Path) -> Path:
    """Nothing more fits on it."""
    stuffing = disk / "stuffing"
    with stuffing.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 512):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return stuffing


def refused(hall: Hall, more: int) -> None:
    """Return once so many more saves have been refused for the database's sake."""
    wanted, until = hall.ledger.answers[503] + more, time.monotonic() + 90
    while hall.ledger.answers[503] < wanted:
        assert time.monotonic() < until, (hall.ledger.answers, hall.log()[-3000:])
        time.sleep(0.02)


def test_a_full_disk_is_told_and_once_there_is_room_work_goes_on(
    small_disk: Path, new_hall_on_it: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    hall = new_hall_on_it()
    hall.serve()
    rounds = 10 if size.is_long else 1
    with writing(hall):
        for _ in range(rounds):
            some_are_promised(hall, 40)
            stuffing = fill(small_disk)
            refused(hall, 8)
            stuffing.unlink()
            some_are_promised(hall, 40)
    assert hall.ledger.without_time == 0  # each refusal says when to come again
    hall.end()
    assert hall.findings() == []
    note(filled=rounds, refused=hall.ledger.answers[503], acknowledged=hall.ledger.acknowledged, lost=0)


def test_a_server_that_acknowledges_on_a_full_disk_is_seen(
    small_disk: Path, new_hall_on_it: Callable[..., Hall]
) -> None:
    hall = new_hall_on_it()
    hall.serve(sabotage="acknowledges_what_failed")
    with writing(hall):
        some_are_promised(hall, 8)
        stuffing = fill(small_disk)
        some_are_promised(hall, 400)
        stuffing.unlink()
    hall.end()
    assert any("acknowledged and is not there" in each for each in hall.findings())


class Failing:
    """A disk whose syncs fail while it is told so; servers of its launcher are on it."""

    def __init__(self, folder: Path) -> None:
        self.order = folder / "fail"
        library = folder / "shim.so"
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("no C compiler: the failing sync cannot be made")
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SHIM), "-ldl"], check=True
        )
        self.launcher = Launcher({"LD_PRELOAD": str(library), "FAULTS_SYNC": str(self.order)})


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    made = Failing(tmp_path_factory.mktemp("shim"))
    yield made
    made.launcher.end()


def test_after_a_failed_sync_nothing_is_acknowledged_and_the_process_ends(
    new_hall: Callable[..., Hall], failing: Failing, size: Size, note: Callable[..., None]
) -> None:
    hall = new_hall(launcher=failing.launcher)
    rounds = 20 if size.is_long else 1
    for _ in range(rounds):
        server = hall.serve()
        with writing(hall):
            some_are_promised(hall, 20)
            worker = server.workers()[-1]
            failing.order.touch()
            until = time.monotonic() + 90
            while Path(f"/proc/{worker}").exists() and worker in server.workers():
                assert time.monotonic() < until, "the process that saw the failure goes on"
                time.sleep(0.01)
            failing.order.unlink()
            server.end(signal.SIGKILL)
    hall.serve()
    with writing(hall):
        some_are_promised(hall, 20)
    hall.end()
    assert "the database file failed" in hall.log()
    assert hall.findings() == []
    note(failed_syncs=rounds, acknowledged=hall.ledger.acknowledged, lost=0)


def test_a_server_that_acknowledges_after_a_failed_sync_is_seen(
    new_hall: Callable[..., Hall], failing: Failing
) -> None:
    hall = new_hall(launcher=failing.launcher)
    server = hall.serve(sabotage="acknowledges_what_failed")
    with writing(hall):
        some_are_promised(hall, 20)
        failing.order.touch()
        some_are_promised(hall, 100)
        server.end(signal.SIGKILL)
        failing.order.unlink()
    hall.end()
    assert any("acknowledged and is not there" in each for each in hall.findings())
