# SPDX-License-Identifier: Apache-2.0
"""Verbs of the item bank: open a bank, import, write, review, approve, return, retire."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound, StaleState
from exam_portal.core.ids import new_public_id
from exam_portal.core.storage import Prepared
from exam_portal.items import arrivals, bulk, errors, files, imports, queries, remarks, rows, standings
from exam_portal.items.models import Item, ItemBank, ItemImport, ItemReview, ItemStage, ItemVersion
from question_bank import placing
from question_bank.item import Item as BankItem

MISLEADING: Final = "open"  # of question_bank.placing
_CODES: Mapping[ItemStage, str] = {
    ItemStage.REVIEWED: "items.reviewed",
    ItemStage.APPROVED: "items.approved",
    ItemStage.RETURNED: "items.returned",
    ItemStage.RETIRED: "items.retired",
}


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
    items: Prepared | None = None,
) -> ItemImport:
    """A file that was examined already lies in the bank's store with its report."""
    kept = files.receive(session, actor, now, bank=bank, file_name=file_name, file=file)
    files.keep_report(session, actor, now, kept=kept, report=report, items=items)
    return kept


def stage_import(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    kept: ItemImport,
    items: Sequence[imports.Incoming],
    without_refused: bool = False,
) -> None:
    """A portion of the file's items lies in the bank, where nobody sees it before the import is committed.

    ``items`` come from ``imports.incoming``, which runs before the writer is taken. Doing it again, as after
    a crash, writes only what is missing.
    """
    bank = _importing(session, kept, without_refused=without_refused)
    ids = [entry.external_id for entry in items]
    plan = imports.plan(items, arrivals.known(session, bank.id, ids), arrivals.former(session, bank.id, ids))
    if plan.overtaken:
        raise errors.ImportOvertaken
    done = arrivals.staged(session, kept, ids)
    rest = [entry for entry in plan.writes if entry.external_id not in done]
    rows.write(session, now, bank, rest, author_id=_account(actor), import_id=kept.id)


def commit_import(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    kept: ItemImport,
    items: Sequence[imports.Incoming],
    without_refused: bool = False,
) -> imports.Plan:
    """All items of the file are in the bank as drafts, or none: new ones, and new versions of changed ones.

    Where some were refused the others come in only if somebody says so; the record counts what was left out.
    Those that ``stage_import`` has written appear with the rest. Raises ImportOvertaken where somebody has
    written one of them meanwhile.
    """
    bank = _importing(session, kept, without_refused=without_refused)
    known, staged = arrivals.known(session, bank.id), arrivals.staged(session, kept)
    plan = imports.plan(items, known, arrivals.former(session, bank.id))
    _refuse_overtaken(plan, known, staged)
    rest = [entry for entry in plan.writes if entry.external_id not in staged]
    rows.write(session, now, bank, rest, author_id=_account(actor), import_id=kept.id)
    kept.committed_at = now
    facts = {
        "import": kept.public_id,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "refused": imports.refused(kept.report),
        "hashes": imports.hash_of_all(entry.content_hash for entry in plan.writes),
    }
    _record(session, actor, now, "items.imported", bank, facts)
    return plan


def write_item(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    item: imports.Incoming,
    is_new: bool,
    follows: int | None = None,
) -> ItemVersion:
    """The item has a new version (or is new), a draft by this author.

    ``follows`` is the version that its author has read; raises NewerVersion where that is not the last one.
    """
    bank = session.get_one(ItemBank, bank.id, with_for_update=True)
    known = arrivals.known(session, bank.id, [item.external_id])
    if is_new and known:
        raise errors.ItemExists(item.external_id)
    if follows is not None and known[item.external_id].version != follows:
        raise errors.NewerVersion
    plan = imports.plan([item], known)
    if not plan.writes:
        raise errors.ItemUnchanged
    rows.write(session, now, bank, plan.writes, author_id=_account(actor), import_id=None)
    version = queries.last_version(session, bank.id, item.external_id)
    facts = {"item": item.external_id, "version": version.version, "hash": version.content_hash}
    _record(session, actor, now, "items.written", bank, facts, subject=version.public_id)
    return version


def review(
    session: Session, actor: Actor, now: datetime, *, version: ItemVersion, stage: ItemStage, comment: str
) -> ItemReview:
    """The version has moved: reviewed and approved by two others than its author, or returned, or retired.

    Approving a shuffled item whose key changes with the order needs a reason.
    """
    bank = bank_of(session, version, lock=True)
    if stage is ItemStage.RETURNED and not comment.strip():
        raise errors.CommentMissing
    last = standings.stages(session, [version.id]).get(version.id)
    refusal = _refusal(version.author_id, last, stage, _account(actor))
    if refusal is None and not standings.is_last(session, version):
        refusal = StaleState()
    if refusal is None and stage is ItemStage.APPROVED and not comment.strip():
        refusal = errors.PlacesShuffled() if is_misleading(session, version, bank) else None
    if refusal is not None:
        raise refusal
    sealed = remarks.sealed(session, bank, comment)
    word = ItemReview(
        item_version_id=version.id, stage=stage.value, sealed_comment=sealed, by=_account(actor), at=now
    )
    session.add(word)
    session.flush()
    facts = {"stage": stage.value, "hash": version.content_hash, "comment": remarks.digest(sealed)}
    _record(session, actor, now, _CODES[stage], bank, facts, subject=version.public_id)
    return word


