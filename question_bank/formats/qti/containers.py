# SPDX-License-Identifier: Apache-2.0
"""Expressions on containers and tables."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

from lxml import etree

from question_bank.formats.qti.arithmetic import added
from question_bank.formats.qti.names import text_of
from question_bank.formats.qti.values import Many, Single, Value, entries, many, number, single


def _made(element: etree._Element, values: list[Value]) -> Value:
    found: tuple[Single, ...] = tuple(entry for value in values for entry in entries(value))
    return many(found, is_ordered=element.tag == "ordered")


def _size(_element: etree._Element, values: list[Value]) -> Value:
    return Fraction(len(entries(values[0])) if values else 0)


def _member(_element: etree._Element, values: list[Value]) -> Value:
    if len(values) != 2 or None in values:
        return None
    return values[0] in entries(values[1])


def _contains(_element: etree._Element, values: list[Value]) -> Value:
    if len(values) != 2 or values[0] is None or values[1] is None:
        return None
    whole, part = entries(values[0]), entries(values[1])
    if isinstance(values[0], Many) and values[0].is_ordered:
        return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
    have = Counter(whole)
    return all(have[entry] >= count for entry, count in Counter(part).items())


def _delete(_element: etree._Element, values: list[Value]) -> Value:
    container = next((value for value in values if isinstance(value, Many)), None)
    gone = next((value for value in values if not isinstance(value, Many)), None)
    if container is None or gone is None:
        return None
    left = tuple(entry for entry in container.values if entry != gone)
    return many(left, is_ordered=container.is_ordered)


def _index(element: etree._Element, values: list[Value]) -> Value:
    at = number(element.get("n", "1"))
    found = entries(values[0]) if values else ()
    return found[int(at) - 1] if at is not None and 1 <= at <= len(found) else None


def looked_up(table: etree._Element, value: Value, base_type: str) -> Value:
    """What a table of matches or of ranges gives for a value."""
    fallback = table.get("defaultValue")
    for entry in table:
        source = number(entry.get("sourceValue", ""))
        target = entry.get("targetValue", text_of(entry))
        if table.tag == "matchTable" and source is not None and source == value:
            return single(base_type, target)
        if table.tag == "interpolationTable" and isinstance(value, Fraction) and source is not None:
            includes = entry.get("includeBoundary", "true") not in {"false", "0"}
            if value > source or (includes and value == source):
                return single(base_type, target)
    return single(base_type, fallback) if fallback is not None else None


def statistics(element: etree._Element, values: list[Value]) -> Value:
    """Mean and variance; the members must all be numbers, and roots are taken to 50 digits."""
    found = entries(values[0]) if values else ()
    numbers = [entry for entry in found if isinstance(entry, Fraction)]
    if not numbers or len(numbers) != len(found):
        return None
    mean = added(element, numbers) / len(numbers)
    squares = added(element, ((entry - mean) ** 2 for entry in numbers))
    less = 1 if element.get("name", "").startswith("sample") else 0
    if element.get("name") == "mean":
        return mean
    if len(numbers) <= less:
        return None
    variance = squares / (len(numbers) - less)
    return variance if element.get("name", "").endswith("Variance") else _root(variance)


def _root(value: Fraction) -> Fraction:
    scale = 10**50
    return Fraction(_whole_root(value.numerator * scale * scale // value.denominator), scale)


def _whole_root(value: int) -> int:
    guess = 1 << ((value.bit_length() + 1) // 2)
    while (better := (guess + value // guess) // 2 if guess else 0) < guess:
        guess = better
    return guess


OPERATORS: Mapping[str, Callable[[etree._Element, list[Value]], Value]] = {
    "multiple": _made,
    "ordered": _made,
    "containerSize": _size,
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "index": _index,
}
