# SPDX-License-Identifier: Apache-2.0
"""A panel of seven: a relation found by comparison, a substitute, ballots that deviate, a ballot given again.

What happens, and where it is held against the pages:

    the portal compares, asks, and a member declares    a_relation_is_found
    the council seats the substitute for that member    the_substitute_takes_the_seat
    one ballot of seven lies far from the others        the_ballots_deviate
    the council has the ballot given again              the_ballot_is_given_again
    the later ballots make the mark, both are kept      the_mark_stands
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from exam_portal.rehearsal import people, scans
from exam_portal.rehearsal.browser import options_of
from exam_portal.rehearsal.play import Play, typed
from exam_portal.rehearsal.stages import applying, founding, panels
from tests.journeys import paper_panel, ward
from tests.journeys.conftest import RULES
from tests.journeys.paper_panel import MEMBERS
from tests.journeys.screen import Journey, screen_of

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
POST = ("Trưởng phòng Tổ chức cán bộ", "Sở Nội vụ", "division")
SUBSTITUTE = MEMBERS[7]
RELATED = "Khuất Duy Tiến"  # bears the family name of a candidate, which few people bear
CANDIDATES = ("Khuất Thị Hoa", "Trần Văn Lâm")
APART = ("80", "82", "84", "81", "83", "79", "40")
AGREED = ("80", "82", "84", "81", "83", "79", "78")
SEVEN = {"issued": 7, "returned": 7, "invalid": 0}


def test_a_relation_seats_the_substitute_and_deviating_ballots_are_given_again(
    open_play: Callable[..., Play], take_seats: Callable[..., Journey], tmp_path: Path
) -> None:
    play = open_play(seed=77, settings={"instance.rulesets": str(rules_of_seven(tmp_path / "rules"))})
    to_the_panel(play)
    take_seats(play, "thu-ky-1", "nhap-diem-1", "nhap-diem-2")
    panel = seat(play)
    a_relation_is_found(play, panel)
    the_substitute_takes_the_seat(play, panel)
    paper_panel.draw_lots(play, panel)
    paper_panel.file_sheets(play, panel, pages=3)
    first, second = paper_panel.hearings(play, panel).values()
    the_ballots_deviate(play, first)
    later = the_ballot_is_given_again(play, panel, first)
    paper_panel.issue(play, second)
    paper_panel.key_sheet(play, second, 3, SEVEN, ("70",) * 7)
    the_mark_stands(play, panel, first, later)


def rules_of_seven(folder: Path) -> Path:
    """Return a folder with rules of one part: a panel of seven, which meets about ballots far apart."""
    folder.mkdir(parents=True)
    text = (RULES / "leadership-gate.toml").read_text(encoding="utf-8")
    assert "size = 7" in text
    before, written = text.split("[[parts]]", 1)
    panel = written.split("[[parts]]", 1)[1]
    text = f"{before}[[parts]]{panel}".replace('action = "off"', 'action = "panel_meets"')
    text = text.replace(', "part:written"', "").replace(', "gate"]', "]")
    (folder / "leadership-gate.toml").write_text(text, encoding="utf-8")
    return folder


def to_the_panel(play: Play) -> None:
    """Two candidates are on the approved list."""
    founding.draft(play, [POST], "leadership-gate")
    founding.appoint(play, ward.office(play.seed))
    founding.announce(play)
    cast = people.applicants(play.seed, len(CANDIDATES), 1)
    named = [replace(one, name=name) for one, name in zip(cast, CANDIDATES, strict=True)]
    applying.register(play, [replace(one, has_consent=True, withdraws=False) for one in named])
    applying.apply(play)
    play.shift(24 * (founding.APPLY_DAYS + 1))
    applying.vet(play)


def seat(play: Play) -> str:
    """Six of the council, a seventh whose name is rare, and a substitute; return the panel's address."""
    secretary = play.staff["thu-ky-1"]
    link = secretary.open(f"{play.place}/panel").links("/panel/new/")[0]
    starts_at = typed(play.now() + timedelta(minutes=10))
    address = secretary.act(link, having="place", place="Hội trường A", starts_at=starts_at, mode="paper").url
    for name, duty in (*MEMBERS[:6], (RELATED, "Trưởng phòng, Ủy viên")):
        secretary.act(f"{address}/members/new", having="duty", name=name, duty=duty)
    name, duty = SUBSTITUTE
    secretary.act(f"{address}/members/new", having="duty", name=name, duty=duty)
    return address


