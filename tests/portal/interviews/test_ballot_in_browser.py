# SPDX-License-Identifier: Apache-2.0
"""Seven members vote on tablets; one loses its network in the middle, is reloaded, and seals after."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission, queries
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Ballot
from exam_portal.interviews.room import questions, service
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_council,
    a_panel,
    balloting,
    balloting_beside,
    drawn,
)
from tests.portal.reading import DESK, TELEPHONE, read_page, reader

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]
TABLET = (768, 1024)
TYPED = "\n".join(f"Quản lý | vận dụng | Câu {n}: ông (bà) làm gì trong 100 ngày đầu?" for n in range(1, 5))
FIGURES = {"build": "33,5", "defend": "25", "answer": "26"}
LEFT = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  if (!names.includes("exam-portal-ballots")) return 0;
  const db = await new Promise((done) => {
    const asked = indexedDB.open("exam-portal-ballots");
    asked.onsuccess = () => done(asked.result);
  });
  const count = await new Promise((done) => {
    if (!db.objectStoreNames.length) return done(0);
    const asked = db.transaction("drafts").objectStore("drafts").count();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return count;
}"""
PAGES_LEFT = "async () => (await caches.keys()).filter((name) => name.startsWith('ballots-')).length"


class Room:
    """A panel of nine of which two are away: two hearings whose slips are out."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        with database.writing(unhurried=True) as session:
            self.council: Council = a_council(session, people=3)
            panel = a_panel(session, self.council, mode="portal")
            first, second, _ = drawn(session, self.council, panel)
            who = self.council.secretary
            for member in panel.members[7:]:
                panels.note_absence(
                    session, who, HEARD, panel=panel, member=member, hearing=None, reason="Công tác"
                )
            made = questions.read(TYPED, each=1, once=True)
            filed = service.file_questions(session, who, HEARD, panel=panel, made=made)
            service.approve_questions(
                session, self.council.house.chair, HEARD, panel=panel, set_id=filed.public_id
            )
            service.draw_questions(session, who, HEARD, hearing=first, witnesses="Trần Thị Bích")
            balloting(session, self.council, first)
            balloting_beside(session, self.council, second)
            self.first, self.second = (f"/panel/hearings/{one.public_id}" for one in (first, second))
            self.hearing_id = first.id
            place = f"/staff/competitions/{self.council.competition.public_id}/panel/{panel.public_id}"
            self.counting = f"{place}{self.first.removeprefix('/panel')}"
        self.app = create_app(settings, database, clock=At(HEARD))
        admission._providers.clear()

    def cast(self) -> int:
        """Return how many ballots of the first hearing are in the box."""
        with self.database.reading() as session:
            return queries.count_cast(session, self.hearing_id)


@pytest.fixture
def room(settings: Settings, database: Database, catalogues: None) -> Room:
    return Room(settings, database)


def fill(page: Page, **figures: str) -> None:
    for key, value in figures.items():
        page.locator(f"[name=score_{key}]").fill(value)


def kept(page: Page) -> Any:
    return [page.locator(f"[name=score_{key}]").input_value() for key in FIGURES]


def hear(page: Page) -> None:
    page.locator("[name=heard]").check(force=True)


def seal(page: Page) -> None:
    page.locator("#ballot-form button[type=submit]").click()


def test_seven_ballots_are_sealed_and_one_tablet_outlives_its_network(
    room: Room, database: Database, new_person: Callable[..., Page], album: Album
) -> None:
    line = live.Line()
    with live.serving(room.app, line) as base:
        language = {0: "vi", 1: "en"}
        for number, member in enumerate(room.council.members[1:7]):
            page = reader(room.app, database, HEARD, new_person, base, language.get(number, "vi"), member)
            page.goto(room.first)
            page.locator("[data-ready]").wait_for()
            if number < 2:
                page.locator("button[data-mark]").first.click()  # the best level of the first criterion
                assert kept(page)[0] == "40"
                read_page(page, album, f"ballot-{language[number]}", (TABLET, TELEPHONE, DESK))
            fill(page, **FIGURES)
            expect(page.locator("[data-total]")).to_have_text("84,5" if number != 1 else "84.5")
            if number == 0:
                page.locator("#ballot-form").evaluate("form => form.requestSubmit()")  # no click to follow
                expect(page.locator("[data-state]")).to_contain_text("đã nghe toàn bộ")
                assert room.cast() == 0
            hear(page)
            seal(page)
            expect(page.locator("[data-shown=sealed]")).to_be_visible()
            assert page.evaluate(LEFT) == 0
        assert room.cast() == 6
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        seal(page)
        expect(page.locator("[data-state]")).to_contain_text("chưa cho điểm")
        fill(page, build="33,5", defend="25")
        expect(page.locator("[data-shown=here]")).to_be_visible()
        line.cut(page)
        page.reload()
        page.locator("[data-ready]").wait_for()
        assert kept(page) == ["33,5", "25", ""]
        fill(page, answer="26")
        hear(page)
        expect(page.locator("[data-shown=here]")).to_be_visible()
        page.reload()
        page.locator("[data-ready]").wait_for()
        assert page.locator("[name=heard]").is_checked()
        seal(page)
        expect(page.locator("[data-shown=waiting]")).to_be_visible()
        read_page(page, album, "ballot-waiting", (TABLET, TELEPHONE, DESK))
        page.reload()
        expect(page.locator("[data-shown=waiting]")).to_be_visible()
        assert kept(page) == list(FIGURES.values())
        assert page.locator("[name=score_build]").evaluate("field => field.readOnly")
        assert room.cast() == 6
        line.mend(page)
        expect(page.locator("[data-shown=sealed]")).to_be_visible()
        read_page(page, album, "ballot-sealed", (TABLET, TELEPHONE, DESK))
        assert room.cast() == 7
        assert page.evaluate(LEFT) == 0
        count(room, database)


def count(room: Room, database: Database) -> None:
    """The secretary opens the box: seven equal ballots."""
    secretary = Person.at(room.app, database, room.council.secretary, HEARD)
    secretary.get(room.counting)
    secretary.post(f"{room.counting}/count")
    with database.reading() as session:
        values = session.scalars(select(Ballot.value).where(Ballot.hearing_id == room.hearing_id)).all()
        assert list(values) == ["84.5"] * 7


def test_an_answer_that_was_lost_on_its_way_leaves_one_ballot(
    room: Room, database: Database, new_person: Callable[..., Page]
) -> None:
    with live.serving(room.app) as base:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        lost: list[int] = []

        def lose(route: Any) -> None:
            lost.append(route.fetch().status)  # the portal has it, the tablet never hears of it
            route.abort("internetdisconnected") if len(lost) < 2 else route.continue_()

        page.route("**/seal", lose)
        fill(page, **FIGURES)
        hear(page)
        seal(page)
        expect(page.locator("[data-shown=sealed]")).to_be_visible()
        assert lost[:2] == [200, 200]
        assert room.cast() == 1


def test_a_draft_is_shown_in_no_other_hearing_to_nobody_else_and_not_after_signing_out(
    room: Room, database: Database, new_person: Callable[..., Page]
) -> None:
    with live.serving(room.app) as base:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        fill(page, **FIGURES)
        expect(page.locator("[data-shown=here]")).to_be_visible()
        page.goto(room.second)
        page.locator("[data-kept]").wait_for()
        assert kept(page) == ["", "", ""]
        page.goto(room.first)
        page.locator("[data-ready]").wait_for()
        assert kept(page) == list(FIGURES.values())
        first: Any = page.context.cookies()
        become(page, room, database, base, room.council.members[1])
        page.goto("/panel")
        page.wait_for_function(
            "async () => (await caches.keys()).every((name) => !name.startsWith('ballots-'))"
        )
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        assert kept(page) == ["", "", ""]
        page.context.clear_cookies()
        page.context.add_cookies(first)  # the first member comes back: nothing was left here
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        assert kept(page) == ["", "", ""]
        fill(page, **FIGURES)
        expect(page.locator("[data-shown=here]")).to_be_visible()
        assert page.evaluate(LEFT) == 1
        assert page.evaluate(PAGES_LEFT) == 1
        page.locator(".ep-account__summary").click()
        page.locator(".ep-account__out").click()
        page.wait_for_url(f"{base}/")
        assert page.evaluate(LEFT) == 0
        assert page.evaluate(PAGES_LEFT) == 0


def test_signing_out_gives_up_no_ballot_that_waits_for_its_network(
    room: Room, database: Database, new_person: Callable[..., Page]
) -> None:
    line = live.Line()
    with live.serving(room.app, line) as base:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        fill(page, **FIGURES)
        hear(page)
        line.cut(page)
        seal(page)
        expect(page.locator("[data-shown=waiting]")).to_be_visible()
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            """No to the first question, yes to the second."""
            asked.append(dialog.message)
            dialog.accept() if len(asked) == 2 else dialog.dismiss()

        page.on("dialog", answer)
        page.locator(".ep-account__summary").click()
        with page.expect_event("dialog"):
            page.locator(".ep-account__out").click()
        expect(page.locator("[data-shown=waiting]")).to_be_visible()
        with page.expect_event("requestfailed", lambda sent: "sign-out" in sent.url):
            page.locator(".ep-account__out").click()
        assert ["chưa đến hệ thống" in one for one in asked] == [True, True]
        line.mend(page)
        page.goto(
            room.first
        )  # nobody was signed out and nothing deleted: it is sent, here or a moment before
        expect(page.locator(".ep-notice--done")).to_be_visible()
        assert room.cast() == 1


def test_emptied_fields_leave_no_figure_and_the_page_that_opens_without_a_network(
    room: Room, database: Database, new_person: Callable[..., Page]
) -> None:
    line = live.Line()
    with live.serving(room.app, line) as base:
        page = reader(room.app, database, HEARD, new_person, base, "vi", room.council.members[0])
        page.goto(room.first)
        page.locator("[data-kept]").wait_for()
        fill(page, build="33")
        expect(page.locator("[data-shown=here]")).to_be_visible()
        fill(page, build="")
        expect(page.locator("[data-shown=empty]")).to_be_visible()
        assert page.evaluate(LEFT) == 0
        line.cut(page)
        page.reload()
        page.locator("[data-ready]").wait_for()
        assert kept(page) == ["", "", ""]


def become(page: Page, room: Room, database: Database, base: str, actor: Any) -> None:
    """Another member takes the same tablet."""
    cookie: Any = Person.at(room.app, database, actor, HEARD).client.get_cookie("portal-session")
    page.context.clear_cookies(name="portal-session")
    page.context.add_cookies([{"name": "portal-session", "value": cookie.value, "url": base}])
