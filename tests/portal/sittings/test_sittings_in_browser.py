# SPDX-License-Identifier: Apache-2.0
"""The pages of the day in a real browser, on a telephone and on a desk, in both languages."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings import service
from exam_portal.sittings.models import GrantKind, IncidentCategory, LateVerdict, SanctionLevel
from tests.harness import live
from tests.harness.browser import DESKTOP, Album
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.attempts.builders import an_event
from tests.portal.sittings.builders import MINUTE, START, Hall, a_received, a_started, check_in
from tests.portal.sittings.computers import attempt_of
from tests.portal.sittings.late_answers import a_late, at_seat

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite"), pytest.mark.thorough]
PHONE = (360, 760)
SIZES = [pytest.param(PHONE, id="360"), pytest.param(DESKTOP, id="1280")]
Open = Callable[..., Page]


@pytest.fixture
def address(portal: Flask) -> Iterator[str]:
    """The portal on a socket."""
    with live.serving(portal) as found:
        yield found


@pytest.fixture
def open_for(
    portal: Flask, database: Database, clock: At, address: str, new_person: Callable[..., Page]
) -> Open:
    """A function that opens a browser in which somebody is signed in."""

    def open_browser(actor: Actor, size: tuple[int, int], language: str = "vi") -> Page:
        person = Person.at(portal, database, actor, clock.now())
        token = person.client.get_cookie("portal-session")
        assert token is not None
        page = new_person(base_url=address, size=size, language=language)
        page.context.add_cookies([{"name": "portal-session", "value": token.value, "url": address}])
        if language != "vi":
            page.goto(f"/language/{language}")
        return page

    return open_browser


def fits(page: Page) -> None:
    """Nothing of the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


