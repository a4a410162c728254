# SPDX-License-Identifier: Apache-2.0
"""The parts of a GIFT file: blocks between blank lines, comments with ids and tags, categories, escapes."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from question_bank.formats import companion

CATEGORY = "$CATEGORY:"

_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_NEEDS_ESCAPE = re.compile(r"[\\~=#{}:]")
_BLANKS = re.compile(r"\s*\n\s*")
_LONGEST_COMMENT = 8_000
_ID = re.compile(r"\[id:((?:[^\]\\]|\\.){1,200})\]")
_TAG = re.compile(r"\[tag:((?:[^\]\\]|\\.){1,200})\]")


@dataclass(frozen=True, slots=True)
class Category:
    """A line that names the category of what follows."""

    line: int
    path: str


@dataclass
class Block:
    """The lines of one question, without its comments, and where each of them stands."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line on which the question starts."""
        return self.lines[0][0] if self.lines else 1

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(text for _, text in self.lines)

    def line_of(self, offset: int) -> int:
        """The line of the file on which this place of the text stands."""
        return self.lines[min(bisect_right(self._ends, offset), len(self.lines) - 1)][0]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(text) + 1 for _, text in self.lines))

    def name(self) -> str:
        """The id in the comments, or an empty text."""
        return next((_plain(found) for comment in self.comments for found in _ID.findall(comment)), "")

    def companion(self) -> str | None:
        """What an export of ours says beside the question, or None."""
        start = f"// {companion.NAME} "
        return next((c.removeprefix(start) for c in self.comments if c.startswith(start)), None)

    def tags(self) -> list[str]:
        """The tags in the comments."""
        found = [_plain(tag) for comment in self.comments for tag in _TAG.findall(comment)]
        return list(dict.fromkeys(tag for tag in found if tag))


def parts(text: str) -> Iterator[Category | Block]:
    """The categories and questions in the order of the file.

    A blank line ends a question. Inside braces it does so only where the next brace opens another question:
    then the closing one is missing, and the neighbours shall not suffer for it.
    """
    lines = text.split("\n")
    next_braces = _next_braces(lines)
    block, is_open = Block(), False
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare.startswith("//"):
            block.comments.append(bare[:_LONGEST_COMMENT])
        elif bare.startswith(CATEGORY) and not is_open:
            yield from _complete(block)
            block = Block()
            yield Category(number, bare.removeprefix(CATEGORY).strip())
        elif not bare and not (is_open and next_braces[number - 1] == "}"):
            yield from _complete(block)
            block, is_open = Block(), False
        else:
            block.lines.append((number, line))
            is_open = _is_open_after(line, is_open)
    yield from _complete(block)


def find(text: str, marks: re.Pattern[str], start: int = 0) -> re.Match[str] | None:
    """The first place of a mark that no backslash takes its meaning from; its first group is the mark."""
    return next((found for found in marks.finditer(text, start) if found[1] is not None), None)


def split(text: str, marks: re.Pattern[str], limit: int = 0) -> list[tuple[str, int, str]]:
    """The pieces between the marks: the mark before each, where the piece starts, and the piece."""
    pieces: list[tuple[str, int, str]] = []
    mark, start = "", 0
    for found in marks.finditer(text):
        if found[1] is None or (limit and len(pieces) == limit):
            continue
        pieces.append((mark, start, text[start : found.start()]))
        mark, start = found[1], found.end()
    return [*pieces, (mark, start, text[start:])]


def joined(text: str) -> str:
    """The text with each end of a line in the file as one blank: a new line is spelt ``\\n``."""
    return _BLANKS.sub(" ", text).strip()


def unescaped(text: str) -> str:
    """The text without the backslashes that took the meaning from signs."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escaped(text: str) -> str:
    """The text on one line, with a backslash before each sign that means something here."""
    return _NEEDS_ESCAPE.sub(r"\\\g<0>", text).replace("\n", "\\n")


def _complete(block: Block) -> Iterator[Block]:
    if block.lines:
        yield block


def _is_open_after(line: str, is_open: bool) -> bool:
    for found in _BRACE.finditer(line):
        if found[1]:
            is_open = found[1] == "{"
    return is_open


def _next_braces(lines: list[str]) -> list[str]:
    """For each line the first brace on it or after it, comments left aside."""
    found, following = [""] * len(lines), ""
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at].lstrip().startswith("//"):
            own = find(lines[at], _BRACE)
            following = own[1] if own else following
        found[at] = following
    return found


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()
