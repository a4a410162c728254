# SPDX-License-Identifier: Apache-2.0
"""A step of the machine's clock is one leaf of the record, however many processes see it, and is told."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core.clock import SteadyClock, counter
from exam_portal.core.database import Database
from exam_portal.sittings.timekeeping import TURNED, Timekeeper
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.builders import MINUTE, START
from tests.portal.sittings.late_answers import a_late

HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clock can be turned."""

    def __init__(self) -> None:
        self.began, self.turned = START - counter(), timedelta(0)

    def now(self) -> datetime:
        return self.began + counter() + self.turned

    def process(self, database: Database) -> Timekeeper:
        return Timekeeper(database, SteadyClock(self.began, machine=self.now))


def leaves(database: Database) -> list[tuple[int, bool]]:
    with database.reading() as session:
        found = session.scalars(select(Leaf).where(Leaf.type == TURNED).order_by(Leaf.id)).all()
        assert all(leaf.actor_id is None for leaf in found)
        return [(leaf.content["seconds"], leaf.content["is_followed"]) for leaf in found]


def test_a_clock_that_is_set_while_nobody_writes_is_one_leaf_for_all_processes(database: Database) -> None:
    machine = Machine()
    processes = [machine.process(database) for _ in range(2)]
    for turned in (timedelta(0), timedelta(seconds=1), HOUR, timedelta(0)):
        machine.turned = turned
        for process in processes:
            process.look()
            process.look()
    assert leaves(database) == [(3600, True), (-3600, True)]


def test_a_clock_that_is_turned_while_somebody_writes_is_one_leaf_and_stands_on_the_board(
    portal: Flask, database: Database, clock: At
) -> None:
    late, machine = a_late(database), Machine()
    process = machine.process(database)
    machine.turned = -HOUR
    for _ in range(3):
        process.look()
    assert leaves(database) == [(-3600, False)]
    clock.set(START + 2 * MINUTE)
    board = f"/staff/sittings/{late.sitting.public_id}/board"
    shown = Person.at(portal, database, late.hall.invigilator, clock.now()).get(board)
    assert "Đồng hồ máy chủ đã bị chỉnh" in shown
    assert "Hệ thống không theo giờ đó" in shown
