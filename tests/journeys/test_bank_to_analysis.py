# SPDX-License-Identifier: Apache-2.0
"""From an Excel file through review, blueprint, draw and seal to how the questions did in their sitting."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import expect

from exam_portal.core.actors import Role
from exam_portal.core.ids import PUBLIC_ID_PATTERN
from exam_portal.rehearsal import people, run
from exam_portal.rehearsal.browser import Page
from exam_portal.rehearsal.course import EARLY_HOURS
from exam_portal.rehearsal.play import Play, last_segment
from exam_portal.rehearsal.stages import applying, founding, preparing, sitting
from tests.journeys.screen import Journey, Screen, screen_of

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
POST = ("Trưởng phòng Tổ chức cán bộ", "Sở Nội vụ", "division")
ENOUGH = {Role.VETTING_BOARD: 1, Role.INVIGILATOR: 1, Role.MARKER: 2, Role.TYPIST: 0, Role.COUNCIL: 0}
APPLICANTS, QUESTIONS, ASKED = 14, 24, 8
PATIENCE = 120  # seconds
LEVELS = {"remember": "Nhận biết", "understand": "Thông hiểu", "apply": "Vận dụng"}
HEAD = (
    "STT",
    "Mã câu hỏi",
    "Chủ đề",
    "Câu hỏi",
    *(f"Đáp án {letter}" for letter in "ABCD"),
    "Đáp án đúng",
    "Mức độ",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_questions_go_from_a_sheet_to_the_analysis_of_their_sitting(
    open_play: Callable[..., Play], take_seats: Callable[..., Journey]
) -> None:
    play = open_play(seed=14)
    a_competition_with_candidates(play)
    take_seats(play, "ra-de-1", "ra-de-2", "ra-de-3", "chu-tich-1")
    bank = setter_imports_a_sheet(play)
    others_review_and_approve(play, bank)
    sat = preparing.plan(play)[0]
    play.shift(sat.hours_ahead - EARLY_HOURS)
    paper = setter_draws(play, sat, bank)
    officers_seal(play, sat, paper)
    play.shift(EARLY_HOURS)
    sitting.hold(play, sat, paper)
    play.shift(EARLY_HOURS)  # no late answer can come any more
    setter_reads_the_analysis(play)


def a_competition_with_candidates(play: Play) -> None:
    """Twelve candidates are admitted to the test of a post; everybody is at a plain client."""
    founding.draft(play, [POST])
    left, cast = dict(ENOUGH), []
    for member in people.staff(play.seed):
        if left.get(member.role, 1) > 0:
            cast.append(member)
            left[member.role] = left.get(member.role, 99) - 1
    founding.appoint(play, cast)
    founding.announce(play)
    applying.register(play, people.applicants(play.seed, APPLICANTS, 1))
    applying.apply(play)
    applying.withdraw(play)
    play.shift(24 * (founding.APPLY_DAYS + 1))
    applying.vet(play)


def setter_imports_a_sheet(play: Play) -> str:
    """The trial reading names the bad row; the rest comes in; a second reading brings nothing new."""
    setter = screen_of(play, "ra-de-1")
    bank = last_segment(setter.act("/staff/banks/new", having="title", title="Ngân hàng câu hỏi 2026").url)
    both(setter, "bank-empty")
    form, file = f"/staff/banks/{bank}/imports/new", ("cau-hoi.xlsx", a_sheet(), XLSX)
    setter.act(form, having="file", file=file)
    page = examined(setter)
    both(setter, "import-report")
    assert str(QUESTIONS) in page.text()
    page = setter.submit(page.form("/commit"))
    both(setter, "import-done")
    setter.act(form, having="file", file=file)
    page = examined(setter)
    assert not page.forms("/commit")
    both(setter, "import-again")
    return bank


def examined(setter: Screen) -> Page:
    """The worker has examined the file, and its page has shown that by itself."""
    expect(setter.tab.locator(".ep-tiles")).to_be_visible(timeout=PATIENCE * 1000)
    return setter.page()


def a_sheet() -> bytes:
    """The questions as a board keeps them in Excel; the last row has no key."""
    rows: list[list[Any]] = []
    for item in json.loads((run.CONTENT / "items.json").read_text(encoding="utf-8"))["items"][:QUESTIONS]:
        key = next(place for place, option in enumerate(item["options"]) if option["fraction"] == "1")
        texts = [option["text"] for option in item["options"]]
        level = LEVELS[item["level"]]
        rows.append([len(rows) + 1, item["id"], item["topics"][0], item["stem"], *texts, "ABCD"[key], level])
    rows.append([len(rows) + 1, "", rows[0][2], "Câu này chưa có đáp án?", "Một", "Hai", "Ba", "Bốn", "", ""])
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet("Câu hỏi")
    sheet.write_row(0, 0, ["NGÂN HÀNG CÂU HỎI THI TUYỂN"])
    for line, cells in enumerate([HEAD, *rows], start=2):
        sheet.write_row(line, 0, cells)
    book.close()
    return written.getvalue()


def others_review_and_approve(play: Play, bank: str) -> None:
    """One person reads an item and says so; the rest is reviewed at once, and approved by a third person."""
    reviewer, approver = screen_of(play, "ra-de-2"), screen_of(play, "ra-de-3")
    page = reviewer.open(f"/staff/banks/{bank}")
    both(reviewer, "bank-drafts")
    page = reviewer.open(an_item(page))
    both(reviewer, "item-review")
    reviewer.submit(page.form("/review", having="stage"), stage="reviewed")
    both(reviewer, "item-reviewed")
    for screen, word in ((reviewer, "reviewed"), (approver, "approved")):
        page = screen.open(f"/staff/banks/{bank}")
        screen.submit(page.form("/review", having="scope"), scope="all", word=word)
    both(approver, "bank-approved")


def an_item(page: Page) -> str:
    """Return the address of the first item that the page links to."""
    return next(link for link in page.links("/items/") if PUBLIC_ID_PATTERN.fullmatch(last_segment(link)))


def setter_draws(play: Play, sat: preparing.Sat, bank: str) -> str:
    """The blueprint says how many of each cell; chance chooses, and nobody sees which."""
    setter = screen_of(play, "ra-de-1")
    page = setter.act(
        f"{play.place}/exam-papers/new/{sat.part}/official", having="content", content="inside", bank=bank
    )
    both(setter, "blueprint")
    page = setter.submit(page.form(having="total"), total=str(ASKED))
    both(setter, "draw-prepared")
    setter.submit(page.form(having="words"), witnesses=preparing.WITNESSES, words=preparing.WORDS)
    done = setter.tab.locator(".ep-notice--done")
    expect(done).to_be_visible(timeout=PATIENCE * 1000)  # the page follows the worker by itself
    both(setter, "drawn")
    papers = [link for link in setter.page().links("/exam-papers/") if "/draw" not in link]
    return next(last_segment(link) for link in papers if PUBLIC_ID_PATTERN.fullmatch(last_segment(link)))


def officers_seal(play: Play, sat: preparing.Sat, paper: str) -> None:
    """Two officers seal what stands on the page of the paper."""
    for officer in ("ra-de-2", "chu-tich-1"):
        play.staff[officer].act(f"{play.place}/exam-papers/{paper}", "/seal")
        both(screen_of(play, officer), f"sealed-{officer}")
    play.staff["thu-ky-1"].act(f"/staff/sittings/{sat.public_id}", "/prepare")


def setter_reads_the_analysis(play: Play) -> None:
    """A job analyses the items of the marked test; the page waits for it, the bank remembers the figures."""
    setter = screen_of(play, "ra-de-1")
    page = setter.open(f"{play.place}/results/items")
    for _ in range(PATIENCE):
        if page.forms("/results/items", having="part"):
            break
        setter.tab.wait_for_timeout(
            1000
        )  # the portal marks by itself, some seconds after the last late answer
        page = setter.open(f"{play.place}/results/items")
    setter.submit(page.form("/results/items", having="part"))
    expect(setter.tab.locator(".ep-plot")).to_be_visible()
    both(setter, "analysis")
    assert "Độ phân biệt" in setter.open(an_item(setter.page())).text()
    both(setter, "item-history")


def both(screen: Screen, name: str) -> None:
    """Keep the open page in both languages, wide and as on a telephone."""
    screen.keep(f"{name}-vi")
    screen.read_in("en")
    screen.keep(f"{name}-en")
    screen.read_in("vi")
