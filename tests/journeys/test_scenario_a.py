# SPDX-License-Identifier: Apache-2.0
"""Scenario A: a ward, two candidates, everything handwritten, and nobody of the council signs in."""

from collections.abc import Callable

import pytest

from exam_portal.rehearsal.browser import Refused
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.stages import handwritten, panels, publishing
from exam_portal.rehearsal.stages.handwritten import Slip
from tests.journeys import figures, paper_panel, ward
from tests.journeys.screen import Journey, screen_of

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
POST = ("Trưởng phòng Văn hóa – Xã hội", "Ủy ban nhân dân phường Bến Thủy Đông", "division")
BALLOTS = ("84", "85", "84", "84,5", "84,5", "86", "83")


def test_a_ward_fills_a_post_on_paper(
    open_play: Callable[..., Play], take_seats: Callable[..., Journey]
) -> None:
    play = open_play(seed=11)
    ward.to_the_slips(play, POST, candidates=2)
    take_seats(play, "nhap-diem-1", "nhap-diem-2", "thu-ky-1", "lam-phach-1")
    key_the_slips(play)
    handwritten.lock(play, ward.PART)
    publishing.unmask(play)
    sheet = computed(play)
    assert figures.in_rows(sheet, "written") == {"75,00", "49,00"}
    panel = stop_and_go_on(play)
    defend(play, panel)
    sheet = computed(play)
    assert "84,43" in sheet.text()
    figures.open_every_page(play.staff["thu-ky-1"], sheet)
    secretary = screen_of(play, "thu-ky-1")
    secretary.keep("ket-qua")
    told = secretary.in_english(sheet.url, "ket-qua")
    assert "The marks 44; 56 differ too much; the third mark decides: 49.00." in told
    assert "The mean of the two marks 72; 78 is 75.00." in told
    assert "Locked on" in secretary.in_english(f"{play.place}/marking", "cham-thi")


def key_the_slips(play: Play) -> None:
    """72 and 78, keyed once as 87; then 44 and 56, which need a third mark."""
    one, two = play.staff["nhap-diem-1"], play.staff["nhap-diem-2"]
    slips = {(slip.code, slip.round): slip for slip in handwritten.slips(play, "nhap-diem-1")}
    first, second = sorted({code for code, _ in slips})
    read = {(first, 1): "72", (first, 2): "78", (second, 1): "44", (second, 2): "56"}
    for page, (place, mark) in enumerate(read.items(), start=1):
        handwritten.key(one, slips[place], mark=mark, signer=signer(place[1]), page=page)
    wrong = handwritten.key(two, slips[first, 2], mark="87", signer=signer(2), page=2)
    assert "khác nhau" in wrong.text() or "khác" in wrong.text()
    for page, (place, mark) in enumerate(read.items(), start=1):
        handwritten.key(two, slips[place], mark=mark, signer=signer(place[1]), page=page)
    third = next(slip for slip in handwritten.slips(play, "nhap-diem-1") if slip.round == 3)
    assert third.code == second
    third_mark(play, third)


def third_mark(play: Play, third: Slip) -> None:
    for typist in ("nhap-diem-1", "nhap-diem-2"):
        handwritten.key(play.staff[typist], third, mark="49", signer=signer(3), page=5)


def signer(round_: int) -> str:
    return ("Phan Thị Mỹ Hạnh", "Ngô Đình Khải", "Vũ Thị Lan Phương")[round_ - 1]


def computed(play: Play) -> figures.Page:
    publishing.compute(play)
    return figures.sheet(play, play.staff["thu-ky-1"])


def stop_and_go_on(play: Play) -> str:
    """One candidate is left: the lots are refused until the council's minute says to go on."""
    panel = paper_panel.seat(play, size=7)
    with pytest.raises(Refused, match=r"tối thiểu|ít hơn|tiếp tục"):
        paper_panel.draw_lots(play, panel)
    panels.proceed(play, play.vacancies[0])
    paper_panel.draw_lots(play, panel)
    return panel


def defend(play: Play, panel: str) -> None:
    """The one candidate who passed is heard, and seven slips are counted."""
    paper_panel.file_sheets(play, panel, pages=1)
    heard = paper_panel.hearings(play, panel)
    assert len(heard) == 1
    for hearing in heard.values():
        paper_panel.issue(play, hearing)
        counts = {"issued": 7, "returned": 7, "invalid": 0}
        paper_panel.key_sheet(play, hearing, 1, counts, BALLOTS)
