# SPDX-License-Identifier: Apache-2.0
"""Elements of a QTI item, in the names of 2.2; texts are Markdown here and XHTML there."""

import re
from collections.abc import Callable, Mapping

from lxml import etree, html
from markdown_it import MarkdownIt

from question_bank.formats import pictures
from question_bank.formats.format import NotHeld

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
DELETED = "deleted"
_MARK = re.compile(r"\[\[([^\[\]]{1,64})\]\]")
_PARSER = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_DELETED = frozenset({"s", "del"})
_KEPT = {"a": {"href"}, "img": {"src", "alt"}}


def add(parent: etree._Element, tag: str, text: str | None = None, /, **own: str) -> etree._Element:
    """A child with plain text and attributes."""
    child = etree.SubElement(parent, tag, {key: writable(value) for key, value in own.items()})
    if text is not None:
        child.text = writable(text)
    return child


def add_markdown(parent: etree._Element, text: str, media: Callable[[pictures.Picture], str]) -> None:
    """The blocks of a Markdown text; its pictures are files, which `media` names."""
    for picture in pictures.in_text(text):
        address = f"(data:image/{picture.kind};base64,{picture.encoded})"
        text = text.replace(address, f"({media(picture)})")
    rendered = _MARKDOWN.render(writable(text))
    holder = html.fragment_fromstring(rendered, create_parent="div", parser=_PARSER)
    for element in holder.iter():
        name = str(element.tag)
        for key in set(element.attrib) - _KEPT.get(name, set()):
            del element.attrib[key]
        if name in _DELETED:
            element.tag = "span"
            element.set("class", DELETED)
    parent.append(holder)


def rendered(text: str) -> str:
    """The HTML of a Markdown text."""
    return str(_MARKDOWN.render(text))


def name(given: str, place: int, prefix: str) -> str:
    """An identifier as QTI spells them: the given one where it is one."""
    return given if _NAME.fullmatch(given) else f"{prefix}{place}"


def writable(text: str) -> str:
    """The text; raises `NotHeld` for the characters that XML has no spelling for."""
    if any(char < " " and char not in "\t\n" for char in text) or "\ufffe" in text or "\uffff" in text:
        raise NotHeld("control_character", "A text holds a control character, which XML cannot spell.")
    return text


def place_gaps(element: etree._Element, found: Mapping[str, etree._Element]) -> None:
    """The marks of gaps in the texts of an element give way to their interactions."""
    pieces = _MARK.split(element.text or "")
    if len(pieces) > 1:
        element.text = pieces[0]
        for place, (gap, after) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
            interaction = found[gap]
            interaction.tail = after
            element.insert(place, interaction)
    parent, tails = element.getparent(), _MARK.split(element.tail or "")
    if parent is not None and len(tails) > 1:
        element.tail = tails[0]
        at = parent.index(element) + 1
        for place, (gap, after) in enumerate(zip(tails[1::2], tails[2::2], strict=True)):
            interaction = found[gap]
            interaction.tail = after
            parent.insert(at + place, interaction)
