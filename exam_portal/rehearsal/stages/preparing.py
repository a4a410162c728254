# SPDX-License-Identifier: Apache-2.0
"""Questions come into a bank and are approved; sittings are planned; papers are drawn, sealed and opened."""

import dataclasses
import time
from datetime import timedelta

from exam_portal.core.ids import PUBLIC_ID_PATTERN
from exam_portal.rehearsal.browser import Browser, Page, options_of
from exam_portal.rehearsal.play import Play, last_segment, one_link, typed

DAYS_AHEAD = 14
TEST_QUESTIONS = 30
HALLS = 4
WITNESSES = "Nguyễn Thị Làm Chứng, Trần Văn Chứng Kiến"
WORDS = "4711 sông Hồng"
EXAMINE_LOOKS, EXAMINE_PAUSE = 240, 0.5
DRAW_LOOKS, DRAW_PAUSE = 240, 0.5  # as often, with so many seconds between


class NothingExamined(Exception):
    """The worker has examined no file within the time that this may take, or refused it."""


class NothingDrawn(Exception):
    """The worker has drawn no paper within the time that a draw may take."""


@dataclasses.dataclass(slots=True)
class Sat:
    """A sitting of the rehearsal."""

    part: str
    public_id: str
    hours_ahead: int


def fill_bank(play: Play) -> str:
    """A bank holds the questions of both files, approved by two others than whoever brought them."""
    writer, reviewer, approver = (play.staff[f"ra-de-{number}"] for number in (1, 2, 3))
    title = f"Ngân hàng câu hỏi diễn tập {play.seed}"
    bank = last_segment(writer.act("/staff/banks/new", having="title", title=title).url)
    for name, content in (play.items, play.essays):
        _import(writer, bank, name, content)
    for browser, word in ((reviewer, "reviewed"), (approver, "approved")):
        page = browser.open(f"/staff/banks/{bank}")
        browser.submit(page.form("/review", having="scope"), scope="all", word=word)
    return bank


def _import(writer: Browser, bank: str, name: str, content: bytes) -> None:
    page = writer.act(
        f"/staff/banks/{bank}/imports/new", having="file", file=(name, content, "application/json")
    )
    for _ in range(EXAMINE_LOOKS):
        if page.forms("/commit"):
            writer.submit(page.form("/commit"))
            return
        time.sleep(EXAMINE_PAUSE)
        page = writer.open(page.url)
    raise NothingExamined(page.text)


def plan(play: Play) -> list[Sat]:
    """Rooms, sittings and seats exist, and the candidates are summoned."""
    secretary = play.staff["thu-ky-1"]
    count = len(play.candidates())
    for number in range(1, HALLS + 1):
        secretary.act(
            f"{play.place}/rooms/new",
            having="capacity",
            name=f"P.{100 + number}",
            location="Số 1 đường Độc Lập",
            capacity=str(-(-count // HALLS)),
        )
    hours = 24 * DAYS_AHEAD
    sittings = [_sitting(play, "test", hours), _sitting(play, "written", hours + 24)]
    secretary.act(f"{play.place}/summons", "/summons")
    return sittings


def _sitting(play: Play, part: str, hours: int) -> Sat:
    secretary = play.staff["thu-ky-1"]
    starts_at = play.now() + timedelta(hours=hours)
    page = secretary.act(
        f"{play.place}/sittings/new", having="starts_at", part=part, starts_at=typed(starts_at), mode="portal"
    )
    page = secretary.submit(page.form(having="rooms"))
    return Sat(part=part, public_id=last_segment(page.url), hours_ahead=hours)


def draw(play: Play, sat: Sat, bank: str, questions: int = TEST_QUESTIONS) -> str:
    """The paper of the sitting is drawn and sealed by two officers, and every seat has an attempt."""
    setter = play.staff["ra-de-1"]
    page = setter.act(
        f"{play.place}/exam-papers/new/{sat.part}/official", having="content", content="inside", bank=bank
    )
    page = setter.submit(page.form(having="total"), **_blueprint(setter, page.url, sat.part, questions))
    page = setter.submit(page.form(having="words"), witnesses=WITNESSES, words=WORDS)
    paper = _drawn(play, setter, page)
    for officer in ("ra-de-2", "chu-tich-1"):
        play.staff[officer].act(f"{play.place}/exam-papers/{paper}", "/seal")
    play.staff["thu-ky-1"].act(f"/staff/sittings/{sat.public_id}", "/prepare")
    return paper


def _drawn(play: Play, setter: Browser, page: Page) -> str:
    """Look at the page of the draw until the worker has drawn; return the public id of the paper."""
    for _ in range(DRAW_LOOKS):
        papers = [link for link in page.links("/exam-papers/") if "/draw" not in link]
        if found := [link for link in papers if PUBLIC_ID_PATTERN.fullmatch(last_segment(link))]:
            return last_segment(found[0])
        time.sleep(DRAW_PAUSE)
        page = setter.open(page.url)
    raise NothingDrawn(page.text)


def _blueprint(setter: Browser, address: str, part: str, questions: int) -> dict[str, str | list[str]]:
    if part == "test":
        return {"total": str(questions)}
    offered = options_of(setter.open(address), "chosen")
    return {"chosen": list(offered)[:1]}


def release(play: Play, paper: str) -> None:
    """Two officers have opened the paper."""
    for officer in ("ra-de-2", "chu-tich-1"):
        play.staff[officer].act(f"{play.place}/exam-papers/{paper}", "/release")


def find_attempts(play: Play, part: str) -> None:
    """Every candidate has found the way to the own sitting."""
    for one in play.candidates():
        page = one.browser.open("/me/sittings")
        known = set(one.attempts.values())
        links = [last_segment(link) for link in page.links("/sit/")]
        fresh = (link for link in links if PUBLIC_ID_PATTERN.fullmatch(link) and link not in known)
        one.attempts[part] = next(fresh)


def summons_link(play: Play) -> str:
    """Return the address of a candidate's printed summons."""
    return one_link(play.candidates()[0].browser.open("/me/sittings"), "summons.pdf")
