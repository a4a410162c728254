# SPDX-License-Identifier: Apache-2.0
"""What an import will do to a bank: everything costly happens here, before the writer is taken."""

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.engine.default import DefaultDialect

from exam_portal.core.db import Document
from exam_portal.core.ids import new_public_id
from exam_portal.core.keystore import Keystore
from exam_portal.items import errors, sources
from question_bank import item as bank_item
from question_bank import likeness, placing, secrecy, text
from question_bank.formats import ReadResult, Row, pictures, stamps
from question_bank.item import Item, content_hash, native
from scoring.verify.canonical import canonical_bytes

RESTRICTED_CONTEXT = "items.restricted"
MOST_REFUSALS = 2_000  # that a report names one by one, as many as its problems
PORTION = 500  # items that are written in one transaction
T = TypeVar("T")
_ANY = DefaultDialect()  # documents are the same text on every database


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A version of an item that the bank holds."""

    version: int
    content_hash: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An item ready to be written: hashed, folded for the search, sealed where it is restricted.

    ``row`` holds the columns of its version as the driver takes them.
    """

    external_id: str
    content_hash: str
    item_public_id: str
    row: Mapping[str, Any]
    number: int = 0  # of the question in its file, from 1 on
    # of one whose file names no id: the hash of the version that it corrects, "" if new
    follows: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New items, new versions of known ones, and those that say what the bank says, or has said before."""

    new: Sequence[Incoming]
    changed: Sequence[Incoming]
    same: Sequence[Incoming]
    earlier: Sequence[Incoming] = ()  # what the bank has corrected since: not written
    overtaken: Sequence[Incoming] = ()  # meant as new or for another version than the bank holds by now

    @property
    def unchanged(self) -> int:
        """How many items say what the bank says already."""
        return len(self.same)

    @property
    def writes(self) -> Sequence[Incoming]:
        """Everything the import will write."""
        return [*self.new, *self.changed]


def incoming(
    keys: Keystore,
    key_id: str,
    items: Iterable[Item],
    rows: Iterable[Row] = (),
    follows: Mapping[str, str] | None = None,
) -> list[Incoming]:
    """Return the items of a file as they will be written, of each the highest version in the file.

    The rows of the file say which number each has there; ``follows`` is what ``naming.settled`` has found.
    """
    latest: dict[str, Item] = {}
    for item in items:
        if item.id not in latest or latest[item.id].version < item.version:
            latest[item.id] = item
    numbers = {row.item: row.number for row in rows if not row.is_refused}
    made = (_incoming(keys, key_id, item, numbers.get(item.id, 0)) for item in latest.values())
    return [dataclasses.replace(entry, follows=(follows or {}).get(entry.external_id)) for entry in made]


def packed(items: Iterable[Incoming]) -> bytes:
    """Return the items as they are kept until somebody decides, so that no file is read a second time."""
    held = [
        {**dataclasses.asdict(entry), "row": {**entry.row, "sealed_content": _as_text(entry.row)}}
        for entry in items
    ]
    return json.dumps(held, ensure_ascii=False).encode()


def unpacked(content: bytes) -> list[Incoming]:
    """Return the items that ``packed`` has kept."""
    return [
        Incoming(**{**entry, "row": {**entry["row"], "sealed_content": _as_bytes(entry["row"])}})
        for entry in json.loads(content)
    ]


def refuse_classified(items: Sequence[Item], *, is_connected: bool, file: bytes = b"") -> None:
    """Neither items nor file bear a mark of state secrets on a connected installation; else Classified."""
    if not is_connected:
        return
    if marked := tuple(item.id for item in items if secrecy.mark_of(item)):
        raise errors.Classified(marked)
    if stamp := stamps.stamp_in(file, items):
        raise errors.Classified((stamp,))


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the items in portions, none of which holds the writer for long."""
    for start in range(0, len(items), PORTION):
        yield items[start : start + PORTION]


