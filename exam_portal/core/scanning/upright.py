# SPDX-License-Identifier: Apache-2.0
"""A scanned page turned upright, with the strip that says whose it is painted over."""

import io
import math
from typing import Final, NamedTuple

from PIL import Image

QUALITY: Final = 80
WHITE: Final = (255, 255, 255)
TALLEST_STRIP: Final = 0.35  # of the page: a code further down stands in no strip of ours
BELOW_THE_CODE: Final = 0.25  # of the code's height: where the dashed line is printed
PRINTED_STRIP: Final = 0.125  # of the page's height, where no code was found to measure it by

Point = tuple[float, float]


class Strip(NamedTuple):
    """Where a code stands: its corners, clockwise from the one that is top left when the page is upright."""

    top_left: Point
    top_right: Point
    bottom_right: Point
    bottom_left: Point


def copy_for_markers(picture: Image.Image, strip: Strip) -> bytes | None:
    """Return the page upright and without its strip; None where the code stands in no strip."""
    across = (strip.top_right[0] - strip.top_left[0], strip.top_right[1] - strip.top_left[1])
    angle = math.degrees(math.atan2(across[1], across[0]))
    turned = picture.rotate(angle, expand=True, fillcolor=WHITE, resample=Image.Resampling.BILINEAR)
    corners = [_turned(corner, angle, picture.size, turned.size) for corner in strip]
    size = math.hypot(*across)
    bottom = max(y for _, y in corners) + BELOW_THE_CODE * size
    if bottom > TALLEST_STRIP * turned.height:
        return None
    return written(_painted(turned, round(bottom)))


def copy_by_hand(content: bytes, *, turn: int, has_strip: bool) -> bytes:
    """Return the page turned (counter-clockwise) as a person said, and without the strip at its top."""
    with Image.open(io.BytesIO(content)) as picture:
        turned = picture.convert("RGB").rotate(turn, expand=True)
    return written(_painted(turned, round(PRINTED_STRIP * turned.height)) if has_strip else turned)


def written(picture: Image.Image) -> bytes:
    """Return the picture as a JPEG that says nothing beside its pixels."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def _painted(picture: Image.Image, height: int) -> Image.Image:
    picture.paste(WHITE, (0, 0, picture.width, height))
    return picture


def _turned(point: Point, angle: float, before: tuple[int, int], after: tuple[int, int]) -> Point:
    """Return where a point of the picture stands once that was turned about its middle."""
    turn = math.radians(angle)
    x, y = point[0] - before[0] / 2, point[1] - before[1] / 2
    return (
        x * math.cos(turn) + y * math.sin(turn) + after[0] / 2,
        -x * math.sin(turn) + y * math.cos(turn) + after[1] / 2,
    )
