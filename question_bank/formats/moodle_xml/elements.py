# SPDX-License-Identifier: Apache-2.0
"""Access to the elements of a Moodle XML question: texts with their format, line and files."""

from collections.abc import Mapping
from decimal import Decimal

from lxml import etree

from question_bank.formats import amounts
from question_bank.formats.intake import Unreadable
from question_bank.formats.texts import Source, TextFormat
from question_bank.json_values import decimal_text

_FORMATS: Mapping[str, TextFormat] = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "markdown": "markdown",
}
_TRUE = frozenset({"1", "true", "yes"})


def line_of(element: etree._Element) -> int:
    """The line on which the element starts."""
    return int(element.sourceline or 1)


def text_in(element: etree._Element | None) -> str:
    """The text of an element, or of its child ``text``; what else lies in it is not part of that."""
    if element is None:
        return ""
    inner = element.find("text")
    return (element.text or "") if inner is None else "".join(inner.itertext())


def value(question: etree._Element, name: str) -> str:
    """The text of the first child of that name, without blanks at its ends."""
    return text_in(question.find(name)).strip()


def source(element: etree._Element | None, line: int = 1, default: TextFormat = "moodle") -> Source:
    """The text with its format and the files beside it; an absent element is an empty text."""
    if element is None:
        return Source("", default, line)
    named = element.get("format", "")
    files = {file.get("name", ""): file.text or "" for file in element.iterchildren("file")}
    return Source(text_in(element), _FORMATS.get(named, default), line_of(element), files)


def flag(question: etree._Element, name: str, *, default: bool) -> bool:
    """True or false, in any of Moodle's spellings; an empty element ``<single/>`` is the default."""
    found = value(question, name).lower()
    return found in _TRUE if found else default


def fraction(answer: etree._Element) -> str:
    """The share of the marks an answer earns."""
    return amounts.fraction_of_percent(_decimal(answer, answer.get("fraction", "0")))


def marks(question: etree._Element) -> str | None:
    """The marks of the question, or None where the file does not say."""
    found = question.find("defaultgrade")
    if found is None or not text_in(found).strip():
        return None
    return decimal_text(_decimal(found, text_in(found)).quantize(Decimal("0.000000001")))


def whole(question: etree._Element, name: str) -> int | None:
    """The whole number of a child, or None where it is absent, empty or nought."""
    found = value(question, name)
    return int(found) or None if found.isascii() and found.isdigit() and len(found) < 10 else None


def _decimal(element: etree._Element, spelt: str) -> Decimal:
    number = amounts.parse(spelt)
    if number is None:
        raise Unreadable(line_of(element), "bad_number", f"{spelt[:60]!r} is no number.", spelt)
    return number
