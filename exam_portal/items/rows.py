# SPDX-License-Identifier: Apache-2.0
"""The rows of items and their versions, written portion by portion."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from exam_portal.core.db import Session
from exam_portal.items import arrivals, bulk, imports
from exam_portal.items.models import Item, ItemBank, ItemVersion


def write(
    session: Session,
    now: datetime,
    bank: ItemBank,
    items: Sequence[imports.Incoming],
    *,
    author_id: int,
    import_id: int | None,
) -> None:
    """Each item has a version more, and a row where it had none."""
    for portion in imports.portions(items):
        places = _places(session, now, bank, portion)
        rows: list[Mapping[str, Any]] = []
        for entry in portion:
            item_id, highest = places[entry.external_id]
            rows.append({**entry.row, "item_id": item_id, "version": highest + 1})
        common = {"author_id": author_id, "import_id": import_id, "created_at": now}
        bulk.add(session, ItemVersion, rows, common=common)


def _places(
    session: Session, now: datetime, bank: ItemBank, items: Sequence[imports.Incoming]
) -> dict[str, tuple[int, int]]:
    """Return the row of each item, which has one now, and its highest version."""
    ids = [entry.external_id for entry in items]
    known = arrivals.places(session, bank.id, ids)
    new = [entry for entry in items if entry.external_id not in known]
    rows = [{"public_id": entry.item_public_id, "external_id": entry.external_id} for entry in new]
    bulk.add(session, Item, rows, common={"bank_id": bank.id, "created_at": now})
    return arrivals.places(session, bank.id, ids) if new else known
