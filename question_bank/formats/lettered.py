# SPDX-License-Identifier: Apache-2.0
"""Options that stand in a running text behind their letters: "A. … B. … C. … D. …"."""

import re
from dataclasses import dataclass

_LETTERS = "ABCDEFGHIJ"
_LABEL = re.compile(
    r"(?P<before>\A|[\n\t]|[ \xa0]{2,40}|[ \xa0])(?P<inner>[ \t\xa0]{0,9})(?P<star>\*?)[(\[]?"
    r"(?P<letter>[A-Ja-j])\]? ?(?P<sign>[.):/\]])(?P<after>[ \t\xa0]{0,9})"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A letter in front of an option: where it stands, where its text begins, whether a star marks it."""

    letter: str
    start: int
    end: int
    has_star: bool


def labels(text: str, expected: str = "A", *, may_be_small: bool = True) -> list[Label]:
    """The letters in their order from the expected one; a letter out of order is part of a text.

    The first one begins a line or stands behind a wide gap; of the later ones those behind a line end, a tab
    or a wide gap are believed before those behind a single blank.
    """
    found_ones = _LABEL.finditer(text)
    candidates = [each for each in found_ones if _may_be(each) and (may_be_small or each["letter"].isupper())]
    chosen: list[Label] = []
    at = 0
    while expected:
        match = _next(candidates, expected, at, is_first=not chosen)
        if match is None:
            break
        start = match.start("star")
        chosen.append(Label(expected, start, match.end(), match["star"] == "*"))
        at = match.end() - len(match["after"])
        expected = _LETTERS[_LETTERS.index(expected) + 1 : _LETTERS.index(expected) + 2]
    return chosen


def split(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """The text in front of the options and the options, each with whether a star marks it."""
    found = labels(text, may_be_small=False)
    if len(found) < 2:
        found = labels(text)
    if len(found) < 2:
        return text.strip(), []
    ends = [label.start for label in found[1:]] + [len(text)]
    options = [
        (text[label.end : end].strip(), label.has_star) for label, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start].strip(), options


def _may_be(found: re.Match[str]) -> bool:
    """A small letter counts at the beginning of a line only; "A/" and "a:" there too."""
    is_at_start = found["before"] in {"", "\n"}
    return is_at_start or (found["letter"].isupper() and (found["sign"] in ".)" or _is_strong(found)))


def _is_strong(found: re.Match[str]) -> bool:
    return found["before"] not in {" ", "\xa0"} or bool(found["inner"])


def _next(candidates: list[re.Match[str]], letter: str, at: int, *, is_first: bool) -> re.Match[str] | None:
    fitting = [each for each in candidates if each["letter"].upper() == letter and each.start() >= at]
    strong = next((each for each in fitting if _is_strong(each)), None)
    if strong is not None or is_first:
        return strong
    return fitting[0] if fitting else None
