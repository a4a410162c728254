# SPDX-License-Identifier: Apache-2.0
"""Panels: seated, lots drawn, each candidate heard; ballots in the portal, or on slips keyed by two."""

from datetime import timedelta
from decimal import Decimal

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Browser, Page, Refused, options_of
from exam_portal.rehearsal.play import Play, Vacancy, last_segment, typed
from exam_portal.rehearsal.stages.founding import CHAIR

PART = "interview"
SIZE = 5
MEMBERS = tuple(f"uy-vien-{number}" for number in range(1, SIZE + 1))
KEEPERS = ("giam-sat-1", "tham-quyen-1", "thu-ky-1")  # of the sealed record; one oversees, so all open it
AT_ONCE = 4


def hold(play: Play, at_once: int = AT_ONCE) -> None:
    """Every post has its hearings, and every ballot is counted."""
    links = play.staff["thu-ky-1"].open(f"{play.place}/panel").links("/panel/new/")
    panels = [_seat(play, number, link) for number, link in enumerate(links)]
    for number, panel in enumerate(panels):
        declare(play, panel)
        if not is_on_paper(number):
            entrust(play, panel)
        _draw_lots(play, play.vacancies[number], panel)
    play.crowd(enumerate(panels), lambda pair: _hear_all(play, pair[0], pair[1]), at_once=at_once)


def declare(play: Play, address: str) -> None:
    """The signed declarations of all members are typed, then the answers to what the comparison asks."""
    secretary = play.staff["thu-ky-1"]
    for _ in ("the list of candidates", "what the comparison asks"):
        links = [link for link in secretary.open(address).links("/members/") if link.endswith("/relations")]
        for link in links:
            page = secretary.open(link)
            paper = scans.signed_paper(play.number("BK"), "Ủy viên Hội đồng", play.now())
            secretary.submit(page.form(having="units"), **said(page, "none"), **paper)


def said(page: Page, word: str) -> dict[str, str]:
    """Return the same word to every candidate that the page asks about, and that nobody is disciplined."""
    asked = [str(name) for name in page.tree.xpath("//select[starts-with(@name, 'relation_')]/@name")]
    not_disciplined = {"disciplined": "no"} if "disciplined" in page.form(having="units").names() else {}
    return {**dict.fromkeys(asked, word), **not_disciplined}


def entrust(play: Play, address: str) -> None:
    """The key of the sealed record is divided, and each keeper has copied the own share."""
    secretary = play.staff["thu-ky-1"]
    page = secretary.open(f"{address}/record/keepers")
    names = [play.names[keeper] for keeper in KEEPERS]
    holders = [
        value for value, words in options_of(page, "holders").items() if any(name in words for name in names)
    ]
    secretary.submit(page.form(having="threshold"), holders=holders, threshold=str(len(KEEPERS)))
    for keeper in KEEPERS:
        page = play.staff[keeper].open(f"{address}/record/share")
        words = page.tree.xpath("//ol[contains(@class, 'ep-words')]/li")
        play.staff[keeper].submit(
            page.form(having="share"), share=" ".join(word.text_content().strip() for word in words)
        )


def is_on_paper(number: int) -> bool:
    """Whether the panel of this post votes on paper slips: every second one does."""
    return number % 2 == 1


def _seat(play: Play, number: int, link: str) -> str:
    """The panel of a post has its members; return its address."""
    secretary = play.staff["thu-ky-1"]
    mode = "paper" if is_on_paper(number) else "portal"
    page = secretary.act(
        link,
        having="place",
        place="Hội trường A",
        starts_at=typed(play.now() + timedelta(minutes=5)),
        mode=mode,
    )
    address = page.url
    page = secretary.open(f"{address}/members/new")
    for member in MEMBERS:
        page = _name(play, secretary, page, member)
    return address


