# SPDX-License-Identifier: Apache-2.0
"""Typed builders of item files, and one item of every kind."""

import json
import os
from pathlib import Path
from typing import Any

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import Item

SHARED = Path(os.environ.get("EXAM_PORTAL_SHARED", Path(__file__).parents[3] / "shared"))
REAL_ITEMS = SHARED / "data" / "items_vi_public_service.json"
DEMO = Path(__file__).parents[2] / "exam_portal" / "demo" / "content"

SECRET = "CANARY-7f3a"

Raw = dict[str, Any]


def options(*fractions: str) -> list[Raw]:
    """Options a, b, c … with the fractions and distinguishable texts."""
    return [
        {"id": "abcdefgh"[place], "text": f"Phương án số {place + 1} của câu này", "fraction": fraction}
        for place, fraction in enumerate(fractions)
    ]


def raw_item(kind: str = "single_choice", **overrides: Any) -> Raw:
    """A small valid item of the kind, as it stands in a file."""
    item: Raw = {"id": f"Q-{kind}", "version": 1, "kind": kind, "stem": "Nội dung câu hỏi?", **_BODIES[kind]}
    return {**item, **overrides}


_BODIES: dict[str, Raw] = {
    "single_choice": {"options": options("0", "1", "0", "0")},
    "multiple_choice": {"options": options("0.5", "0.5", "-0.5", "-0.5")},
    "true_false": {"answer": True},
    "short_answer": {
        "answers": [
            {"text": "Hội đồng nhân dân", "fraction": "1", "match": "casefold"},
            {"text": "HĐND", "fraction": "0.5", "match": "exact"},
            {"text": "hội đồng*", "fraction": "0.25", "match": "pattern"},
        ]
    },
    "numeric": {
        "answers": [
            {"value": "2.5", "tolerance": "0.1", "fraction": "1"},
            {"low": "2", "high": "3", "fraction": "0.5"},
        ]
    },
    "matching": {
        "pairs": [
            {"id": "p1", "text": "Quốc hội", "match": "Lập pháp"},
            {"id": "p2", "text": "Chính phủ", "match": "Hành pháp"},
            {"id": "p3", "text": "Tòa án", "match": "Tư pháp"},
        ],
        "extra_targets": ["Kiểm toán"],
    },
    "ordering": {
        "sequence": [
            {"id": str(n), "text": text} for n, text in enumerate(("Lập", "Chấp hành", "Quyết toán"))
        ]
    },
    "gap_fill": {
        "stem": "Nhiệm kỳ [[g1]] năm, do [[g2]] bầu.",
        "gaps": [
            {"id": "g1", "kind": "numeric", "answers": [{"value": "5"}]},
            {"id": "g2", "kind": "single_choice", "options": options("1", "0"), "weight": "3"},
        ],
    },
    "essay": {
        "rubric": [
            {"key": "y", "title": "Ý", "max": "60", "guidance": "Hướng dẫn"},
            {"key": "van", "title": "Văn", "max": "40"},
        ],
        "min_words": 200,
        "max_words": 900,
    },
    "case_study": {
        "stimulus": "Tình huống",
        "items": [
            {"id": "C1", "kind": "single_choice", "stem": "Một?", "options": options("1", "0"), "marks": "2"},
            {"id": "C2", "kind": "true_false", "stem": "Hai?", "answer": False, "marks": "1"},
        ],
    },
    "description": {},
}
KINDS = tuple(_BODIES)


def item_file(*items: Raw, **head: Any) -> bytes:
    """A native file with the items, one line per item from line 2 on."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    start = json.dumps({"schema": "exam-portal/items/1", "language": "vi", **head}, ensure_ascii=False)[:-1]
    return f'{start}, "items": [\n{lines}\n]}}'.encode()


def read_raw(*items: Raw) -> ReadResult:
    """What reading a file with the items gives."""
    return formats.read(item_file(*items), name="items.json")


def an_item(kind: str = "single_choice", **overrides: Any) -> Item:
    """A valid item of the kind."""
    result = read_raw(raw_item(kind, **overrides))
    assert not result.errors, result.errors
    return result.items[0]