def open_stages(session: Session, actor: Actor, version: ItemVersion) -> frozenset[ItemStage]:
    """Return where this person could move the version now; what another has to say is not among it."""
    last = standings.stages(session, [version.id]).get(version.id)
    words = (stage for stage in ItemStage if stage is not ItemStage.DRAFT)
    return frozenset(
        stage for stage in words if _refusal(version.author_id, last, stage, _account(actor)) is None
    )


def review_all(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    wanted: queries.Filter,
    stage: ItemStage,
    among: Collection[int] | None = None,
) -> int:
    """Every item found that this person may move has moved; one leaf covers them. Returns how many.

    ``among`` is a portion of what ``movable`` found before the writer is taken.
    """
    bank = session.get_one(ItemBank, bank.id, with_for_update=True)
    found = movable(session, actor, bank=bank, wanted=wanted, stage=stage, among=among)
    if not found:
        return 0
    moved = [{"item_version_id": head.id} for head in found]
    batch = new_public_id()
    common = {
        "stage": stage.value,
        "sealed_comment": None,
        "batch": batch,
        "by": _account(actor),
        "at": now,
    }
    bulk.add(session, ItemReview, moved, common=common)
    facts = {
        "stage": stage.value,
        "batch": batch,
        "count": len(found),
        "hashes": imports.hash_of_all(head.content_hash for head in found),
    }
    _record(session, actor, now, _CODES[stage], bank, facts)
    return len(found)


def movable(
    session: Session,
    actor: Actor,
    *,
    bank: ItemBank,
    wanted: queries.Filter,
    stage: ItemStage,
    among: Collection[int] | None = None,
) -> list[standings.VersionHead]:
    """Return what the search finds and this person may move to the stage.

    Where approving needs a reason, an item is approved on its own page.
    """
    account = _account(actor)
    found = [
        head
        for head in queries.heads(session, bank.id, wanted, among=among)
        if _refusal(head.author_id, head.standing, stage, account) is None
    ]
    if stage is not ItemStage.APPROVED:
        return found
    return [head for head in found if not _is_misleading_head(session, head, bank)]


def is_misleading(session: Session, version: ItemVersion, bank: ItemBank | None = None) -> bool:
    """Whether the options are shuffled though one of them names others, so that the key changes with them."""
    if not version.restricted:
        return version.places == MISLEADING
    return placing.standing(content_of(session, version, bank)) == MISLEADING


def _is_misleading_head(session: Session, head: standings.VersionHead, bank: ItemBank) -> bool:
    if not head.restricted:
        return head.places == MISLEADING
    return is_misleading(session, session.get_one(ItemVersion, head.id), bank)


def content_of(session: Session, version: ItemVersion, bank: ItemBank | None = None) -> BankItem:
    """Return the item of a version, opened with the key of its bank (which may be given) if restricted."""
    if version.sealed_content is None:
        return queries.parsed(version.content or {})
    bank = bank or bank_of(session, version)
    return queries.parsed_bytes(
        session.keys.open(bank.key_id, version.sealed_content, imports.RESTRICTED_CONTEXT)
    )


def bank_of(session: Session, version: ItemVersion, *, lock: bool = False) -> ItemBank:
    """Return the bank that holds the version."""
    bank_id = session.scalars(select(Item.bank_id).where(Item.id == version.item_id)).one()
    return session.get_one(ItemBank, bank_id, with_for_update=lock)


def _refusal(
    author_id: int, last: standings.Standing | None, stage: ItemStage, account: int
) -> DomainError | None:
    """Return why this person may not move the version there now, or nothing."""
    current = last.stage if last else ItemStage.DRAFT
    if current is ItemStage.RETIRED:
        return StaleState()
    if stage in (ItemStage.REVIEWED, ItemStage.APPROVED) and author_id == account:
        return errors.OwnItem()
    if stage is ItemStage.REVIEWED and current not in (ItemStage.DRAFT, ItemStage.RETURNED):
        return StaleState()
    if stage is ItemStage.RETURNED and current is ItemStage.RETURNED:
        return StaleState()
    if stage is ItemStage.APPROVED and current is ItemStage.APPROVED:
        return StaleState()
    if stage is ItemStage.APPROVED and (last is None or current is not ItemStage.REVIEWED):
        return errors.NotReviewed()
    if stage is ItemStage.APPROVED and last is not None and last.by == account:
        return errors.SameReviewer()
    return None


def _importing(session: Session, kept: ItemImport, *, without_refused: bool) -> ItemBank:
    """Return the locked bank into which the file may still be taken."""
    bank = session.get_one(ItemBank, kept.bank_id, with_for_update=True)
    session.refresh(kept)
    if kept.committed_at is not None:
        raise errors.ImportCommitted
    if not imports.is_usable(kept.report, without_refused=without_refused):
        raise errors.ImportUnusable
    return bank


def _refuse_overtaken(
    plan: imports.Plan, known: Mapping[str, imports.Known], staged: Mapping[str, imports.Known]
) -> None:
    if plan.overtaken:
        raise errors.ImportOvertaken
    planned = {entry.external_id: entry.content_hash for entry in plan.writes}
    for external_id, written in staged.items():
        held = known.get(external_id)
        is_older = held is not None and held.version > written.version
        if is_older or planned.get(external_id) != written.content_hash:
            raise errors.ImportOvertaken


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
