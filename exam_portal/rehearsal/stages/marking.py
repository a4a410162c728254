# SPDX-License-Identifier: Apache-2.0
"""Scripts are masked, marked twice and blind, a third time where the marks differ, and locked."""

from collections.abc import Sequence

from exam_portal.rehearsal.browser import Browser, Page, options_of
from exam_portal.rehearsal.play import Play, last_segment

BAG = 25
MARKERS, REVIEWERS = "cham-thi-", "phuc-khao-"


def mask(play: Play, part: str) -> None:
    """Every script of the part has a code, and lies in a bag."""
    play.staff["lam-phach-1"].act(f"{play.place}/masking/{part}", having="bag_size", bag_size=str(BAG))


def mark(play: Play, part: str) -> None:
    """Every script has its marks, and they are locked."""
    _mark_by(play, MARKERS)
    _lock(play, "marking", part)


def mark_again(play: Play) -> None:
    """Every script under review has been marked again by others, and those marks are locked."""
    _mark_by(play, REVIEWERS)
    _lock(play, "review")


def _mark_by(play: Play, prefix: str) -> None:
    board = [key for key in play.staff if key.startswith(prefix)]
    for rounds in ((1, 2), (3,)):
        for round_ in rounds:
            _give_out(play, board, round_)
        play.crowd(board, lambda key: _mark_own(play, key))


def _lock(play: Play, purpose: str, part: str = "") -> None:
    for key, act in (("thu-ky-1", "/ask-lock"), ("chu-tich-1", "/lock")):
        person = play.staff[key]
        for form in person.open(f"{play.place}/marking").forms(act):
            if form.values["purpose"][0].startswith(purpose) and part in {"", form.values["part"][0]}:
                person.submit(form)


def _give_out(play: Play, board: Sequence[str], round_: int) -> None:
    """Give each bag that waits for this round to another marker in each round."""
    secretary = play.staff["thu-ky-1"]
    for number, link in enumerate(secretary.open(f"{play.place}/marking").links("/assignments/new")):
        page = secretary.open(link)
        if str(round_) not in options_of(page, "round"):
            continue
        name = play.names[board[(number + round_) % len(board)]]
        marker = next(value for value, words in options_of(page, "marker").items() if name in words)
        secretary.submit(page.form(having="marker"), round=str(round_), marker=marker)


def _mark_own(play: Play, key: str) -> None:
    marker = play.staff[key]
    for bag in marker.open("/marking").links("/marking/bags/"):
        if "/scripts/" not in bag and not bag.endswith(".pdf"):
            _mark_bag(play, marker, key, bag)


def _mark_bag(play: Play, marker: Browser, key: str, bag: str) -> None:
    """Mark what is not marked yet, from one script to the next, as the desk leads."""
    scripts = marker.open(bag).links("/scripts/")
    page = marker.open(scripts[0]) if scripts else None
    for script in scripts:
        if page is None or not page.url.endswith(script):
            page = marker.open(script)
        if page.forms(having="total"):
            page = _give(play, marker, key, page, script)


def _give(play: Play, marker: Browser, key: str, desk: Page, script: str) -> Page:
    """Give the mark that the text deserves, as this marker sees it; the desk leads on to the next."""
    typed = " ".join(desk.tree.xpath("//*[@data-answer]//text()")).strip()
    worth = play.chance("script", typed or last_segment(script)).choice(range(play.least_worth, 95))
    chance = play.chance("view", key, script)
    swing = 0.5 * chance.randint(-4, 4)
    if key.startswith(REVIEWERS):  # under what any marker gives: a review that changes nothing posts nothing
        worth = 18
    elif chance.random() >= 0.85:
        swing = chance.choice((-12, 12))
    value = min(100.0, max(0.0, worth + swing))
    return marker.submit(desk.form(having="total"), total=f"{value:g}".replace(".", ","), comment="")
