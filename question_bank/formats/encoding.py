# SPDX-License-Identifier: Apache-2.0
"""Bytes as text, whatever program saved them.

UTF-8 with or without a byte order mark, UTF-16 with one, and the code pages of old Windows programs: 1258
(Vietnamese) and 1252 (Western). A code page is a guess, and every reader warns of it.
"""

import re
from dataclasses import dataclass

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # code page 1258 writes tone marks after their vowel
_VOWELS = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class NotText(ValueError):
    """The bytes are no text in any encoding known here; `line` is where that shows."""

    def __init__(self, line: int) -> None:
        super().__init__("The file is no text in UTF-8, UTF-16 or a code page of Windows.")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text with unix line ends, and the code page that was guessed, or None."""

    text: str
    code_page: str | None


def decode(content: bytes) -> Decoded:
    """The text of the bytes; raises `NotText` where there is none."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding)
    try:
        return _strict(content, "utf-8")
    except NotText:
        return _by_code_page(content)


def _strict(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise NotText(content.count(b"\n", 0, problem.start) + 1) from problem
    if "\0" in text:
        raise NotText(text.count("\n", 0, text.index("\0")) + 1)
    return Decoded(text=_unix(text), code_page=None)


def _by_code_page(content: bytes) -> Decoded:
    vietnamese = _try(content, "cp1258")
    chosen, name = vietnamese, "windows-1258"
    if vietnamese is None or not _reads_as_vietnamese(vietnamese):
        chosen, name = _try(content, "cp1252"), "windows-1252"
    if chosen is None:
        raise NotText(1)
    if found := _BINARY.search(chosen):
        raise NotText(chosen.count("\n", 0, found.start()) + 1)
    return Decoded(text=_unix(chosen), code_page=name)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_as_vietnamese(text: str) -> bool:
    """True when there are tone marks, and nearly all of them stand on vowels."""
    placed = [text[at - 1 : at] in _VOWELS for at, char in enumerate(text) if char in _TONES]
    return bool(placed) and 10 * sum(placed) >= 9 * len(placed)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
