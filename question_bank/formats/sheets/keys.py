# SPDX-License-Identifier: Apache-2.0
"""Which options a key cell means: "B", "2", "A, C", "Đáp án B", or the text of the option itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.text import comparison_key, search_key

_PREFIX = re.compile(
    r"(?:(?:các |cac )?(?:đáp án|dap an|phương án|phuong an|câu|chọn|chon|option|answer|ý)"
    r"(?: đúng)?(?: là)?\s*:?\s*)"
    r"(?=[\w(\[])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;/&+|.()\[\]:\-]+|\bvà\b|\band\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"[0-9]{1,3}\s*[.:)\-]\s*(?=[(\[]?[A-Za-z]\b|[A-Z]+$)"
)  # "4. C": the number of the question
_LINES = re.compile(r"[\n;|]")
_WHOLE = re.compile(r"([0-9]{1,2})[.,]0+")
_LONGEST = 40
_TRUE = frozenset({"dung", "d", "true", "t", "yes", "y", "x", "co", "v"})
_FALSE = frozenset({"sai", "s", "false", "f", "no", "n", "khong", "k"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The letters of the right options; `other` is the option that the same words name in another way."""

    letters: tuple[str, ...]
    other: str = ""


def truth(spelt: str) -> bool | None:
    """What a cell says of true or false, or None."""
    key = search_key(spelt)
    if key in _TRUE or spelt.strip() in {"1", "✓", "✔", "☑"}:
        return True
    return False if key in _FALSE or spelt.strip() == "0" else None


def key_of(spelt: str, options: Mapping[str, str]) -> Key | None:
    """The options that the cell names, or None where it names none of these; options are texts by letter."""
    texts: dict[str, str] = {}
    for letter, text in options.items():
        texts.setdefault(comparison_key(text), letter)
    by_text = _by_text(spelt, texts)
    by_place = _by_place(spelt, options)
    if not by_place and not by_text and (number := _WHOLE.fullmatch(spelt.strip())):
        by_place = _by_place(number[1], options)  # a number that some program wrote as 2.0
    if by_place:
        return Key(letters=by_place, other=", ".join(by_text) if by_text and by_text != by_place else "")
    return Key(letters=by_text) if by_text else None


def _by_place(spelt: str, options: Mapping[str, str]) -> tuple[str, ...]:
    bare = spelt.strip()
    prefix = _PREFIX.match(bare)
    bare = bare[prefix.end() :] if prefix else bare
    if numbered := _NUMBERED.match(bare):
        bare = bare[numbered.end() :]
    if len(bare) > _LONGEST:
        return _labelled(bare, options)
    tokens = [token for token in _BETWEEN.split(bare) if token]
    if len(tokens) == 1 and len(tokens[0]) > 1 and tokens[0].isalpha() and tokens[0].isupper():
        tokens = list(tokens[0])  # "AC"
    found = [_letter(token, options) for token in tokens]
    if len({token.isdecimal() for token in tokens}) > 1:
        return _labelled(bare, options)  # places and letters are two ways of saying it, and nobody mixes them
    if found and all(found) and len(set(found)) == len(found):
        return tuple(sorted(letter for letter in found if letter))
    return _labelled(bare, options)


def _letter(token: str, options: Mapping[str, str]) -> str | None:
    if token.upper() in options:
        return token.upper()
    if token.isdecimal() and len(token) < 3 and int(token) >= 1:
        letter = "ABCDEFGHIJ"[int(token) - 1 : int(token)]
        return letter if letter in options else None
    return None


def _labelled(bare: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """The letter in front of the option's own text: "B. Quốc hội"."""
    letter, text = bare[:1].upper(), bare[1:].lstrip(" .):-/")
    fits = letter in options and bare[1:2] in {".", ")", ":", " ", "-", "/"}
    return (letter,) if fits and comparison_key(text) == comparison_key(options[letter]) else ()


def _by_text(spelt: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    whole = texts.get(comparison_key(spelt))
    if whole:
        return (whole,)
    parts = [texts.get(comparison_key(part)) for part in _LINES.split(spelt) if part.strip()]
    return tuple(sorted(part for part in parts if part)) if len(parts) > 1 and all(parts) else ()
