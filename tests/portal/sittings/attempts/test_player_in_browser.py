# SPDX-License-Identifier: Apache-2.0
"""The player in a real browser: sits, survives, resumes, hands in."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import opened, service
from exam_portal.sittings.models import Attempt, Incident, Seat, Sitting, Submission, TimeGrant
from exam_portal.web import context
from tests.harness import live
from tests.harness.browser import DESKTOP, Album
from tests.portal.sittings.attempts import builders

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]
ESSAY = "Đề án gồm ba phần: thực trạng, giải pháp và lộ trình thực hiện 🌱."
PHONE = (360, 760)
PATIENCE = 30_000


class Room:
    """A sitting with one candidate, and what its invigilator does."""

    def __init__(self, database: Database, address: str, *, is_divided: bool = False) -> None:
        self.database, self.address, self.shares = database, address, dict[int, str]()
        self.now = datetime.now(UTC)
        with database.writing(unhurried=True) as session:
            if is_divided:
                attempt, sitting, self.shares = builders.a_divided_attempt(session)
            else:
                attempt, sitting = builders.a_prepared_attempt(session)
            self.attempt_id, self.public_id, self.sitting_id = attempt.id, attempt.public_id, sitting.id
            account_id = self.account_of(session, attempt)
            self.token = builders.signed_in(session, account_id, self.now)

    @staticmethod
    def account_of(session: Session, attempt: Attempt) -> int:
        seat = session.get_one(Seat, attempt.seat_id)
        return session.get_one(Candidate, seat.candidate_id).account_id

    def start(self, *, left: timedelta = timedelta(hours=1)) -> None:
        """The hour begins, or began when this is left of it."""
        began = datetime.now(UTC) - (timedelta(hours=1) - left)
        with self.database.writing() as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            builders.open_with_shares(session, sitting, self.shares)
            builders.start(session, sitting, began)

    def give(self, minutes: int) -> None:
        with self.database.writing() as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            by = builders.an_account(session, kind="staff").id
            session.add(
                TimeGrant(
                    sitting_id=sitting.id, kind="extra_time", seconds=minutes * 60, reason="mất điện",
                    by=by, at=datetime.now(UTC),
                )
            )  # fmt: skip
            service.refresh(session, sitting)

    def move(self) -> str:
        with self.database.writing() as session:
            return service.move_attempt(
                session,
                builders.an_invigilator(session),
                datetime.now(UTC),
                attempt=session.get_one(Attempt, self.attempt_id),
            )

    def answers(self) -> dict[str, object]:
        with self.database.reading() as session:
            return service.current_answers(session, session.get_one(Attempt, self.attempt_id))

    def submission(self) -> Submission | None:
        with self.database.reading() as session:
            return session.query(Submission).filter_by(attempt_id=self.attempt_id).one_or_none()


@pytest.fixture
def room(request: pytest.FixtureRequest, database: Database, app: Flask) -> Iterator[Room]:
    with live.serving(app) as address:
        yield Room(database, address, is_divided=getattr(request, "param", False))


both_ways = pytest.mark.parametrize("room", [False, True], indirect=True, ids=["two officers", "shares"])


def enter(
    room: Room,
    new_person: Callable[..., Page],
    *,
    has_own_clock: bool = False,
    script: str = "",
    **options: object,
) -> Page:
    page = new_person(base_url=room.address, **options)
    if has_own_clock:
        page.clock.install()
    if script:
        page.add_init_script(script)
    page.context.add_cookies([{"name": "portal-session", "value": room.token, "url": room.address}])
    page.goto(f"/sit/{room.public_id}")
    return page


def begin(room: Room, page: Page, **times: timedelta) -> None:
    page.locator("main button").click()
    room.start(**times)
    expect(page.locator("#player")).to_be_visible()


def find(page: Page, words: str) -> None:
    """Go to the item whose stem says this."""
    for link in page.locator(".ep-navigator__item").all():
        link.click()
        if words in page.locator(".ep-question__stem").inner_text():
            return
    raise AssertionError(words)


def choose(page: Page, item: str, text: str) -> None:
    find(page, item)
    page.locator(".ep-option", has_text=text).click()


def saved(page: Page) -> None:
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("vi-VN", DESKTOP), ("en-GB", PHONE)])
def test_a_candidate_waits_answers_and_receives_a_signed_receipt(
    room: Room, new_person: Callable[..., Page], album: Album, language: str, size: tuple[int, int]
) -> None:
    page = enter(room, new_person, language=language, size=size)
    page.context.add_cookies([{"name": "lang", "value": language[:2], "url": room.address}])
    page.reload()
    album.look(page, "device")
    page.locator("main button").click()
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.locator("#countdown")).not_to_have_text("Một chút nữa")
    album.look(page, "waiting-room")
    room.start()
    expect(page.locator("#player")).to_be_visible()
    choose(page, "Q-1", "Chủ tịch")
    page.locator(".ep-flag input").check()
    saved(page)
    album.look(page, "single-choice")
    choose(page, "Q-2", "Hội đồng")
    find(page, "Q-3")
    page.locator("#player input[type=text]").fill("Điều 19")
    find(page, "E-1")
    page.locator("textarea").fill(ESSAY)
    saved(page)
    album.look(page, "essay")
    page.locator(".ep-navigator button.ep-button").click()
    expect(page.locator("#submit-dialog")).to_be_visible()
    album.look(page, "hand-in")
    page.locator("#submit-dialog button[value=yes]").click()
    page.wait_for_url("**/receipt")
    album.look(page, "receipt")
    submission = room.submission()
    assert submission is not None
    assert submission.answered == 4
    assert room.answers() == {"Q-1": "b", "Q-2": ["c"], "Q-3": "Điều 19", "E-1": ESSAY}


def test_work_goes_on_offline_and_is_saved_on_reconnect_and_after_a_reload(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    live.unplug(page)
    choose(page, "Q-1", "Hội đồng")
    find(page, "E-1")
    page.locator("textarea").press_sequentially("Viết khi mất mạng", delay=20)
    expect(page.locator("#save-state[data-state=local]")).to_be_visible()
    album.keep(page, "offline")
    assert room.answers() == {"Q-1": "b"}
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("textarea")).to_have_value("Viết khi mất mạng")
    assert room.answers() == {"Q-1": "c", "E-1": "Viết khi mất mạng"}
    page.locator("textarea").press_sequentially(" và tiếp", delay=20)
    page.reload()
    expect(page.locator("textarea")).to_have_value("Viết khi mất mạng và tiếp")
    saved(page)
    assert room.answers()["E-1"] == "Viết khi mất mạng và tiếp"


def test_another_window_takes_over_and_the_old_one_says_so_loudly(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    second = page.context.new_page()
    second.goto(f"/sit/{room.public_id}")
    expect(page.locator("#blocker")).to_be_visible()
    expect(second.locator("#player")).to_be_visible()
    choose(second, "Q-1", "Giám đốc")
    saved(second)
    assert room.answers() == {"Q-1": "a"}


def test_a_second_computer_is_shut_out_until_the_invigilator_gives_a_code(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    other = enter(room, new_person)
    album.look(other, "second-device")
    other.locator("input[name=code]").fill("22222222")
    other.locator("main form button").click()
    expect(other.locator(".govuk-error-summary")).to_be_visible()
    code = room.move()
    other.locator("input[name=code]").fill(code.lower())
    other.locator("main form button").click()
    expect(other.locator("#player")).to_be_visible()
    choose(other, "Q-2", "Hội đồng")
    saved(other)
    # The old computer may have asked the time already and be shut; a click that reaches it changes nothing.
    page.locator(".ep-option", has_text="Giám đốc").dispatch_event("click")
    expect(page.locator("#blocker")).to_be_visible()
    assert room.answers() == {"Q-1": "b", "Q-2": ["c"]}


def test_marks_of_ones_own_survive_a_reload_and_are_no_answer(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    page = enter(room, new_person)
    begin(room, page)
    find(page, "Q-1")
    page.get_by_role("button", name="Gạch bỏ A").press("Enter")
    highlight = page.get_by_role("button", name="Tô sáng")
    highlight.press("Enter")  # nothing is selected: words are chosen by keys
    for key in ("ArrowRight", "Shift+ArrowRight", "Enter", "Escape"):
        highlight.press(key)
    page.locator(".ep-note summary").press("Enter")
    page.locator(".ep-note textarea").fill("so với Điều 5")
    saved(page)
    album.look(page, "marks")
    page.reload()
    expect(page.locator("mark").first).to_be_visible()
    assert "".join(page.locator("mark").all_inner_texts()).split() == ["hỏi", "Q-1"]
    expect(page.locator("[data-struck]")).to_have_count(1)
    expect(page.locator(".ep-note textarea")).to_have_value("so với Điều 5")
    stem = page.locator("[data-wording=stem]")
    stem.evaluate("e => getSelection().selectAllChildren(e)")
    highlight.click()
    assert re.sub(r"\s", "", "".join(page.locator("mark").all_inner_texts())) == re.sub(
        r"\s", "", stem.inner_text()
    )
    saved(page)
    assert room.answers() == {}


@both_ways
def test_a_form_that_is_not_the_one_committed_to_is_refused_loudly(
    room: Room, new_person: Callable[..., Page], album: Album
) -> None:
    """The ciphertext changes on its way (or on the server) by one bit."""

    def tampered(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body()[:-1] + bytes([answer.body()[-1] ^ 1]))

    page = enter(room, new_person)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    page.route("**/sealed", tampered)
    page.locator("main button").click()
    expect(page.locator("#waiting")).to_be_visible()
    with page.expect_response("**/other-form") as told:
        room.start()
    assert told.value.status == 200
    expect(page.locator("#blocker h2")).to_have_text("Hãy gọi giám thị")
    album.look(page, "other-form")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator("#blocker")).to_be_visible()
    expect(page.locator("#player")).to_be_hidden()
    assert "paper" not in asked
    with room.database.reading() as session:
        assert session.query(Incident).one().category == "paper_fault"
    page.unroute("**/sealed")
    page.get_by_role("link", name="Tải lại trang").click()  # the true form is taken, once it is there
    expect(page.locator("#player")).to_be_visible()
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    page.route("**/sealed", tampered)  # nor is a paper taken that comes with the answers
    page.reload()
    expect(page.locator("#blocker h2")).to_have_text("Hãy gọi giám thị")
    expect(page.locator("#player")).to_be_hidden()


def test_extra_time_reaches_the_screen_with_a_message(room: Room, new_person: Callable[..., Page]) -> None:
    page = enter(room, new_person)
    begin(room, page)
    expect(page.locator("[data-clock]")).to_have_text(_near(60))
    room.give(5)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#note")).to_contain_text("5")
    expect(page.locator("[data-clock]")).to_have_text(_near(65))


@both_ways
def test_the_start_costs_two_static_requests_and_no_write(
    room: Room, new_person: Callable[..., Page]
) -> None:
    room.give(5)
    page = enter(room, new_person)
    with page.expect_response(re.compile("/sealed$")):  # asked for once the waiting room knows the time
        page.locator("main button").click()
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.locator("[data-clock]")).to_have_text("1:05:00")  # one's own time, standing
    page.route("**/state", lambda _route: None)  # from here on the server says nothing about the time …
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url.rsplit('/', 1)[1]}"))
    room.start()
    expect(page.locator("#player")).to_be_visible(timeout=PATIENCE)  # the key is asked for every few seconds
    expect(page.locator("[data-clock]")).to_have_text(_near(65))  # … and the clock runs from the key on
    assert "GET key" in asked
    assert set(asked[: asked.index("GET key") + 1]) == {"GET key"}
    assert "GET paper" not in asked
    with room.database.reading() as session:
        attempt = session.get_one(Attempt, room.attempt_id)
        form = opened.form_of(session, attempt.form_id)
        shown = opened.delivered(form, opened.permutation_of(session, form, attempt))
    for number, item in enumerate(shown):
        page.locator(".ep-navigator__item").nth(number).click()
        assert page.locator(".ep-question__stem strong").inner_text() == item["id"]  # Markdown became markup
        if "options" in item:
            texts = [
                re.sub(r"\s+", " ", each).strip() for each in page.locator(".ep-option").all_inner_texts()
            ]
            assert all(option["text"] in text for option, text in zip(item["options"], texts, strict=True)), (
                texts
            )
    saved(page)


def test_a_browser_whose_clock_ran_ahead_ends_nothing(room: Room, new_person: Callable[..., Page]) -> None:
    page = enter(room, new_person, has_own_clock=True)
    begin(room, page)
    page.clock.fast_forward("01:30:00")
    expect(page.locator("[data-clock]")).to_have_text(_near(60))
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    assert room.answers()["Q-1"] == "b"
    assert room.submission() is None


def test_a_browser_that_cannot_ask_goes_on_writing_when_its_time_is_over(
    room: Room, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person, has_own_clock=True)
    begin(room, page)
    find(page, "Q-1")
    expect(page.locator("[data-clock]")).to_have_text(_near(60))
    live.unplug(page)
    page.clock.fast_forward("01:00:01")
    expect(page.locator("#note")).to_contain_text("đồng hồ của máy này")
    page.locator(".ep-option", has_text="Chủ tịch").click()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "local")
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("[data-clock]")).to_have_text(_near(60))
    assert room.answers() == {"Q-1": "b"}
    assert room.submission() is None


def test_when_the_server_says_that_time_is_over_the_attempt_is_handed_in(
    room: Room, app: Flask, new_person: Callable[..., Page]
) -> None:
    page = enter(room, new_person)
    begin(room, page, left=timedelta(seconds=85))
    choose(page, "Q-1", "Chủ tịch")
    saved(page)
    app.extensions[context.CLOCK] = Clock(timedelta(seconds=90))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url("**/receipt")
    submission = room.submission()
    assert submission is not None
    assert (submission.kind, submission.answered) == ("by_time", 1)


def _near(minutes: int) -> re.Pattern[str]:
    """What a clock shows while fewer than five minutes have passed: a busy machine may need some of them."""
    clocks = [timedelta(minutes=minutes) - timedelta(seconds=seconds) for seconds in range(300)]
    texts = []
    for left in clocks:
        seconds = int(left.total_seconds())
        hours, rest = divmod(seconds, 3600)
        text = f"{rest // 60:02d}:{rest % 60:02d}"
        texts.append(f"{hours}:{text}" if hours else text)
    return re.compile("|".join(texts))


def test_everything_can_be_done_from_the_keyboard(room: Room, new_person: Callable[..., Page]) -> None:
    page = enter(room, new_person)
    begin(room, page)
    find(page, "Q-1")
    page.locator(".ep-options input").first.focus()
    page.keyboard.press("Space")
    saved(page)
    page.locator(".ep-question__tools button:not(:disabled)").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "LEGEND"
    assert "Q-1" in room.answers()
