# SPDX-License-Identifier: Apache-2.0
"""Comparisons and logic of QTI's expressions; with NULL they are NULL, which no condition takes for true."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import patterns
from question_bank.formats.qti.arithmetic import numbers, rounded
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.values import Many, Value, entries, number


def same(first: Value, second: Value) -> bool:
    """True for two equal values; the members of an unordered container in any order."""
    if isinstance(first, Many) and isinstance(second, Many):
        if first.is_ordered or second.is_ordered:
            return first.values == second.values
        return Counter(first.values) == Counter(second.values)
    if isinstance(first, Many) != isinstance(second, Many):
        return entries(first) == entries(second)
    if isinstance(first, str) and isinstance(second, str):
        return first.strip() == second.strip()
    return type(first) is type(second) and first == second


def _match(_element: etree._Element, values: list[Value]) -> Value:
    return None if len(values) != 2 or None in values else same(values[0], values[1])


def _not_equal(element: etree._Element, values: list[Value]) -> Value:
    found = _equal(element, values)
    return None if found is None else not found


def _equal(element: etree._Element, values: list[Value]) -> Value:
    if len(values) != 2 or None in values:
        return None
    found = numbers(values)
    if found is None or len(found) != 2:
        return same(values[0], values[1])
    return _within(element, found[0], found[1])


def _within(element: etree._Element, first: Fraction, second: Fraction) -> bool:
    """Equal within the tolerance around the first value; each end belongs to it where the file says so."""
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return first == second
    low, high = tolerance(element, mode, first)
    below = second >= low if element.get("includeLowerBound", "true") != "false" else second > low
    above = second <= high if element.get("includeUpperBound", "true") != "false" else second < high
    return below and above


def tolerance(element: etree._Element, mode: str, value: Fraction) -> tuple[Fraction, Fraction]:
    """The ends of what counts as equal to the value."""
    found = [number(part) for part in element.get("tolerance", "").split()]
    if not found or any(part is None for part in found):
        message = f"The tolerance {element.get('tolerance', '')[:40]!r} is no number."
        raise Unreadable(line_of(element), "bad_number", message)
    down, up = found[0] or Fraction(0), found[-1] or Fraction(0)
    if mode == "relative":
        ends = (value * (1 - down / 100), value * (1 + up / 100))
        return min(ends), max(ends)
    return value - down, value + up


def _equal_rounded(element: etree._Element, values: list[Value]) -> Value:
    found = numbers(values)
    figures = number(element.get("figures", "0"))
    if found is None or len(found) != 2 or figures is None or not 0 <= figures <= 30:
        return None
    mode = element.get("roundingMode", "significantFigures")
    first, second = (rounded(each, int(figures), mode) for each in found)
    return first == second


def _ordered(compare: Callable[[Fraction, Fraction], bool]) -> Callable[[etree._Element, list[Value]], Value]:
    def reckon(_element: etree._Element, values: list[Value]) -> Value:
        found = numbers(values)
        return None if found is None or len(found) != 2 else compare(found[0], found[1])

    return reckon


def _and(_element: etree._Element, values: list[Value]) -> Value:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _or(_element: etree._Element, values: list[Value]) -> Value:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def _not(_element: etree._Element, values: list[Value]) -> Value:
    return not values[0] if values and isinstance(values[0], bool) else None


def _any_n(element: etree._Element, values: list[Value]) -> Value:
    least, most = number(element.get("min", "0")), number(element.get("max", str(len(values))))
    true = sum(1 for value in values if value is True)
    unknown = sum(1 for value in values if value is None)
    if least is None or most is None or true > most or true + unknown < least:
        return False
    return True if true >= least and true + unknown <= most else None


def _string_match(element: etree._Element, values: list[Value]) -> Value:
    if len(values) != 2 or not all(isinstance(value, str) for value in values):
        return None
    first, second = (str(value).strip() for value in values)
    if element.get("caseSensitive", "true") == "false":
        first, second = first.casefold(), second.casefold()
    return second in first if element.get("substring", "false") == "true" else first == second


def _substring(element: etree._Element, values: list[Value]) -> Value:
    if len(values) != 2 or not all(isinstance(value, str) for value in values):
        return None
    part, whole = (str(value) for value in values)
    if element.get("caseSensitive", "true") == "false":
        part, whole = part.casefold(), whole.casefold()
    return part in whole


def _pattern_match(element: etree._Element, values: list[Value]) -> Value:
    pattern = patterns.read(element.get("pattern", ""))
    if pattern is None:
        message = "The response processing holds a regular expression, which is not reckoned here."
        raise Unreadable(line_of(element), "unsupported_expression", message, "patternMatch")
    if len(values) != 1 or not isinstance(values[0], str):
        return None
    return pattern.fits(values[0])


OPERATORS: Mapping[str, Callable[[etree._Element, list[Value]], Value]] = {
    "match": _match,
    "equal": _equal,
    "notEqual": _not_equal,
    "equalRounded": _equal_rounded,
    "lt": _ordered(lambda one, other: one < other),
    "lte": _ordered(lambda one, other: one <= other),
    "gt": _ordered(lambda one, other: one > other),
    "gte": _ordered(lambda one, other: one >= other),
    "durationLT": _ordered(lambda one, other: one < other),
    "durationGTE": _ordered(lambda one, other: one >= other),
    "isNull": lambda _e, values: values[:1] in ([None], []),
    "isNotNull": lambda _e, values: values[:1] not in ([None], []),
    "and": _and,
    "or": _or,
    "not": _not,
    "anyN": _any_n,
    "allN": _any_n,
    "stringMatch": _string_match,
    "substring": _substring,
    "patternMatch": _pattern_match,
}
