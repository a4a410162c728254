# SPDX-License-Identifier: Apache-2.0
"""Arithmetic of QTI's expressions: NULL in, NULL out; division by nought is NULL."""

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.values import MOST_DIGITS, Value, entries, number

_HIGHEST_POWER = 64
_Numbers: TypeAlias = list[Fraction]


def numbers(values: list[Value]) -> list[Fraction] | None:
    """Every number among the values, containers opened, or None where one is none."""
    found: list[Fraction] = []
    for value in values:
        members = entries(value)
        if not members or not all(isinstance(member, Fraction) for member in members):
            return None
        found += [member for member in members if isinstance(member, Fraction)]
    return found


def _on_numbers(
    operator: Callable[[etree._Element, _Numbers], Fraction | None], least: int = 1
) -> Callable[[etree._Element, list[Value]], Value]:
    def reckon(element: etree._Element, values: list[Value]) -> Value:
        found = numbers(values)
        return None if found is None or len(found) < least else operator(element, found)

    return reckon


def bounded(element: etree._Element, value: Fraction) -> Fraction:
    """The number itself; raises `Unreadable` for one too long to go on with."""
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_DIGITS:
        message = "The response processing reckons with endless numbers."
        raise Unreadable(line_of(element), "too_deep", message)
    return value


def added(element: etree._Element, found: Iterable[Fraction]) -> Fraction:
    """The sum, reckoned as long as it stays within bounds: denominators multiply where they share nothing."""
    result = Fraction(0)
    for each in found:
        result = bounded(element, result + each)
    return result


def _product(element: etree._Element, found: list[Fraction]) -> Fraction:
    result = Fraction(1)
    for each in found:
        result = bounded(element, result * each)
    return result


def _power(element: etree._Element, found: list[Fraction]) -> Fraction | None:
    base, exponent = found[0], found[1]
    if exponent.denominator != 1 or abs(exponent) > _HIGHEST_POWER:
        raise Unreadable(
            line_of(element), "unsupported_expression", "A power that is not reckoned here.", "power"
        )
    return None if base == 0 and exponent < 0 else Fraction(base ** int(exponent))


def _round_to(element: etree._Element, found: list[Fraction]) -> Fraction | None:
    spelt = element.get("figures", "0")
    figures = number(spelt)
    if figures is None or not 0 <= figures <= 30:
        raise Unreadable(line_of(element), "unsupported_expression", "Figures that are no number.", "roundTo")
    return rounded(found[0], int(figures), element.get("roundingMode", "significantFigures"))


def rounded(value: Fraction, figures: int, mode: str) -> Fraction:
    """The number to so many decimal places or significant figures, halves away from nought."""
    places = figures
    if mode != "decimalPlaces":
        if value == 0:
            return value
        size = abs(value)
        places = figures - 1
        while size >= 10:
            size, places = size / 10, places - 1
        while size < 1:
            size, places = size * 10, places + 1
    scale = Fraction(10) ** places
    sign = -1 if value < 0 else 1
    return sign * Fraction(math.floor(abs(value) * scale + Fraction(1, 2))) / scale


def _math(element: etree._Element, found: list[Fraction]) -> Fraction | None:
    name, value = element.get("name", ""), found[0]
    if name == "abs":
        return abs(value)
    if name == "floor":
        return Fraction(math.floor(value))
    if name == "ceil":
        return Fraction(math.ceil(value))
    if name == "signum":
        return Fraction((value > 0) - (value < 0))
    if name != "atan2" and value in _KNOWN.get(name, {}):
        return _KNOWN[name][value]
    if name == "atan2" and value == 0 and found[1:] and found[1] > 0:
        return Fraction(0)
    message = f"The function {name[:20]!r} has no exact value here, and marks are not rounded."
    raise Unreadable(line_of(element), "unsupported_expression", message, f"mathOperator {name}")


_ZERO, _ONE = Fraction(0), Fraction(1)
_KNOWN: Mapping[str, Mapping[Fraction, Fraction]] = {
    **{name: {_ZERO: _ZERO} for name in ("sin", "tan", "asin", "atan", "sinh", "tanh")},
    **{name: {_ZERO: _ONE} for name in ("cos", "sec", "exp", "cosh", "sech")},
    **{name: {_ONE: _ZERO} for name in ("ln", "log", "acos")},
}


def _divided(found: list[Fraction]) -> Fraction | None:
    return None if found[1] == 0 else found[0] / found[1]


def _whole(found: list[Fraction], remainder: bool) -> Fraction | None:
    if found[1] == 0:
        return None
    return found[0] % found[1] if remainder else Fraction(found[0] // found[1])


def _common(
    element: etree._Element, found: list[Fraction], reckon: Callable[[int, int], int]
) -> Fraction | None:
    if any(each.denominator != 1 for each in found):
        return None
    result = abs(int(found[0]))
    for each in found[1:]:
        result = int(bounded(element, Fraction(reckon(result, int(each)))))
    return Fraction(result)


OPERATORS: Mapping[str, Callable[[etree._Element, list[Value]], Value]] = {
    "sum": _on_numbers(added),
    "product": _on_numbers(_product),
    "subtract": _on_numbers(lambda _e, found: found[0] - found[1], 2),
    "divide": _on_numbers(lambda _e, found: _divided(found), 2),
    "power": _on_numbers(_power, 2),
    "integerDivide": _on_numbers(lambda _e, found: _whole(found, False), 2),
    "integerModulus": _on_numbers(lambda _e, found: _whole(found, True), 2),
    "integerToFloat": _on_numbers(lambda _e, found: found[0]),
    "truncate": _on_numbers(lambda _e, found: Fraction(math.trunc(found[0]))),
    "round": _on_numbers(lambda _e, found: Fraction(math.floor(found[0] + Fraction(1, 2)))),
    "roundTo": _on_numbers(_round_to),
    "max": _on_numbers(lambda _e, found: max(found)),
    "min": _on_numbers(lambda _e, found: min(found)),
    "gcd": _on_numbers(lambda e, found: _common(e, found, math.gcd)),
    "lcm": _on_numbers(lambda e, found: _common(e, found, math.lcm)),
    "mathOperator": _on_numbers(_math),
}
