# SPDX-License-Identifier: Apache-2.0
"""Vietnamese text: stored form, comparison, search and counting of words."""

import functools
import re
import unicodedata

_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD_TONE = re.compile(rf"(o(?=[{_TONES}][ae])|u(?=[{_TONES}]y))([{_TONES}])([aey])(?![a-z\u0300-\u036f])")
_WORD = re.compile(r"[^\W_]+")


def stored(text: str) -> str:
    """The text in NFC with unix line ends: the only form in which question text is kept and hashed."""
    return unicodedata.normalize("NFC", with_line_ends(text))


def with_line_ends(text: str) -> str:
    """The text with unix line ends, also where a word processor wrote its own soft or page breaks."""
    found = text.replace("\r\n", "\n").replace("\r", "\n")
    return found.replace("\x0b", "\n").replace("\x0c", "\n")


def control_in(text: str) -> str | None:
    """The first character of the text that neither XML nor a printed paper can hold, or None."""
    found = _CONTROL.search(text)
    return found[0] if found else None


def one_line(text: str) -> str:
    """The text in NFC without blanks at its ends and with single spaces inside."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def comparison_key(text: str) -> str:
    """Equal for two answers that differ only in case, blanks or where the tone mark of oa, oe, uy stands.

    Keyboards still type both "hoà" and "hòa", "thuỷ" and "thủy": they are the same word.
    """
    decomposed = unicodedata.normalize("NFD", one_line(text).casefold())
    return unicodedata.normalize("NFC", _OLD_TONE.sub(r"\1\3\2", decomposed))


@functools.lru_cache(maxsize=4_096)  # a file says the names of its columns and levels in every row
def search_key(text: str) -> str:
    """The text as somebody types it without marks: "Đầu tư công" is found by "dau tu cong"."""
    decomposed = unicodedata.normalize("NFD", one_line(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_WORD.findall(bare.replace("đ", "d")))


def count_words(text: str) -> int:
    """The number of blank-separated words, as word limits of essays are counted in Vietnamese."""
    return sum(1 for word in text.split() if _WORD.search(word))
