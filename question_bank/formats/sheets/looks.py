# SPDX-License-Identifier: Apache-2.0
"""How the cells of a workbook look, and the right option where only its look says it.

A look is a key where it sets some options of a row apart from the others; which look an author used is found
over the whole sheet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from question_bank.formats import office
from question_bank.formats.sheets.sheet import Row

Looks = frozenset[str]
NO_LOOKS: Looks = frozenset()
_OFF = frozenset({"0", "false", "none"})
_PLAIN_FILLS = frozenset({"none", "gray125", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The look of each style of cells, by its place."""

    cells: Sequence[Looks] = ()

    def of(self, place: int) -> Looks:
        """The look of a style; none where there is no such style."""
        return self.cells[place] if 0 <= place < len(self.cells) else NO_LOOKS


def styles(root: etree._Element) -> Styles:
    """The looks in the part that holds the styles of a workbook."""
    fonts = [font(each) for each in _inside(root, "fonts")]
    fills = [_fill(each) for each in _inside(root, "fills")]
    found = []
    for each in _inside(root, "cellXfs"):
        own_font, own_fill = _place(each, "fontId"), _place(each, "fillId")
        found.append(
            (fonts[own_font] if 0 <= own_font < len(fonts) else NO_LOOKS)
            | (fills[own_fill] if 0 <= own_fill < len(fills) else NO_LOOKS)
        )
    return Styles(cells=found)


def font(element: etree._Element) -> Looks:
    """What a font, or the look of a part of a text, shows."""
    found = set()
    for child in element:
        name, value = office.named(child), (child.get("val") or "").lower()
        if name in {"b", "u", "i"} and value not in _OFF:
            found.add({"b": "bold", "u": "underlined", "i": "italic"}[name])
        elif name == "color":
            found.add(f"colour {_colour(child)}")
    return frozenset(found)


def of_text(element: etree._Element) -> Looks:
    """What every part of a text in a cell shows."""
    parts = []
    for run in element:
        if office.named(run) != "r" or not "".join(str(text) for text in run.itertext()).strip():
            continue
        own = [font(each) for each in run if office.named(each) == "rPr"]
        parts.append(own[0] if own else NO_LOOKS)
    return frozenset.intersection(*parts) if parts else NO_LOOKS


def apart(looks: Mapping[str, Looks]) -> dict[str, tuple[str, ...]]:
    """The letters that each look sets apart from the others."""
    found = {}
    for look in sorted({look for each in looks.values() for look in each}):
        letters = tuple(letter for letter, each in looks.items() if look in each)
        if 0 < len(letters) < len(looks):
            found[look] = letters
    return found


def starred(rows: Sequence[Row], columns: Mapping[str, int]) -> dict[int, Row]:
    """The rows with a star before the options that their look names, by their lines."""
    signs = {row.line: apart(_of_options(row, columns)) for row in rows}
    counts = Counter(look for found in signs.values() for look, letters in found.items() if len(letters) == 1)
    counts.update(look for found in signs.values() for look in found)
    usual = [look for look, _ in counts.most_common()]
    made = {}
    for row in rows:
        named = next((signs[row.line][look] for look in usual if look in signs[row.line]), ())
        cells = list(row.cells)
        for letter in named:
            cells[columns[letter]] = f"*{cells[columns[letter]]}"
        made[row.line] = Row(row.line, tuple(cells), row.looks)
    return made


def _of_options(row: Row, columns: Mapping[str, int]) -> dict[str, Looks]:
    return {
        letter: row.looks[column] if column < len(row.looks) else NO_LOOKS
        for letter, column in columns.items()
        if row.cell(column)
    }


def _fill(element: etree._Element) -> Looks:
    for pattern in element:
        if office.named(pattern) == "patternFill" and pattern.get("patternType", "") not in _PLAIN_FILLS:
            shown = [_colour(each) for each in pattern if office.named(each) == "fgColor"]
            return frozenset({f"filled {''.join(shown)}"})
    return NO_LOOKS


def _colour(element: etree._Element) -> str:
    return " ".join(f"{name}={element.get(name)}" for name in ("rgb", "theme", "tint") if element.get(name))


def _inside(root: etree._Element, name: str) -> list[etree._Element]:
    return [each for group in root if office.named(group) == name for each in group]


def _place(element: etree._Element, name: str) -> int:
    spelt = element.get(name, "0")
    return int(spelt) if spelt.isdecimal() and len(spelt) < 9 else -1
