# SPDX-License-Identifier: Apache-2.0
"""An item as its pages show it to the setting board, key included."""

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from exam_portal.items import messages
from exam_portal.web import filters
from question_bank import formats
from question_bank.booklets import Keyed, keyed
from question_bank.formats import native as native_format
from question_bank.formats import pictures
from question_bank.item import Item, native
from question_bank.kinds.case_study import CaseStudy

_MARKS = re.compile(r"[*_`#>|]+|-{3,}")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the item with its key, and the native fields of what asks it."""

    shown: Keyed
    fields: Mapping[str, Any]
    is_part: bool  # of a case study

    @property
    def number(self) -> str:
        """Its number among the questions of a case study; empty for the whole and for a text between them."""
        return self.shown.question.number.rpartition(".")[2] if self.is_part else ""

    @property
    def options(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Its options with their letters, where it offers some."""
        labels = (line.label for line in self.shown.question.options)
        return list(zip(labels, self.fields.get("options") or (), strict=False))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The native fields of an item, what it asks, and what can be said about them."""

    fields: Mapping[str, Any]
    questions: Sequence["Asked"]
    is_editable: bool
    marking: str = ""  # how its marks are earned, where that is not as usual

    @property
    def as_written(self) -> str:
        """The fields as a native file holds them, to be read."""
        return json.dumps(self.fields, ensure_ascii=False, indent=1)

    @property
    def in_force(self) -> str:
        """Between which days the legal source is in force, as far as the item says."""
        source = self.fields.get("source") or {}
        days = [source.get("valid_from"), source.get("valid_to")]
        if not any(days):
            return ""
        return " – ".join(filters.date(date.fromisoformat(day)) if day else "…" for day in days)

    def is_in_force(self, day: date) -> bool:
        """Whether the legal source is in force on this day, as far as the item says."""
        source = self.fields.get("source") or {}
        ends = source.get("valid_to")
        return not ends or ends >= day.isoformat()


def content(item: Item) -> Content:
    """Return the item as its page shows it."""
    asked = [Asked(shown=one, fields=plain(one.item), is_part=one.item is not item) for one in keyed(item)]
    fields = plain(item)
    return Content(
        fields=fields,
        questions=asked,
        is_editable=editable(item) is not None,
        marking=_marking(item, fields),
    )


def _marking(item: Item, fields: Mapping[str, Any]) -> str:
    if fields.get("grading") == "exact":
        return str(gettext("Earned only as a whole"))
    if not isinstance(item.body, CaseStudy) or not item.body.steps:
        return ""
    steps = (
        gettext("%(count)s right: %(marks)s", count=count, marks=filters.mark(marks))
        for count, marks in enumerate(item.body.marks_by_step(), start=1)
    )
    return str(gettext("By the number of right statements (%(steps)s)", steps="; ".join(steps)))


def plain(item: Item) -> dict[str, Any]:
    """Return the native fields as a file would hold them."""
    fields: dict[str, Any] = json.loads(json.dumps(native(item)))
    return fields


def editable(item: Item) -> dict[str, Any] | None:
    """Return the native fields and the language if the forms can show all that the item says, else None."""
    fields = plain(item) | {"language": item.language}
    if pictures.in_words(item.stem) != item.stem or len(item.topics) > 1:
        return None
    if item.kind == "essay":
        return fields if len(fields["rubric"]) <= 6 else None
    if item.kind != "single_choice" or len(fields["options"]) > 6:
        return None
    return fields if all(option["fraction"] in {"0", "1"} for option in fields["options"]) else None


def flat(stem: str) -> str:
    """Return the words of a question on one line, without its marks of emphasis."""
    return " ".join(_MARKS.sub("", pictures.in_words(stem)).split())


def read(fields: Mapping[str, Any]) -> Item | Sequence[str]:
    """Return the item of native fields and their language, or every mistake in the reader's words."""
    own = {name: value for name, value in fields.items() if name != "language"}
    document = {
        "schema": "exam-portal/items/1",
        "language": fields.get("language", native_format.DEFAULT_LANGUAGE),
        "items": [own],
    }
    result = formats.read(json.dumps(document, ensure_ascii=False).encode(), "native")
    if result.complete and len(result.items) == 1:
        return result.items[0]
    return [messages.problem(problem.code) for problem in result.errors]
