# SPDX-License-Identifier: Apache-2.0
"""Numbers and letters that Word shows in front of paragraphs and that stand nowhere in their texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from question_bank.formats import office, xml
from question_bank.formats.archive import Archive

_PLACE = re.compile(r"%([1-9])")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts, what it shows, where it starts."""

    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    lists: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[tuple[str, int], Level] = field(default_factory=dict)
    restarts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number: str, depth: int) -> str | None:
        """What stands in front of the next paragraph of the list; empty for a bullet, None for no list."""
        kind = self.lists.get(number)
        level = self.levels.get((kind, depth)) if kind is not None else None
        if kind is None or level is None:
            return None
        place = (kind, depth)
        if (number, depth) in self.restarts and (number, depth) not in self._begun:
            self._counts[place] = self.restarts[number, depth] - 1
        self._begun.add((number, depth))
        self._counts[place] = min(self._counts.get(place, level.start - 1) + 1, _LARGEST)
        for deeper in range(depth + 1, 9):
            self._counts.pop((kind, deeper), None)
        if level.format in {"bullet", "none"}:
            return ""
        return _PLACE.sub(lambda found: self._shown(kind, int(found[1]) - 1), level.text)

    def _shown(self, kind: str, depth: int) -> str:
        level = self.levels.get((kind, depth))
        if level is None:
            return ""
        return spelt(self._counts.get((kind, depth), level.start), level.format)


def read(archive: Archive, part: str) -> Numbering:
    """The lists that a document defines."""
    if not archive.has(part):
        return Numbering()
    root, _ = xml.parse(archive.read(part))
    lists: dict[str, str] = {}
    restarts: dict[tuple[str, int], int] = {}
    levels: dict[tuple[str, int], Level] = {}
    for entry in root:
        if office.named(entry) == "abstractNum":
            kind = office.attribute(entry, "abstractNumId") or ""
            levels |= {(kind, _depth(each)): _level(each) for each in entry if office.named(each) == "lvl"}
        elif office.named(entry) == "num":
            number = office.attribute(entry, "numId") or ""
            lists[number] = next(
                (_value(each) for each in entry if office.named(each) == "abstractNumId"), ""
            )
            for each in entry.iter("{*}lvlOverride"):
                start = next((_value(one) for one in each if office.named(one) == "startOverride"), "")
                if start.isdecimal():
                    restarts[number, _depth(each)] = min(int(start[:6]), _LARGEST)
    return Numbering(lists, levels, restarts)


def spelt(number: int, format: str) -> str:
    """The number as a list of this kind shows it."""
    if format in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter if format == "upperLetter" else letter.lower()
    if format in {"upperRoman", "lowerRoman"}:
        roman = _roman(min(number, 3_999))
        return roman if format == "upperRoman" else roman.lower()
    return str(number)


def _roman(number: int) -> str:
    found = ""
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
             (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    for value, sign in signs:
        found += sign * (number // value)
        number %= value
    return found


def _level(element: etree._Element) -> Level:
    parts = {office.named(each): _value(each) for each in element}
    start = parts.get("start", "1")
    return Level(
        format=parts.get("numFmt", "decimal"),
        text=parts.get("lvlText", "")[:60],
        start=int(start[:6]) if start.isdecimal() else 1,
    )


def _depth(element: etree._Element) -> int:
    found = office.attribute(element, "ilvl") or "0"
    return int(found) if found.isdecimal() and len(found) == 1 else 0


def _value(element: etree._Element) -> str:
    return office.attribute(element, "val") or ""