def _name(play: Play, secretary: Browser, page: Page, member: str) -> Page:
    offered = options_of(page, "account")
    account = next(value for value, words in offered.items() if play.names[member] in words)
    form = page.form(having="duty")
    if member == MEMBERS[-1]:
        return secretary.submit(form, account=account, duty="Ủy viên Hội đồng")
    return secretary.submit(form, account=account, duty="Ủy viên Hội đồng", next="another")


def _draw_lots(play: Play, vacancy: Vacancy, address: str) -> None:
    """The order of the hearings is fixed, where enough are left or the council has decided to go on."""
    secretary = play.staff["thu-ky-1"]
    for decides in (True, False):
        page = secretary.open(f"{address}/lots")
        if not page.forms(having="witnesses"):
            return
        try:
            form = page.form(having="witnesses")
            secretary.submit(
                form, witnesses="Đại diện Ban Giám sát; hai thí sinh", words="hoa sen, 27, sông Hồng"
            )
            return
        except Refused:
            if not decides:
                raise
            proceed(play, vacancy)


def proceed(play: Play, vacancy: Vacancy) -> None:
    """The council has decided, on paper, to go on with fewer candidates than the rules ask."""
    secretary = play.staff["thu-ky-1"]
    page = secretary.open(f"{play.place}/decisions/new?kind=proceed")
    post = next(value for value, words in options_of(page, "vacancy").items() if vacancy.code in words)
    paper = scans.signed_paper(play.number("BB-HĐTT"), CHAIR, play.now())
    secretary.submit(page.form(having="kind"), kind="proceed", vacancy=post, page="1", **paper)


def _hear_all(play: Play, number: int, address: str) -> None:
    """Every candidate of a post is heard; a panel on paper files one scan, with a page for each hearing."""
    secretary = play.staff["thu-ky-1"]
    sheets = play.number("BKP")
    if is_on_paper(number) and secretary.open(address).links("/sheets/new"):
        paper = scans.signed_paper(sheets, "Tổ kiểm phiếu", play.now(), pages=40)
        secretary.act(f"{address}/sheets/new", having="paper_number", **paper)
    hearings = [link for link in secretary.open(address).links("/hearings/") if not link.endswith("/new")]
    for order, hearing in enumerate(hearings, start=1):
        worth = play.chance("hearing", hearing).choice(range(max(104, 2 * play.least_worth), 190))
        _issue(secretary, hearing)
        if is_on_paper(number):
            _key_by_both(play, hearing, sheets, order, worth)
        else:
            _vote_all(play, hearing, worth)


def _issue(secretary: Browser, hearing: str) -> None:
    """The candidate is heard, and slips are issued."""
    for act in ("/open", "/ballot"):
        secretary.act(hearing, f"{hearing}{act}")


def _vote_all(play: Play, hearing: str, worth: int) -> None:
    """Every member votes in the portal, and the box is opened."""
    for member in MEMBERS:
        mark = _figure(play, member, hearing, worth)
        play.staff[member].act(
            f"/panel/hearings/{last_segment(hearing)}", having="total", total=mark, heard="y"
        )
    play.staff["thu-ky-1"].act(hearing, "/count")


def _key_by_both(play: Play, hearing: str, sheets: str, order: int, worth: int) -> None:
    """Two people key the counting sheet from its page."""
    figures = {
        f"slips-{row}-total": _figure(play, member, hearing, worth) for row, member in enumerate(MEMBERS)
    }
    counts = {"issued": str(SIZE), "returned": str(SIZE), "invalid": "0"}
    for typist in ("nhap-diem-1", "nhap-diem-2"):
        page = play.staff[typist].open(f"{hearing}/sheet")
        paper = next(value for value, words in options_of(page, "paper").items() if words.startswith(sheets))
        facts = {"paper": paper, "page": str(order), **counts, **figures}
        play.staff[typist].submit(page.form(having="returned"), **facts)


def _figure(play: Play, member: str, hearing: str, worth: int) -> str:
    """Return this member's mark in half points, as it is typed."""
    halves = worth + play.chance("ballot", member, hearing).randint(-8, 8)
    return f"{min(Decimal(halves) / 2, Decimal(100)):f}".replace(".", ",")
