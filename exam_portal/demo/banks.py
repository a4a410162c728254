# SPDX-License-Identifier: Apache-2.0
"""The item bank of the demonstration: imported, reviewed and approved by different people."""

from datetime import timedelta
from pathlib import Path

from exam_portal.demo import cast, material
from exam_portal.demo.stage import Stage
from exam_portal.items import imports, queries, service
from exam_portal.items.models import ItemBank, ItemStage
from question_bank import formats

MEDIA_TYPE = "application/json"


def fill(stage: Stage) -> ItemBank:
    """The province has a bank of approved items; a few wait for review."""
    session, author = stage.session, stage.actor("rade1")
    opened = stage.at(-90, 9)
    bank = service.open_bank(
        session,
        author,
        opened,
        organisation_id=stage.organisations[cast.PROVINCE].id,
        title="Ngân hàng câu hỏi thi tuyển lãnh đạo, quản lý",
    )
    _take_in(stage, bank, material.ITEMS)
    for days, login, word in ((-80, "rade2", ItemStage.REVIEWED), (-75, "rade3", ItemStage.APPROVED)):
        asked = queries.Filter(stage=ItemStage.DRAFT if word is ItemStage.REVIEWED else ItemStage.REVIEWED)
        service.review_all(
            session, stage.actor(login), stage.at(days, 9), bank=bank, wanted=asked, stage=word
        )
    _take_in(stage, bank, material.ESSAYS)
    return bank


def _take_in(stage: Stage, bank: ItemBank, path: Path) -> None:
    session, author, at = stage.session, stage.actor("rade1"), stage.at(-88, 9)
    content = path.read_bytes()
    read = formats.read(content, name=path.name)
    kept = service.keep_import(
        session,
        author,
        at,
        bank=bank,
        file_name=path.name,
        file=session.files.prepare(content, media_type=MEDIA_TYPE, key_id=bank.key_id),
        report=imports.report(read),
    )
    incoming = imports.incoming(session.keys, bank.key_id, read.items)
    service.commit_import(session, author, at + timedelta(hours=1), kept=kept, items=incoming)
