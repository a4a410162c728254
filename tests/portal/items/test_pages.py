# SPDX-License-Identifier: Apache-2.0
"""The pages of item banks, walked by a setting board: import, review by two, search, write."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from exam_portal.accounts.models import RoleGrant
from exam_portal.audit.models import Leaf
from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.outbox import OutboxRow
from exam_portal.items import arrivals, imports, service, taking
from exam_portal.items.models import Item, ItemBank, ItemImport, ItemReview, ItemVersion
from question_bank import formats
from tests.portal.competitions.builders import NOW
from tests.portal.items.importing import examined
from tests.portal.papers.builders import (
    CANARY,
    Board,
    a_bank,
    a_choice,
    a_file,
    an_approved_bank,
    an_essay,
    fill,
)
from tests.portal.papers.walking import counted, settle, sign_in

pytestmark = pytest.mark.engines("sqlite")

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "items_vi_public_service.json"
DEMONSTRATION = Path("exam_portal/demo/content/items.json")


def _bank(database: Database, board: Board, *, approved: bool = False) -> str:
    with database.writing(unhurried=True) as session:
        return (an_approved_bank if approved else a_bank)(session, board).public_id


def test_a_board_opens_a_bank_and_takes_a_file_in(app: Flask, database: Database, board: Board) -> None:
    author = sign_in(app, database, board.author)
    assert "/staff/banks/new" in author.get("/staff/banks")
    author.get("/staff/banks/new")
    organisation = board.house.organisation.public_id
    author.post("/staff/banks/new", organisation=organisation, title="Ngân hàng chung")
    with database.reading() as session:
        bank = session.scalars(select(ItemBank)).one().public_id
    report = examined(author, bank, a_file([a_choice(1), a_choice(2), an_essay(3)]))
    assert "3" in author.get(report)
    author.post(f"{report}/commit")
    page = author.get(f"/staff/banks/{bank}")
    assert all(name in page for name in ("Q-0001", "Q-0002", "TL-003"))


@pytest.mark.parametrize("path", [REAL, DEMONSTRATION], ids=["real", "demonstration"])
def test_a_whole_file_is_imported_reviewed_and_approved_through_the_pages(
    app: Flask, database: Database, board: Board, path: Path
) -> None:
    if not path.exists():
        pytest.skip(f"{path.name} is not here: the real file is kept outside the repository")
    bank = _bank(database, board)
    author, reviewer, approver = (
        sign_in(app, database, who) for who in (board.author, board.reviewer, board.approver)
    )
    report = examined(author, bank, path.read_bytes(), path.name)
    author.get(report)
    author.post(f"{report}/commit")
    with database.reading() as session:
        read = (session.scalars(select(ItemImport)).one().report or {})["read"]
        assert session.scalar(select(func.count(Item.id))) == read > 80
    for person, word, stage in ((reviewer, "reviewed", "draft"), (approver, "approved", "reviewed")):
        person.get(f"/staff/banks/{bank}")
        person.post(f"/staff/banks/{bank}/review", word=word, stage=stage, scope="all")
    with database.reading() as session:
        approved = session.scalar(select(func.count()).where(ItemReview.stage == "approved"))
        assert approved == read


def test_a_broken_file_is_reported_by_line_and_nothing_of_it_comes_in(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    broken = a_choice(2)
    broken["options"] = broken["options"][:1]
    content = a_file([a_choice(1), broken])
    report = examined(author, bank, content)
    page = author.get(report)
    assert "Q-0002" in page
    author.post(f"{report}/commit", status=409)
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == 0
        kept = session.scalars(select(ItemImport)).one()
        (problem,) = (p for p in (kept.report or {})["problems"] if p["severity"] == "error")
        line = content.decode().splitlines()[problem["line"] - 1]
        assert "options" in line
    assert str(problem["line"]) in page


def test_the_good_items_of_a_file_come_in_without_the_refused_ones_if_somebody_says_so(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    content = "Câu hỏi;A;B;Đáp án\nMột?;x;y;A\nHai?;x;y;C\nBa?;x;y;B\n".encode()
    report = examined(author, bank, content, "cau-hoi.csv")
    assert 'name="without_refused"' in author.get(report)
    author.post(f"{report}/commit", without_refused="1")
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == 2
        leaf = session.scalars(select(Leaf).where(Leaf.type == "items.imported")).one()
        assert (leaf.content["new"], leaf.content["refused"]) == (2, 1)
    whole = a_file([a_choice(1)])[:-9]
    report = examined(author, bank, whole)
    author.post(f"{report}/commit", without_refused="1", status=409)


def test_a_large_file_is_taken_in_by_a_job_whose_page_tells_how_far_it_is(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file([a_choice(number) for number in range(taking.AT_ONCE + 1)]))
    author.get(report)
    page = author.post(f"{report}/commit")
    assert "data-running" in page
    assert "0 trên 501" in page
    assert f"{report}/commit" not in page
    author.post(f"{report}/commit")  # asked for twice, done once
    with counted(database) as statements:
        author.get(report)
    assert len(statements) <= 25
    _take_in(database)
    page = author.get(report)
    assert "Đã nhập ngày" in page or "Đã nhập" in page
    with counted(database) as statements:
        assert "Q-0001" in author.get(f"/staff/banks/{bank}")
    assert len(statements) <= 16
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == taking.AT_ONCE + 1
        leaves = session.scalars(select(Leaf).where(Leaf.type == "items.imported")).all()
        assert [leaf.content["_by"] for leaf in leaves] == [board.author.account_id]
    author.post(f"{report}/commit", status=409)


def test_a_large_file_is_not_taken_in_for_somebody_who_has_lost_the_role_meanwhile(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    report = examined(author, bank, a_file([a_choice(number) for number in range(taking.AT_ONCE + 1)]))
    author.get(report)
    author.post(f"{report}/commit")
    with database.writing(unhurried=True) as session:
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.account_id == board.author.account_id)
            .values(revoked_at=NOW, revoked_by=board.author.account_id)
        )
    _take_in(database)
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == 0
        assert session.scalar(select(OutboxRow).where(OutboxRow.kind == taking.JOB)) is None
    other = sign_in(app, database, board.reviewer)
    page = other.get(report)
    assert "không còn quyền soạn câu hỏi" in page
    assert f"{report}/commit" in page
    other.post(f"{report}/commit")
    _take_in(database)
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == taking.AT_ONCE + 1
        assert set(session.scalars(select(ItemVersion.author_id))) == {board.reviewer.account_id}


def test_a_large_file_that_was_overtaken_ends_with_its_reason_and_is_chosen_again(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    items = [a_choice(number) for number in range(taking.AT_ONCE + 1)]
    report = examined(author, bank, a_file(items))
    with database.writing(unhurried=True) as session:
        kept = session.scalars(select(ItemImport)).one()
        staged = arrivals.items_of(session, kept)[:1]
        service.stage_import(session, board.author, NOW, kept=kept, items=staged)
        held = session.get_one(ItemBank, kept.bank_id)
        (newer,) = imports.incoming(
            session.keys, held.key_id, formats.read(a_file([a_choice(0, stem="Khác?")])).items
        )
        service.write_item(session, board.reviewer, NOW, bank=held, item=newer, is_new=False)
    other = sign_in(app, database, board.reviewer)
    page = other.get(report)  # what one has begun, another does not finish as his or her own
    assert f"{report}/commit" not in page
    other.post(f"{report}/commit", status=409)
    author.get(report)
    author.post(f"{report}/commit")
    _take_in(database)
    with database.reading() as session:
        assert session.scalar(select(OutboxRow).where(OutboxRow.kind == taking.JOB)) is None
        assert session.scalar(select(func.count()).where(ItemImport.committed_at.is_not(None))) == 0
    page = author.get(report)
    assert "Có người đã soạn câu hỏi thuộc tệp này" in page
    assert "Chọn lại tệp" in page or "chọn lại tệp" in page
    assert f"{report}/commit" not in page
    author.post(f"{report}/commit", status=409)


def test_what_one_person_wrote_is_not_lost_under_another_who_began_from_an_older_version(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author, other = (sign_in(app, database, who) for who in (board.author, board.reviewer))
    author.get(f"/staff/banks/{bank}/items/new/single_choice")
    fields: dict[str, Any] = {f"option_{letter}": f"Phương án {letter}" for letter in "abc"}
    fields |= {"topic": "Luật", "level": "apply", "answer": "a", "marks": "1", "external_id": "HC-001"}
    author.post(f"/staff/banks/{bank}/items/new/single_choice", stem="Ai?", **fields)
    with database.reading() as session:
        place = f"/staff/banks/{bank}/items/{session.scalars(select(Item)).one().public_id}/edit"
    assert re.search(r'name="began_from"[^>]*value="1"', author.get(place))
    other.get(place)
    author.post(place, stem="Ai giải quyết?", began_from="1", **fields)
    for began_from in ("1", "", "x"):
        page = other.post(place, status=409, stem="Ai quyết định?", began_from=began_from, **fields)
        assert "Ai quyết định?" in page
        assert "phiên bản mới hơn" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(ItemVersion.id))) == 2
    other.post(place, stem="Ai quyết định?", began_from="2", **fields)


def _take_in(database: Database) -> None:
    with database.reading() as session:
        (row_id,) = session.scalars(select(OutboxRow.id).where(OutboxRow.kind == taking.JOB)).all()
    outbox.perform(database, row_id, lambda: NOW)


@pytest.mark.parametrize("content", [b"", b"no json", b'{"schema": "x"}', b"\xff\xfe{}", b"[" * 100_000])
def test_a_file_that_is_no_file_of_items_is_told_what_it_is(
    app: Flask, database: Database, board: Board, content: bytes
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    if not content:
        return
    report = examined(author, bank, content)
    assert f"{report}/commit" not in author.get(report)


def test_the_same_file_again_brings_nothing_and_a_changed_item_a_new_version(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    report = ""
    for items in (
        [a_choice(1), a_choice(2)],
        [a_choice(1), a_choice(2)],
        [a_choice(1), a_choice(2, stem="Một câu khác hẳn?"), a_choice(3)],
    ):
        report = examined(author, bank, a_file(items))
        page = author.get(report)
        if f"{report}/commit" in page:
            author.post(f"{report}/commit")
    author.post(f"{report}/commit", status=409)  # a second time: told, nothing doubled
    with database.reading() as session:
        rows = session.execute(
            select(Item.external_id, func.count()).join(ItemVersion).group_by(Item.external_id)
        )
        assert {row[0]: row[1] for row in rows} == {"Q-0001": 1, "Q-0002": 2, "Q-0003": 1}


def test_a_search_finds_words_without_their_marks(app: Flask, database: Database, board: Board) -> None:
    bank = _bank(database, board)
    with database.writing(unhurried=True) as session:
        found = session.scalars(select(ItemBank)).one()
        fill(
            session, board, found, [a_choice(1, stem="Đầu tư công là gì?"), a_choice(2, stem="Ngạch là gì?")]
        )
    author = sign_in(app, database, board.author)
    page = author.get(f"/staff/banks/{bank}?words=dau+TU")
    assert "Q-0001" in page
    assert "Q-0002" not in page
    assert "Q-0002" in author.get(f"/staff/banks/{bank}?stage=draft&level=understand")
    assert "Q-0002" not in author.get(f"/staff/banks/{bank}?stage=approved")


def test_two_others_review_and_approve_an_item_and_never_its_author(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author, reviewer, approver = (
        sign_in(app, database, who) for who in (board.author, board.reviewer, board.approver)
    )
    author.get(f"/staff/banks/{bank}/items/new/single_choice")
    fields: dict[str, Any] = {
        "stem": "Ai bổ nhiệm?",
        "option_a": "Chủ tịch",
        "option_b": "Giám đốc",
        "marks": "1",
    }
    fields |= {"topic": "Luật Cán bộ", "level": "apply", "shuffle": "y", "answer": "b"}
    author.post(f"/staff/banks/{bank}/items/new/single_choice", external_id="HC-001", **fields)
    with database.reading() as session:
        item = session.scalars(select(Item)).one().public_id
    place = f"/staff/banks/{bank}/items/{item}"
    author.post(f"{place}/review", status=422, stage="reviewed")
    approver.get(place)
    approver.post(f"{place}/review", status=422, stage="approved")  # not reviewed yet
    reviewer.get(place)
    reviewer.post(f"{place}/review", status=422, stage="returned")  # without a comment
    reviewer.post(f"{place}/review", stage="returned", comment="Nêu rõ điều luật.")
    author.get(f"{place}/edit")
    fields["began_from"] = "1"
    author.post(f"{place}/edit", status=422, external_id="HC-001", **fields)  # nothing changed
    author.post(
        f"{place}/edit", external_id="HC-001", **(fields | {"article": "Điều 46", "instrument": "Luật 80"})
    )
    reviewer.get(place)
    reviewer.post(f"{place}/review", stage="reviewed")
    reviewer.post(f"{place}/review", status=422, stage="approved")  # who reviewed does not approve
    approver.get(place)
    page = approver.post(f"{place}/review", stage="approved")
    assert "Điều 46" in page
    approver.post(f"{place}/review", status=409, stage="approved")  # again: told


def test_an_essay_is_written_with_its_rubric(app: Flask, database: Database, board: Board) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    author.get(f"/staff/banks/{bank}/items/new/essay")
    fields: dict[str, Any] = {
        "external_id": "TL-1",
        "stem": "Phân tích.",
        "topic": "Quản lý",
        "level": "analyse",
    }
    author.post(
        f"/staff/banks/{bank}/items/new/essay",
        status=422,
        **fields,
        title_1="Nội dung",
        max_1="60",
        title_2="Diễn đạt",
    )
    page = author.post(
        f"/staff/banks/{bank}/items/new/essay",
        **fields,
        title_1="Nội dung",
        max_1="60",
        title_2="Diễn đạt",
        max_2="40",
        max_words="1200",
    )
    assert "Diễn đạt" in page
    assert "100" in page
    item = re.search(rf"/staff/banks/{bank}/items/([a-z0-9]{{26}})/edit", page)
    assert item
    assert "Nội dung" in author.get(f"/staff/banks/{bank}/items/{item[1]}/edit")


def test_an_id_that_is_taken_is_told_at_its_field(app: Flask, database: Database, board: Board) -> None:
    bank = _bank(database, board, approved=True)
    author = sign_in(app, database, board.author)
    author.get(f"/staff/banks/{bank}/items/new/single_choice")
    page = author.post(
        f"/staff/banks/{bank}/items/new/single_choice",
        status=422,
        external_id="Q-0001",
        stem="Một câu?",
        option_a="Một",
        option_b="Hai",
        answer="a",
        marks="1",
        topic="Luật",
        level="apply",
    )
    assert "#external_id" in page
    assert "Một câu?" in page


def test_nobody_else_sees_a_bank(app: Flask, database: Database, board: Board) -> None:
    bank = _bank(database, board, approved=True)
    elsewhere = settle(database, "b")
    other = sign_in(app, database, elsewhere.author)
    assert bank not in other.get("/staff/banks")
    other.get(f"/staff/banks/{bank}", status=404)
    other.get(f"/staff/banks/{bank}/imports/new", status=404)
    other.post(f"/staff/banks/{bank}/review", status=404, word="reviewed")
    for actor in (board.house.organiser, board.house.chair, board.house.secretary):
        sign_in(app, database, actor).get(f"/staff/banks/{bank}", status=403)
    assert sign_in(app, database, None).client.get(f"/staff/banks/{bank}").status_code == 303


def test_a_restricted_item_shows_itself_on_its_own_page_only(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    with database.writing(unhurried=True) as session:
        found = session.scalars(select(ItemBank)).one()
        fill(session, board, found, [a_choice(1, restricted=True)])
        version = session.scalars(select(ItemVersion)).one()
        assert (version.content, version.search_text, version.topic) == (None, "", "")
        assert CANARY.encode() not in (version.sealed_content or b"")
        item = session.scalars(select(Item)).one().public_id
    author = sign_in(app, database, board.author)
    assert CANARY not in author.get(f"/staff/banks/{bank}")
    assert CANARY in author.get(f"/staff/banks/{bank}/items/{item}")
    assert "Q-0001" not in author.get(f"/staff/banks/{bank}?words={CANARY}")


def test_a_typed_item_with_the_stamp_of_a_secret_is_refused(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    address = f"/staff/banks/{bank}/items/new/essay"
    fields: dict[str, Any] = {"external_id": "TL-1", "topic": "Quản lý", "level": "analyse"}
    fields |= {"title_1": "Nội dung", "max_1": "100"}
    author.get(address)
    page = author.post(address, status=422, stem="TỐI MẬT\nHãy phân tích.", **fields)
    assert "bí mật nhà nước" in page
    author.post(address, stem="Ai được phép đóng dấu MẬT lên tài liệu?", **fields)


def test_the_list_of_a_bank_takes_as_many_queries_for_two_items_as_for_two_hundred(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    counts = []
    for items in ([a_choice(1), a_choice(2)], [a_choice(n) for n in range(3, 200)]):
        with database.writing(unhurried=True) as session:
            fill(session, board, session.scalars(select(ItemBank)).one(), items)
        author.get(f"/staff/banks/{bank}")
        with counted(database) as statements:
            author.get(f"/staff/banks/{bank}")
        counts.append(len(statements))
    assert counts[0] == counts[1] < 20


FOREIGN = {
    "ngan-hang.xml": """<quiz><question type="truefalse"><idnumber>M-1</idnumber>
