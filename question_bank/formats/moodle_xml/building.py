# SPDX-License-Identifier: Apache-2.0
"""Elements of a Moodle XML file: texts with their format, pictures as files beside them."""

from lxml import etree

from question_bank.formats import pictures
from question_bank.formats.format import NotHeld


def add(parent: etree._Element, tag: str, text: str = "", /, **attributes: str) -> etree._Element:
    """A child with plain text directly inside it."""
    child = etree.SubElement(parent, tag, dict(attributes))
    child.text = _writable(text)
    return child


def add_text(parent: etree._Element, name: str, text: str, **attributes: str) -> etree._Element:
    """A child with its text inside a child of its own, as Moodle has it."""
    child = etree.SubElement(parent, name, dict(attributes))
    add(child, "text", text)
    return child


def add_markdown(parent: etree._Element, name: str, text: str) -> etree._Element:
    """A child with Markdown; its pictures are files, and the text names them."""
    found = {picture.name: picture for picture in pictures.in_text(text)}
    for picture in found.values():
        address = f"(data:image/{picture.kind};base64,{picture.encoded})"
        text = text.replace(address, f"(@@PLUGINFILE@@/{picture.name})")
    child = add_text(parent, name, text, format="markdown")
    for picture in found.values():
        add(child, "file", picture.encoded, name=picture.name, path="/", encoding="base64")
    return child


def _writable(text: str) -> str:
    """The text; raises `NotHeld` for the characters that XML has no spelling for."""
    if any(char < " " and char not in "\t\n" for char in text) or "\ufffe" in text or "\uffff" in text:
        message = "A text holds a control character, which XML cannot spell."
        raise NotHeld("control_character", message)
    return text
