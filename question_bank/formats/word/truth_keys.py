# SPDX-License-Identifier: Apache-2.0
"""Keys of statements to judge that stand apart: "1: a-Đ, b-S, c-Đ, d-S", or a table with a column a, b, c, d.

A key is spelt as its truths in the order of the letters: "ĐSĐS".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

Cells = Sequence[Sequence[str]]
Pairs = list[tuple[int, str]]

UNREADABLE = "Đ?"  # a letter is missing, or stands there twice
_LETTERS = "abcdefgh"
_NUMBER = re.compile(
    r"(?:^|(?<=\n))[^\w\n]{0,9}(?:Câu\s?(?:hỏi\s?)?)?(?P<first>\d{1,4})(?![\d,])(?!\.\d)"
    r"|(?<!\w)Câu\s?(?:hỏi\s?)?(?P<said>\d{1,4})(?!\d)"
    r"|(?<![\w.,])(?P<bare>\d{1,4})(?=[a-h]\s?[).:–=-]{0,2}\s?(?:Đúng|Sai|Đ|S)(?!\w)"
    r"|\s?[.:)–=-]{0,2}\s?(?:a\s?[).:–=-]{0,2}\s?(?:Đúng|Sai|Đ|S)"
    r"|(?:Đúng|Sai|Đ|S)(?:[\s,;–-]{0,3}(?:Đúng|Sai|Đ|S)){1,7})(?!\w))",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?<![^\W\d])(?P<letter>(?-i:[a-h]))\s?[).:–=-]{0,2}\s?(?P<truth>Đúng|Sai|Đ|S)(?!\w)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\s{0,3}[.:)–=-]{0,2}\s{0,3}(?P<all>[ĐS]{2,8}|(?:Đúng|Sai|Đ|S)(?:[\s,;./|–-]{1,5}(?:Đúng|Sai|Đ|S)){1,7})(?!\w)",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"[\s.;,|–-]{0,9}(?:Câu\s?)?\d", re.IGNORECASE)
_TRUTH = re.compile(r"Đúng|Sai|Đ|S", re.IGNORECASE)
_PLACE = re.compile(r"(?:Câu\s?(?:hỏi\s?)?)?(\d{1,4})\s?[.:)–-]?", re.IGNORECASE)
_LETTER = re.compile(r"(?:ý|lệnh hỏi|mệnh đề|phát biểu|nhận định)?\s?([a-h])\s?[.)]?", re.IGNORECASE)
_BOTH = re.compile(r"(?:Câu\s?(?:hỏi\s?)?)?(\d{1,4})\s?[.:)–-]?\s?([a-h])\s?[.)]?", re.IGNORECASE)


def is_one(said: str) -> bool:
    """True for the key of statements."""
    return len(said) > 1 and set(said) <= set("ĐS?")


def truths_in(text: str) -> str:
    """The truths that a cell lists, in the order of their letters; nothing for any other text."""
    labelled = [(found["letter"].lower(), found["truth"]) for found in _LABELLED.finditer(text)]
    if len(labelled) > 1:
        return _in_order(labelled)
    found = _LISTED.fullmatch(text.strip().rstrip(".;,"))
    return _spelt(found["all"]) if found else ""


def truth_in(text: str) -> str:
    """Đ or S where a cell says no more than that, else nothing."""
    found = _TRUTH.fullmatch(text.strip().rstrip("."))
    return found[0][0].upper() if found else ""


def taken_from(text: str) -> tuple[Pairs, str]:
    """The keys of statements by number, and the text without them."""
    starts = list(_NUMBER.finditer(text))
    if not starts:
        return [], text
    ends = [start.start() for start in starts[1:]] + [len(text)]
    kept, found = [text[: starts[0].start()]], []
    pieces: list[tuple[int, str, str]] = []
    for start, end in zip(starts, ends, strict=True):
        number, inside = int(start["first"] or start["said"] or start["bare"]), text[start.end() : end]
        labelled = list(_LABELLED.finditer(inside))
        listed = _LISTED.match(inside)
        if labelled:
            pieces += [(number, one["letter"], one["truth"]) for one in labelled]
            kept.append(_next_keys(inside[labelled[-1].end() :]))
        elif listed:
            found.append((number, _spelt(listed["all"])))
            kept.append(_next_keys(inside[listed.end() :]))
        else:
            kept.append(text[start.start() : end])
    return found + combined(pieces), "".join(kept)


def pairs_of(cells: Cells) -> Pairs:
    """The keys of a table: letters above or beside truths, or a row for each statement."""
    for table in (cells, [list(row) for row in zip_longest(*cells, fillvalue="")]):
        if found := _under_letters(table):
            return found
    return combined(_by_row(cells))


def combined(pieces: Iterable[tuple[int, str, str]]) -> Pairs:
    """The keys of whole questions, from number, letter and truth of each statement."""
    by_number: dict[int, list[tuple[str, str]]] = {}
    for number, letter, truth in pieces:
        by_number.setdefault(number, []).append((letter, truth))
    return [(number, _in_order(found)) for number, found in by_number.items()]


def _under_letters(table: Cells) -> Pairs:
    """Rows of questions under a row of letters; several such blocks may stand side by side."""
    for place, head in enumerate(table[:3]):
        letters = {
            column: letter[1].lower()
            for column, cell in enumerate(head)
            if (letter := _LETTER.fullmatch(cell.strip()))
        }
        pieces = [piece for row in table[place + 1 :] for piece in _in_row(row, letters)]
        if len(letters) > 1 and pieces:
            return combined(pieces)
    return []


def _in_row(row: Sequence[str], letters: Mapping[int, str]) -> list[tuple[int, str, str]]:
    found = []
    number = None
    for column, cell in enumerate(row):
        number = _PLACE.fullmatch(cell.strip()) or number
        if number and column in letters and (truth := truth_in(cell)):
            found.append((int(number[1]), letters[column], truth))
    return found


def _by_row(cells: Cells) -> list[tuple[int, str, str]]:
    """A row for each statement: number (or none, below one), letter, truth; also "1a" and truth."""
    found: list[tuple[int, str, str]] = []
    last: dict[int, int] = {}
    for row in cells:
        for column, cell in enumerate(row):
            text = cell.strip()
            if number := _PLACE.fullmatch(text):
                last[column] = int(number[1])
            truth = truth_in(row[column + 1]) if column + 1 < len(row) else ""
            if not truth or (column + 2 < len(row) and truth_in(row[column + 2])):
                continue
            both, letter = _BOTH.fullmatch(text), _LETTER.fullmatch(text)
            if both:
                found.append((int(both[1]), both[2].lower(), truth))
            elif letter and column - 1 in last:
                found.append((last[column - 1], letter[1].lower(), truth))
    return found


def _in_order(found: Sequence[tuple[str, str]]) -> str:
    """The truths of the letters a, b, c …; unreadable where one is missing or said twice."""
    ordered = sorted(found, key=lambda each: each[0])
    if [letter for letter, _ in ordered] != list(_LETTERS[: len(ordered)]) or len(ordered) < 2:
        return UNREADABLE
    return "".join(truth[0].upper() for _, truth in ordered)


def _next_keys(text: str) -> str:
    """What follows a key where it is further keys, and not the reason for this one."""
    return f"\n{text}" if _FURTHER.match(text) else "\n"


def _spelt(text: str) -> str:
    return "".join(truth[0].upper() for truth in _TRUTH.findall(text))
