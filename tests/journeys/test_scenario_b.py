# SPDX-License-Identifier: Apache-2.0
"""Scenario B: three candidates before a council of nine; two with equal totals and equal written marks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Refused, options_of
from exam_portal.rehearsal.course import REVIEW_HOURS
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.stages import handwritten, publishing
from tests.journeys import figures, paper_panel, ward
from tests.journeys.conftest import RULES
from tests.journeys.screen import Journey, screen_of

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
POST = ("Phó Giám đốc Sở Tài chính", "Sở Tài chính", "department")
AWAY_ALL_DAY, LATE = "Đỗ Quang Vinh", "Bùi Thị Ánh Tuyết"
X = (7, 7, 0, ("84", "86", "80", "88", "85", "83", "82"))
Y = (8, 8, 1, ("90", "78", "84", "80", "86", "88", "82"))
Z = (8, 8, 0, ("80",) * 8)


def test_equal_totals_are_released_by_the_authority_only(
    open_play: Callable[..., Play], take_seats: Callable[..., Journey], tmp_path: Path
) -> None:
    rules = ward.rules_of_nine(tmp_path / "rules", RULES)
    play = open_play(seed=12, settings={"instance.rulesets": str(rules)})
    ward.to_the_slips(play, POST, candidates=3)
    take_seats(play, "thu-ky-1", "nhap-diem-1", "nhap-diem-2")
    key_the_slips(play)
    handwritten.lock(play, ward.PART)
    publishing.unmask(play)
    equal, third = hear_all(play)
    publishing.compute(play)
    secretary = play.staff["thu-ky-1"]
    sheet = figures.sheet(play, secretary)
    rows = {number: " ".join(words) for number, words in figures.cells(sheet).items()}
    assert all("84,00" in rows[number] and "71,50" in rows[number] for number in equal)
    assert "80,00" in rows[third]
    screen_of(play, "thu-ky-1").keep("hoa-diem")
    told = screen_of(play, "thu-ky-1").in_english(sheet.url, "hoa-diem")
    assert "have the same total 84.00 and the places end between them: the authority decides." in told
    assert sheet.links("kind=tie")
    publishing.post_marks(play)
    play.shift(REVIEW_HOURS)
    publishing.close_reviews(play)
    publishing.record_step(play, "opinion")
    with pytest.raises(Refused):
        publishing.record_step(play, "recognition")
    decide(play, equal)
    publishing.compute(play)
    sheet = figures.sheet(play, secretary)
    assert not sheet.links("kind=tie")
    assert "Trúng tuyển" in " ".join(figures.cells(sheet)[equal[1]])
    assert figures.open_every_page(secretary, sheet) >= 3
    publishing.record_step(play, "recognition")
    publishing.publish_result(play)
    public = secretary.open(f"/competitions/{play.competition}/results")
    assert "Trúng tuyển" in public.text()
    screen_of(play, "thu-ky-1").keep("cong-bo")
    assert "Selected" in screen_of(play, "thu-ky-1").in_english(public.url, "cong-bo")


def key_the_slips(play: Play) -> None:
    """Two scripts of 71 and 72, one of 65 and 66."""
    slips = handwritten.slips(play, "nhap-diem-1")
    codes = sorted({slip.code for slip in slips})
    marks = {codes[0]: ("71", "72"), codes[1]: ("72", "71"), codes[2]: ("65", "66")}
    for page, slip in enumerate(slips, start=1):
        mark = marks[slip.code][slip.round - 1]
        for typist in ("nhap-diem-1", "nhap-diem-2"):
            signer = ("Phan Thị Mỹ Hạnh", "Ngô Đình Khải")[slip.round - 1]
            handwritten.key(play.staff[typist], slip, mark=mark, signer=signer, page=page)


def hear_all(play: Play) -> tuple[list[str], str]:
    """One member is away all day, one comes late to X; return X and Y, and Z."""
    publishing.compute(play)
    rows = figures.cells(figures.sheet(play, play.staff["thu-ky-1"]))
    equal = sorted(number for number, words in rows.items() if "71,50" in " ".join(words))
    third = next(number for number in rows if number not in equal)
    panel = paper_panel.seat(play, size=9)
    paper_panel.draw_lots(play, panel)
    paper_panel.file_sheets(play, panel, pages=3)
    heard = paper_panel.hearings(play, panel)
    paper_panel.note_absence(play, panel, AWAY_ALL_DAY, "Đi công tác")
    page = play.staff["thu-ky-1"].open(f"{panel}/absences/new")
    of_x = next(value for value in options_of(page, "hearing") if value in heard[equal[0]])
    paper_panel.note_absence(play, panel, LATE, "Đến muộn", hearing=of_x)
    sheets = dict(zip((*equal, third), (X, Y, Z), strict=True))
    for page_number, number in enumerate(heard, start=1):
        issued, returned, invalid, marks = sheets[number]
        paper_panel.issue(play, heard[number])
        counts = {"issued": issued, "returned": returned, "invalid": invalid}
        paper_panel.key_sheet(play, heard[number], page_number, counts, marks)
    return equal, third


def decide(play: Play, equal: list[str]) -> None:
    """The authority's scanned document names the order: the second of the two first."""
    secretary = play.staff["thu-ky-1"]
    link = figures.sheet(play, secretary).links("kind=tie")[0]
    order = ", ".join(reversed(equal))
    paper = scans.signed_paper(play.number("QĐ-UBND"), "Chủ tịch Ủy ban nhân dân tỉnh", play.now())
    secretary.submit(secretary.open(link).form(having="candidates"), candidates=order, page="1", **paper)
