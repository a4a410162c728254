# SPDX-License-Identifier: Apache-2.0
"""The paragraphs and tables of a Word file, walked one by one within bounds."""

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from question_bank.formats import office, pictures, xml
from question_bank.formats.archive import Archive, ArchiveRefused
from question_bank.formats.intake import TooMany
from question_bank.formats.word import numbering, styles
from question_bank.formats.word.numbering import Numbering
from question_bank.formats.word.passage import OBJECT, Marks, Passage, Piece, merged
from question_bank.formats.word.styles import Style

MOST_PIECES = 400_000
EQUATION, PICTURE = "công thức", "hình"
_DEEPEST = 40
_GAP = re.compile("[ \xa0]{13,}")  # a wide gap is one, however wide
_TICKS = {  # in the fonts Wingdings and Wingdings 2
    "FC": "✓", "FE": "☑", "FB": "✗", "FD": "☒", "50": "✓", "52": "☑", "4F": "✗", "53": "☒", "54": "☒",
    "A8": "☐", "A3": "☐", "6F": "☐",
}  # fmt: skip
_MATHS = frozenset({"oMath", "oMathPara"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_DROPPED = frozenset({"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sdtPr", "footnoteReference"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `heading` is its level as a heading, `is_entry` whether it stands in a list."""

    passage: Passage
    heading: int | None = None
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells, each a list of paragraphs."""

    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]


Block = Paragraph | Table


def blocks(archive: Archive) -> Iterator[Block]:
    """Every paragraph and table of the text, in its order."""
    main = office.main_part(archive, "word/document.xml")
    reader = _Reader(archive, main)
    for element in xml.entries(archive.read(main), "body"):
        yield from reader.blocks(element, 0)


@dataclass(slots=True)
class _Reader:
    archive: Archive
    main: str
    targets: Mapping[str, str] = field(init=False)
    styles: Mapping[str, Style] = field(init=False)
    numbering: Numbering = field(init=False)
    left: int = MOST_PIECES

    def __post_init__(self) -> None:
        self.targets = office.relations(self.archive, self.main)
        named = {name.rsplit("/", 1)[-1]: name for name in self.targets.values()}
        self.styles = styles.read(self.archive, named.get("styles.xml", ""))
        self.numbering = numbering.read(self.archive, named.get("numbering.xml", ""))

    def blocks(self, element: etree._Element, level: int) -> Iterator[Block]:
        name = office.named(element)
        if level > _DEEPEST:
            raise TooMany(1, f"{_DEEPEST} levels of nesting")
        if name == "p":
            yield self._paragraph(element)
        elif name == "tbl":
            yield self._table(element, level)
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            for child in element:
                yield from self.blocks(child, level + 1)

    def _table(self, element: etree._Element, level: int) -> Table:
        rows = []
        for row in element:
            if office.named(row) != "tr":
                continue
            cells = []
            for cell in row:
                if office.named(cell) == "tc":
                    inside = [each for child in cell for each in self.blocks(child, level + 1)]
                    cells.append(tuple(each for block in inside for each in _paragraphs(block)))
            rows.append(tuple(cells))
        return Table(tuple(rows))

    def _paragraph(self, element: etree._Element) -> Paragraph:
        properties = next((each for each in element if office.named(each) == "pPr"), None)
        parts = {office.named(each): each for each in properties} if properties is not None else {}
        style = office.attribute(parts["pStyle"], "val") or "" if "pStyle" in parts else ""
        base = styles.marks_of(self.styles, style)
        pieces = self._pieces(element, base, 0)
        entry = styles.list_entry(parts["numPr"]) if "numPr" in parts else styles.list_of(self.styles, style)
        label = self.numbering.label(*entry) if entry else None
        if label:
            own = styles.applied(base, *styles.properties(parts.get("rPr")))
            pieces = [Piece(f"{label} ", own), *pieces]
        heading = styles.heading_of(self.styles, style)
        if "outlineLvl" in parts:
            found = office.attribute(parts["outlineLvl"], "val") or ""
            heading = int(found) if found.isdecimal() and len(found) == 1 and found != "9" else None
        return Paragraph(Passage(merged(pieces)), heading, entry is not None)

    def _pieces(self, element: etree._Element, base: Marks, level: int) -> list[Piece]:
        self.left -= 1
        if self.left < 0 or level > _DEEPEST:
            raise TooMany(1, f"{MOST_PIECES} parts of a text")
        name = office.named(element)
        if name in _DROPPED or not name:
            return []
        if name in _MATHS:
            return [Piece(OBJECT, lost=EQUATION)]
        if name == "r":
            return self._run(element, base, level)
        if name in {"drawing", "pict", "object"}:
            return self._objects(element)
        if name == "AlternateContent":
            chosen = next(iter(element), None)
            return self._pieces(chosen, base, level + 1) if chosen is not None else []
        return [piece for child in element for piece in self._pieces(child, base, level + 1)]

    def _run(self, element: etree._Element, base: Marks, level: int) -> list[Piece]:
        properties = next((each for each in element if office.named(each) == "rPr"), None)
        if properties is not None:
            named = next(
                (office.attribute(e, "val") for e in properties if office.named(e) == "rStyle"), None
            )
            base = base | styles.marks_of(self.styles, named) if named else base
        marks = styles.applied(base, *styles.properties(properties))
        if "hidden" in marks:
            return []
        found: list[Piece] = []
        for child in element:
            name = office.named(child)
            if name == "t":
                text = unicodedata.normalize("NFC", child.text or "")
                found.append(Piece(_GAP.sub(" " * 12, text.replace("\n", " ")), marks))
            elif name == "br" and office.attribute(child, "type") in {"page", "column"}:
                continue
            elif name in _SIGNS:
                found.append(Piece(_SIGNS[name], marks))
            elif name == "sym":
                sign = _TICKS.get((office.attribute(child, "char") or "").upper()[-2:])
                font = (office.attribute(child, "font") or "").lower()
                is_tick = sign is not None and font.startswith("wingdings")
                found.append(Piece(sign or "", marks) if is_tick else Piece(OBJECT, lost="ký hiệu"))
            else:
                found += self._pieces(child, marks, level + 1)
        return found

    def _objects(self, element: etree._Element) -> list[Piece]:
        """Pictures as data addresses; equations of older programs, drawings and text boxes by their names."""
        if any(
            "equation" in (office.attribute(each, "ProgID") or "").lower()
            for each in element.iter("{*}OLEObject")
        ):
            return [Piece(OBJECT, lost=EQUATION)]
        ids = [office.attribute(each, "embed") for each in element.iter("{*}blip")]
        ids += [office.attribute(each, "id") for each in element.iter("{*}imagedata")]
        return [self._picture(name or "") for name in ids] or [Piece(OBJECT, lost=PICTURE)]

    def _picture(self, name: str) -> Piece:
        part = self.targets.get(name, "")
        try:
            content = self.archive.read(part, pictures.MOST_BYTES)
        except ArchiveRefused:
            return Piece(OBJECT, lost=PICTURE)
        found = pictures.from_base64(base64.b64encode(content).decode("ascii"))
        if found is None:
            return Piece(OBJECT, lost=PICTURE)
        return Piece(OBJECT, picture=f"data:image/{found.kind};base64,{found.encoded}")


def _paragraphs(block: Block) -> list[Paragraph]:
    """The paragraphs of a block; those of a table within a table stand behind each other."""
    if isinstance(block, Paragraph):
        return [block]
    return [paragraph for row in block.rows for cell in row for paragraph in cell]
