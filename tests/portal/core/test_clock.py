# SPDX-License-Identifier: Apache-2.0
"""The clock of the house: small corrections are followed, a step is not, whoever starts meanwhile."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exam_portal.core import clock
from exam_portal.core.clock import SteadyClock

HOUR = timedelta(hours=1)
A_WHILE = timedelta(minutes=5)  # between two looks at a clock, on a busy machine


class Machine:
    """A machine whose clock somebody turns."""

    def __init__(self) -> None:
        self.turned = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.turned


def test_a_step_of_the_machines_clock_is_not_followed_and_is_told() -> None:
    machine = Machine()
    steady = SteadyClock(machine.now() - clock.counter(), machine=machine.now)
    for turned in (HOUR, -HOUR):
        machine.turned = turned
        assert abs(steady.now() - datetime.now(UTC)) < A_WHILE
        assert abs(steady.step - turned) < A_WHILE


def test_a_small_correction_is_followed() -> None:
    began = datetime.now(UTC) - clock.counter()

    def machine() -> datetime:
        """It is half a second within what is tolerated, however long this test has to wait for a core."""
        return began + clock.counter() + timedelta(seconds=1.5)

    steady = SteadyClock(began, machine=machine)
    before = machine()
    assert before <= steady.now() <= machine()
    assert not steady.step


def test_a_clock_that_is_believed_again_is_kept_for_those_who_start_later() -> None:
    machine = Machine()
    kept: list[datetime] = []
    steady = SteadyClock(machine.now() - clock.counter(), machine=machine.now, keep=kept.append)
    machine.turned = HOUR
    assert abs(steady.follow() - HOUR) < A_WHILE
    assert not steady.step
    assert abs(steady.now() - machine.now()) < A_WHILE
    assert len(kept) == 1


def test_a_process_that_starts_after_a_step_reads_the_time_of_those_before(tmp_path: Path) -> None:
    clock.of_this_machine(tmp_path)
    anchor = tmp_path / clock.ANCHOR
    said = json.loads(anchor.read_text(encoding="utf-8"))
    said["began"] = (datetime.fromisoformat(said["began"]) - HOUR).isoformat()  # as if it were turned since
    anchor.write_text(json.dumps(said), encoding="utf-8")
    later = clock.of_this_machine(tmp_path)
    assert abs(datetime.now(UTC) - later.now() - HOUR) < A_WHILE


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"boot": "another", "began": "2020-01-01T00:00:00+00:00"}']
)
def test_after_a_new_start_of_the_machine_its_clock_counts(tmp_path: Path, content: str) -> None:
    (tmp_path / clock.ANCHOR).write_text(content, encoding="utf-8")
    found = clock.of_this_machine(tmp_path)
    assert abs(found.now() - datetime.now(UTC)) < A_WHILE
    assert not found.step
