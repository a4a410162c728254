# SPDX-License-Identifier: Apache-2.0
"""Marks of state secrets on an item: such content belongs on no connected machine.

Degrees and stamps: Law on Protection of State Secrets 29/2018/QH14, articles 8 and 10 (Tuyệt mật, Tối mật,
Mật). Only a mark counts, a tag or a stamp that stands for itself; an item may well ask about secrets.
"""

import re
from collections.abc import Iterator

from question_bank import text
from question_bank.item import Item
from question_bank.kinds.case_study import CaseStudy

DEGREES = frozenset({"mật", "tối mật", "tuyệt mật"})
WITHOUT_MARKS = frozenset({"toi mat", "tuyet mat", "classified", "confidential", "secret", "top secret"})
_HIGHEST_FIRST = ("tuyệt mật", "tối mật", "mật")
_STAMP = re.compile(r"(?:[\[(*_#>\s]*)(TUYỆT MẬT|TỐI MẬT|MẬT)(?:[\])*_\s.:]*)")
_DEGREE = re.compile(r"(?:độ|mức độ|cấp độ) mật\s*[:–-]", re.IGNORECASE)
_DEGREE_AFTER = re.compile(
    r".{1,80}\b(?:độ|mức độ|cấp độ) mật\s*[:–-]\s*(?:tuyệt mật|tối mật|mật)[\])*_\s.]*", re.IGNORECASE
)


def mark_of(item: Item) -> str | None:
    """Return the mark that says the item is classified, as it stands there; None without one.

    >>> from question_bank.secrecy import is_stamp
    >>> [is_stamp(line) for line in ("MẬT", "**[TỐI MẬT]**", "Độ mật: Mật", "Tài liệu MẬT do ai quản lý?")]
    [True, True, True, False]
    """
    return next(_marks(item), None)


def is_stamp(line: str) -> bool:
    """Whether a line is a stamp of secrecy and nothing else, or names a degree."""
    stored = text.stored(line).strip()
    whole = (_STAMP.fullmatch(stored), _DEGREE.match(stored), _DEGREE_AFTER.fullmatch(stored))
    return any(found is not None for found in whole)


def degree_of(line: str) -> str:
    """Return the degree that a stamp names, and nothing else of its line; empty without one."""
    words = text.stored(line).lower()
    return next((degree for degree in _HIGHEST_FIRST if degree in words), "").upper()


def _marks(item: Item) -> Iterator[str]:
    for tag in (*item.tags, *item.topics):
        if text.comparison_key(tag) in DEGREES or text.search_key(tag) in WITHOUT_MARKS:
            yield tag
    case = item.body if isinstance(item.body, CaseStudy) else None
    for words in (item.title, item.stem, item.feedback or "", case.stimulus if case else ""):
        yield from (line.strip() for line in words.splitlines() if is_stamp(line))
    for part in case.items if case else ():
        yield from _marks(part)
