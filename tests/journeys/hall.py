# SPDX-License-Identifier: Apache-2.0
"""The day of a sitting on computers: one candidate at the real player, the other at the answer path."""

import json

from playwright.sync_api import expect

from exam_portal.rehearsal.play import Contender, Play
from exam_portal.rehearsal.stages import preparing, sitting
from exam_portal.rehearsal.stages.preparing import Sat
from exam_portal.rehearsal.writing import Writer
from tests.journeys.screen import Screen

ESSAY = "Đề án gồm ba phần: thực trạng, giải pháp và lộ trình thực hiện trong 12 tháng đầu."


def hold(play: Play, sat: Sat, paper: str) -> None:
    """Both candidates have sat the part and handed in."""
    invigilator = play.staff["coi-thi-1"]
    board = f"/staff/sittings/{sat.public_id}/board"
    sitting.check_in(invigilator, board)
    preparing.find_attempts(play, sat.part)
    seen, other = play.candidates()
    writer = Writer(other.browser, other.attempts[sat.part])
    writer.take_place()
    wait_at_the_player(seen, sat.part)
    preparing.release(play, paper)
    sitting.everywhere(invigilator, board, "/start")
    sitting.answer_all(play, other, writer)
    writer.hand_in()
    answer_at_the_player(play, seen)
    sitting.everywhere(invigilator, board, "/end")


def wait_at_the_player(one: Contender, part: str) -> None:
    """The candidate has taken the place and waits for the start."""
    screen = _screen(one)
    screen.act(f"/sit/{one.attempts[part]}", "/device")
    expect(screen.tab.locator("#waiting")).to_be_visible()
    screen.keep(f"cho-bat-dau-{part}")


def answer_at_the_player(play: Play, one: Contender) -> None:
    """Every question is answered in the player, saved, and handed in with a receipt."""
    screen = _screen(one)
    tab = screen.tab
    expect(tab.locator("#player")).to_be_visible()
    places = tab.locator(".ep-navigator__item")
    for number in range(places.count()):
        places.nth(number).click()
        _answer(play, screen)
    expect(tab.locator("#save-state[data-state=saved]")).to_be_visible()
    screen.keep("lam-bai")
    tab.locator(".ep-navigator button.ep-button").click()
    tab.locator("#submit-dialog button[value=yes]").click()
    tab.wait_for_url("**/receipt")
    screen.keep("bien-nhan-bai-lam")


def _answer(play: Play, screen: Screen) -> None:
    """Give the right option, or write the essay."""
    tab = screen.tab
    if tab.locator("textarea").count():
        tab.locator("textarea").fill(ESSAY)
        return
    stem = _letters(tab.locator(".ep-question__stem").inner_text())
    right = next((answer for known, answer in rights(play).items() if known == stem), None)
    offered = tab.locator(".ep-option").all()
    known = [option for option in offered if _letters(option.locator("span").last.inner_text()) == right]
    (known or offered)[0].locator("input").check(force=True)


def rights(play: Play) -> dict[str, str]:
    """Return what the right option says by the letters of the question's stem."""
    items = json.loads(play.items[1])["items"]
    known = [item for item in items if item["id"] in play.keys]
    return {_letters(item["stem"]): _letters(play.keys[item["id"]]) for item in known}


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _screen(one: Contender) -> Screen:
    assert isinstance(one.browser, Screen)
    return one.browser
