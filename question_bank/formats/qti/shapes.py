# SPDX-License-Identifier: Apache-2.0
"""Areas of a picture, and whether a point lies in one."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.values import number


@dataclass(frozen=True, slots=True)
class Shape:
    """A rect, circle, ellipse or poly with its numbers; `default` is the whole picture."""

    name: str
    coords: tuple[Fraction, ...]


_COUNTS = {"rect": 4, "circle": 3, "ellipse": 4}


def shape(element: etree._Element) -> Shape:
    """The area an element describes; raises `Unreadable` where it is none."""
    name = element.get("shape", "default")
    found = [number(part) for part in element.get("coords", "").replace(";", ",").split(",") if part.strip()]
    coords = tuple(part for part in found if part is not None)
    is_whole = len(coords) == len(found) and (
        name == "default"
        or len(coords) == _COUNTS.get(name)
        or (name == "poly" and len(coords) >= 6 and len(coords) % 2 == 0)
    )
    if not is_whole:
        raise Unreadable(
            line_of(element), "bad_shape", f"The area {name[:20]!r} has no such coordinates.", name
        )
    return Shape(name, coords)


def holds(area: Shape, point: object) -> bool:
    """True when the point lies in the area or on its edge."""
    if not isinstance(point, tuple) or not all(isinstance(part, Fraction) for part in point):
        return False
    x, y = point
    if area.name == "rect":
        left, top, right, bottom = area.coords
        return bool(left <= x <= right and top <= y <= bottom)
    if area.name == "circle":
        across, down, radius = area.coords
        return bool((x - across) ** 2 + (y - down) ** 2 <= radius**2)
    if area.name == "ellipse":
        across, down, wide, high = area.coords
        return bool(((x - across) * high) ** 2 + ((y - down) * wide) ** 2 <= (wide * high) ** 2)
    return area.name == "default" or _in_poly(area.coords, x, y)


def _in_poly(coords: tuple[Fraction, ...], x: Fraction, y: Fraction) -> bool:
    corners = list(zip(coords[::2], coords[1::2], strict=True))
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
