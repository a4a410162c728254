# SPDX-License-Identifier: Apache-2.0
"""What the tests of banks and papers begin with: a setting board, a bank, items, an announced competition."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.items import imports, queries, service
from exam_portal.items.models import ItemBank, ItemStage
from exam_portal.papers import preparing, resting
from exam_portal.papers import service as papers
from exam_portal.papers.asked import Asked
from exam_portal.papers.models import Paper
from exam_portal.sittings.models import Sitting
from question_bank import formats
from question_bank.item import Item
from tests.portal.competitions.builders import NOW, House, a_house, a_member, an_announced, holding

CANARY = "CANARY-KHONG-AI-DOC-DUOC"
START = NOW + timedelta(hours=20)
TOPIC = "Luật Hành chính"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """An authority with a setting board of three."""

    house: House
    author: Actor
    reviewer: Actor
    approver: Actor


def a_board(session: Session, mark: str = "a") -> Board:
    """An authority whose setting board has three members."""
    house = a_house(session, mark=mark)
    members = [
        holding(a_member(session, f"{login}.{mark}", name), Role.SETTING_BOARD, house.organisation)
        for login, name in (("viet", "Phạm Thu Hà"), ("phanbien", "Đỗ Quang Huy"), ("duyet", "Vũ Thị Mai"))
    ]
    return Board(house=house, author=members[0], reviewer=members[1], approver=members[2])


def a_choice(number: int, **overrides: Any) -> dict[str, Any]:
    """A question in the native form."""
    fields = {
        "id": f"Q-{number:04d}",
        "version": 1,
        "kind": "single_choice",
        "title": "",
        "stem": f"Câu {number}: {CANARY} cơ quan nào có thẩm quyền?",
        "options": [
            {"id": "a", "text": f"Ủy ban nhân dân {number}", "fraction": "1"},
            {"id": "b", "text": f"Hội đồng nhân dân {number}", "fraction": "0"},
            {"id": "c", "text": f"Sở Nội vụ {number}", "fraction": "0"},
        ],
        "marks": "1",
        "shuffle": True,
        "topics": [TOPIC],
        "level": "understand",
        "difficulty": None,
        "source": {
            "instrument": "Luật 80/2025/QH15",
            "article": "Điều 19",
            "valid_from": None,
            "valid_to": None,
        },
        "tags": [],
        "feedback": None,
    }
    return fields | overrides


def an_essay(number: int, **overrides: Any) -> dict[str, Any]:
    """An essay in the native form."""
    fields = a_choice(number) | {
        "id": f"TL-{number:03d}",
        "kind": "essay",
        "stem": f"Đề bài {number}: {CANARY} hãy phân tích.",
        "rubric": [
            {"key": "noi_dung", "title": "Nội dung", "max": "70", "guidance": "Đủ ý"},
            {"key": "dien_dat", "title": "Diễn đạt", "max": "30", "guidance": None},
        ],
        "min_words": None,
        "max_words": 1500,
        "marks": "100",
        "shuffle": False,
    }
    del fields["options"]
    return fields | overrides


def a_file(items: Sequence[dict[str, Any]], language: str = "vi") -> bytes:
    """The items as a native file."""
    document = {"schema": "exam-portal/items/1", "language": language, "items": list(items)}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def read(items: Sequence[dict[str, Any]]) -> tuple[Item, ...]:
    """The items, read."""
    result = formats.read(a_file(items))
    assert result.complete, result.errors
    return result.items


def a_bank(session: Session, board: Board, *, title: str = "Ngân hàng câu hỏi") -> ItemBank:
    """An empty bank of the authority."""
    organisation_id = board.house.organisation.id
    return service.open_bank(session, board.author, NOW, organisation_id=organisation_id, title=title)


def fill(
    session: Session,
    board: Board,
    bank: ItemBank,
    items: Sequence[dict[str, Any]],
    *,
    file: str = "items.json",
    language: str = "vi",
) -> imports.Plan:
    """The items have been taken into the bank by its author, as drafts."""
    content = a_file(items, language=language)
    result = formats.read(content, name=file)
    prepared = session.files.prepare(content, media_type="application/json", key_id=bank.key_id)
    kept = service.keep_import(
        session, board.author, NOW, bank=bank, file_name=file, file=prepared, report=imports.report(result)
    )
    incoming = imports.incoming(session.keys, bank.key_id, result.items)
    return service.commit_import(session, board.author, NOW, kept=kept, items=incoming)


def approve_all(session: Session, board: Board, bank: ItemBank) -> int:
    """Every item has been reviewed and approved by the two others."""
    everything = queries.Filter()
    service.review_all(session, board.reviewer, NOW, bank=bank, wanted=everything, stage=ItemStage.REVIEWED)
    return service.review_all(
        session, board.approver, NOW, bank=bank, wanted=everything, stage=ItemStage.APPROVED
    )


def an_approved_bank(
    session: Session, board: Board, items: Sequence[dict[str, Any]] | None = None
) -> ItemBank:
    """A bank of approved items (ten questions unless others are given)."""
    bank = a_bank(session, board)
    fill(session, board, bank, items if items is not None else [a_choice(n) for n in range(1, 11)])
    approve_all(session, board, bank)
    return bank


def asking(count: int = 4, **overrides: Any) -> Asked:
    """So many questions of the one topic and level."""
    facts: dict[str, Any] = {
        "counts": {(TOPIC, "understand"): count},
        "title": "Kiến thức chung",
        **overrides,
    }
    return Asked(**facts)


def a_competition(session: Session, board: Board, **overrides: Any) -> Competition:
    """A competition whose notice is public."""
    return an_announced(session, board.house, **overrides)


def a_drawn(
    session: Session,
    board: Board,
    competition: Competition,
    bank: ItemBank,
    asked: Asked | None = None,
    *,
    written: bool = False,
    kind: str = "official",
    now: datetime = NOW,
) -> Paper:
    """A drawn paper of the written part."""
    found = preparing.pool(session, bank, now.date(), written=written)
    wanted = resting.with_bank(session, bank, asked or asking(), found)
    draws = preparing.draw(session, found, wanted, kind=kind)
    kept = preparing.keep(
        session,
        board.author,
        now,
        competition=competition,
        part="written",
        bank=bank,
        asked=wanted,
        draws=draws,
        ready_from=None,
    )
    return kept[0]


def a_sitting(
    session: Session, board: Board, competition: Competition, starts_at: datetime = START
) -> Sitting:
    """The written part is held in the portal at this instant."""
    sitting = Sitting(
        competition_id=competition.id,
        part="written",
        mode="portal",
        starts_at=starts_at,
        duration_seconds=3600,
        created_by=board.house.organiser.account_id,
        created_at=NOW,
    )
    session.add(sitting)
    session.flush()
    return sitting


def a_sealed(session: Session, board: Board, paper: Paper, *, now: datetime = NOW) -> Paper:
    """The paper has been sealed by the setting board and the chair."""
    for officer in (board.author, board.house.chair):
        papers.seal(session, officer, now, paper=paper, seen=papers.commitments(paper))
    return paper


def an_opened(session: Session, board: Board, paper: Paper, *, now: datetime = START) -> Paper:
    """The paper has been opened by the chair and the secretary at the start."""
    for officer in (board.house.chair, board.house.secretary):
        papers.release_key(session, officer, now, paper=paper, opens_at=START)
    return paper
