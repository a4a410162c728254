# SPDX-License-Identifier: Apache-2.0
"""The sheets of an Excel workbook, walked row by row.

Read from the XML itself: readers that lay out the whole rectangle of a sheet can be made to fill the memory
by one cell in its last corner, and those that give numbers only lose what the cells show (25%, 01/07/2025).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from question_bank.formats import office, xml
from question_bank.formats.archive import Archive
from question_bank.formats.raised import shifted
from question_bank.formats.sheets import looks, number_formats
from question_bank.formats.sheets.looks import Looks
from question_bank.formats.sheets.sheet import MOST_COLUMNS, Counter, Row, Sheet

MOST_SHEETS = 100
MOST_PICTURES = 5_000
ERROR = "\ufffc"  # begins a cell whose formula failed or was never computed

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OTHER_SHEETS = re.compile("(?:chart|dialog|macro)sheets?/", re.IGNORECASE)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    texts: Sequence[tuple[str, Looks]]
    formats: Sequence[str]
    styles: looks.Styles
    shift: int
    counter: Counter = field(default_factory=Counter)


def sheets(archive: Archive) -> Iterator[tuple[Sheet, bool]]:
    """Each sheet of the workbook, and whether it is hidden."""
    main = office.main_part(archive, "xl/workbook.xml")
    root, _ = xml.parse(archive.read(main))
    targets = office.relations(archive, main)
    book = _Book(
        texts=_shared_texts(archive, targets),
        formats=_formats(archive, targets),
        styles=_styles(archive, targets),
        shift=1462 if any(_flag(each, "date1904") for each in _all(root, "workbookPr")) else 0,
    )
    for entry in _all(root, "sheet")[:MOST_SHEETS]:
        part = targets.get(office.attribute(entry, "id") or "", "")
        if archive.has(part) and not _OTHER_SHEETS.search(part):
            hidden = entry.get("state") in {"hidden", "veryHidden"}
            pictures = _pictures(archive, part)
            yield _sheet(archive.read(part), entry.get("name", ""), book, pictures), hidden


def _pictures(archive: Archive, part: str) -> list[int]:
    """The lines at which the drawings of a sheet begin."""
    found: set[int] = set()
    for name in office.relations(archive, part).values():
        if "drawing" in name and name.endswith(".xml") and archive.has(name):
            root, _ = xml.parse(archive.read(name))
            rows = [row.text or "" for start in _all(root, "from") for row in _all(start, "row")]
            found |= {int(row) + 1 for row in rows if row.isdecimal() and len(row) < 8}
    return sorted(found)[:MOST_PICTURES]


def _sheet(content: bytes, name: str, book: _Book, pictures: list[int]) -> Sheet:
    rows: list[Row] = []
    merged: list[tuple[int, int, int]] = []
    line = 0
    for element in xml.walk(content, "{*}row", "{*}mergeCell"):
        if office.named(element) == "mergeCell":
            merged += _span(element.get("ref", ""))
            continue
        number = element.get("r", "")
        line = int(number) if number.isdecimal() and len(number) < 9 else line + 1
        cells, shown = _cells(element, book)
        if any(cell.get("vm") for cell in element):
            pictures.append(line)
        row = book.counter.row(line, cells)
        if row is not None:
            rows.append(replace(row, looks=tuple(shown)) if any(shown) else row)
    lines = tuple(sorted(set(pictures[:MOST_PICTURES])))
    return Sheet(name=name, rows=tuple(rows), merged=tuple(merged[:5_000]), pictures=lines)


def _cells(row: etree._Element, book: _Book) -> tuple[list[str], list[Looks]]:
    """The texts of the cells, and how they look."""
    found: list[str] = []
    shown: list[Looks] = []
    for cell in row:
        if office.named(cell) != "c":
            continue
        place = _place(cell.get("r", ""))
        column = place[1] if place else len(found)
        text = _text(cell, book)
        if not text:
            continue
        found += [""] * min(column - len(found), MOST_COLUMNS)
        shown += [looks.NO_LOOKS] * (len(found) - len(shown))
        found.append(text)
        shown.append(_looks(cell, book))
    return found, shown


def _looks(cell: etree._Element, book: _Book) -> Looks:
    """How the whole cell looks, by its style or by that of all its parts."""
    own = book.styles.of(_number(cell.get("s", "0")))
    if cell.get("t") == "inlineStr":
        return own.union(*(looks.of_text(each) for each in cell if office.named(each) == "is"))
    if cell.get("t") == "s":
        value = "".join(each.text or "" for each in cell if office.named(each) == "v")
        place = _number(value)
        return own | (book.texts[place][1] if 0 <= place < len(book.texts) else looks.NO_LOOKS)
    return own


def _number(spelt: str) -> int:
    return int(spelt) if spelt.isdecimal() and len(spelt) < 9 else -1


def _text(cell: etree._Element, book: _Book) -> str:
    """The cell as it is shown; behind the sign of an error where its formula gave nothing."""
    kind = cell.get("t", "n")
    if cell.get("vm"):
        return ""  # a picture in the place of a value
    if kind == "inlineStr":
        return "".join(_rich(each) for each in cell if office.named(each) == "is")
    value = "".join(each.text or "" for each in cell if office.named(each) == "v")
    if not value:
        return ERROR if any(office.named(each) == "f" for each in cell) else ""
    if kind == "s":
        place = _number(value)
        return book.texts[place][0] if 0 <= place < len(book.texts) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind == "e":
        return f"{ERROR}{value}"
    if kind in {"str", "d"}:
        return _unescaped(value)
    place = max(_number(cell.get("s", "0")), 0)
    code = book.formats[place] if place < len(book.formats) else number_formats.GENERAL
    return number_formats.shown(value, code, shift=book.shift)


def _rich(element: etree._Element) -> str:
    """The text of a cell, with raised and lowered parts as such; how it is to be read aloud is left out."""
    parts: list[str] = []
    for child in element:
        if office.named(child) == "t":
            parts.append(_unescaped(child.text or ""))
        elif office.named(child) == "r":
            text = "".join(_unescaped(each.text or "") for each in child if office.named(each) == "t")
            raised = next((each.get("val", "") for each in _all(child, "vertAlign")), "")
            how = {"superscript": "sup", "subscript": "sub"}.get(raised)
            parts.append(shifted(text, how) if how and text.strip() else text)
    return "".join(parts)


def _shared_texts(archive: Archive, targets: Mapping[str, str]) -> list[tuple[str, Looks]]:
    part = next((name for name in targets.values() if name.lower().endswith("sharedstrings.xml")), "")
    if not archive.has(part):
        return []
    parts = xml.walk(archive.read(part), "{*}si")
    return [(_rich(element), looks.of_text(element)) for element in parts]


def _styles(archive: Archive, targets: Mapping[str, str]) -> looks.Styles:
    part = next((name for name in targets.values() if name.lower().endswith("styles.xml")), "")
    return looks.styles(xml.parse(archive.read(part))[0]) if archive.has(part) else looks.Styles()


def _formats(archive: Archive, targets: Mapping[str, str]) -> list[str]:
    """The number format of each style of cells."""
    part = next((name for name in targets.values() if name.lower().endswith("styles.xml")), "")
    if not archive.has(part):
        return []
    root, _ = xml.parse(archive.read(part))
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in _all(root, "numFmt")}
    styles = [each for group in _all(root, "cellXfs") for each in group if office.named(each) == "xf"]
    return [_code(each.get("numFmtId", "0"), own) for each in styles]


def _code(number: str, own: Mapping[str, str]) -> str:
    if number in own:
        return own[number]
    known = number.isdecimal() and len(number) < 9
    return (
        number_formats.BUILT_IN.get(int(number), number_formats.GENERAL) if known else number_formats.GENERAL
    )


def _span(reference: str) -> list[tuple[int, int, int]]:
    first, _, last = reference.partition(":")
    top, bottom = _place(first), _place(last)
    is_down = top is not None and bottom is not None and top[1] == bottom[1] and top[0] < bottom[0]
    return [(top[0], top[1], bottom[0])] if is_down and top and bottom else []


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column, the column counted from 0."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def _unescaped(text: str) -> str:
    """The text with the signs that workbooks spell by their numbers."""
    return _ESCAPE.sub(lambda found: _sign(int(found[1], 16)), text) if "_x" in text else text


def _sign(number: int) -> str:
    return "\ufffd" if number == 0 or 0xD800 <= number < 0xE000 else chr(number)


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return list(element.iter(f"{{*}}{name}"))


def _flag(element: etree._Element, name: str) -> bool:
    return element.get(name) in {"1", "true"}
