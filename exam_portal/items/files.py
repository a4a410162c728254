# SPDX-License-Identifier: Apache-2.0
"""Files of items as the bank keeps them: sent, and examined with a report, before anything is taken in."""

from datetime import datetime
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.storage import Prepared
from exam_portal.items.models import ItemBank, ItemImport
from scoring.verify.canonical import sha256_of


def receive(
    session: Session, actor: Actor, now: datetime, *, bank: ItemBank, file_name: str, file: Prepared
) -> ItemImport:
    """The file lies in the bank's store, unread."""
    if actor.account_id is None:
        raise NotFound
    kept = ItemImport(
        bank_id=bank.id,
        file_name=file_name,
        blob_id=session.files.add(session, file, now=now).id,
        by=actor.account_id,
        at=now,
    )
    session.add(kept)
    session.flush()
    facts = {"import": kept.public_id, "sha256": file.sha256.hex()}
    _record(session, actor, now, "items.file_received", bank, facts)
    return kept


def keep_report(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    kept: ItemImport,
    report: dict[str, Any],
    items: Prepared | None,
) -> None:
    """What was found in the file is kept with it; no item has been taken in.

    ``items`` are what was read (``imports.packed``), so that nobody reads the file again.
    """
    bank = session.get_one(ItemBank, kept.bank_id)
    kept.items_blob_id = session.files.add(session, items, now=now).id if items is not None else None
    kept.report, kept.examined_at = report, now
    session.flush()
    facts: dict[str, Any] = {"import": kept.public_id, "read": report["read"], "refused": report["refused"]}
    facts["report"] = sha256_of(report)
    _record(session, actor, now, "items.import_examined", bank, facts)


def _record(
    session: Session, actor: Actor, now: datetime, code: str, bank: ItemBank, facts: dict[str, Any]
) -> None:
    content = {"bank": bank.public_id, **facts}
    audit.record(session, actor, now, type=code, subject=bank.public_id, content=content)
