# SPDX-License-Identifier: Apache-2.0
"""What a file would bring, question by question, for whoever decides whether it is taken in."""

import dataclasses
import enum
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import arrivals, changes, imports, presentation, queries, service
from exam_portal.items.arrivals import Held
from exam_portal.items.imports import Incoming
from exam_portal.items.models import ItemBank, ItemImport, ItemStage, ItemVersion
from question_bank.item import Item as BankItem

PAGE = 25


class Fate(enum.StrEnum):
    """What becomes of a question of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EARLIER = "earlier"  # what the bank has corrected since
    REFUSED = "refused"


LEAVING = "leaving"  # shown: changed ones whose last version is approved, and so leaves the pool
FILTERS = (
    "",
    Fate.NEW.value,
    Fate.CHANGED.value,
    LEAVING,
    Fate.UNCHANGED.value,
    Fate.EARLIER.value,
    Fate.REFUSED.value,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question of the file, and what the bank holds of it; a restricted one shows no words."""

    number: int
    name: str
    fate: Fate
    kind: str = ""
    stem: str = ""
    topic: str = ""
    level: str = ""
    restricted: bool = False
    reasons: Sequence[str] = ()
    held: Held | None = None

    @property
    def is_leaving(self) -> bool:
        """Whether an approved question leaves the pool with it, until the new version is approved."""
        return self.fate is Fate.CHANGED and self.held is not None and self.held.stage is ItemStage.APPROVED


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The whole file, in its order."""

    rows: Sequence[Row]
    entries: Mapping[str, Incoming]

    def of(self, shown: str) -> list[Row]:
        """Return the rows that a filter shows."""
        if shown == LEAVING:
            return [row for row in self.rows if row.is_leaving]
        return [row for row in self.rows if not shown or row.fate == shown]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows each filter shows."""
        return {shown: len(self.of(shown)) for shown in FILTERS}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One question of the file with its key, and what differs from the version that the bank holds."""

    row: Row
    content: presentation.Content
    differences: Sequence[changes.Difference]


def of(session: Session, kept: ItemImport, items: Sequence[Incoming], plan: imports.Plan) -> Coming:
    """Return what the file would bring: one query, for what the bank holds of it."""
    fates = {entry.external_id: Fate.NEW for entry in plan.new}
    fates |= {entry.external_id: Fate.CHANGED for entry in plan.changed}
    fates |= {entry.external_id: Fate.EARLIER for entry in plan.earlier}
    known = [entry.external_id for entry in (*plan.changed, *plan.same, *plan.earlier)]
    held = arrivals.held(session, kept.bank_id, known)
    read = [_row(entry, fates.get(entry.external_id, Fate.UNCHANGED), held) for entry in items]
    refused = [_refused(row) for row in (kept.report or {}).get("refusals", ())]
    return Coming(
        rows=sorted([*read, *refused], key=lambda row: row.number),
        entries={entry.external_id: entry for entry in items},
    )


def worded(coming: Coming, rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the words by which a reader knows the questions; of restricted ones none."""
    return [dataclasses.replace(row, stem=_stem(coming, row)) for row in rows]


def differences(
    session: Session, bank: ItemBank, coming: Coming, rows: Sequence[Row]
) -> dict[str, Sequence[changes.Difference]]:
    """Return what changes in these rows, by name, of those that are not restricted: one query."""
    open_ones = [row for row in rows if row.fate is Fate.CHANGED and row.held and not row.restricted]
    ids = {row.name: row.held.version_id for row in open_ones if row.held}
    found = session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids.values())))
    versions = {version.id: version for version in found}
    return {
        row.name: _differences(session, bank, versions[ids[row.name]], coming.entries[row.name])
        for row in open_ones
        if not versions[ids[row.name]].restricted
    }


def arrival(session: Session, bank: ItemBank, coming: Coming, number: int) -> Arrival:
    """Return the question that has this number in the file, else NotFound."""
    row = next((row for row in coming.rows if row.number == number and row.name in coming.entries), None)
    if row is None or row.fate is Fate.REFUSED:
        raise NotFound
    entry = coming.entries[row.name]
    found: Sequence[changes.Difference] = ()
    if row.fate is Fate.CHANGED and row.held is not None:
        found = _differences(session, bank, session.get_one(ItemVersion, row.held.version_id), entry)
    content = presentation.content(content_of(session, bank, entry))
    return Arrival(row=row, content=content, differences=found)


def content_of(session: Session, bank: ItemBank, entry: Incoming) -> BankItem:
    """Return the item as it would come in, opened with the key of the bank if it is restricted."""
    sealed = entry.row["sealed_content"]
    if sealed is None:
        return queries.parsed(json.loads(entry.row["content"]))
    return queries.parsed_bytes(session.keys.open(bank.key_id, sealed, imports.RESTRICTED_CONTEXT))


def _differences(
    session: Session, bank: ItemBank, version: ItemVersion, entry: Incoming
) -> Sequence[changes.Difference]:
    return changes.between(service.content_of(session, version, bank), content_of(session, bank, entry))


def _stem(coming: Coming, row: Row) -> str:
    if row.fate is Fate.REFUSED:
        return row.stem
    content = coming.entries[row.name].row["content"]
    fields = json.loads(content) if content else {}
    return str(fields.get("stem") or fields.get("stimulus") or "")


def _row(entry: Incoming, fate: Fate, held: Mapping[str, Held]) -> Row:
    return Row(
        number=entry.number,
        name=entry.external_id,
        fate=fate,
        kind=entry.row["kind"],
        topic=entry.row["topic"],
        level=entry.row["level"],
        restricted=entry.row["restricted"],
        held=held.get(entry.external_id),
    )


def _refused(row: Mapping[str, Any]) -> Row:
    return Row(
        number=row["number"],
        name=row["item"],
        fate=Fate.REFUSED,
        stem=row["opening"],
        reasons=row["reasons"],
    )
