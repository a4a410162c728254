# SPDX-License-Identifier: Apache-2.0
"""Each version of an item is what its hash says, and the hash is the one that was recorded."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.core.storage import Blob
from exam_portal.items import exposure, history, imports, remarks
from exam_portal.items.models import (
    Item,
    ItemBank,
    ItemComment,
    ItemImport,
    ItemReview,
    ItemStatistic,
    ItemUse,
    ItemVersion,
)
from scoring.verify.canonical import sha256_of

_REVIEWED = ("items.reviewed", "items.approved", "items.returned", "items.retired")


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each version whose content or hash was changed, and each import that is not what was taken in."""
    yield from _contents(session)
    rows = (
        select(
            ItemVersion.public_id.label("_about"),
            ItemVersion.author_id.label("_by"),
            ItemVersion.created_at.label("_at"),
            Item.external_id.label("item"),
            ItemVersion.version,
            ItemVersion.content_hash.label("hash"),
        )
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.import_id.is_(None))
    )
    yield from acts.compare(session, "items", "version", ("items.written",), rows)
    said = (
        select(
            ItemVersion.public_id.label("_about"),
            ItemComment.by.label("_by"),
            ItemComment.at.label("_at"),
            ItemComment.public_id.label("comment"),
            ItemComment.sealed_words.label("words"),
        )
        .join(ItemVersion, ItemVersion.id == ItemComment.item_version_id)
        .order_by(ItemComment.id)
    )
    yield from acts.compare(session, "items", "comment", ("items.commented",), said, {"words"})
    yield from acts.untold("items", "review", _reviews(session), acts.told(session, *_REVIEWED))
    received = select(
        ItemBank.public_id.label("_about"),
        ItemImport.by.label("_by"),
        ItemImport.at.label("_at"),
        ItemImport.public_id.label("import"),
        Blob.sha256,
    ).join(ItemBank, ItemBank.id == ItemImport.bank_id)
    received = received.join(Blob, Blob.id == ItemImport.blob_id).order_by(ItemImport.id)
    yield from acts.compare(session, "items", "file", ("items.file_received",), received)
    yield from acts.untold("items", "report", _reports(session), acts.told(session, "items.import_examined"))
    yield from acts.untold("items", "import", _imports(session), acts.told(session, "items.imported"))
    yield from acts.untold(
        "items", "statistics", _statistics(session), acts.told(session, "items.statistics_kept")
    )
    yield from acts.untold("items", "uses", _uses(session), acts.told(session, "items.uses_kept"))


def _reviews(session: Session) -> Iterator[acts.Facts]:
    """Yield each word on a version, and each that was said on many at once."""
    rows = (
        select(ItemReview, ItemVersion.public_id, ItemVersion.content_hash, ItemBank.public_id)
        .join(ItemVersion, ItemVersion.id == ItemReview.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(ItemBank, ItemBank.id == Item.bank_id)
        .order_by(ItemReview.id)
    )
    batches: dict[tuple[str, str, str, int, str], list[str]] = defaultdict(list)
    for word, version, hash_, bank in session.execute(rows.execution_options(yield_per=500)):
        at = audit.stamp(word.at)
        if word.batch is not None:
            batches[bank, word.batch, word.stage, word.by, at].append(hash_)
            continue
        facts = {"_about": version, "_by": word.by, "_at": at, "stage": word.stage, "hash": hash_}
        yield {**facts, "comment": remarks.digest(word.sealed_comment)}
    for (bank, batch, stage, by, at), hashes in batches.items():
        facts = {"_about": bank, "_by": by, "_at": at, "stage": stage, "batch": batch}
        yield {**facts, "count": len(hashes), "hashes": imports.hash_of_all(hashes)}


def _contents(session: Session) -> Iterator[Difference]:
    query = (
        select(ItemVersion, ItemBank.key_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(ItemBank, ItemBank.id == Item.bank_id)
        .order_by(ItemVersion.id)
    )
    for version, key_id in session.execute(query.execution_options(yield_per=500)):
        if _hash_of(session, version, key_id) != version.content_hash:
            yield Difference(where="items", code="content", place=version.public_id)


def _hash_of(session: Session, version: ItemVersion, key_id: str) -> str:
    if version.sealed_content is None:
        return sha256_of(version.content)
    try:
        content = session.keys.open(key_id, version.sealed_content, imports.RESTRICTED_CONTEXT)
    except (SealBroken, KeyErased):
        return ""
    return f"sha256:{audit.digest(content)}"


def _imports(session: Session) -> Iterator[acts.Facts]:
    """Yield what each import that was committed has brought."""
    brought = defaultdict(list)
    written = select(ItemVersion.import_id, ItemVersion.content_hash)
    for import_id, hash_ in session.execute(written.where(ItemVersion.import_id.is_not(None))):
        brought[import_id].append(hash_)
    rows = select(
        ItemImport.id, ItemImport.public_id, ItemImport.committed_at, ItemBank.public_id.label("bank")
    )
    taken = rows.join(ItemBank, ItemBank.id == ItemImport.bank_id).where(ItemImport.committed_at.is_not(None))
    for row in session.execute(taken.order_by(ItemImport.id)):
        yield {
            "_about": row.bank,
            "_at": audit.stamp(row.committed_at),
            "import": row.public_id,
            "hashes": imports.hash_of_all(brought[row.id]),
        }


def _reports(session: Session) -> Iterator[acts.Facts]:
    """Yield what the examination of each file has found."""
    rows = select(ItemImport, ItemBank.public_id).join(ItemBank, ItemBank.id == ItemImport.bank_id)
    examined = rows.where(ItemImport.examined_at.is_not(None)).order_by(ItemImport.id)
    for kept, bank in session.execute(examined.execution_options(yield_per=100)):
        at = audit.stamp(kept.examined_at or kept.at)
        facts = {"_about": bank, "_at": at, "import": kept.public_id}
        yield {**facts, "report": sha256_of(kept.report)}


def _statistics(session: Session) -> Iterator[acts.Facts]:
    """Yield what each analysis has left in each bank."""
    left = defaultdict(list)
    rows = (
        select(ItemStatistic, ItemVersion.public_id, ItemBank.public_id)
        .join(ItemVersion, ItemVersion.id == ItemStatistic.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(ItemBank, ItemBank.id == Item.bank_id)
    )
    for row, version, bank in session.execute(rows):
        left[row.source, bank].append(history.hash_of(version, row.form, row.persons, row.content))
    for (source, bank), hashes in sorted(left.items()):
        facts = {"_about": bank, "analysis": source, "count": len(hashes)}
        yield {**facts, "hashes": imports.hash_of_all(hashes)}


def _uses(session: Session) -> Iterator[acts.Facts]:
    """Yield what each opened paper has left in its bank."""
    left = defaultdict(list)
    rows = (
        select(ItemUse, Item.external_id, ItemBank.public_id)
        .join(Item, Item.id == ItemUse.item_id)
        .join(ItemBank, ItemBank.id == Item.bank_id)
    )
    for row, name, bank in session.execute(rows):
        use = exposure.Use(form=row.form, item=name, version=row.version)
        left[row.paper, bank, row.held_at].append(use)
    for (paper, bank, held_at), uses in sorted(left.items()):
        facts = {"_about": bank, "paper": paper, "held_at": audit.stamp(held_at), "count": len(uses)}
        yield {**facts, "hashes": exposure.hash_of(uses)}
