# SPDX-License-Identifier: Apache-2.0
"""What a new version of an item changes, as a reviewer reads it: worded, and prose word by word."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.items import messages
from exam_portal.items.models import ItemReview, ItemStage, ItemVersion
from exam_portal.web import filters
from question_bank import comparison
from question_bank.comparison import Change, Path, Segment
from question_bank.item import Item
from question_bank.json_values import Json

FIELDS: Mapping[str, str] = {
    "stem": _l("Question text"),
    "stimulus": _l("Text of the case"),
    "text": _l("Text"),
    "title": _l("Title"),
    "marks": _l("Marks"),
    "shuffle": _l("Options may change places"),
    "topics": _l("Topic"),
    "tags": _l("Tags"),
    "level": _l("Cognitive level"),
    "difficulty": _l("Expected share of right answers"),
    "source": _l("Legal source"),
    "instrument": _l("Instrument"),
    "article": _l("Article"),
    "valid_from": _l("In force from"),
    "valid_to": _l("In force until"),
    "feedback": _l("Explanation"),
    "fraction": _l("Share of the marks"),
    "fixed": _l("Keeps its place"),
    "answer": _l("Answer key"),
    "feedback_true": _l("Explanation of “true”"),
    "feedback_false": _l("Explanation of “false”"),
    "match": _l("Goes with"),
    "value": _l("Number"),
    "low": _l("Lowest value"),
    "high": _l("Highest value"),
    "tolerance": _l("Tolerance"),
    "extra_targets": _l("Targets that go with nothing"),
    "grading": _l("How it is marked"),
    "weight": _l("Weight"),
    "steps": _l("Share of the marks by the number of right statements"),
    "max": _l("Marks, at most"),
    "guidance": _l("Guidance for markers"),
    "min_words": _l("Words, at least"),
    "max_words": _l("Words, at most"),
    "order": _l("Order"),
    "kind": _l("Kind of question"),
    "language": _l("Language"),
    "restricted": _l("Restricted"),
    "positional_checked": _l("Options that name places have been decided on"),
}
ENTRIES: Mapping[str, str] = {
    "options": _l("Option"),
    "answers": _l("Accepted answer"),
    "pairs": _l("Pair"),
    "sequence": _l("Entry"),
    "gaps": _l("Gap"),
    "rubric": _l("Rubric criterion"),
    "items": _l("Question"),
}
PROSE = frozenset(
    {"stem", "stimulus", "text", "title", "feedback", "feedback_true", "feedback_false", "guidance"}
    | {"topics", "tags", "instrument", "article", "extra_targets"}
)
NUMBERS = frozenset({"marks", "difficulty", "fraction", "max", "value", "low", "high", "tolerance", "weight"})
GRADINGS: Mapping[str, str] = {
    "exact": _l("Earned only as a whole"),
    "steps": _l("By the number of right statements"),
}
KEYS = frozenset({"fraction", "answer", "value", "low", "high", "tolerance", "match", "grading", "steps"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact that differs, in the reader's words."""

    label: str
    before: str
    after: str
    segments: Sequence[Segment]  # of prose, word by word; empty for a figure or a choice
    is_too_much: bool  # prose so long that it is told as replaced whole
    is_key: bool  # it decides what earns marks


def between(before: Item, after: Item) -> list[Difference]:
    """Return every difference between two versions, those of the key marked."""
    return [_difference(change, after) for change in comparison.changes(before, after)]


def base_of(versions: Sequence[ItemVersion], reviews: Sequence[ItemReview]) -> ItemVersion | None:
    """Return what the last version is held against: the last approved one before it, or its precursor."""
    earlier = list(versions[:-1])
    approved = {word.item_version_id for word in reviews if word.stage == ItemStage.APPROVED.value}
    held = [version for version in earlier if version.id in approved] or earlier
    return held[-1] if held else None


def _difference(change: Change, after: Item) -> Difference:
    last = change.path[-1]
    before, now = _worded(last, change.before), _worded(last, change.after)
    return Difference(
        label=_label(change.path),
        before=before,
        after=now,
        segments=comparison.words(before, now) if last in PROSE else (),
        is_too_much=last in PROSE and comparison.is_too_much(before, now),
        is_key=last in KEYS or (last == "order" and after.kind == "ordering"),
    )


def _label(path: Path) -> str:
    parts, rest = [], list(path)
    while rest:
        name = rest.pop(0)
        if name in ENTRIES and rest:
            held = rest.pop(0)
            parts.append(str(FIELDS[held]) if held == "order" else f"{ENTRIES[name]} {held}")
        else:
            parts.append(str(FIELDS.get(name, name)))
    return " · ".join(parts)


def _worded(name: str, value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    text = str(value)
    if name == "level":
        return messages.level(text)
    if name == "kind":
        return messages.kind(text)
    if name == "grading" and text in GRADINGS:
        return str(GRADINGS[text])
    if name == "steps":
        return "; ".join(str(filters.mark(Decimal(share))) for share in text.split("; "))
    if name in {"valid_from", "valid_to"}:
        return str(filters.date(date.fromisoformat(text)))
    return str(filters.mark(Decimal(text))) if name in NUMBERS and _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.replace("-", "", 1).replace(".", "", 1).isdigit()
