# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: INP001 - a tool of the front-end build, not a module of the portal
"""Writes the figure face: the digits of Be Vietnam Pro (SIL OFL 1.1), all of one width.

The text face has proportional digits only and no tabular set, so columns of marks would not align.
Run it after ``npm ci`` when the text face changes:  python exam_portal/web/assets/fonts/figures.py
"""

from pathlib import Path

from fontTools import subset
from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[4]
SOURCE = PROJECT / "node_modules/@fontsource/be-vietnam-pro/files"
TARGET = PROJECT / "exam_portal/static/fonts"
DIGITS = "0123456789"
FAMILY = "Portal Figures"
WIDTHS = {400: 640, 600: 660, 700: 672}  # units per em 1000; a wide digit is condensed by at most a twentieth
SIDE = 45  # the least space left and right of a digit


def write(weight: int) -> None:
    """The figure face of this weight exists."""
    font = TTFont(SOURCE / f"be-vietnam-pro-latin-{weight}-normal.woff2")
    options = subset.Options(layout_features=[], name_IDs=[1, 2, 13, 14], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=DIGITS)
    cutter.subset(font)
    for glyph in (font.getBestCmap()[ord(digit)] for digit in DIGITS):
        _fit(font, glyph, WIDTHS[weight])
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = FAMILY
    font.flavor = "woff2"
    font.save(TARGET / f"figures-{weight}.woff2")


def _fit(font: TTFont, name: str, width: int) -> None:
    """The glyph stands in the middle of the width, condensed only if it would touch its neighbours."""
    glyphs = font["glyf"]
    glyph = glyphs[name]
    drawn = glyph.xMax - glyph.xMin
    scale = min(1.0, (width - 2 * SIDE) / drawn)
    shift = (width - drawn * scale) / 2 - glyph.xMin * scale
    pen = TTGlyphPen(glyphs)
    glyph.draw(TransformPen(pen, Transform(scale, 0, 0, 1, shift, 0)), glyphs)
    glyphs[name] = pen.glyph()
    font["hmtx"][name] = (width, round(shift + glyph.xMin * scale))


if __name__ == "__main__":
    for each in WIDTHS:
        write(each)
