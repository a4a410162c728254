# SPDX-License-Identifier: Apache-2.0
"""XML from strangers: parsed without document types, entities, networks or unbounded trees.

A document type is refused before the parser sees it: it serves nothing here, and every known trick (outside
entities, entities that multiply) begins with one. The one exception, ``<!DOCTYPE name>`` with nothing but the
name of the root, is taken out.
"""

import io
import re
from collections.abc import Iterator
from typing import Final, TypedDict

from lxml import etree

from question_bank.formats.encoding import Decoded, NotText, decode

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"\A\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_UNICODE = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
_CODE_PAGES = frozenset({"windows-1252", "windows-1258", "iso-8859-1", "iso-8859-15", "cp1252", "cp1258"})
_BARE_TYPE = re.compile(r"<!DOCTYPE\s{1,9}[\w:.-]{1,99}\s{0,9}>")
_MISC = re.compile(r"\s+|<\?[^?]*\?+(?:[^>?][^?]*\?+)*>|<!--(?:[^-]|-(?!->))*-->")


class _Bounds(TypedDict):
    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


_BOUNDS: Final[_Bounds] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class XmlRefused(ValueError):
    """The content is no XML that is read here; `code` says why and `line` where."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.code = code


def parse(content: bytes) -> tuple[etree._Element, str | None]:
    """The root element and the code page that was guessed, or None; raises `XmlRefused`."""
    text, code_page = safe(content)
    parser = etree.XMLParser(**_BOUNDS, encoding="utf-8")
    try:
        return etree.fromstring(text, parser), code_page
    except etree.XMLSyntaxError as problem:
        raise _refused(problem) from problem


def walk(content: bytes, *tags: str) -> Iterator[etree._Element]:
    """Each element of these names once it is complete; what was walked is forgotten. Raises `XmlRefused`."""
    text, _ = safe(content)
    try:
        for _event, element in etree.iterparse(io.BytesIO(text), events=("end",), tag=tags, **_BOUNDS):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # type: ignore[union-attr]  # it has a sibling, and so a parent
    except etree.XMLSyntaxError as problem:
        raise _refused(problem) from problem


def entries(content: bytes, parent: str) -> Iterator[etree._Element]:
    """Each child of the element of this name, whole, and forgotten when the next one comes."""
    text, _ = safe(content)
    inside: list[str] = []
    try:
        for event, element in etree.iterparse(io.BytesIO(text), events=("start", "end"), **_BOUNDS):
            if event == "start":
                inside.append(etree.QName(element).localname)
                continue
            inside.pop()
            if inside and inside[-1] == parent and parent not in inside[:-1]:
                yield element
                element.clear()
    except etree.XMLSyntaxError as problem:
        raise _refused(problem) from problem


def safe(content: bytes) -> tuple[bytes, str | None]:
    """The content in UTF-8 without a declaration or a document type, and the code page that was guessed."""
    decoded = _decode(content)
    declaration = _DECLARATION.match(decoded.text)
    # The declaration gives way to blanks, so that every line keeps its number.
    head = re.sub(r"[^\n]", " ", declaration[0]) if declaration else ""
    text = head + decoded.text[len(head) :]
    text = _without_document_type(text)
    return text.strip("\ufeff").encode("utf-8", "replace"), decoded.code_page


def _refused(problem: etree.XMLSyntaxError) -> XmlRefused:
    code = "too_deep" if "depth" in str(problem).lower() else "not_xml"
    return XmlRefused(problem.lineno or 1, code, f"The file is no well-formed XML: {problem.msg}.")


def _decode(content: bytes) -> Decoded:
    named = _ENCODING.match(content)
    name = named[1].decode("ascii").lower() if named else "utf-8"
    try:
        if name in _CODE_PAGES:
            return Decoded(
                text=content.decode(name).replace("\r\n", "\n").replace("\r", "\n"), code_page=None
            )
        if name in _UNICODE:
            return decode(content)
    except (NotText, UnicodeDecodeError) as problem:
        raise XmlRefused(
            getattr(problem, "line", 1), "not_text", f"The file is no text in {name}."
        ) from problem
    raise XmlRefused(1, "unknown_encoding", f"The file says it is written in {name}, which is not read here.")


def _without_document_type(text: str) -> str:
    """The text without a document type that only names the root; any other is refused."""
    at = _skipped(text, 0)
    bare = _BARE_TYPE.match(text, at)
    if bare is not None:
        text = text[:at] + re.sub(r"[^\n]", " ", bare[0]) + text[bare.end() :]
        at = _skipped(text, at)
    if text.startswith("<!", at):
        line = text.count("\n", 0, at) + 1
        raise XmlRefused(line, "document_type", "The file declares a document type; such files are not read.")
    return text


def _skipped(text: str, at: int) -> int:
    while found := _MISC.match(text, at):
        at = found.end()
    return at
