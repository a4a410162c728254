# SPDX-License-Identifier: Apache-2.0
"""A test of 60 questions for eight candidates in a hall: a dead switch, a dead computer, a dead server.

Home packs the sitting; a laptop holds it over TLS in a network of its own. Two candidates sit at real
browsers and six at the player's protocol, each on a host of the network; the clock of the hall is set forward
instead of waited for. What the scenario says, and where it is held against what happened:

    8 candidates; 60 items, 60 minutes, hall LAN      the_hall_is_as_described
    the switch is dead in minutes 20-32               the_switch_dies, nobody_was_heard_while_it_was_dead
    machine 5 dies at minute 41, moves with a code    machine_5_dies, the_move_is_on_record
    no answer is lost                                 no_answer_is_lost
    12 minutes are credited to all, two signatures    time_is_given_back, everybody_had_twelve_minutes_more
    30 of 60 passes, 29 of 60 (48.33) fails           one_question_decides
    imported once; a second import is refused         the two merges at the end of the day
    the server is killed at minute 30 for good        the second test: nothing comes home from it,
    the reserve paper on paper, by minute             the_reserve_paper_takes_its_place,
    the attempt's record stays as evidence            the_disk_still_holds_what_was_promised
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select, update

from exam_portal.audit import fsck
from exam_portal.competitions.models import Competition
from exam_portal.rehearsal.browser import Refused
from exam_portal.results import bundle
from exam_portal.sittings.hall import coming_back
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.models import (
    Sitting,
)
from scoring.verify import bundle as verifying
from tests.harness.browser import Album
from tests.journeys.closed_network import ClosedNetwork, closed_network
from tests.journeys.computers import PATIENCE, AtScreen, Candidate, Computer
from tests.journeys.examination_hall import (
    AT_SCREENS,
    DUC,
    HOA,
    LONG,
    MACHINES,
    MAI,
    RIGHT,
    SPARE,
    Hall,
    read_slips,
)
from tests.journeys.hall_facts import (
    everybody_had_twelve_minutes_more,
    no_answer_is_lost,
    nobody_was_heard_while_it_was_dead,
    one_question_decides,
    the_hall_is_as_described,
    the_move_is_on_record,
)
from tests.journeys.laptop import Clock, Installation, Laptop
from tests.journeys.lost_laptop import (
    SERVER,
    the_disk_still_holds_what_was_promised,
    the_reserve_paper_takes_its_place,
)
from tests.portal.sittings.attempts.builders import an_item, options
from tests.portal.sittings.builders import MINUTE, START
from tests.portal.sittings.computers import (
    rules_of_a_test_alone,
    seal_by_verbs,
)
from tests.portal.sittings.hall import builders

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
SWITCH = "Bộ chuyển mạch hỏng từ phút 20 đến phút 32"


@pytest.fixture
def network() -> Iterator[ClosedNetwork]:
    """Nine computers, the desk of the invigilators and a laptop on one switch."""
    with closed_network(*MACHINES, "desk") as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path, catalogues: None) -> Installation:
    """Home, half an hour before a test of 60 questions and 60 minutes for eight candidates."""
    made = Installation.at(tmp_path / "home", "so-y-te.example")
    made.directory.mkdir()
    shutil.copy(sqlite_template, made.directory / "portal.sqlite3")
    database = made.opened()
    questions = [an_item(f"Q-{number:02d}", options=options("b")) for number in range(1, 61)]
    title = "Thi tuyển Phó Trưởng phòng, Sở Y tế"
    ready = builders.a_home(
        database, people=8, items=questions, rules=rules_of_a_test_alone(), title=title, sealed=seal_by_verbs
    )
    ahead = int((START - 30 * MINUTE - datetime.now(UTC)).total_seconds())
    with database.writing(unhurried=True) as session:
        seal_by_verbs(session, ready.hall, part="test", kind="reserve")
        session.execute(update(Competition).values(kind="rehearsal", clock_offset_seconds=ahead))
    database.dispose()
    return made


@pytest.fixture
def hall(
    home: Installation, network: ClosedNetwork, tmp_path: Path, driver: Playwright, album: Album
) -> Iterator[Hall]:
    """The sitting was packed, opened on the laptop, and is served over TLS."""
    at = Installation.at(tmp_path / "laptop", "hoi-truong.example")
    (tmp_path / "laptop.txt").write_text(at.run("hall", "key"))
    (tmp_path / "home.txt").write_text(home.run("hall", "key"))
    database = home.opened()
    with database.reading() as session:
        sitting = session.scalars(select(Sitting.public_id)).one()
        offset = timedelta(seconds=session.scalars(select(Competition.clock_offset_seconds)).one())
    database.dispose()
    pack, slips = str(tmp_path / "ca-thi.pack"), tmp_path / "phieu.pdf"
    to = str(tmp_path / "laptop.txt")
    home.run("hall", "pack", sitting, "--to", to, "--out", pack, "--slips", str(slips))
    at.run("hall", "open", pack, "--from", str(tmp_path / "home.txt"))
    at.run("hall", "tls", "--address", "10.77.0.1")
    laptop = Laptop(network, at, Clock(tmp_path / "ahead", offset))
    with ExitStack() as stack:
        stack.callback(laptop.stop)
        laptop.start()
        computers = {host: Computer(network, host) for host in network.hosts}
        for computer in computers.values():
            stack.callback(computer.close)
        people = read_slips(slips)
        made = Hall(home, laptop, network, sitting, *people, computers, driver, album, tmp_path, stack)
        computers["desk"].does(laptop.answers, made.plain()).result()
        yield made


def test_nothing_is_lost_in_a_hall_and_one_question_decides(home: Installation, hall: Hall) -> None:
    assert hall.network.run("machine-1", "ip", "route", "get", "192.0.2.1").returncode != 0  # no way out
    plain, screens = sit_down(hall)
    open_and_start(hall, plain)
    for screen in screens.values():
        screen.sees("#player")

    hall.at_minute(19)
    everybody_answers(plain, screens, 0, 20)
    the_switch_dies(hall, plain, screens)
    time_is_given_back(hall, screens)
    moved_in = machine_5_dies(hall, screens)
    hall.at_minute(55)
    everybody_answers(plain, screens, 30, 55)
    hall.at_minute(65)  # the hour is over, the time that was given back is not
    for one in plain.values():
        assert timedelta(0) <= 7 * MINUTE - one.computer.does(one.left).result() < MINUTE
    everybody_answers(plain, screens, 55, 60)
    hall.at_minute(68)  # a busy machine has four minutes for what takes seconds
    for done in [one.computer.does(one.hand_in) for one in plain.values()]:
        done.result()
    for screen in screens.values():
        screen.hand_in()
    hall.somebody(MAI).act(hall.board, "/end")
    hall.laptop.stop()

    the_clocks_of_both_go_on(hall)
    package = str(hall.folder / "ket-qua.pack")
    hall.laptop.at.run("hall", "close", "--out", package)
    assert "8 attempts" in home.run("hall", "merge", package)
    assert "second" in home.run("hall", "merge", package, status=2)
    database = home.opened()
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        began = the_hall_is_as_described(session, sitting)
        nobody_was_heard_while_it_was_dead(session, began)
        the_move_is_on_record(session, began, moved_in)
        no_answer_is_lost(session, plain)
        everybody_had_twelve_minutes_more(session, began)
        one_question_decides(session, sitting)
    with database.reading() as session:
        report = verifying.check(bundle.packed(session, session.scalars(select(Competition)).one()))
        assert report.exit_status == 0, report.text()
        found = [one for one in fsck.differences(session) if one.where in {"sittings", "halls", "results"}]
        assert found == []
    database.dispose()


def test_a_laptop_that_is_lost_brings_nothing_and_the_reserve_paper_takes_its_place(
    home: Installation, hall: Hall
) -> None:
    plain = {number: hall.candidate(number) for number in RIGHT}
    hall.somebody(MAI).act(hall.board, "/check-in")
    for done in [one.computer.does(hall.sign_in, one, number) for number, one in plain.items()]:
        done.result()
    open_and_start(hall, plain)
    hall.at_minute(29)
    everybody_answers(plain, {}, 0, 20)
    hall.at_minute(30)
    hall.laptop.die()
    last = plain[1]
    last.answer(20, 21)
    assert last.writer is not None
    with pytest.raises(httpx.TransportError):
        last.computer.does(last.writer.send).result()

    the_clocks_of_both_go_on(hall)
    home.run("hall", "withdraw", hall.sitting, "--reason", SERVER)
    the_reserve_paper_takes_its_place(home, hall)
    del last.given[last.items[20]["id"]]  # it was never acknowledged
    package = the_disk_still_holds_what_was_promised(hall, plain)
    database = home.opened()
    with database.reading() as session, pytest.raises(PackageRefused, match="withdrawn"):
        coming_back.read(session, package)
    database.dispose()


def sit_down(hall: Hall) -> tuple[dict[int, Candidate], dict[int, AtScreen]]:
    """Everybody was looked at, waits at the own machine, and nobody's machine can get the key."""
    hall.somebody(MAI).act(hall.board, "/check-in")
    plain = {number: hall.candidate(number) for number in RIGHT if number not in AT_SCREENS}
    for done in [one.computer.does(hall.sign_in, one, number) for number, one in plain.items()]:
        done.result()
    hall.clock.set(START - timedelta(seconds=10))
    screens = {number: hall.screen(number, number) for number in AT_SCREENS}
    for screen in screens.values():
        screen.sit_down()
        screen.sees("#waiting")
    assert is_locked(plain)
    return plain, screens


