# SPDX-License-Identifier: Apache-2.0
"""Our own sheets, printed, scanned in every way, read back; and what is no page of ours never gets in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from PIL.Image import Image as Picture
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core import outbox, scanning
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.core.filetypes import JPEG, PDF, PNG
from exam_portal.core.keystore import KeyErased
from exam_portal.core.outbox import OutboxRow
from exam_portal.core.scanning import wire
from exam_portal.core.settings import Scans
from exam_portal.core.storage import Blob
from exam_portal.sittings import documents, errors, fsck, handover, masking, queries, service
from exam_portal.sittings.models import ScannedPage, ScanStack, ScriptScan, Seat, Sitting
from tests.portal.competitions.pages import At, Person, upload
from tests.portal.sittings import scans
from tests.portal.sittings.builders import MINUTE, START, Hall, a_received, here

OVER = START + 190 * MINUTE
ONE_ENGINE = pytest.mark.engines("sqlite")
Sign = Callable[[Actor], Person]


@pytest.fixture
def sitting(database: Database, hall: Hall) -> Sitting:
    """Three scripts of one sheet each, counted over to the masking board."""
    with database.writing(unhurried=True) as session:
        return a_received(session, hall, sheets=1)


@pytest.fixture
def printed(database: Database, sitting: Sitting) -> list[Picture]:
    """The pages of the three seats: four each, in the order of the seats."""
    with database.reading() as session:
        seats = queries.board(session, session.get_one(Sitting, sitting.id))
    return [scans.a_page_with(f"{seat.sheet_code}/{number}") for seat in seats for number in range(1, 5)]


@ONE_ENGINE
def test_sheets_are_read_back_however_they_lay_on_the_glass(
    portal: Flask, database: Database, sitting: Sitting, tmp_path: Path
) -> None:
    ways: list[Callable[[Picture], Picture]] = [
        lambda page: scans.turned(page, 90),
        lambda page: scans.turned(page, 182),
        lambda page: scans.turned(scans.photocopied(page), -3),
        scans.noisy,
        lambda page: scans.turned(scans.noisy(scans.photocopied(page)), 272),
    ]
    pdf, expected = sheets_of(portal, database, sitting)
    for dpi, tried in ((150, ways), (200, ways[2:3])):
        pages = scans.rasterised(pdf, tmp_path, dpi=dpi, most=len(tried))
        stack = scans.a_stack(way(page) for way, page in zip(tried, pages, strict=True))
        found = list(scanning.read_pages(stack, PDF, Scans()))
        assert [page.codes for page in found] == [(code,) for code in expected[: len(tried)]]
        for page in found:  # the marker's copy stands upright, and the strip with the code is white
            assert scans.darkest(page.copy, (0, 0, 1, 0.09)) > 200
            assert scans.darkest(page.copy, (0.2, 0.2, 0.8, 0.9)) < 240
        again = scanning.read_pages(found[0].copy, JPEG, Scans())
        assert [page.codes for page in again] == [()]


@ONE_ENGINE
def test_the_header_and_a_photograph_are_read_too(
    portal: Flask, database: Database, sitting: Sitting, tmp_path: Path
) -> None:
    with portal.test_request_context(), database.reading() as session:
        found = session.get_one(Sitting, sitting.id)
        pdf = documents.blanks(session, found, OVER)
        codes = [seat.sheet_code for seat in queries.board(session, found)]
    header = scans.rasterised(pdf, tmp_path, dpi=150, most=1)[0]
    (page,) = scanning.read_pages(scans.a_single(header, "JPEG"), "image/jpeg", Scans())
    assert page.codes == (codes[0],)


def test_every_page_is_found_and_nothing_is_accepted_before_a_person_says_so(
    database: Database, hall: Hall, sitting: Sitting, printed: list[Picture], tmp_path: Path
) -> None:
    foreign = scans.a_page_with("https://example.org/")
    other = scans.a_page_with("ZZZZ2222/1")
    beyond = scans.a_page_with(f"{code_of(database, sitting, 0)}/5")
    stack = [
        printed[0],
        printed[1],
        printed[1],
        printed[4],
        scans.without_code(printed[2]),
        foreign,
        other,
        beyond,
    ]
    with database.writing(unhurried=True) as session:
        added = bring(session, hall, scans.a_stack(stack))
        with pytest.raises(errors.StackNotRead):
            service.accept_pages(session, hall.masker, OVER, stack=added)
    work_off(database)
    with database.reading() as session:
        assert [one.shown for one in queries.pages_of(session, at(session, added))] == [
            "matched",
            "matched",
            "duplicate",
            "matched",  # a page of another script finds that script
            "unreadable",
            "foreign",
            "foreign",  # built as ours, of no seat here
            "beyond",
        ]
        assert missing(session, hall) == {0: "1–4", 1: "1–4", 2: "1–4"}
    with database.writing(unhurried=True) as session:
        assert service.accept_pages(session, hall.masker, OVER, stack=at(session, added)) == 3
        assert missing(session, hall) == {0: "3–4", 1: "2–4", 2: "1–4"}
        with pytest.raises(StaleState):
            service.accept_pages(session, hall.masker, OVER, stack=at(session, added))
        with pytest.raises(errors.PagesWait):
            service.finish_stack(session, hall.masker, OVER, stack=at(session, added))


def test_a_person_places_a_page_once_and_sets_others_aside_with_a_reason(
    database: Database, hall: Hall, sitting: Sitting, printed: list[Picture]
) -> None:
    stack = [printed[0], scans.without_code(printed[2]), printed[0]]
    with database.writing(unhurried=True) as session:
        added = bring(session, hall, scans.a_stack(stack))
    work_off(database)
    with database.writing(unhurried=True) as session:
        found = at(session, added)
        service.accept_pages(session, hall.masker, OVER, stack=found)
        _, torn, twice = (one.page for one in queries.pages_of(session, found))
        with pytest.raises(errors.PageThereAlready):
            place(session, hall, sitting, torn, number=1)
        with pytest.raises(errors.TooManyPages):
            place(session, hall, sitting, torn, number=5)
        place(session, hall, sitting, torn, number=3)
        with pytest.raises(StaleState):
            place(session, hall, sitting, torn, number=4)
        service.set_aside(session, hall.masker, OVER, page=twice, reason="Quét hai lần")
        assert missing(session, hall)[0] == "2, 4"
        service.finish_stack(session, hall.masker, OVER, stack=found)
        blob = session.get_one(Blob, found.blob_id)
    work_off(database)
    with database.reading() as session, pytest.raises(KeyErased):
        session.files.read(session, blob)  # what the scanner sent is gone, what was accepted stays
    with database.writing(unhurried=True) as session:
        masking.mask_scripts(session, hall.masker, OVER, competition=here(session, hall), part="written")
        (bag,) = handover.bags_of(session, hall.competition.id)
        kinds = {handover.content(session, one.id).kind for one in handover.scripts(session, bag.id)}
        assert kinds == {"scan", "physical"}


def test_a_page_of_a_competition_elsewhere_matches_nothing_here(
    database: Database, hall: Hall, sitting: Sitting, printed: list[Picture]
) -> None:
    from tests.portal.sittings.builders import a_hall

    with database.writing(unhurried=True) as session:
        elsewhere = a_hall(session, mark="b")
        a_received(session, elsewhere, sheets=1)
        added = bring(session, elsewhere, scans.a_stack(printed[:1]))
    work_off(database)
    with database.reading() as session:
        assert [one.shown for one in queries.pages_of(session, at(session, added))] == ["foreign"]


@pytest.mark.parametrize(
    ("content", "media_type", "limits", "problem"),
    [
        (b"%PDF-1.7\nbroken", PDF, Scans(), wire.BROKEN),
        (scans.a_bomb(9_000, 9_000), PNG, Scans(), wire.TOO_LARGE),
        (scans.a_bomb(6_000, 6_000)[:2_000], PNG, Scans(), wire.BROKEN),
        (scans.a_stack([Image.new("RGB", (300, 400), "white")] * 3), PDF, Scans(pages=2), wire.TOO_LONG),
        (scans.a_pdf_with_a_bomb(16_000), PDF, Scans(memory_megabytes=512, timeout_seconds=20), None),
    ],
    ids=["broken PDF", "image bomb", "cut image", "too many pages", "bomb in a PDF"],
)
@ONE_ENGINE
def test_what_is_no_scan_ends_the_child_and_nothing_else(
    database: Database, content: bytes, media_type: str, limits: Scans, problem: str | None
) -> None:
    found, said = [], ""
    try:
        found = list(scanning.read_pages(content, media_type, limits))
    except scanning.ScanNotRead as refused:
        said = refused.problem
    if problem is not None:
        assert (found, said) == ([], problem)
    else:  # what unpacks inside a PDF ends with the child's memory, or as one small page of nothing
        assert said in wire.PROBLEMS or [(page.codes, page.copy) for page in found] == [((), b"")]


@ONE_ENGINE
def test_a_damaged_stack_keeps_what_was_read_and_says_what_is_missing(
    database: Database, hall: Hall, sitting: Sitting, printed: list[Picture]
) -> None:
    with database.writing(unhurried=True) as session:
        added = bring(session, hall, b"%PDF-1.7\nbroken")
    work_off(database)
    with database.reading() as session:
        found = at(session, added)
        assert (found.problem, queries.pages_of(session, found)) == (wire.BROKEN, [])


def test_every_decision_is_a_leaf_and_a_changed_row_is_named(
    database: Database, hall: Hall, sitting: Sitting, printed: list[Picture]
) -> None:
    with database.writing(unhurried=True) as session:
        added = bring(session, hall, scans.a_stack([printed[0], printed[1], scans.without_code(printed[2])]))
    work_off(database)
    with database.writing(unhurried=True) as session:
        found = at(session, added)
        service.accept_pages(session, hall.masker, OVER, stack=found)
        torn = queries.pages_of(session, found)[2].page
        service.set_aside(session, hall.masker, OVER, page=torn, reason="Trang trắng")
        service.finish_stack(session, hall.masker, OVER, stack=found)
        said = select(Leaf.type).where(Leaf.type.like("sittings.stack_%")).order_by(Leaf.id)
        acts = ("added", "read", "pages_accepted", "page_set_aside", "finished")
        assert session.scalars(said).all() == [f"sittings.stack_{act}" for act in acts]
        assert list(fsck.differences(session)) == []
        scan = session.scalars(select(ScriptScan)).first()
        assert scan is not None
        facts = {"script_id": scan.script_id, "blob_id": scan.blob_id, "by": scan.by, "at": scan.at}
        session.add(ScriptScan(**facts, pages=1, number=4))
        session.add(ScriptScan(**facts, pages=2))
        by = {"blob_id": found.blob_id, "by": found.by, "finished_by": found.by}
        times = {"at": OVER, "read_at": OVER, "finished_at": OVER}
        stack = ScanStack(competition_id=found.competition_id, **by, **times)
        session.add(stack)
        session.flush()
        page = {"stack_id": stack.id, "place": 1, "blob_id": torn.blob_id, "codes": [], "finding": "foreign"}
        word = {"verdict": "set_aside", "reason": "x", "decided_by": found.by, "decided_at": OVER}
        session.add(ScannedPage(**page, **word))
        session.flush()
        codes = sorted(one.code for one in fsck.differences(session))
        assert codes == ["page set aside", "scan", "scanned page", "stack", "stack finished"]


@ONE_ENGINE
def test_the_masking_board_walks_a_stack_through_its_pages(
    portal: Flask, database: Database, clock: At, hall: Hall, sitting: Sitting, printed: list[Picture]
) -> None:
    clock.set(OVER)
    board = Person.at(portal, database, hall.masker, OVER)
    address = f"/staff/competitions/{hall.competition.public_id}/scan-stacks"
    stack = scans.a_stack([*printed[:4], scans.without_code(printed[5])])
    board.get(address)
    assert "đang được đọc" in board.post(address, scan=upload(stack, "chong.pdf"))
    board.get(address)
    assert "Chưa thêm gì" in board.post(address, 422, scan=upload(stack, "chong.pdf"))
    work_off(database)
    with database.reading() as session:
        found = session.scalars(select(ScanStack)).one()
        torn = queries.pages_of(session, found)[-1].page
    own = f"/staff/scan-stacks/{found.public_id}"
    page = board.get(own)
    assert page.count("/picture") == 10
    board.post(f"{own}/end", 409)
    assert "4 trang" in board.post(f"{own}/matched-pages")
    by_hand = f"/staff/scanned-pages/{torn.public_id}"
    assert board.client.get(f"{by_hand}/picture").mimetype == "image/jpeg"
    board.get(by_hand)
    code = code_of(database, sitting, 1)
    fields: dict[str, Any] = {"turn": "0", "strip": "hide"}
    board.post(by_hand, 422, sheet_code="ZZZZ2222", number="2", **fields)
    board.post(by_hand, 422, sheet_code=code, number="9", **fields)
    board.post(by_hand, sheet_code=code, number="2", **fields)
    board.post(f"{own}/end")
    assert board.client.get(f"{by_hand}/picture").status_code == 404
    assert "1, 3–4" in board.get(address)
    for actor in (hall.invigilator, hall.house.chair, hall.house.organiser):
        stranger = Person.at(portal, database, actor, OVER)
        assert stranger.client.get(own).status_code in {403, 404}
        assert stranger.client.get(f"{by_hand}/picture").status_code in {403, 404}


def sheets_of(portal: Flask, database: Database, sitting: Sitting) -> tuple[bytes, list[str]]:
    """Return the printed answer sheets of the three seats, and what the code of each page says."""
    with portal.test_request_context(), database.reading() as session:
        found = session.get_one(Sitting, sitting.id)
        rooms = {seat.room_id for seat in found.seats}
        pdf = documents.answer_sheets(session, found, OVER, room_ids=rooms, sheets=1)
        codes = [seat.sheet_code for seat in queries.board(session, found)]
    return pdf, [f"{code}/{number}" for code in codes for number in range(1, 5)]


def bring(session: Session, hall: Hall, content: bytes) -> ScanStack:
    """The masking board brings a stack in."""
    prepared = session.files.prepare(content, media_type=PDF, key_id=session.keys.create())
    return service.add_stack(session, hall.masker, OVER, competition=here(session, hall), scan=prepared)


def work_off(database: Database) -> None:
    """The worker does what waits."""
    with database.reading() as session:
        rows = list(session.scalars(select(OutboxRow.id).order_by(OutboxRow.id)))
    for row in rows:
        outbox.perform(database, row, lambda: OVER)
    with database.reading() as session:
        assert not session.scalar(select(OutboxRow.last_error).where(OutboxRow.last_error.is_not(None)))


def at(session: Session, stack: ScanStack) -> ScanStack:
    """Return the stack as this session sees it."""
    return session.get_one(ScanStack, stack.id)


def code_of(database: Database, sitting: Sitting, place: int) -> str:
    """Return the sheet code of a seat."""
    with database.reading() as session:
        return queries.board(session, session.get_one(Sitting, sitting.id))[place].sheet_code


def missing(session: Session, hall: Hall) -> dict[int, str]:
    """Return the missing pages by the place of the seat."""
    codes = list(session.scalars(select(Seat.sheet_code).order_by(Seat.id)))
    found = queries.missing_pages(session, hall.competition.id)
    return dict(sorted((codes.index(one.sheet_code), one.missing) for one in found))


def place(session: Session, hall: Hall, sitting: Sitting, page: ScannedPage, *, number: int) -> None:
    """The masking board says which page of the first script it is."""
    code = session.get_one(Sitting, sitting.id).seats[0].sheet_code
    picture = session.files.read(session, session.get_one(Blob, page.blob_id))
    copy = scanning.copy_by_hand(picture, turn=0, has_strip=True)
    prepared = session.files.prepare(copy, media_type="image/jpeg", key_id=session.keys.create())
    facts: dict[str, Any] = {"sheet_code": code, "number": number, "copy": prepared}
    service.place_page(session, hall.masker, OVER, page=page, **facts)
