# SPDX-License-Identifier: Apache-2.0
"""Numbers, weights and accepted answers as Moodle's formats spell them, in the spelling of native items."""

import re
from decimal import Decimal, InvalidOperation

from question_bank.formats.intake import Notes, Unreadable
from question_bank.json_values import decimal_text
from question_bank.kinds.numeric import AcceptedNumber
from question_bank.kinds.short_answer import AcceptedText

ANY_NUMBER = Decimal(10) ** 12 - 1
_FINEST = Decimal("0.000000001")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,13}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")
_COMMA = re.compile(r"[+-]?[0-9]{1,12},[0-9]{1,9}")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_STAR = re.compile(r"(?<!\\)\*")


def fraction_of_percent(percent: Decimal) -> str:
    """The share of the marks, to nine places."""
    return decimal_text((percent / 100).quantize(_FINEST))


def percent_of(fraction: Decimal) -> str:
    """The share in per cent."""
    return decimal_text(fraction * 100)


def parse(spelt: str) -> Decimal | None:
    """The number, or None for what is none."""
    bare = spelt.strip()
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def number_text(spelt: str, line: int, notes: Notes) -> str:
    """The number in plain digits; raises `Unreadable` for what is none."""
    bare = spelt.strip()
    if _COMMA.fullmatch(bare):
        notes.warn(line, "decimal_comma", f"{bare} was read with a decimal comma.", bare)
        bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise Unreadable(line, "bad_number", f"{spelt[:60]!r} is no number.", spelt)
    number = Decimal(bare)
    try:
        return decimal_text(number if number == number.quantize(_FINEST) else number.quantize(_FINEST))
    except InvalidOperation as problem:
        raise Unreadable(line, "bad_number", f"{spelt[:60]!r} is too long for a number.", spelt) from problem


def accepted_by_hand(spelt: str, line: int, notes: Notes) -> dict[str, object]:
    """What `accepted_number` reads, with a warning where a person may have meant thousands: ``1.500``."""
    for number in re.split(r":|\.\.", spelt):
        if _THOUSANDS.fullmatch(number.strip()):
            message = f"{number.strip()} was read with a decimal point, not as thousands."
            notes.warn(line, "thousands_sign", message, number.strip())
    return accepted_number(spelt, line, notes)


def accepted_number(spelt: str, line: int, notes: Notes) -> dict[str, object]:
    """Value and tolerance, or a range: ``1822:2``, ``3.1..3.2``; ``*`` is any number."""
    if spelt == "*":
        return {"low": decimal_text(-ANY_NUMBER), "high": decimal_text(ANY_NUMBER)}
    if ".." in spelt:
        low, high = spelt.split("..", 1)
        return {"low": number_text(low, line, notes), "high": number_text(high, line, notes)}
    value, _, tolerance = spelt.partition(":")
    if not tolerance.strip():
        return {"value": number_text(value, line, notes)}
    return {"value": number_text(value, line, notes), "tolerance": number_text(tolerance, line, notes)}


def is_any_number(answer: AcceptedNumber) -> bool:
    """True for the range that stands for any number."""
    return answer.low == -ANY_NUMBER and answer.high == ANY_NUMBER


def value_and_tolerance(number: AcceptedNumber) -> tuple[str, str]:
    """The middle of what is accepted and how far it reaches; a star for any number."""
    if is_any_number(number):
        return "*", "0"
    if number.low is None or number.high is None:
        return decimal_text(number.value or Decimal(0)), decimal_text(number.tolerance)
    middle = (number.low + number.high) / 2
    return decimal_text(middle), decimal_text(number.high - middle)


def accepted_text(text: str, *, is_exact: bool, line: int) -> dict[str, object]:
    """A text that is compared; a star that no backslash goes before makes it a pattern."""
    if _STAR.search(text):
        if is_exact and text != "*":
            message = "A pattern with * is compared without regard to case here, and this one asks for it."
            raise Unreadable(line, "exact_pattern", message, text)
        return {"text": text, "match": "pattern"}
    return {"text": text.replace("\\*", "*"), "match": "exact" if is_exact else "casefold"}


def pattern_of(answer: AcceptedText) -> str:
    """The answer in the language of patterns: in a text that is none, stars are real stars."""
    return answer.text if answer.match == "pattern" else answer.text.replace("*", "\\*")
