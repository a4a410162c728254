# SPDX-License-Identifier: Apache-2.0
"""Marks are exact until they are published, and are rounded once.

Sums and means are fractions, so that neither a binary float nor a decimal context can move a boundary.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

ROUNDINGS = ("half_up", "half_even", "down")
Exact = Decimal | Fraction


def quantise(value: Exact, decimals: int, rounding: str) -> Decimal:
    """The value with exactly this many decimals. Half away from zero, half to even, or cut off."""
    whole, parts = value.as_integer_ratio()
    steps, rest = divmod(abs(whole) * 10**decimals, parts)
    if rounding == "half_up":
        steps += 2 * rest >= parts
    elif rounding == "half_even":
        steps += 2 * rest > parts or (2 * rest == parts and steps % 2 == 1)
    elif rounding != "down":
        raise ValueError(f"no such rounding: {rounding}")
    return Decimal(f"{-steps if whole < 0 else steps}E-{decimals}")


def mean(values: Sequence[Exact]) -> Fraction:
    """The arithmetic mean, exact."""
    whole, parts = _sum([value.as_integer_ratio() for value in values])
    return Fraction(whole, parts * len(values))


def weighted_sum(pairs: Sequence[tuple[Decimal, Decimal]], more: Decimal) -> Fraction:
    """The sum of the products of these pairs, and one number more, exact."""
    ratios = [more.as_integer_ratio()]
    for weight, value in pairs:
        (whole, parts), (times, shares) = value.as_integer_ratio(), weight.as_integer_ratio()
        ratios.append((whole * times, parts * shares))
    return Fraction(*_sum(ratios))


def _sum(ratios: Sequence[tuple[int, int]]) -> tuple[int, int]:
    common = math.lcm(*[parts for _, parts in ratios])
    return sum([whole * (common // parts) for whole, parts in ratios]), common


def median(values: Sequence[Exact]) -> Fraction:
    """The middle value; of an even number, the mean of the middle two."""
    ordered, half = sorted(Fraction(value) for value in values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether a mark is one that may be given."""
    whole, parts = value.as_integer_ratio()
    step_whole, step_parts = step.as_integer_ratio()
    return whole * step_parts % (parts * step_whole) == 0


def plain(value: Decimal) -> str:
    """The shortest spelling of a decimal: no exponent, no zeros that say nothing."""
    text = published(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def published(value: Decimal) -> str:
    """The spelling of a rounded mark: no exponent, every decimal, and nought without a sign."""
    return format(value or abs(value), "f")
