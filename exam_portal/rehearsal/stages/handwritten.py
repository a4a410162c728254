# SPDX-License-Identifier: Apache-2.0
"""A part on paper: envelopes, a hall, sheets counted, scripts masked, signed slips keyed by two people."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Browser, Page, options_of
from exam_portal.rehearsal.play import Play, last_segment, typed
from exam_portal.rehearsal.stages.founding import CHAIR

WITNESSES = "Đại diện Ban Giám sát"
ROOM = "P.201"
SHEETS = 2
SEAL = "NP-0417"
BAG_SEAL = "NP-0901"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One signed slip: of which script, which round, with which mark, on which page of the scan."""

    address: str
    code: str
    round: int


def settle_paper(play: Play, part: str) -> str:
    """The questions stay outside the portal; one envelope is registered. Return the address of the paper."""
    secretary = play.staff["thu-ky-1"]
    page = secretary.act(f"{play.place}/exam-papers/new/{part}/official", having="content", content="outside")
    paper = page.url
    facts = {"label": "ĐỀ-CT-01", "seal_no": SEAL, "copies": "5", "minute_no": play.number("BB-BGĐT")}
    secretary.submit(secretary.open(f"{paper}/envelopes/new").form(having="seal_no"), **facts)
    return paper


def note_envelope(play: Play, paper: str, sitting: str, happened: str) -> None:
    """It is on record what happened to the envelope."""
    secretary = play.staff["thu-ky-1"]
    for link in secretary.open(paper).links("/envelopes/"):
        if not link.endswith("/new"):
            form = secretary.open(link).form(having="witnesses")
            facts = {"kind": happened, "seal_no": SEAL, "seal_intact": "yes", "witnesses": WITNESSES}
            if happened == "opened":
                first, second = seated(secretary, sitting)[:2]
                facts |= {"place": ROOM, "first_candidate": first, "second_candidate": second}
            secretary.submit(form, **facts)


def seated(staff: Browser, sitting: str) -> list[str]:
    """Return the numbers of those who have a seat."""
    page = staff.open(f"/staff/sittings/{sitting}/scripts")
    return [str(number).strip() for number in page.tree.xpath("//tbody//th[@scope='row']//text()")]


def plan(play: Play, part: str, hours: int, room: str = ROOM) -> str:
    """A room, a sitting on paper, seats and the summons; return the sitting."""
    secretary = play.staff["thu-ky-1"]
    facts = {"name": room, "location": "Trụ sở Ủy ban nhân dân", "capacity": "20"}
    secretary.act(f"{play.place}/rooms/new", having="capacity", **facts)
    starts_at = typed(play.now() + timedelta(hours=hours))
    facts = {"part": part, "starts_at": starts_at, "mode": "paper"}
    page = secretary.act(f"{play.place}/sittings/new", having="starts_at", **facts)
    page = secretary.submit(page.form(having="rooms"))
    secretary.act(f"{play.place}/summons", "/summons")
    return last_segment(page.url)


def hold(play: Play, sitting: str) -> None:
    """Everybody is checked in, the part is held, sheets are counted, scripts handed over and received."""
    invigilator, keeper = play.staff["coi-thi-1"], play.staff["lam-phach-1"]
    board = f"/staff/sittings/{sitting}/board"
    invigilator.act(board, "/check-in")
    invigilator.act(board, "/start")
    invigilator.act(board, "/end")
    page = invigilator.open(f"/staff/sittings/{sitting}/scripts")
    counts = next(form for form in page.forms() if any(name.startswith("sheets-") for name in form.values))
    seats = [name for name in counts.values if name.startswith("sheets-")]
    invigilator.submit(counts, **dict.fromkeys(seats, str(SHEETS)))
    form = invigilator.open(f"/staff/sittings/{sitting}/hand-over").form(having="bags-0-seal_no")
    invigilator.submit(form, **{"bags-0-seal_no": BAG_SEAL})
    found = {"seal_no": BAG_SEAL, "intact": "yes", "scripts": len(seats), "sheets": SHEETS * len(seats)}
    typed_in = {f"bags-0-{name}": str(value) for name, value in found.items()}
    keeper.act(f"/staff/sittings/{sitting}/receipt", having="bags-0-seal_no", **typed_in)


def mask(play: Play, part: str) -> None:
    """The scripts have their codes."""
    play.staff["lam-phach-1"].act(f"{play.place}/masking/{part}", having="bag_size")


def file_slips(play: Play, pages: int) -> None:
    """The scan of the signed slips is on file."""
    paper = scans.signed_paper(play.number("PĐ-BCT"), "Cán bộ chấm thi", play.now(), pages=pages)
    play.staff["nhap-diem-1"].act(f"{play.place}/marking/slips/new", having="paper_number", **paper)


def slips(play: Play, typist: str) -> list[Slip]:
    """Return the slips that wait for this typist."""
    page = play.staff[typist].open(f"{play.place}/marking/slips")
    found = []
    for link in page.links("/slips/"):
        if link.rsplit("/", 1)[-1].isdigit():
            words = page.tree.xpath(f"//a[@href='{link}']/text()")
            found.append(Slip(address=link, code=str(words[0]).strip(), round=int(last_segment(link))))
    return found


def key(typist: Browser, slip: Slip, *, mark: str, signer: str, page: int) -> Page:
    """One typist has keyed one slip."""
    opened = typist.open(slip.address)
    paper = next(iter(options_of(opened, "paper")))
    form = opened.form(having="signer")
    return typist.submit(form, paper=paper, page=str(page), total=mark, signer=signer)


def key_by_both(play: Play, waiting: Sequence[Slip], mark: str, signer: str, page: int) -> None:
    """Both typists read the same on the slip: its mark stands."""
    for typist in ("nhap-diem-1", "nhap-diem-2"):
        key(play.staff[typist], waiting[0], mark=mark, signer=signer, page=page)


def lock(play: Play, part: str) -> None:
    """The marks of the part are locked by two people; a chair who does not sign in signs a paper."""
    secretary, chair = play.staff["thu-ky-1"], play.staff.get("chu-tich-1")
    secretary.act(f"{play.place}/marking", "/ask-lock", part=part)
    if chair is not None:
        chair.act(f"{play.place}/marking", "/lock", part=part)
        return
    paper = scans.signed_paper(play.number("BB-KĐ"), CHAIR, play.now())
    address = f"{play.place}/marking/lock/on-paper?part={part}&purpose=marking"
    secretary.act(address, having="paper_number", **paper)
