# SPDX-License-Identifier: Apache-2.0
"""What the styles of a Word file say: what is bold, underlined, coloured, a heading, an entry of a list."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from question_bank.formats import office, xml
from question_bank.formats.archive import Archive
from question_bank.formats.word.passage import NO_MARKS, Marks

_DEEPEST = 12
_OFF = frozenset({"0", "false", "off", "none"})
_DARK = 0x50
_NO_FILL = frozenset({"", "auto", "ffffff", "none", "clear"})


@dataclass(frozen=True, slots=True)
class Style:
    """What one style turns on or off, the style it builds on, its level as a heading and its list."""

    on: Marks
    off: Marks
    based_on: str
    heading: int | None
    list: tuple[str, int] | None


def read(archive: Archive, part: str) -> Mapping[str, Style]:
    """The styles of a document by their ids."""
    if not archive.has(part):
        return {}
    root, _ = xml.parse(archive.read(part))
    return {
        office.attribute(each, "styleId") or "": _style(each)
        for each in root
        if office.named(each) == "style"
    }


def marks_of(styles: Mapping[str, Style], name: str) -> Marks:
    """The marks that a style gives, with those of the styles it builds on."""
    chain = _chain(styles, name)
    found: Marks = NO_MARKS
    for style in reversed(chain):
        found = applied(found, style.on, style.off)
    return found


def heading_of(styles: Mapping[str, Style], name: str) -> int | None:
    """The level of the heading that the style makes of a paragraph, or None."""
    return next((style.heading for style in _chain(styles, name) if style.heading is not None), None)


def list_of(styles: Mapping[str, Style], name: str) -> tuple[str, int] | None:
    """The list that the style puts a paragraph into, or None."""
    return next((style.list for style in _chain(styles, name) if style.list is not None), None)


def applied(before: Marks, on: Marks, off: Marks) -> Marks:
    """The marks after some were turned on and others off; one colour takes the place of another."""
    kept = before - off
    if "colour" in off or any(mark.startswith("colour") for mark in on):
        kept = frozenset(mark for mark in kept if not mark.startswith("colour"))
    return kept | on


def properties(element: etree._Element | None) -> tuple[Marks, Marks]:
    """The marks that the properties of a run turn on, and those they turn off."""
    on: set[str] = set()
    off: set[str] = set()
    for each in element if element is not None else ():
        name, value = office.named(each), (office.attribute(each, "val") or "").lower()
        if name in {"b", "i", "vanish"}:
            mark = {"b": "bold", "i": "italic", "vanish": "hidden"}[name]
            (off if value in _OFF else on).add(mark)
        elif name == "u":
            (off if value in _OFF else on).add("underline")
        elif name == "color":
            _colour(value, on, off)
        elif name in {"highlight", "shd"}:
            fill = value if name == "highlight" else (office.attribute(each, "fill") or "").lower()
            (off if fill in _NO_FILL else on).add("highlight")
        elif name == "vertAlign" and value in {"superscript", "subscript"}:
            on.add(value[:3])
    return frozenset(on), frozenset(off)


def _colour(value: str, on: set[str], off: set[str]) -> None:
    """A colour that is not black is a mark of its own: red stands out among blue as well."""
    try:
        parts = bytes.fromhex(value)
    except ValueError:
        parts = b""
    if len(parts) == 3 and max(parts) >= _DARK:
        on.add(f"colour {value}")
    else:
        off.update({"colour"})


def _style(element: etree._Element) -> Style:
    parts = {office.named(each): each for each in element}
    name = office.attribute(parts["name"], "val") or "" if "name" in parts else ""
    on, off = properties(parts.get("rPr"))
    heading, entry = None, None
    for each in parts.get("pPr", ()):
        if office.named(each) == "outlineLvl":
            heading = _digit(office.attribute(each, "val"))
        elif office.named(each) == "numPr":
            entry = list_entry(each)
    if heading is None and name.lower().startswith("heading ") and name[8:9].isdecimal():
        heading = int(name[8:9]) - 1
    base = office.attribute(parts["basedOn"], "val") or "" if "basedOn" in parts else ""
    return Style(on, off, base, heading if heading != 9 else None, entry)


def list_entry(element: etree._Element) -> tuple[str, int] | None:
    """The list and the level that a paragraph is put into."""
    parts = {office.named(each): office.attribute(each, "val") or "" for each in element}
    number = parts.get("numId", "")
    return (number, _digit(parts.get("ilvl")) or 0) if number and number != "0" else None


def _digit(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) == 1 else None


def _chain(styles: Mapping[str, Style], name: str) -> list[Style]:
    found: list[Style] = []
    while name in styles and len(found) < _DEEPEST:
        found.append(styles[name])
        name = styles[name].based_on
    return found