def plan(
    items: Iterable[Incoming],
    known: Mapping[str, Known],
    former: Collection[tuple[str, str]] = frozenset(),
) -> Plan:
    """Return what an import of the items does to a bank that holds the known ones.

    ``former``: id and hash of versions that a later one of the bank has replaced. A file that holds such a
    one is an old file; it does not bring back what was corrected.
    """
    new: list[Incoming] = []
    changed: list[Incoming] = []
    same: list[Incoming] = []
    earlier: list[Incoming] = []
    overtaken: list[Incoming] = []
    for entry in items:
        held = known.get(entry.external_id)
        if held is None:
            new.append(entry)
        elif entry.follows not in (None, held.content_hash) and held.content_hash != entry.content_hash:
            overtaken.append(entry)
        elif held.content_hash == entry.content_hash:
            same.append(entry)
        elif (entry.external_id, entry.content_hash) in former:
            earlier.append(entry)
        else:
            changed.append(entry)
    return Plan(new=new, changed=changed, same=same, earlier=earlier, overtaken=overtaken)


def hash_of_all(hashes: Iterable[str]) -> str:
    """Return the hash by which the record names many versions at once, whatever their order."""
    digest = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
    return f"sha256:{digest}"


def report(result: ReadResult) -> dict[str, Any]:
    """Return the import report of the contract (exam-portal/import-report/1).

    Its findings keep their path and detail apart from the message, so that a page words them in any language;
    what was refused stands there question by question, too.
    """
    problems = [
        {**problem.report(), "path": problem.path, "detail": problem.detail} for problem in result.problems
    ]
    refusals = [dataclasses.asdict(row) for row in result.rows if row.is_refused][:MOST_REFUSALS]
    return {**result.report(), "problems": problems, "refusals": refusals}


def refused(found: Mapping[str, Any] | None) -> int:
    """How many items of the file of this report were refused."""
    return int(found["refused"]) if found else 0


def has_good_ones(found: Mapping[str, Any] | None) -> bool:
    """Whether some of the file of this report can be taken in without the rest, if somebody says so."""
    return bool(found and found["read"] and found["refused"])


def is_usable(found: Mapping[str, Any] | None, *, without_refused: bool = False) -> bool:
    """Whether the file of this report may be taken in: nothing of it was refused, or that is left out.

    One that is not examined yet has no report.
    """
    if found is None:
        return False
    if without_refused and has_good_ones(found):
        return True
    return not found["refused"] and not any(p["severity"] == "error" for p in found["problems"])


def _incoming(keys: Keystore, key_id: str, item: Item, number: int) -> Incoming:
    columns = _restricted(keys, key_id, item) if item.restricted else _open(item)
    digest = content_hash(item)
    own = {"public_id": new_public_id(), "kind": item.kind, "content_hash": digest}
    return Incoming(
        external_id=item.id,
        content_hash=digest,
        item_public_id=new_public_id(),
        row={**own, **columns},
        number=number,
    )


def facts_of(content: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return first topic, level and difficulty of a native content; empty what it does not state."""
    topic: str = next(iter(content["topics"]), "")
    return topic[:200], content["level"] or "", content["difficulty"] or ""


def _open(item: Item) -> dict[str, Any]:
    content: dict[str, Any] = {**native(item), "language": item.language}
    topic, level, difficulty = facts_of(content)
    texts = map(pictures.in_words, likeness.texts_of(content, places=True))
    searched = " ".join([item.id, item.title, *texts, topic])
    return {
        "restricted": False,
        "topic": topic,
        "level": level,
        "difficulty": difficulty,
        "search_text": text.search_key(searched),
        "instrument": text.search_key(sources.instruments(content)),
        "valid_to": sources.last_day(content),
        "places": placing.standing(item),
        "content": _document(content),
        "sealed_content": None,
    }


def _restricted(keys: Keystore, key_id: str, item: Item) -> dict[str, Any]:
    """A restricted item shows its kind and nothing else of its content."""
    content = canonical_bytes({**bank_item.native(item), "language": item.language})
    return {
        "restricted": True,
        "topic": "",
        "level": "",
        "difficulty": "",
        "search_text": "",
        "instrument": "",
        "valid_to": "",
        "places": "",
        "content": None,
        "sealed_content": keys.seal(key_id, content, RESTRICTED_CONTEXT),
    }


def _document(content: Mapping[str, Any]) -> str | None:
    """Return the content as its column stores it."""
    return Document().process_bind_param(content, _ANY)


def _as_text(row: Mapping[str, Any]) -> str | None:
    sealed: bytes | None = row["sealed_content"]
    return None if sealed is None else sealed.hex()


def _as_bytes(row: Mapping[str, Any]) -> bytes | None:
    return None if row["sealed_content"] is None else bytes.fromhex(row["sealed_content"])