def is_locked(plain: dict[int, Candidate]) -> bool:
    """Whether the portal has no key for who asks."""
    asking = plain[2]
    status = asking.computer.does(asking.key_status).result()
    assert status in {200, 204}
    return status == 204


def open_and_start(hall: Hall, plain: dict[int, Candidate]) -> None:
    """Two officers have opened the paper, each with the own share; the clock runs for all."""
    hall.clock.set(START)
    for name in (HOA, DUC):
        assert is_locked(plain)
        officer = hall.somebody(name)
        [listed] = officer.open(f"/staff/sittings/{hall.sitting}").links("/exam-papers")
        [paper] = [one for one in officer.open(listed).links("/exam-papers/") if one.count("/") == 5]
        officer.act(f"{paper}/open", "/open", share=hall.shares[name])
    assert is_locked(plain)
    hall.somebody(MAI).act(hall.board, "/start")
    hall.started_at = hall.clock.now()
    for done in [one.computer.does(one.begin) for one in plain.values()]:
        done.result()


def everybody_answers(
    plain: dict[int, Candidate], screens: dict[int, AtScreen], start: int, end: int
) -> None:
    """These questions are answered, and acknowledged; at a screen three of the second half each time."""
    for one in plain.values():
        one.answer(start, end)
    sending = [one.computer.does(one.send) for one in plain.values()]
    for screen in screens.values():
        screen.answer(start, min(end, start + 3) if start >= 30 else end)
        screen.asks_again()
    for done in sending:
        done.result(timeout=90)
    for screen in screens.values():
        screen.is_saved()


