# SPDX-License-Identifier: Apache-2.0
"""The order of Vietnamese names: given name first, by the letters and tones of the language."""

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng


def normalised(name: str) -> str:
    """Return the name in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def order(name: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return a sort key: given name, family name, then the names between, as lists are printed."""
    words = normalised(name).lower().split(" ")
    return tuple(_word(word) for word in (words[-1:] + words[:-1]))


def _word(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return letters first, tones second: two spellings differ by tone only after all their letters."""
    letters: list[int] = []
    tones: list[int] = []
    for character in word:
        letter, tone = _split(character)
        letters.append(_RANK.get(letter, len(_LETTERS) + ord(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _split(character: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", character)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return letter, tone
