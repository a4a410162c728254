# SPDX-License-Identifier: Apache-2.0
"""Before the day: a computer is checked, and the player practised with; the server keeps nothing."""

import unicodedata
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from exam_portal.sittings import practice
from exam_portal.sittings.readiness import SENTENCE
from tests.harness import live
from tests.harness.browser import DESKTOP, Album

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite"), pytest.mark.thorough]
PHONE = (360, 760)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with live.serving(app) as found:
        yield found


@pytest.mark.parametrize(("language", "size"), [("vi-VN", DESKTOP), ("en-GB", PHONE)])
def test_a_computer_is_checked_and_told_what_to_do(
    address: str, new_person: Callable[..., Page], album: Album, language: str, size: tuple[int, int]
) -> None:
    page = new_person(base_url=address, language=language, size=size)
    page.context.add_cookies([{"name": "lang", "value": language[:2], "url": address}])
    page.add_init_script("performance.now = () => 0")  # a busy machine is no slow line
    page.goto("/sit/check")
    good, bad = ("Đạt", "Chưa đạt") if language == "vi-VN" else ("In order", "Not in order")
    expect(page.locator("[data-check=clock] .ep-tag")).to_have_text(good)
    field, keyboard = page.locator("#typed"), page.locator("[data-check=keyboard]")
    field.fill(SENTENCE.replace("ườ", "uwowf"))  # typed with the keyboard of another language
    expect(keyboard.locator(".ep-tag")).to_have_text(bad)
    album.look(page, "not-ready")
    field.fill(unicodedata.normalize("NFD", SENTENCE))
    expect(keyboard.locator(".ep-tag")).to_have_text(good)
    field.fill(SENTENCE)
    for check in ("browser", "secure", "storage", "network", "clock"):
        expect(page.locator(f"[data-check={check}] .ep-tag")).to_have_text(good)
    expect(page.locator("#result")).to_have_text(
        "Máy này đã sẵn sàng cho kỳ thi."
        if language == "vi-VN"
        else "This computer is ready for the examination."
    )
    album.look(page, "ready")


def test_without_its_script_the_check_says_what_that_means(
    address: str, new_person: Callable[..., Page]
) -> None:
    page = new_person(base_url=address)
    page.route("**/js/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/sit/check")
    expect(page.locator("#result")).to_contain_text("Hãy cài bản mới nhất")


def test_larger_text_and_high_contrast_are_kept_for_the_person_and_fit_a_phone(
    address: str, new_person: Callable[..., Page], album: Album
) -> None:
    page = new_person(base_url=address, size=PHONE)
    page.goto("/sit/practice")
    page.locator("#view summary").press("Enter")
    page.locator("#view select").select_option("200")
    page.locator("#view input").press("Space")
    page.locator("#view summary").press("Escape")
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    page.locator("#begin").click()
    for number in (0, 6, 7, 9):
        page.locator(".ep-navigator__item").nth(number).click()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        album.look(page, f"large-{number + 1}")


def test_the_time_is_spoken_at_thirty_ten_five_and_one_minute_and_at_no_other(
    address: str, new_person: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice, "MINUTES", 32)
    page = new_person(base_url=address)
    page.clock.install()
    page.goto("/sit/practice")
    page.locator("#begin").click()
    expect(page.locator("#player")).to_be_visible()
    page.evaluate(
        """() => {
          window.told = [];
          const place = document.getElementById('spoken');
          const face = document.querySelector('[data-clock]');
          const told = () => window.told.push(`${face.textContent} ${place.textContent}`);
          new MutationObserver(told).observe(place, {childList: true});
        }"""
    )
    for _ in range(63):
        page.clock.run_for(30_000)
    assert page.evaluate("window.told") == [
        "30:00 Còn 30 phút",
        "10:00 Còn 10 phút",
        "05:00 Còn 5 phút",
        "01:00 Còn 1 phút",
    ]
    page.clock.run_for(40_000)
    page.wait_for_url("**/sit/practice/finished")


def test_an_order_that_is_right_as_it_is_shown_can_be_given_as_the_answer(
    address: str, new_person: Callable[..., Page], album: Album
) -> None:
    page = new_person(base_url=address, size=PHONE)
    page.goto("/sit/practice")
    page.locator("#begin").click()
    page.locator(".ep-navigator__item").nth(7).click()
    answered, keep = page.locator(".ep-navigator"), page.get_by_text("Chọn thứ tự đang hiển thị")
    expect(answered).to_contain_text("Đã trả lời 0 trên 10 câu")
    album.look(page, "open")
    entries = page.locator(".ep-player-order li > span:first-child")
    shown = entries.all_inner_texts()
    keep.press("Enter")
    expect(answered).to_contain_text("Đã trả lời 1 trên 10 câu")
    expect(keep).to_be_hidden()
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    page.reload()
    expect(entries).to_have_text(shown)
    expect(answered).to_contain_text("Đã trả lời 1 trên 10 câu")
    expect(keep).to_be_hidden()


def test_a_practice_in_a_second_window_takes_over_and_neither_writes_into_the_other(
    address: str, new_person: Callable[..., Page]
) -> None:
    first = new_person(base_url=address)
    second = first.context.new_page()
    for page, words in ((first, "Cửa sổ thứ nhất"), (second, "Cửa sổ thứ hai")):
        page.goto("/sit/practice")
        page.locator("#begin").click()
        page.locator(".ep-navigator__item").nth(5).click()
        expect(page.locator("textarea")).to_have_value("")
        page.locator("textarea").fill(words)
        expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    expect(first.locator("#blocker")).to_be_visible()
    first.reload()
    expect(first.locator("textarea")).to_have_value("Cửa sổ thứ nhất")
    expect(second.locator("#blocker")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("vi-VN", PHONE), ("en-GB", DESKTOP)])
def test_a_practice_is_the_real_player_and_sends_nothing(
    address: str, new_person: Callable[..., Page], album: Album, language: str, size: tuple[int, int]
) -> None:
    page = new_person(base_url=address, language=language, size=size)
    page.context.add_cookies([{"name": "lang", "value": language[:2], "url": address}])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto("/sit/practice")
    album.look(page, "practice")
    page.locator("#begin").click()
    expect(page.locator("#player")).to_be_visible()
    for number, link in enumerate(page.locator(".ep-navigator__item").all()):
        link.click()
        album.look(page, f"question-{number + 1}")
        if page.locator(".ep-options input").count():
            page.locator(".ep-options input").first.check()
    assert "[[" not in page.locator("#player").inner_text()
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    page.locator(".ep-navigator__item").nth(5).click()
    live.unplug(page)
    page.locator("textarea").fill("Viết khi mất mạng")
    expect(page.locator("#save-state[data-state=local]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    page.reload()
    expect(page.locator("textarea")).to_have_value("Viết khi mất mạng")
    page.locator(".ep-navigator button.ep-button").click()
    page.locator("#submit-dialog button[value=yes]").click()
    page.wait_for_url("**/sit/practice/finished")
    album.look(page, "finished")
    own = [each for each in asked if "/static/" not in each]
    addresses = ["practice", "practice", "finished"]  # the page, loaded again, and the end
    assert [each.rsplit("/", 1)[1] for each in own] == addresses
    assert {each.split()[0] for each in own} == {"GET"}
