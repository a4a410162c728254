# SPDX-License-Identifier: Apache-2.0
"""The table of docs/formats.md that says what each format holds, kind by kind and grading by grading."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from question_bank import formats
from question_bank.item import Item
from tests.question_bank.builders import an_item, options

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
MARKS = ("<!-- held: begin -->", "<!-- held: end -->")
FOREIGN = tuple(name for name in formats.WRITTEN if name != "native")

_STATEMENTS = [
    {"id": name, "kind": "true_false", "stem": f"Ý {name}", "answer": name < "c", "marks": "0.25"}
    for name in "abcd"
]
_STARRED = [{"text": "Quốc hội"}, {"text": "quốc*", "match": "pattern", "fraction": "0.5"}]
_TEXTS = [{"text": "Quốc hội"}, {"text": "QH", "fraction": "0.5"}]
_EXACT = [{"text": "QH", "match": "exact"}]
_ENTRIES = [{"id": name, "text": f"Bước {name}"} for name in ("s1", "s2", "s3")]
_MIXED: list[dict[str, Any]] = [
    {"id": "C1", "kind": "single_choice", "stem": "Một?", "options": options("1", "0"), "marks": "2"},
    {"id": "C2", "kind": "true_false", "stem": "Hai?", "answer": False, "marks": "1"},
]


_WITH_ESSAY = [*_MIXED, {"id": "C3", "kind": "essay", "stem": "Ba?"}]
_WITH_NUMBER = [*_MIXED, {"id": "C3", "kind": "numeric", "stem": "Ba?", "answers": [{"value": "5"}]}]
_SEVERAL = options("0.5", "0.5", "-1")


def _gap(kind: str, **own: Any) -> dict[str, Any]:
    return {
        "stem": "Là [[g1]] và [[g2]].",
        "gaps": [{"id": "g1", "kind": kind, **own}, {"id": "g2", "kind": kind, **own}],
    }


_WITH_GAPS: dict[str, Any] = {"kind": "gap_fill", **_gap("short_answer", answers=[{"text": "Quốc hội"}])}
_SAID: list[dict[str, Any]] = [
    {**_MIXED[0], "feedback": "Theo Điều 5."},
    {**_MIXED[1], "feedback_true": "Chưa.", "feedback_false": "Phải."},
]
EXAMPLES: Mapping[str, Item] = {
    "single choice": an_item(),
    "single choice, part of the marks": an_item(options=options("1", "0.5", "-0.5")),
    "multiple choice": an_item("multiple_choice", options=options("0.5", "0.5", "-1", "-1")),
    "multiple choice, wrong ones cost a part": an_item("multiple_choice"),
    "multiple choice, as a whole": an_item("multiple_choice", grading="exact"),
    "true or false": an_item("true_false"),
    "short answer": an_item("short_answer", answers=_TEXTS),
    "short answer, capital letters count": an_item("short_answer", answers=_EXACT),
    "short answer with a star": an_item("short_answer", answers=_STARRED),
    "numeric": an_item("numeric"),
    "matching": an_item("matching"),
    "matching, as a whole": an_item("matching", grading="exact"),
    "ordering by place": an_item("ordering", sequence=_ENTRIES),
    "ordering by neighbours": an_item("ordering", sequence=_ENTRIES, grading="adjacent"),
    "ordering as a whole": an_item("ordering", sequence=_ENTRIES, grading="exact"),
    "gaps with one option": an_item("gap_fill", **_gap("single_choice", options=options("1", "0"))),
    "gaps with several options": an_item("gap_fill", **_gap("multiple_choice", options=_SEVERAL)),
    "gaps to type into": an_item("gap_fill", **_gap("short_answer", answers=[{"text": "Quốc hội"}])),
    "gaps with a star": an_item("gap_fill", **_gap("short_answer", answers=_STARRED)),
    "gaps with numbers": an_item("gap_fill", **_gap("numeric", answers=[{"value": "5"}])),
    "gaps as a whole": an_item("gap_fill", **_gap("numeric", answers=[{"value": "5"}]), grading="exact"),
    "essay": an_item("essay", rubric=[], min_words=None, max_words=None),
    "essay with criteria": an_item("essay", min_words=None, max_words=None),
    "case study": an_item("case_study", stem="", items=_MIXED),
    "case study with an essay": an_item("case_study", stem="", items=_WITH_ESSAY),
    "case study with a typed answer": an_item("case_study", stem="", items=_WITH_NUMBER),
    "case study with gaps": an_item("case_study", stem="", items=[*_MIXED, {**_WITH_GAPS, "id": "C3"}]),
    "case study with feedback": an_item("case_study", stem="", items=_SAID),
    "statements": an_item("case_study", stem="", items=_STATEMENTS),
    "statements, by steps": an_item("case_study", stem="", items=_STATEMENTS, grading="steps"),
    "description": an_item("description"),
}  # fmt: skip


def table() -> str:
    """The table: yes, yes with a warning, or the code under which the item is refused."""
    head = f"| item | {' | '.join(FOREIGN)} |\n|---|{'---|' * len(FOREIGN)}"
    lines = [
        f"| {name} | {' | '.join(_held(item, format) for format in FOREIGN)} |"
        for name, item in EXAMPLES.items()
    ]
    return "\n".join([head, *lines])


def _held(item: Item, format: str) -> str:
    held = formats.holding([item], format)
    if held.errors:
        return f"`{held.errors[0].code}`"
    return "in part" if held.problems else "yes"
