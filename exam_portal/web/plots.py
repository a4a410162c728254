# SPDX-License-Identifier: Apache-2.0
"""Where bars, intervals and curves lie in a drawing: whole units, from figures as decimals.

The drawings themselves are `plots/*.html`, the same for pages and printed documents; beside each stands a
table that says the same.
"""

import dataclasses
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

LEFT, TOP, WIDTH, HEIGHT = 52, 14, 338, 190  # the field within a drawing 400 wide
LINE = 26  # of one interval
STEPS = (1, 2, 5)
HUNDREDTH = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar with what it counts."""

    x: int
    y: int
    width: int
    height: int
    label: str
    count: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One line: from low to high, with the figure between."""

    label: str
    y: int
    low: int
    middle: int
    high: int
    is_flagged: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis."""

    at: int
    value: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Lines about nought, and their axis."""

    rows: Sequence[Interval]
    ticks: Sequence[Tick]
    height: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a curve."""

    x: int
    y: int
    label: str
    value: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A figure with the interval around it, to be drawn."""

    label: str
    value: Decimal
    low: Decimal
    high: Decimal
    is_flagged: bool = False


def bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """Return a bar for each count, the highest as high as the field."""
    most = max((count for _, count in counts), default=0) or 1
    step = WIDTH // max(len(counts), 1)
    return [
        Bar(
            x=LEFT + number * step + 2,
            y=TOP + HEIGHT - HEIGHT * count // most,
            width=step - 4,
            height=HEIGHT * count // most,
            label=label,
            count=count,
        )
        for number, (label, count) in enumerate(counts)
    ]


def intervals(found: Sequence[Spread]) -> Intervals:
    """Return the lines, on an axis that reaches as far below nought as above."""
    furthest = max((max(abs(one.low), abs(one.high)) for one in found), default=Decimal(1))
    step = _step(furthest / 2)
    reach = step * 2 if furthest <= step * 2 else step * 3
    left, width = LEFT + 40, WIDTH - 40

    def across(value: Decimal) -> int:
        return left + int(width * (value + reach) / (2 * reach))

    rows = [
        Interval(
            label=one.label,
            y=TOP + LINE * number + LINE // 2,
            low=across(one.low),
            middle=across(one.value),
            high=across(one.high),
            is_flagged=one.is_flagged,
        )
        for number, one in enumerate(found)
    ]
    count = int(reach / step)
    ticks = [Tick(at=across(step * one), value=step * one) for one in range(-count, count + 1)]
    return Intervals(rows=rows, ticks=ticks, height=LINE * len(found))


def curve(values: Sequence[tuple[str, Decimal]]) -> list[Point]:
    """Return the points of values between 0 and 1."""
    gap = WIDTH // max(len(values), 1)
    return [
        Point(
            x=LEFT + gap // 2 + gap * number,
            y=TOP + HEIGHT - int(HEIGHT * min(max(value, Decimal(0)), Decimal(1))),
            label=label,
            value=value,
        )
        for number, (label, value) in enumerate(values)
    ]


def share(tenths: int) -> tuple[int, Decimal]:
    """Return where so many tenths lie on the upright axis of a curve."""
    return TOP + HEIGHT - HEIGHT * tenths // 10, Decimal(tenths) / 10


def rounded(value: str | None) -> Decimal | None:
    """Return a figure with two decimals."""
    return None if value is None else Decimal(value).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def _step(least: Decimal) -> Decimal:
    """Return the round step (1, 2 or 5 times a power of ten) that is at least so large."""
    power = Decimal(10) ** (least.adjusted() if least else 0)
    steps = (power * one for one in (*STEPS, 10))
    return next(one for one in steps if one >= least)