def a_relation_is_found(play: Play, panel: str) -> None:
    """Everybody has signed that there is none; asked about the rare name, one member signs that there is."""
    secretary = screen_of(play, "thu-ky-1")
    for link in declarations(play, panel):
        declare(play, link, "none")
    asked = {secretary.open(link).text(): link for link in declarations(play, panel)}
    (words,) = (words for words in asked if RELATED in words)
    assert "cùng họ" in words
    secretary.open(asked[words])
    secretary.keep("hoi-quan-he")
    for each, link in asked.items():
        declare(play, link, "sibling" if each == words else "none")
    assert not declarations(play, panel)


def declarations(play: Play, panel: str) -> list[str]:
    """Return the pages on which something about relations is still to be typed."""
    links = play.staff["thu-ky-1"].open(panel).links("/members/")
    return [link for link in links if link.endswith("/relations")]


def declare(play: Play, link: str, word: str) -> None:
    """The secretary types a signed declaration: the same word to all that is asked."""
    secretary = play.staff["thu-ky-1"]
    page = secretary.open(link)
    paper = scans.signed_paper(play.number("BK"), "Ủy viên Hội đồng", play.now())
    secretary.submit(page.form(having="units"), **panels.said(page, word), **paper)


def the_substitute_takes_the_seat(play: Play, panel: str) -> None:
    """On the council's decision, before the lots; the pages say who sits for whom, in both languages."""
    secretary = screen_of(play, "thu-ky-1")
    row = secretary.open(panel).tree.xpath(f"//tr[contains(., '{RELATED}')]")[0]
    link = next(str(href) for href in row.xpath(".//a/@href") if href.endswith("/substitute"))
    page = secretary.open(link)
    chosen = next(value for value, words in options_of(page, "substitute").items() if SUBSTITUTE[0] in words)
    paper = scans.signed_paper(play.number("QĐ-HĐTT"), founding.CHAIR, play.now())
    reason = "Có quan hệ với thí sinh"
    page = secretary.submit(page.form(having="substitute"), substitute=chosen, reason=reason, **paper)
    assert f"được thay bởi {SUBSTITUTE[0]}" in page.text()
    assert f"replaced by {SUBSTITUTE[0]}" in secretary.in_english(panel)


def the_ballots_deviate(play: Play, hearing: str) -> None:
    """Seven slips are counted, one of forty among them: there is no mark, and the council meets."""
    secretary = screen_of(play, "thu-ky-1")
    paper_panel.issue(play, hearing)
    paper_panel.key_sheet(play, hearing, 1, SEVEN, APART)
    page = secretary.open(hearing)
    assert "Chưa có điểm: các phiếu chênh lệch, Hội đồng phải họp" in page.text()
    assert {link.rpartition("=")[2] for link in page.links("kind=panel_")} == {"panel_keep", "panel_exclude"}
    secretary.keep("do-lech")
    assert secretary.get(f"{hearing}/deviation.pdf").startswith(b"%PDF")
    assert "the ballots deviate, and the council meets" in secretary.in_english(hearing)


def the_ballot_is_given_again(play: Play, panel: str, hearing: str) -> str:
    """On the council's signed decision the same seven mark once more; return the later hearing."""
    secretary = play.staff["thu-ky-1"]
    before = set(secretary.open(panel).links("/hearings/"))
    paper = scans.signed_paper(play.number("BB-HĐTT"), founding.CHAIR, play.now())
    secretary.act(f"{hearing}/again", having="occasion", occasion="second_ballot", **paper)
    added = [link for link in secretary.open(panel).links("/hearings/") if link not in before]
    later = min(added, key=len)
    secretary.act(later, f"{later}/ballot")
    paper_panel.key_sheet(play, later, 2, SEVEN, AGREED)
    return later


def the_mark_stands(play: Play, panel: str, first: str, later: str) -> None:
    """The later ballots make the mark; the earlier ones are kept and make none."""
    secretary = screen_of(play, "thu-ky-1")
    earlier = secretary.open(first).text()
    assert "81,00" not in earlier
    assert "Hội đồng phải họp" not in earlier
    assert "81,00" in secretary.open(later).text()
    assert secretary.get(f"{later}/count.pdf").startswith(b"%PDF")
    page = secretary.open(panel).text()
    assert "81,00" in page
    assert "70,00" in page
    secretary.keep("hoi-dong-bay")
    assert "second ballot" in secretary.in_english(later)
