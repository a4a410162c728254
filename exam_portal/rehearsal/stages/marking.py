# SPDX-License-Identifier: Apache-2.0
"""Scripts are masked, marked twice and blind, a third time where the marks differ, and locked."""

from exam_portal.rehearsal.browser import Browser, Page, options_of
from exam_portal.rehearsal.play import Play, crowd

BAG = 25
MARKERS = 6


def mask(play: Play, part: str) -> None:
    """Every script of the part has a code, and lies in a bag."""
    play.staff["lam-phach-1"].act(f"{play.place}/masking/{part}", having="bag_size", bag_size=str(BAG))


def mark(play: Play, part: str) -> None:
    """Every script has its marks, and they are locked."""
    for round_ in (1, 2):
        _give_out(play, round_)
    crowd(range(1, MARKERS + 1), lambda number: _mark_own(play, number))
    _give_out(play, 3)
    crowd(range(1, MARKERS + 1), lambda number: _mark_own(play, number))
    play.staff["thu-ky-1"].act(f"{play.place}/marking", "/lock", part=part)


def _give_out(play: Play, round_: int) -> None:
    """Give each bag to another marker in each round."""
    secretary = play.staff["thu-ky-1"]
    links = secretary.open(f"{play.place}/marking").links("/assignments/new")
    for number, link in enumerate(links):
        page = secretary.open(link)
        if str(round_) not in options_of(page, "round"):
            continue
        name = play.names[f"cham-thi-{(number + round_) % MARKERS + 1}"]
        marker = next(value for value, words in options_of(page, "marker").items() if name in words)
        secretary.submit(page.form(having="marker"), round=str(round_), marker=marker)


def _mark_own(play: Play, number: int) -> None:
    marker = play.staff[f"cham-thi-{number}"]
    for bag in marker.open("/marking").links("/marking/bags/"):
        if "/scripts/" not in bag and not bag.endswith(".pdf"):
            _mark_bag(play, marker, number, bag)


def _mark_bag(play: Play, marker: Browser, number: int, bag: str) -> None:
    page = marker.open(bag)
    is_third = page.text().find("lượt 3") >= 0 or "/3" in bag
    for script in page.links("/scripts/"):
        desk = marker.open(script)
        if desk.forms(having="total"):
            _give(play, marker, number, desk, script, is_third=is_third)


def _give(play: Play, marker: Browser, number: int, desk: Page, script: str, *, is_third: bool) -> None:
    """Give the mark that the script deserves, as this marker sees it."""
    worth = play.chance("script", script.split("/scripts/")[1]).choice(range(42, 95))
    chance = play.chance("view", number, script)
    swing = 0.5 * chance.randint(-4, 4) if is_third or chance.random() < 0.85 else chance.choice((-12, 12))
    value = min(100.0, max(0.0, worth + swing))
    marker.submit(desk.form(having="total"), total=f"{value:g}".replace(".", ","), comment="")
