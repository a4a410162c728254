# SPDX-License-Identifier: Apache-2.0
"""A panel on paper: members named without accounts, slips counted, counting sheets keyed by two people."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Page, options_of
from exam_portal.rehearsal.play import Play, typed
from exam_portal.rehearsal.stages import panels
from exam_portal.rehearsal.stages.handwritten import WITNESSES

MEMBERS = (
    ("Trần Quốc Bảo", "Chủ tịch Ủy ban nhân dân, Chủ tịch Hội đồng"),
    ("Lê Thị Thanh Huyền", "Giám đốc Sở Nội vụ, Phó Chủ tịch Hội đồng"),
    ("Phạm Minh Đức", "Phó Giám đốc Sở Nội vụ, Ủy viên"),
    ("Nguyễn Thị Kim Ngân", "Trưởng Ban Tổ chức, Ủy viên"),
    ("Võ Hoàng Yến", "Giám đốc Sở Tư pháp, Ủy viên"),
    ("Đặng Xuân Trường", "Giám đốc Sở Tài chính, Ủy viên"),
    ("Hoàng Văn Ý", "Chánh Văn phòng, Ủy viên"),
    ("Bùi Thị Ánh Tuyết", "Giảng viên Học viện Hành chính, Ủy viên"),
    ("Đỗ Quang Vinh", "Chánh Thanh tra, Ủy viên"),
)


def seat(play: Play, size: int, place: str = "Hội trường Ủy ban nhân dân") -> str:
    """The one post has its panel with all members named; return its address."""
    secretary = play.staff["thu-ky-1"]
    link = secretary.open(f"{play.place}/panel").links("/panel/new/")[0]
    starts_at = typed(play.now() + timedelta(minutes=10))
    address = secretary.act(link, having="place", place=place, starts_at=starts_at, mode="paper").url
    page = secretary.open(f"{address}/members/new")
    for name, duty in MEMBERS[:size]:
        more = {"next": "another"} if (name, duty) != MEMBERS[size - 1] else {}
        page = secretary.submit(page.form(having="duty"), name=name, duty=duty, **more)
    panels.declare(play, address)
    return address


def draw_lots(play: Play, panel: str) -> Page:
    """The order of the hearings is drawn."""
    return play.staff["thu-ky-1"].act(
        f"{panel}/lots", having="witnesses", witnesses=WITNESSES, words="bàn, 14"
    )


def note_absence(play: Play, panel: str, name: str, reason: str, hearing: str = "") -> None:
    """A member misses the day, or one hearing."""
    secretary = play.staff["thu-ky-1"]
    page = secretary.open(f"{panel}/absences/new")
    member = next(value for value, words in options_of(page, "member").items() if name in words)
    secretary.submit(page.form(having="member"), member=member, hearing=hearing, reason=reason)


def file_sheets(play: Play, panel: str, pages: int) -> None:
    """The scan of the signed counting sheets is on file."""
    paper = scans.signed_paper(play.number("BKP-HĐTT"), "Tổ kiểm phiếu", play.now(), pages=pages)
    play.staff["thu-ky-1"].act(f"{panel}/sheets/new", having="paper_number", **paper)


def hearings(play: Play, panel: str) -> dict[str, str]:
    """Return the address of each hearing by candidate number, in the order of the lots."""
    page = play.staff["thu-ky-1"].open(panel)
    found = {}
    for row in page.tree.xpath("//tr[.//a[contains(@href, '/hearings/')]]"):
        links = [href for href in row.xpath(".//a/@href") if "/hearings/" in href]
        number = str(row.xpath(".//span[contains(@class, 'ep-code')]/text()")[0]).strip()
        found[number] = str(links[-1]).removesuffix("/sheet")
    return found


def issue(play: Play, hearing: str) -> None:
    """The candidate has been heard, and slips are issued to everybody who heard all of it."""
    secretary = play.staff["thu-ky-1"]
    for act in ("/open", "/ballot"):
        secretary.act(hearing, f"{hearing}{act}")


def key_sheet(
    play: Play, hearing: str, page_number: int, counts: Mapping[str, int], marks: Sequence[str]
) -> Page:
    """Both typists have keyed the counting sheet; return what the second one sees."""
    seen = []
    for typist in ("nhap-diem-1", "nhap-diem-2"):
        page = play.staff[typist].open(f"{hearing}/sheet")
        paper = next(iter(options_of(page, "paper")))
        slips = {f"slips-{row}-total": mark for row, mark in enumerate(marks)}
        counted = {name: str(count) for name, count in counts.items()}
        form = page.form(having="returned")
        facts = {"paper": paper, "page": str(page_number), **counted, **slips}
        seen.append(play.staff[typist].submit(form, **facts))
    return seen[-1]