def the_switch_dies(hall: Hall, plain: dict[int, Candidate], screens: dict[int, AtScreen]) -> None:
    """In minutes 20 to 32 nobody reaches the laptop; everybody writes on, and then all of it arrives."""
    hall.at_minute(20)
    hall.network.break_switch()
    for one in plain.values():
        one.answer(20, 30)
    sending = [one.computer.does(one.send) for one in plain.values()]
    for screen in screens.values():
        screen.answer(20, 30)
    for screen in screens.values():
        screen.sees("#save-state[data-state=retrying], #save-state[data-state=local]")
    assert not any(one.done() for one in sending)
    hall.at_minute(32)
    hall.network.mend_switch()
    for done in sending:
        done.result(timeout=90)
    for screen in screens.values():
        screen.asks_again()
        screen.is_saved()


def time_is_given_back(hall: Hall, screens: dict[int, AtScreen]) -> None:
    """Twelve minutes are credited to all by two people, and every screen says so."""
    hall.at_minute(34)
    address, invigilator = f"/staff/sittings/{hall.sitting}/time-grants/new", hall.somebody(MAI)
    invigilator.act(address, "/time-grants/new", kind="credit", minutes="12", reason=SWITCH)
    with pytest.raises(Refused):
        invigilator.act(hall.board, "/approve")  # one signature, twice
    hall.somebody(LONG).act(hall.board, "/approve")
    for screen in screens.values():
        screen.asks_again()
        expect(screen.screen.tab.locator("[data-clock]")).to_have_text(
            re.compile("^(0:)?3[678]:"), timeout=PATIENCE
        )


def machine_5_dies(hall: Hall, screens: dict[int, AtScreen]) -> tuple[datetime, datetime]:
    """The candidate goes on at the spare machine with the code of the invigilator, and not without it.

    Return the instants between which the invigilator gave the code and it was typed.
    """
    hall.at_minute(41)
    screens[5].screen.close()
    screens[5] = hall.screen(5, SPARE)
    screens[5].sit_down(code="000-000")
    screens[5].sees("input[name=code]")
    invigilator = hall.somebody(MAI)
    page = invigilator.open(hall.board)
    row = next(one for one in page.tree.xpath("//tr") if "005" in one.text_content())
    action = row.xpath(".//form[contains(@action,'/device')]/@action")[0]
    before = hall.clock.now()
    code = invigilator.act(hall.board, action).tree.xpath("string(//*[@class='ep-hash']//strong)")
    screens[5].sit_down(code=code.strip())
    screens[5].sees("#player")
    return before, hall.clock.now()


def the_clocks_of_both_go_on(hall: Hall) -> None:
    """It is as late at home, and for the commands of the laptop, as it was in the hall."""
    for one in (hall.home, hall.laptop.at):
        database = one.opened()
        with database.writing(unhurried=True) as session:
            ahead = int((hall.clock.offset + hall.clock.ahead).total_seconds())
            session.execute(update(Competition).values(clock_offset_seconds=ahead))
        database.dispose()
