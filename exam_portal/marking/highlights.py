# SPDX-License-Identifier: Apache-2.0
"""Passages of a script that its marker highlighted: ranges of code points, each with a short note. Pure."""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exam_portal.marking import errors

MOST = 200  # passages of one script
LONGEST_NOTE = 300
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")  # what no database keeps as text
_KEYS = frozenset({"answer", "start", "end", "note"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A passage: which answer, from which code point to before which, and what is said of it."""

    answer: int  # the first is 1
    start: int
    end: int
    note: str = ""

    def kept(self) -> dict[str, Any]:
        """Return the passage as drafts and marks keep it."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of an answer; ``number`` counts the highlighted ones through the script."""

    text: str
    number: int | None = None
    note: str = ""


def read(typed: str) -> tuple[Highlight, ...]:
    """Return the passages that the page sent (JSON), in their order, or raise HighlightsUnreadable."""
    try:
        rows = json.loads(typed or "[]")
    except (ValueError, RecursionError) as problem:
        raise errors.HighlightsUnreadable from problem
    if not isinstance(rows, list) or len(rows) > MOST:
        raise errors.HighlightsUnreadable
    found = sorted((_read(row) for row in rows), key=lambda one: (one.answer, one.start))
    for one, other in itertools.pairwise(found):
        if one.answer == other.answer and other.start < one.end:
            raise errors.HighlightsUnreadable
    return tuple(found)


def of(rows: Sequence[Mapping[str, Any]]) -> tuple[Highlight, ...]:
    """Return the passages that a draft or a mark keeps."""
    return tuple(Highlight(**row) for row in rows)


def require_within(highlights: Sequence[Highlight], texts: Sequence[str]) -> None:
    """Every passage lies in an answer of the script, or HighlightsUnreadable is raised."""
    for one in highlights:
        if one.answer > len(texts) or one.end > len(texts[one.answer - 1]):
            raise errors.HighlightsUnreadable


def pieces(text: str, answer: int, highlights: Sequence[Highlight]) -> Iterator[Piece]:
    """Yield the answer in stretches, highlighted or not; what lies outside the text is left out."""
    at = 0
    for number, one in enumerate(highlights, start=1):
        if one.answer != answer or one.end > len(text):
            continue
        if at < one.start:
            yield Piece(text=text[at : one.start])
        yield Piece(text=text[one.start : one.end], number=number, note=one.note)
        at = one.end
    if at < len(text):
        yield Piece(text=text[at:])


def _read(row: Any) -> Highlight:
    if not isinstance(row, dict) or set(row) != _KEYS:
        raise errors.HighlightsUnreadable
    places, note = (row["answer"], row["start"], row["end"]), row["note"]
    if any(type(place) is not int for place in places) or not isinstance(note, str):
        raise errors.HighlightsUnreadable
    answer, start, end = places
    if answer < 1 or not 0 <= start < end or len(note) > LONGEST_NOTE or _NO_TEXT.search(note):
        raise errors.HighlightsUnreadable
    return Highlight(answer=answer, start=start, end=end, note=note)
