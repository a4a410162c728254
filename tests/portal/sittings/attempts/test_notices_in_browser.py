# SPDX-License-Identifier: Apache-2.0
"""What the desk says, on a real screen: kept until it is read, or nothing but the way out."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from exam_portal.papers import errata
from exam_portal.papers.models import Paper, PaperErratum
from exam_portal.sittings import service
from exam_portal.sittings.attempts import notices, opened
from exam_portal.sittings.models import Attempt, SeatCall, Sitting
from tests.harness.browser import DESKTOP, Album
from tests.portal.reading import read_page
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts import test_player_in_browser as player
from tests.portal.sittings.attempts.test_player_in_browser import Room, begin, choose, enter, saved

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite"), pytest.mark.thorough]
room = player.room
PROMISED = 30_000  # ms, by the clock of the page
WIDTHS = (player.PHONE, DESKTOP)
COUNT_QUESTIONS = """(() => {
  const ask = window.fetch;
  window.underWay = 0;  // questions about the state of which the page has not taken the answer yet
  window.fetch = async (address, ...rest) => {
    if (!String(address).endsWith("/state")) return ask(address, ...rest);
    window.underWay += 1;
    try {
      const response = await ask(address, ...rest);
      const content = await response.json();
      return { status: response.status, json: async () => content };
    } finally {
      window.underWay -= 1;
    }
  };
})()"""


def act(room: Room, verb: Callable[..., Any], **facts: Any) -> None:
    with room.database.writing() as session:
        sitting = session.get_one(Sitting, room.sitting_id)
        verb(session, builders.an_invigilator(session), datetime.now(UTC), sitting=sitting, **facts)


@contextmanager
def half_a_minute_after(page: Page, happens: Callable[[], object]) -> Iterator[None]:
    """Inside, the page's time has gone on by half a minute since it happened, and stands.

    What the page has not asked for by then does not come inside. Time stands while it happens, too, and no
    question is under way: one that was asked just before would know nothing of it, and the next one after
    its answer would be counted from when time stands.
    """
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    until = time.monotonic() + 60
    while page.evaluate("window.underWay"):
        assert time.monotonic() < until
        page.wait_for_timeout(20)
    happens()
    page.clock.fast_forward(PROMISED)
    yield
    page.clock.resume()


def test_a_message_is_on_the_screen_within_half_a_minute_and_stays_until_it_is_read(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person, has_own_clock=True, script=COUNT_QUESTIONS)
    begin(room, page)
    words = "Câu 3: sửa “Điều 18” thành “Điều 19”."
    message = page.locator("[data-fresh] [data-notice]")
    with half_a_minute_after(page, lambda: act(room, service.send_message, words=words)):
        expect(message).to_contain_text("Điều 19")
    expect(page.locator("#spoken")).to_contain_text("Thông báo của giám thị")
    album.look(page, "message")
    page.reload()
    expect(message).to_be_visible()
    message.get_by_role("button").click()
    expect(message).to_have_count(0)
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1")
    expect(message).to_have_count(0)
    page.locator("#notices summary").click()
    expect(page.locator("[data-list]")).to_contain_text("Điều 19")
    album.look(page, "messages-read")


def correct(room: Room, question: str) -> PaperErratum:
    """Two of the board correct a question of the opened paper."""
    with room.database.writing() as session:
        paper = session.get_one(Paper, session.get_one(Sitting, room.sitting_id).paper_id)
        author, other = (builders.an_invigilator(session) for _ in range(2))
        now, told = datetime.now(UTC), {"words": "Sửa “2024” thành “2025”.", "reason": "In nhầm năm"}
        codes = [form.code for form in paper.forms]
        made = errata.propose(session, author, now, paper=paper, forms=codes, question=question, **told)
        errata.approve(session, other, now, erratum=made)
        return made


def withdraw(room: Room, wrong: PaperErratum) -> None:
    """Two of the board withdraw it."""
    with room.database.writing() as session:
        author, other = (builders.an_invigilator(session) for _ in range(2))
        now, kept = datetime.now(UTC), session.get_one(PaperErratum, wrong.id)
        words = "Văn bản gốc đúng: giữ nguyên đề."
        undone = errata.propose_withdrawal(session, author, now, erratum=kept, words=words)
        errata.approve(session, other, now, erratum=undone)


def ask_again(page: Page) -> None:
    """The screen asks, after what the server remembers for a moment has been forgotten."""
    page.wait_for_timeout(1.2 * notices.FRESH_SECONDS * 1_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_correction_names_the_number_on_the_screen_and_is_struck_through_when_it_is_withdrawn(
    room: Room, new_person: Callable[..., Page], album: Album, language: str
) -> None:
    page = enter(room, new_person)
    page.context.add_cookies([{"name": "lang", "value": language, "url": room.address}])
    page.reload()
    begin(room, page)
    with room.database.reading() as session:
        attempt = session.get_one(Attempt, room.attempt_id)
        question = opened.permutation_of(session, opened.form_of(session, attempt.form_id), attempt).items[-1]
    number = page.locator(".ep-navigator__item").last.inner_text().split()[0]
    wrong = correct(room, question)
    ask_again(page)
    fresh = page.locator("[data-fresh] [data-notice]")
    told = {
        "vi": (f"Đính chính câu {number} trong đề của ông/bà", "Đã rút"),
        "en": (f"Correction of your question {number}", "Withdrawn"),
    }
    expect(fresh).to_contain_text(told[language][0])
    expect(fresh.locator("del")).to_have_count(0)
    read_page(page, album, f"correction-{language}", WIDTHS)
    fresh.get_by_role("button").click()
    withdraw(room, wrong)
    ask_again(page)
    expect(fresh).to_contain_text("giữ nguyên đề")
    page.locator("#notices summary").click()
    struck = page.locator("[data-list] [data-notice]", has=page.locator("del"))
    expect(struck.locator("del")).to_have_text("Sửa “2024” thành “2025”.")
    expect(struck).to_contain_text(told[language][1])
    read_page(page, album, f"withdrawn-{language}", WIDTHS)


def test_the_invigilator_is_called_from_the_screen(room: Room, new_person: Callable[..., Page]) -> None:
    page = enter(room, new_person, has_own_clock=True, script=COUNT_QUESTIONS)
    begin(room, page)
    button = page.locator("[data-call]")
    button.click()
    expect(page.locator("[data-called]")).to_contain_text("Giám thị đang đến")
    expect(button).to_be_disabled()

    def answer() -> None:
        with room.database.writing() as session:
            call = session.scalars(select(SeatCall)).one()
            service.answer_call(session, builders.an_invigilator(session), datetime.now(UTC), call=call)

    with half_a_minute_after(page, answer):
        expect(button).to_be_enabled()


def test_in_an_evacuation_the_screen_shows_nothing_of_the_paper_and_work_goes_on_afterwards(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person, has_own_clock=True, script=COUNT_QUESTIONS)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    fire = {"reason": "Cháy", "instructions": "Ra sân trước, theo giám thị."}
    dialog = page.locator("#evacuation")
    with half_a_minute_after(page, lambda: act(room, service.evacuate, **fire)):
        expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Ra sân trước")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert (box["width"], box["height"]) == (size["width"], size["height"])
    album.look(page, "evacuation")
    with half_a_minute_after(page, lambda: act(room, service.resume)):
        expect(dialog).to_be_hidden()
    choose(page, "Q-1", "Hội đồng")
    saved(page)
    assert room.answers() == {"Q-1": "c"}
