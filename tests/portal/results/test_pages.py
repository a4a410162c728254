# SPDX-License-Identifier: Apache-2.0
"""The pages of results and reviews, walked by the people who use them."""

import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from exam_portal.app import create_app
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.results.models import Publication
from scoring.verify import bundle as verifying
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import At, Person, upload
from tests.portal.results import builders as at
from tests.portal.results.builders import HEARD, LOCKED, OVER, POSTED, Stage, a_stage

pytestmark = pytest.mark.engines("sqlite")

PAPER: dict[str, Any] = {
    "paper_number": "19/BB-HĐTT",
    "paper_issued_on": "25/01/2027",
    "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
}


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(LOCKED)


@pytest.fixture
def portal(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    made.config["PROPAGATE_FAULTS"] = True
    return made


def marked(database: Database) -> Stage:
    """Two candidates; the written part is marked and locked; the masks are still on."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.key_marks(session, stage, {0: ["72", "78"], 1: ["60", "64"]})
        at.lock(session, stage)
    return stage


def someone(portal: Flask, database: Database, actor: Actor | None, clock: At) -> Person:
    """The person's browser, signed in just now."""
    return Person.at(portal, database, actor, clock.instant)


def test_from_locked_marks_to_the_published_result(portal: Flask, database: Database, clock: At) -> None:
    stage = marked(database)
    place = f"/staff/competitions/{stage.office.hall.competition.public_id}"
    keeper = someone(portal, database, stage.masker, clock)
    assert "có thể ghép" in keeper.get(f"{place}/results/masks")
    form = keeper.get(f"{place}/results/masks/written/marking/unmask")
    witness = re.search(r'<option value="([a-z2-7]{26})">Tô Kim Liên', form)
    assert witness is not None
    body = keeper.post(
        f"{place}/results/masks/written/marking/unmask",
        witness=witness[1],
        paper_scan=upload(a_pdf()),
        **PAPER,
    )
    assert "đã ghép" in body

    clock.set(HEARD)
    secretary = someone(portal, database, stage.secretary, clock)
    body = secretary.get(f"{place}/results")
    assert "Hãy tính kết quả của mọi chức danh trước." in body
    assert "publications/new/marks" not in body
    assert "appeals/close" not in secretary.get(f"{place}/appeals")
    body = secretary.post(f"{place}/results/compute")
    assert "publications/new/marks" in body
    assert "Số chức danh đã tính: 1." in body
    sheet = re.search(rf"{place}/results/vacancies/[a-z2-7]{{26}}", body)
    assert sheet is not None
    body = secretary.get(sheet[0])
    assert "75,00" in body
    assert "Trung bình cộng của hai điểm 72; 78 là 75,00." in body
    assert "chưa đủ điểm phần" in body
    assert "#page=1" in body
    with database.writing(unhurried=True) as session:
        at.hear(session, stage, {0: ["80"] * 7, 1: ["85"] * 7})
    body = secretary.post(f"{sheet[0]}/compute", reason="Đã chấm đề án")
    assert "Trúng tuyển" in body
    assert "Trần Quốc Bảo" in body
    body = secretary.post(f"{sheet[0]}/compute", status=409)
    assert "Không có gì thay đổi so với lần tính trước" in body

    clock.set(POSTED)
    secretary = someone(portal, database, stage.secretary, clock)
    secretary.get(f"{place}/results/publications/new/results")
    assert "Trước khi" in secretary.post(
        f"{place}/results/publications/new/results", kind="results", status=422
    )
    secretary.get(f"{place}/results/publications/new/marks")
    body = secretary.post(f"{place}/results/publications/new/marks", kind="marks")
    assert "chờ duyệt" in body
    approve(portal, database, clock, stage)
    public = f"/competitions/{stage.office.hall.competition.public_id}/results"
    reader = someone(portal, database, None, clock)
    assert "75,00" in reader.get(f"{public}/1")
    reader.get(f"{public}/2", 404)
    reader.get(f"/competitions/{stage.office.hall.competition.public_id}/bundle.zip", 404)

    clock.set(OVER)
    secretary = someone(portal, database, stage.secretary, clock)
    secretary.get(f"{place}/appeals")
    assert "Đã kết thúc phúc khảo" in secretary.post(f"{place}/appeals/close")
    for step in ("opinion", "recognition"):
        secretary.get(f"{place}/results/{step}")
        secretary.post(f"{place}/results/{step}", paper_scan=upload(a_pdf()), **PAPER)
    secretary.get(f"{place}/results/publications/new/results")
    secretary.post(f"{place}/results/publications/new/results", kind="results")
    approve(portal, database, clock, stage)
    body = reader.get(f"{public}/2")
    assert "Trần Quốc Bảo" in body
    assert "Nguyễn Thị Hạnh" not in body
    answer = reader.client.get(f"{public}/2")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    content = reader.client.get(f"/competitions/{stage.office.hall.competition.public_id}/bundle.zip").data
    assert verifying.check(content).exit_status == 0
    for name in (f"{public}/2.pdf", f"{sheet[0]}/sheet.pdf", f"{sheet[0]}/gate.pdf"):
        who = reader if name.startswith("/competitions") else secretary
        assert who.client.get(name).data.startswith(b"%PDF")
    workbook = reader.client.get(f"{public}/2.xlsx").data
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(workbook)).namelist()


