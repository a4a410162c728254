# SPDX-License-Identifier: Apache-2.0
"""Questions of files without ids find their own in the bank, and none takes the place of another."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.items import service, standings
from exam_portal.items.models import Item, ItemBank, ItemVersion
from question_bank import derived
from question_bank.formats import ReadResult
from question_bank.item import Item as BankItem


def settled(session: Session, bank: ItemBank, read: ReadResult) -> tuple[ReadResult, dict[str, str]]:
    """Return what was read with the ids that its questions have in this bank: at most two queries.

    Beside it stands, for each question whose file names no id, the hash of the version it was held against,
    empty for a new one: an import that finds another one there by then was overtaken.
    """
    bases = {row.item: row.derived for row in read.rows if row.derived and not row.is_refused}
    if not bases:
        return read, {}
    held = _held(session, bank, set(bases.values()))
    names = derived.names(read.items, bases, held, lambda wanted: _opened(session, bank, wanted))
    return read.renamed(names), {name: held.get(name, "") for name in names.values()}


def _held(session: Session, bank: ItemBank, bases: Collection[str]) -> dict[str, str]:
    length = len(next(iter(bases)))  # all of them are made in one way
    rows = session.execute(
        select(Item.external_id, ItemVersion.content_hash)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(
            Item.bank_id == bank.id,
            func.substr(Item.external_id, 1, length).in_(bases),
            standings.is_last_version(),
        )
    )
    return {row[0]: row[1] for row in rows}


def _opened(session: Session, bank: ItemBank, wanted: Collection[str]) -> Mapping[str, BankItem]:
    if not wanted:
        return {}
    rows = session.execute(
        select(Item.external_id, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank.id, Item.external_id.in_(wanted), standings.is_last_version())
    )
    return {row[0]: service.content_of(session, row[1], bank) for row in rows}
