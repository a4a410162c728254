# SPDX-License-Identifier: Apache-2.0
"""What one cell says: a text with its format, a number, a list of parts."""

import re

from question_bank.formats import texts
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row

_LINES = re.compile(r"[\n;|]")
_NAMES = "p|div|span|b|strong|i|em|u|sup|sub|table|ul|ol|li|font"
_OPENED = re.compile(rf"<(?:{_NAMES})(?:\s[^<>]*)?>|<(?:br|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{_NAMES})>|<(?:br|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_COMMA = re.compile(r"-?\d{1,12},\d{1,9}")


def markup_of(row: Row, header: Header) -> texts.TextFormat:
    """The format of the row's texts, where a column names it."""
    return "markdown" if row.cell(header.column("markup")).lower() == "markdown" else "plain"


def parts(cell: str) -> list[str]:
    """What stands in the cell between line ends, semicolons and bars."""
    return [part.strip() for part in _LINES.split(cell) if part.strip()]


def number(spelt: str) -> str:
    """The number with a decimal point, without the word for marks behind it."""
    bare = spelt.replace("điểm", "").replace("đ", "").strip()
    return bare.replace(",", ".") if _COMMA.fullmatch(bare) else bare


def source(text: str, markup: texts.TextFormat, line: int) -> texts.Source:
    """The text with its format: some programs export the tags of their editors in their cells."""
    is_html = markup == "plain" and _OPENED.search(text) and _CLOSED.search(text)
    return texts.Source(text, "html" if is_html else markup, line)
