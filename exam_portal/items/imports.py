# SPDX-License-Identifier: Apache-2.0
"""What an import will do to a bank: planned outside the writer, written inside it in two statements."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from question_bank import text
from question_bank.formats import ReadResult
from question_bank.item import Item, content_hash, native


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The last version of an item that the bank holds."""

    item_id: int
    version: int
    content_hash: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVersion:
    """A version that the import will write: ``item_id`` None makes a new item."""

    external_id: str
    item_id: int | None
    version: int
    item: Item
    content_hash: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New items, new versions of known ones, and how many say what the bank says already."""

    new: Sequence[PlannedVersion]
    changed: Sequence[PlannedVersion]
    unchanged: int

    @property
    def writes(self) -> Sequence[PlannedVersion]:
        """Everything the import will write."""
        return [*self.new, *self.changed]


def plan(items: Iterable[Item], known: Mapping[str, Known]) -> Plan:
    """Return what an import of the items does to a bank that holds the known ones."""
    new: list[PlannedVersion] = []
    changed: list[PlannedVersion] = []
    unchanged = 0
    for item in items:
        held = known.get(item.id)
        digest = content_hash(item)
        if held is None:
            new.append(_planned(item, digest, None, 1))
        elif held.content_hash != digest:
            changed.append(_planned(item, digest, held.item_id, held.version + 1))
        else:
            unchanged += 1
    return Plan(new=new, changed=changed, unchanged=unchanged)


def report(result: ReadResult) -> dict[str, object]:
    """Return the import report of the contract (exam-portal/import-report/1)."""
    return dict(result.report())


def version_columns(item: Item) -> dict[str, object]:
    """Return the columns of a version that its content determines; a restricted item shows none of it."""
    topic = item.topics[0] if item.topics else ""
    searched = " ".join([item.id, item.stem, *_option_texts(item), topic])
    return {
        "kind": item.kind,
        "restricted": item.restricted,
        "topic": "" if item.restricted else topic,
        "level": "" if item.restricted else (item.level or ""),
        "search_text": "" if item.restricted else text.search_key(searched),
        "content": None if item.restricted else {**native(item), "language": item.language},
    }


def _planned(item: Item, digest: str, item_id: int | None, version: int) -> PlannedVersion:
    return PlannedVersion(
        external_id=item.id, item_id=item_id, version=version, item=item, content_hash=digest
    )


def _option_texts(item: Item) -> list[str]:
    options = native(item).get("options")
    return (
        [str(option["text"]) for option in options if isinstance(option, Mapping)]
        if isinstance(options, list | tuple)
        else []
    )
