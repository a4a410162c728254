# SPDX-License-Identifier: Apache-2.0
"""Stamps of state secrets anywhere in a file: above the questions, in a header, in what could not be read.

The readers take questions; a stamp on the first page is none. So the whole file is looked through, whatever
its format, line by line and cell by cell, as plain words. What an accepted question offers as an answer is
no stamp: a question about secrets may have the option MẬT.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

from question_bank import secrecy
from question_bank.formats import encoding
from question_bank.formats.archive import Archive, ArchiveRefused, is_archive
from question_bank.item import Item
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice

_TEXTS = (".xml", ".rels", ".json", ".txt", ".csv", ".html", ".htm")
_LINE_ENDS = re.compile(
    r"</(?:\w+:)?(?:p|si|is|c|t[dr]|th|li|h\d|div|text|title|name|prompt)>|<(?:\w+:)?(?:br|cr)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LINE = re.compile(r'[^\n\r\t";|]+')
_LONGEST = 200
_MOST = 16_000_000  # bytes that are looked through: as many as a file may have
_WORD = "mật"


def stamp_in(content: bytes, items: Sequence[Item]) -> str | None:
    """Return the first stamp in the bytes of a file that is no option of these items; None without one."""
    options = {text.strip() for item in items for text in _options(item)}
    for text in _texts(content):
        for line in _lines(text, has_cells=not is_archive(content)):
            if line not in options and secrecy.is_stamp(line):
                return line
    return None


def _texts(content: bytes) -> Iterator[str]:
    if not is_archive(content):
        yield _decoded(content)
        return
    try:
        archive, left = Archive(content), _MOST
        for name in archive.names:
            if name.lower().endswith(_TEXTS) and left > 0:
                part = archive.read(name)[:left]
                left -= len(part)
                yield _decoded(part)
    except ArchiveRefused:  # the reader has refused it too, and says why
        return


def _decoded(content: bytes) -> str:
    try:
        found = encoding.decode(content).text
    except encoding.NotText:
        found = content.decode("utf-8", "replace")
    return unicodedata.normalize("NFC", _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), found))


def _lines(text: str, *, has_cells: bool) -> Iterator[str]:
    if _WORD not in text.lower() and "&" not in text:
        return
    if "<" in text:
        text = html.unescape(_TAG.sub("", _LINE_ENDS.sub("\n", text)))
        text = html.unescape(_TAG.sub("", _LINE_ENDS.sub("\n", text)))  # words of pages within pages
    for found in _LINE.finditer(text.replace("\\n", "\n")):
        bare = found[0].strip()
        if len(bare) <= _LONGEST and _WORD in bare.lower():
            yield bare
            if has_cells and "," in bare:  # of a table with commas between
                yield from (cell.strip() for cell in bare.split(","))


def _options(item: Item) -> Iterator[str]:
    if isinstance(item.body, CaseStudy):
        for part in item.body.items:
            yield from _options(part)
    elif isinstance(item.body, Choice):
        yield from (option.text for option in item.body.options)