<questiontext format="html"><text>&lt;p&gt;Chính phủ làm luật.&lt;/p&gt;</text></questiontext>
<answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer>
</question></quiz>""".encode(),
    "de.gift": "// [id:M-1]\nAi bầu Chủ tịch nước?{=Quốc hội ~Chính phủ}".encode(),
    "de.txt": "Ai bầu Chủ tịch nước?\nA) Quốc hội\nB) Chính phủ\nANSWER: A".encode(),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_files_of_other_programs_are_taken_in_too(
    app: Flask, database: Database, board: Board, name: str
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    page = author.get(f"/staff/banks/{bank}/imports/new")
    assert all(format.title in page for format in formats.FORMATS.values())
    report = examined(author, bank, FOREIGN[name], name)
    author.post(f"{report}/commit")
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == 1


def test_a_question_of_another_program_is_refused_with_its_line_and_nothing_is_taken_in(
    app: Flask, database: Database, board: Board
) -> None:
    bank = _bank(database, board)
    author = sign_in(app, database, board.author)
    content = FOREIGN["ngan-hang.xml"].replace(b"</quiz>", b'<question type="calculated"/>\n</quiz>')
    report = examined(author, bank, content, "ngan-hang.xml")
    page = author.get(report)
    assert "calculated" in page
    author.post(f"{report}/commit", status=409)
    with database.reading() as session:
        assert session.scalar(select(func.count(Item.id))) == 0
