# SPDX-License-Identifier: Apache-2.0
"""The pages of item banks, in both languages, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.outbox import OutboxRow
from exam_portal.items import comparing, discussion
from exam_portal.items.models import Item
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW
from tests.portal.items.importing import examined, sent
from tests.portal.papers.builders import Board, a_choice, a_file, an_approved_bank, fill
from tests.portal.papers.walking import sign_in
from tests.portal.reading import read_pages

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.thorough]

STEM = "Thời hạn giải quyết lần đầu theo Luật Khiếu nại 2011 không quá bao nhiêu ngày, kể từ ngày thụ lý?"
REPLY = "Đã nêu rõ “kể từ ngày thụ lý” và đổi đáp án theo Điều 28."


def statements(number: int) -> dict[str, Any]:
    """Four statements under one text, marked by steps."""
    items = [
        {"id": name, "kind": "true_false", "stem": text, "answer": name < "c", "marks": "0.25"}
        for name, text in zip(
            "abcd", ("Do cử tri bầu", "Nhiệm kỳ năm năm", "Họp kín", "Lập pháp"), strict=True
        )
    ]
    common = {"id": f"Q-{number:04}", "version": 1, "stem": "", "topics": ["Tổ chức"], "level": "apply"}
    case = {"kind": "case_study", "stimulus": "Về Hội đồng nhân dân xã:", "items": items, "grading": "steps"}
    return {**common, **case}


def test_a_board_reads_its_bank(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    first = a_choice(1, stem="Thời hạn giải quyết lần đầu không quá bao nhiêu ngày?", level="remember")
    source = {
        "instrument": "Luật 80/2025/QH15",
        "article": "Điều 28",
        "valid_from": None,
        "valid_to": "2027-01-10",
    }
    second = first | {
        "version": 2,
        "stem": STEM,
        "level": "understand",
        "source": source,
        "tags": ["enemies:a"],
    }
    second["options"] = [dict(option) for option in first["options"]]
    second["options"][0]["fraction"], second["options"][1]["fraction"] = "0", "1"
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, board, [first, a_choice(2)])
        fill(session, board, bank, [second], file="sua.json")
        item = session.scalars(select(Item).where(Item.external_id == "Q-0001")).one()
        version = item.versions[-1]
        discussion.comment(session, board.reviewer, NOW, version=version, words="Tính từ ngày nào?")
        discussion.comment(session, board.author, NOW, version=version, words=REPLY)
        fill(session, board, bank, [second | {"id": "Q-0003", "version": 1}], file="trung.json")
        naming = a_choice(4, shuffle=True, positional_checked=True, level="apply")
        naming["options"] = [dict(option) for option in naming["options"]]
        naming["options"][-1]["text"] = "Cả A và B đều đúng"
        fill(session, board, bank, [naming, statements(5)], file="vi-tri.json")
        named = {each.external_id: each.public_id for each in session.scalars(select(Item))}
        comparing.ask(session, board.reviewer, NOW, bank=bank)
        job = session.scalars(select(OutboxRow).where(OutboxRow.kind == comparing.JOB)).one().id
        place, item_id = f"/staff/banks/{bank.public_id}", item.public_id
    outbox.perform(database, job, lambda: NOW)
    shown = [
        ("instruments", board.reviewer, f"{place}/instruments?instrument=80/2025/QH15&day=2027-01-01"),
        ("edit", board.author, f"{place}/items/{item_id}/edit"),
        ("naming", board.author, f"{place}/items/{named['Q-0004']}"),
        ("statements", board.reviewer, f"{place}/items/{named['Q-0005']}"),
        ("naming in the list", board.reviewer, f"{place}?places=any"),
        ("alike", board.reviewer, f"{place}/alike"),
        ("bank", board.reviewer, place),
        ("item", board.reviewer, f"{place}/items/{item_id}"),
        ("changes", board.reviewer, f"{place}/items/{item_id}/changes?before=1&after=2"),
    ]
    read_pages(app, database, NOW, new_person, album, shown)


def test_a_board_reads_what_a_file_would_bring(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, board, [a_choice(number) for number in range(1, 40)])
        place = f"/staff/banks/{bank.public_id}"
    corrected, broken = a_choice(1, stem=STEM), a_choice(51, stem="Câu thiếu phương án?")
    for option in corrected["options"]:
        option["fraction"] = "1" if option["id"] == "b" else "0"
    broken["options"] = broken["options"][:1]
    secret = a_choice(2, restricted=True)
    brought = [corrected, secret, broken, *(a_choice(number) for number in range(3, 48)), statements(52)]
    author = sign_in(app, database, board.author)
    report = examined(author, bank.public_id, a_file(brought))
    stamped = examined(
        author, bank.public_id, "TUYỆT MẬT\nCâu hỏi,A,B,Đáp án\nHỏi?,x,y,A\n".encode(), "de.csv"
    )
    waits = sent(author, bank.public_id, a_file(brought), "cau-hoi-lon.json")
    shown = [
        ("import", board.author, report),
        ("import waits", board.author, waits),
        ("import stamped", board.author, stamped),
        ("import leaving", board.author, f"{report}?show=leaving"),
        ("import item", board.author, f"{report}/items/1"),
        ("import statements", board.author, f"{report}/items/49"),
        ("files", board.author, f"{place}/imports/new"),
    ]
    read_pages(app, database, NOW, new_person, album, shown)
