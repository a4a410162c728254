# SPDX-License-Identifier: Apache-2.0
"""An item: frozen, versioned, identified by the hash of its content.

What all kinds share stands here; what a kind adds is its `Body` (`question_bank.kinds`). The functions below
are all that delivery, marking and assembly need to know.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from decimal import Decimal

from question_bank.grading import Score, score_of
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, Slot
from scoring.verify.canonical import canonical_bytes

OPTION_NAMES = "exam/option-names/v1"
LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalSource:
    """The provision the key rests on and the days (ISO 8601) between which it is in force."""

    instrument: str | None = None
    article: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    def native(self) -> dict[str, Json]:
        """The four fields, absent ones as null."""
        return {
            "instrument": self.instrument,
            "article": self.article,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One version of one question. `difficulty` is the expected proportion correct (p value)."""

    id: str
    version: int
    language: str
    title: str
    stem: str
    body: Body
    marks: Decimal
    shuffle: bool
    topics: tuple[str, ...]
    level: str | None
    difficulty: Decimal | None
    source: LegalSource
    tags: tuple[str, ...]
    feedback: str | None
    restricted: bool = False
    positional_checked: bool = False

    @property
    def kind(self) -> str:
        """The name of the kind, as written in files."""
        return self.body.kind


def native(item: Item) -> dict[str, Json]:
    """The item as written in a native file; reading it again gives an equal item."""
    written: dict[str, Json] = {
        "id": item.id,
        "version": item.version,
        "kind": item.kind,
        "title": item.title,
        "stem": item.stem,
        **item.body.native(),
        "marks": decimal_text(item.marks),
        "shuffle": item.shuffle,
        "topics": item.topics,
        "level": item.level,
        "difficulty": None if item.difficulty is None else decimal_text(item.difficulty),
        "source": item.source.native(),
        "tags": item.tags,
        "feedback": item.feedback,
    }
    if item.restricted:
        written["restricted"] = True
    if item.positional_checked:
        written["positional_checked"] = True
    return written


def content_hash(item: Item) -> str:
    """SHA-256 of the canonical JSON of the item, with its language: equal content, equal hash."""
    content = {**native(item), "language": item.language}
    return "sha256:" + hashlib.sha256(canonical_bytes(content)).hexdigest()


def view(item: Item) -> dict[str, Json]:
    """What a candidate may see: an allow-list without key, credit, feedback, rubric, source or title."""
    return {
        "id": item.id,
        "version": item.version,
        "kind": item.kind,
        "language": item.language,
        "stem": item.stem,
        "marks": decimal_text(item.marks),
        **item.body.view(),
    }


def unrecognisable(item: Item, seed: bytes) -> Item:
    """The item as it goes into a form: neither ids nor the stored order of its options are its author's.

    Authors often write the right option first, and call it "a". The ids follow from the seed (32 bytes), the
    item's id and the option's: whoever has the bank and the seed derives the form again.
    """

    def name(option: str) -> str:
        label = canonical_bytes([OPTION_NAMES, item.id, option])
        return hmac.new(seed, label, hashlib.sha256).hexdigest()[:12]

    return replace(item, body=item.body.renamed(name, item.shuffle))


def slots(item: Item) -> tuple[Slot, ...]:
    """The lists of ids that get an order per candidate; the names of slots start with the item's id."""
    return tuple(slot.under(item.id) for slot in item.body.slots(item.shuffle))


def score(item: Item, response: Json) -> Score:
    """The marks the response earns; raises `InvalidResponse` where it cannot belong to the item."""
    return score_of(item.body.grade(response), item.marks)


def model_response(item: Item) -> Json:
    """A response that earns full marks, or null where only a person can say."""
    return item.body.model_response()