@pytest.mark.parametrize("size", SIZES)
def test_board_registers_and_attendance_fit_the_window(
    hall: Hall, database: Database, clock: At, open_for: Open, album: Album, size: tuple[int, int]
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = a_started(session, hall)
        place = f"/staff/sittings/{sitting.public_id}"
        seats = [seat.public_id for seat in sitting.seats]
        for seat in sitting.seats[:2]:
            check_in(session, hall, seat, START + MINUTE)
        service.grant_time(
            session,
            hall.invigilator,
            START + 5 * MINUTE,
            sitting=sitting,
            kind=GrantKind.CREDIT,
            seconds=720,
            reason="Mất điện tại tầng 2",
        )
        service.register_incident(
            session,
            hall.invigilator,
            START + 5 * MINUTE,
            sitting=sitting,
            category=IncidentCategory.TECHNICAL,
            description="Mất điện tại tầng 2, phải dùng đèn dự phòng trong mười hai phút.",
            occurred_at=START + 4 * MINUTE,
        )
        first, second = (
            service.sanction(
                session,
                hall.invigilator,
                START + 6 * MINUTE,
                seat=seat,
                level=level,
                reason="Mang điện thoại",
            )
            for seat, level in zip(
                sitting.seats, (SanctionLevel.SUSPENSION, SanctionLevel.SUSPENSION), strict=False
            )
        )
        service.confirm_sanction(session, hall.second, START + 7 * MINUTE, sanction=first)
        waiting = second.public_id
    clock.set(START + 10 * MINUTE)
    for language in ("vi", "en"):
        page = open_for(hall.second, size, language)
        for name, target in (
            ("board", f"{place}/board"),
            ("attendance", f"/staff/seats/{seats[2]}/attendance"),
            ("incidents", f"{place}/incidents"),
            ("sanction", f"/staff/seats/{seats[2]}/sanctions/new"),
            ("confirm", f"/staff/sanctions/{waiting}/confirm"),
            ("sitting", place),
            ("scripts", f"{place}/scripts"),
        ):
            page.goto(target)
            expect(page.locator("h1")).to_be_visible()
            fits(page)
            album.look(page, f"{name}-{language}")


@pytest.mark.parametrize("size", SIZES)
def test_masking_and_the_candidates_own_page_fit_the_window(
    hall: Hall, database: Database, clock: At, open_for: Open, album: Album, size: tuple[int, int]
) -> None:
    candidate = Actor(account_id=hall.candidates[0].account_id, is_candidate=True)
    place = f"/staff/competitions/{hall.competition.public_id}"
    empty = open_for(candidate, size, "en")
    empty.goto("/me/sittings")
    album.look(empty, "own-empty-en")
    with database.writing(unhurried=True) as session:
        a_received(session, hall)
    clock.set(START + 200 * MINUTE)
    for language in ("vi", "en"):
        own = open_for(candidate, size, language)
        own.goto("/me/sittings")
        fits(own)
        album.look(own, f"own-{language}")
        masker = open_for(hall.masker, size, language)
        for name, target in (("masking", "masking"), ("mask", "masking/written"), ("scan", "scans")):
            masker.goto(f"{place}/{target}")
            fits(masker)
            album.look(masker, f"{name}-{language}")


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_late_answers_fit_the_window(
    database: Database, clock: At, open_for: Open, album: Album, size: tuple[int, int]
) -> None:
    late = a_late(database)
    late.arrive("c")
    last = late.send(
        an_event(3, ["a"], item="Q-2", ms=late.ms(-2 * MINUTE)),
        an_event(4, "a", item="Q-1", ms=5),
        after=6 * MINUTE,
    )
    refused, waiting = at_seat(late, 1), at_seat(late, 2)
    other, untouched = refused.arrive("a"), waiting.arrive("a", after=9 * MINUTE)
    assert other != untouched
    late.seal()
    refused.rule(other, LateVerdict.REFUSE)
    ruling = late.propose(last).public_id
    clock.set(late.now)
    with database.reading() as session:
        attempt = attempt_of(session, waiting.seat).public_id
    place = f"/staff/sittings/{late.sitting.public_id}"
    for language in ("vi", "en"):
        page = open_for(late.hall.house.chair, size, language)
        for name, target in (
            ("late", f"{place}/late-answers"),
            ("late-propose", f"/staff/attempts/{attempt}/late-answers"),
            ("late-approve", f"/staff/late-rulings/{ruling}/approve"),
            ("late-board", f"{place}/board"),
            ("late-tasks", "/staff"),
        ):
            page.goto(target)
            expect(page.locator("h1")).to_be_visible()
            fits(page)
            album.look(page, f"{name}-{language}")


@pytest.mark.parametrize(("size", "language"), [(PHONE, "vi"), (DESKTOP, "en")], ids=["360-vi", "1280-en"])
def test_the_board_says_when_its_figures_are_old_and_when_they_are_not_any_more(
    hall: Hall,
    database: Database,
    clock: At,
    open_for: Open,
    album: Album,
    size: tuple[int, int],
    language: str,
) -> None:
    with database.writing(unhurried=True) as session:
        place = f"/staff/sittings/{a_started(session, hall).public_id}"
    clock.set(START + 10 * MINUTE)
    page = open_for(hall.second, size, language)
    page.goto(f"{place}/board")
    notice = page.locator("[data-old]")
    expect(notice).to_be_hidden()
    live.unplug(page)
    expect(notice).to_contain_text("Mất kết nối" if language == "vi" else "Connection lost", timeout=90_000)
    expect(notice).to_be_visible(timeout=90_000)
    expect(notice.locator("[data-part=since]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    fits(page)
    album.look(page, f"board-of-old-figures-{language}")
    page.context.set_offline(False)
    expect(notice).to_be_hidden(timeout=90_000)


@pytest.mark.parametrize("size", SIZES)
def test_the_empty_page_of_late_answers_fits_the_window(
    database: Database, clock: At, open_for: Open, album: Album, size: tuple[int, int]
) -> None:
    late = a_late(database)
    clock.set(late.closes + MINUTE)
    for language in ("vi", "en"):
        page = open_for(late.hall.secretary, size, language)
        page.goto(f"/staff/sittings/{late.sitting.public_id}/late-answers")
        fits(page)
        album.look(page, f"late-empty-{language}")