def approve(portal: Flask, database: Database, clock: At, stage: Stage) -> None:
    """Chair and authority approve what waits, each on the page that shows it."""
    with database.reading() as session:
        waiting = session.query(Publication).filter_by(published_at=None).one()
    place = f"/staff/competitions/{stage.office.hall.competition.public_id}/results"
    page = f"{place}/publications/{waiting.public_id}"
    for actor, word in ((stage.chair, "Đã duyệt"), (stage.authority, "đã được công bố")):
        person = someone(portal, database, actor, clock)
        person.get(page)
        assert word in person.post(f"{page}/approve", content_hash=waiting.content_hash)


def posted(database: Database, people: int = 2) -> Stage:
    """Marks are posted."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=people)
        at.marked(session, stage, {place: ["72", "70"] for place in range(people)})
        at.hear(session, stage, {place: [str(80 + place)] * 7 for place in range(people)})
        at.compute(session, stage)
        at.publish(session, stage)
    return stage


def test_a_candidate_reads_the_own_mark_asks_for_a_review_and_nobody_else_can(
    portal: Flask, database: Database, clock: At
) -> None:
    stage = posted(database)
    clock.set(POSTED)
    own, other = stage.candidates
    me = someone(portal, database, Actor(account_id=own.account_id, is_candidate=True), clock)
    address = f"/me/results/{own.public_id}"
    assert address in me.get("/me/results")
    body = me.get(address)
    assert "Trung bình cộng của hai điểm 72; 70 là 71,00." in body
    me.get(f"/me/results/{other.public_id}", 404)
    me.get(f"{address}/review/written")
    body = me.post(f"{address}/review/written", status=422, words="Xin xem lại câu 2.")
    assert "Xin xem lại câu 2." in body
    body = me.post(f"{address}/review/written", reason="scheme", words="Xin xem lại câu 2.")
    assert "PK-0001" in body
    receipt = re.search(r"/me/appeals/[a-z2-7]{26}/receipt.pdf", body)
    assert receipt is not None
    assert me.client.get(receipt[0]).data.startswith(b"%PDF")
    mine = receipt[0].removesuffix("/receipt.pdf")
    body = me.get(address)
    assert mine in body
    assert f"{address}/review/written" not in body
    assert mine in me.get(f"{address}/review/written", 303)  # led to the request, not asked again
    assert mine in me.get("/me")
    stranger = someone(portal, database, Actor(account_id=other.account_id, is_candidate=True), clock)
    stranger.get(receipt[0], 404)
    assert mine not in stranger.get(f"/me/results/{other.public_id}")
    secretary = someone(portal, database, stage.secretary, clock)
    place = f"/staff/competitions/{stage.office.hall.competition.public_id}/appeals"
    request = re.search(rf"{place}/[a-z2-7]{{26}}", secretary.get(place))
    assert request is not None
    body = secretary.get(request[0])
    assert "Xin xem lại câu 2." in body
    assert "71,00" not in body
    assert "Đã chấp nhận" in secretary.post(f"{request[0]}/admit")
    keeper = someone(portal, database, stage.masker, clock)
    keeper.get(place)
    assert "Đang chấm phúc khảo" in keeper.post(f"{request[0]}/mask")


def test_a_request_after_the_last_day_keeps_its_words_and_names_the_day(
    portal: Flask, database: Database, clock: At
) -> None:
    stage = posted(database)
    clock.set(OVER)
    own = stage.candidates[0]
    me = someone(portal, database, Actor(account_id=own.account_id, is_candidate=True), clock)
    address = f"/me/results/{own.public_id}/review/written"
    me.get(address)
    body = me.post(address, status=422, reason="scheme", words="Xin xem lại.")
    assert "Đơn phúc khảo được nhận đến" in body
    assert "Xin xem lại." in body


def test_no_address_of_the_portal_changes_a_mark_from_results(portal: Flask) -> None:
    acts = {
        rule.rule.rsplit("/", 1)[-1]
        for rule in portal.url_map.iter_rules()
        if rule.endpoint.startswith(("results.", "appeals.")) and "POST" in (rule.methods or ())
    }
    assert acts == {
        "compute",
        "unmask",
        "approve",
        "approve-on-paper",
        "discard",
        "<any(opinion, recognition):step>",
        "<any(marks, results):kind>",
        "<string(maxlength=64):part>",
        "admit",
        "refusal",
        "mask",
        "decision",
        "close",
        "new",
        "items",  # asks for statistics of what is marked
        "judge",  # a judge's estimates: they recommend a pass mark and move none
        "excuse",
        "rounds",
        "again",
        "conclude",
        "refuse",  # a correction of a question; approved, it has marks computed anew from the answers
    }


def test_the_pages_ask_no_more_of_the_database_for_more_candidates(
    portal: Flask, database: Database, clock: At
) -> None:
    stage = posted(database, people=5)
    clock.set(POSTED)
    secretary = someone(portal, database, stage.secretary, clock)
    reader = someone(portal, database, None, clock)
    competition = stage.office.hall.competition.public_id
    with database.reading() as session:
        vacancy = at.vacancy_of(session, stage).public_id
    most = {
        f"/staff/competitions/{competition}/results": 30,
        f"/staff/competitions/{competition}/results/vacancies/{vacancy}": 45,
        f"/staff/competitions/{competition}/appeals": 25,
        f"/competitions/{competition}/results/1": 15,
    }
    found = {
        address: _statements(database, (reader if address.startswith("/comp") else secretary), address)
        for address in most
    }
    assert {address: count for address, count in found.items() if count > most[address]} == {}


def _statements(database: Database, person: Person, address: str) -> int:
    """Return how many statements a page asks of the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database._reader, "before_cursor_execute", note)
    try:
        person.get(address)
    finally:
        event.remove(database._reader, "before_cursor_execute", note)
    return len(seen)
