# SPDX-License-Identifier: Apache-2.0
"""Verbs of the item bank: open a bank, import, write, review, approve, return, retire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.core.ids import new_public_id
from exam_portal.core.storage import Prepared
from exam_portal.items import errors, imports, queries
from exam_portal.items.models import Item, ItemBank, ItemImport, ItemReview, ItemStage, ItemVersion
from question_bank import item as bank_item
from question_bank.item import Item as BankItem
from scoring.verify.canonical import canonical_bytes

RESTRICTED_CONTEXT = "items.restricted"
BANK_KEY = "items.bank"


def open_bank(session: Session, actor: Actor, now: datetime, *, organisation_id: int, title: str) -> ItemBank:
    """The organisation has a bank of items, with a key for its restricted ones."""
    bank = ItemBank(
        organisation_id=organisation_id,
        title=title,
        key_id=session.keys.create(),
        created_by=_account(actor),
        created_at=now,
    )
    session.add(bank)
    session.flush()
    _record(session, actor, now, "items.bank_opened", bank, {})
    return bank


def keep_import(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    file_name: str,
    file: Prepared,
    report: dict[str, Any],
) -> ItemImport:
    """The file lies in the bank's store with the report of reading it; no item has been taken in."""
    blob = session.files.add(session, file, now=now)
    kept = ItemImport(
        bank_id=bank.id, file_name=file_name, blob_id=blob.id, report=report, by=_account(actor), at=now
    )
    session.add(kept)
    session.flush()
    facts = {"import": kept.public_id, "read": report["read"], "refused": report["refused"]}
    _record(session, actor, now, "items.import_examined", bank, facts)
    return kept


def commit_import(
    session: Session, actor: Actor, now: datetime, *, kept: ItemImport, items: Sequence[BankItem]
) -> imports.Plan:
    """All items of the file are in the bank as drafts, or none: new ones, and new versions of changed ones."""
    bank = session.get_one(ItemBank, kept.bank_id, with_for_update=True)
    if kept.committed_at is not None:
        raise errors.ImportCommitted
    if kept.report["refused"] or any(p["severity"] == "error" for p in kept.report["problems"]):
        raise errors.ImportUnusable
    plan = imports.plan(items, queries.known(session, bank.id))
    _write(session, now, bank, plan.writes, author_id=_account(actor), import_id=kept.id)
    kept.committed_at = now
    facts = {
        "import": kept.public_id,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
    }
    _record(session, actor, now, "items.imported", bank, facts)
    return plan


def write_item(
    session: Session, actor: Actor, now: datetime, *, bank: ItemBank, item: BankItem, is_new: bool
) -> ItemVersion:
    """The item has a new version (or is new), a draft by this author."""
    session.execute(select(ItemBank.id).where(ItemBank.id == bank.id).with_for_update())
    known = queries.known(session, bank.id, external_id=item.id)
    if is_new and known:
        raise errors.ItemExists(item.id)
    plan = imports.plan([item], known)
    if not plan.writes:
        raise errors.ItemUnchanged
    _write(session, now, bank, plan.writes, author_id=_account(actor), import_id=None)
    version = queries.last_version(session, bank.id, item.id)
    facts = {"item": item.id, "version": version.version, "hash": version.content_hash}
    _record(session, actor, now, "items.written", bank, facts, subject=version.public_id)
    return version


def review(
    session: Session, actor: Actor, now: datetime, *, version: ItemVersion, stage: ItemStage, comment: str
) -> ItemReview:
    """The version has moved: reviewed and approved by two others than its author, or returned, or retired."""
    bank = bank_of(session, version, lock=True)
    word = _reviewed(session, actor, now, version, stage, comment)
    facts = {"stage": stage.value, "hash": version.content_hash}
    _record(session, actor, now, f"items.{stage.value}", bank, facts, subject=version.public_id)
    return word


