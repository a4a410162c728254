# SPDX-License-Identifier: Apache-2.0
"""GIFT questions as drafts of items."""

import re

from question_bank.formats import categories, companion, texts
from question_bank.formats.format import ReadResult
from question_bank.formats.gift.answers import Answers, format_of, written
from question_bank.formats.gift.scanner import Block, Category, find, joined, parts, unescaped
from question_bank.formats.intake import Notes, TooMany, Unreadable, text_of, too_many
from question_bank.formats.texts import Source, TextFormat

GAP = "_____"

_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
_TITLE_END = re.compile(r"\\.|(::)", re.DOTALL)
_TAGS = re.compile(r"<[^<>]*>")


def read(content: bytes, file: str) -> ReadResult:
    """The items of a GIFT file and a problem for each question that could not become one."""
    found = text_of(content, file, "gift")
    if isinstance(found, ReadResult):
        return found
    decoded, intake = found
    topics: list[str] = []
    try:
        for part in parts(decoded.text):
            if isinstance(part, Category):
                topics = categories.topics(part.path)
                continue
            notes = intake.notes()
            try:
                draft = _draft(part, notes)
            except Unreadable as problem:
                intake.refuse(problem, notes, part.name() or part.text.strip()[:60])
            else:
                intake.take({**draft, "topics": topics}, part.line, notes)
    except TooMany as problem:
        return too_many(file, problem)
    return intake.result()


def _draft(block: Block, notes: Notes) -> dict[str, object]:
    text = block.text
    title, start = _title(block, text)
    format, skipped = format_of(text[start:])
    start += skipped
    opening, closing = _braces(block, text, start)
    own: dict[str, object] = {"kind": "description"}
    before, after = text[start:], ""
    if opening is not None and closing is not None:
        before, after = text[start:opening], text[closing + 1 :]
        inside = opening + 1
        own = Answers(
            text=text[inside:closing],
            format=format,
            line_of=lambda offset: block.line_of(inside + offset),
            notes=notes,
        ).native()
    stem = texts.stem(Source(_stem(before, after, format), format, block.line), notes)
    draft = {"id": block.name(), "title": title, "stem": stem, **own, "tags": block.tags()}
    return companion.joined(draft, block.companion())


def _title(block: Block, text: str) -> tuple[str | None, int]:
    start = len(text) - len(text.lstrip())
    if not text.startswith("::", start):
        return None, start
    end = find(text, _TITLE_END, start + 2)
    if end is None:
        raise Unreadable(block.line, "unclosed_title", "The title is not closed by a second pair of colons.")
    return unescaped(joined(text[start + 2 : end.start()])), end.end()


def _braces(block: Block, text: str, start: int) -> tuple[int | None, int | None]:
    """Where the answers open and close; None twice for a text without a question."""
    opening = find(text, _BRACE, start)
    if opening is None:
        return None, None
    closing = find(text, _BRACE, opening.end())
    if opening[1] == "}" or closing is None or closing[1] == "{":
        line = block.line_of(opening.start())
        message = "A brace is missing: answers stand between { and }, and a brace in a text has a backslash."
        raise Unreadable(line, "unmatched_brace", message)
    if further := find(text, _BRACE, closing.end()):
        message = "Two answer blocks in one question: is the blank line between two questions missing?"
        raise Unreadable(block.line_of(further.start()), "two_answer_blocks", message)
    return opening.start(), closing.start()


def _stem(before: str, after: str, format: TextFormat) -> str:
    """The text; where it goes on after the answers a line marks the missing word."""
    first, last = written(before, format), written(after, format)
    if not last or (format == "html" and not _TAGS.sub("", last).strip()):
        return first + last
    return " ".join(part for part in (first, GAP, last) if part)