def review_all(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    versions: Sequence[ItemVersion],
    stage: ItemStage,
) -> int:
    """Every version that this person may move has moved; one leaf names them by hash. Returns how many."""
    session.execute(select(ItemBank.id).where(ItemBank.id == bank.id).with_for_update())
    stages = queries.stages(session, [version.id for version in versions])
    account = _account(actor)
    movable = [
        version for version in versions if _refusal(version, stages.get(version.id), stage, account) is None
    ]
    if movable:
        rows = [
            {"item_version_id": version.id, "stage": stage.value, "comment": "", "by": account, "at": now}
            for version in movable
        ]
        session.execute(insert(ItemReview), rows)
        hashes = [version.content_hash for version in movable]
        _record(session, actor, now, f"items.{stage.value}", bank, {"hashes": hashes})
    return len(movable)


def content_of(session: Session, version: ItemVersion) -> BankItem:
    """Return the item of a version, opened with the setting board's key where it is restricted."""
    if version.content is not None:
        return queries.parsed(version.content)
    bank = bank_of(session, version)
    assert version.sealed_content is not None
    return queries.parsed_bytes(session.keys.open(bank.key_id, version.sealed_content, RESTRICTED_CONTEXT))


def bank_of(session: Session, version: ItemVersion, *, lock: bool = False) -> ItemBank:
    """Return the bank that holds the version."""
    bank_id = session.scalars(select(Item.bank_id).where(Item.id == version.item_id)).one()
    return session.get_one(ItemBank, bank_id, with_for_update=lock)


def _reviewed(
    session: Session, actor: Actor, now: datetime, version: ItemVersion, stage: ItemStage, comment: str
) -> ItemReview:
    last = queries.stages(session, [version.id]).get(version.id)
    refusal = _refusal(version, last, stage, _account(actor))
    if refusal is not None:
        raise refusal
    word = ItemReview(
        item_version_id=version.id, stage=stage.value, comment=comment, by=_account(actor), at=now
    )
    session.add(word)
    session.flush()
    return word


def _refusal(
    version: ItemVersion, last: queries.Standing | None, stage: ItemStage, account: int
) -> Exception | None:
    """Return why this person may not move the version there now, or nothing."""
    current = last.stage if last else ItemStage.DRAFT
    if stage in (ItemStage.REVIEWED, ItemStage.APPROVED) and version.author_id == account:
        return errors.OwnItem()
    if stage is ItemStage.REVIEWED and current not in (ItemStage.DRAFT, ItemStage.RETURNED):
        return StaleState()
    if stage is ItemStage.APPROVED and (last is None or current is not ItemStage.REVIEWED):
        return errors.NotReviewed()
    if stage is ItemStage.APPROVED and last is not None and last.by == account:
        return errors.SameReviewer()
    if current is ItemStage.RETIRED:
        return StaleState()
    return None


def _write(
    session: Session,
    now: datetime,
    bank: ItemBank,
    planned: Sequence[imports.PlannedVersion],
    *,
    author_id: int,
    import_id: int | None,
) -> None:
    new = [entry for entry in planned if entry.item_id is None]
    if new:
        rows = [
            {
                "public_id": new_public_id(),
                "bank_id": bank.id,
                "external_id": e.external_id,
                "created_at": now,
            }
            for e in new
        ]
        session.execute(insert(Item), rows)
    ids = queries.item_ids(session, bank.id) if new else {}
    versions = [
        {
            "public_id": new_public_id(),
            "item_id": entry.item_id or ids[entry.external_id],
            "version": entry.version,
            "content_hash": entry.content_hash,
            "sealed_content": _sealed(session, bank, entry.item),
            "author_id": author_id,
            "import_id": import_id,
            "created_at": now,
            **imports.version_columns(entry.item),
        }
        for entry in planned
    ]
    if versions:
        session.execute(insert(ItemVersion), versions)


def _sealed(session: Session, bank: ItemBank, item: BankItem) -> bytes | None:
    if not item.restricted:
        return None
    content = canonical_bytes({**bank_item.native(item), "language": item.language})
    return session.keys.seal(bank.key_id, content, RESTRICTED_CONTEXT)


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    code: str,
    bank: ItemBank,
    facts: dict[str, Any],
    *,
    subject: str | None = None,
) -> None:
    content = {"bank": bank.public_id, **facts}
    audit.record(session, actor, now, type=code, subject=subject or bank.public_id, content=content)
