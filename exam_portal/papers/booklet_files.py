# SPDX-License-Identifier: Apache-2.0
"""Printed papers as files: each booklet and the key sheet as PDF or Word file. Needs no application.

A board that works in isolation prints by the command; the portal by `papers.routes.copies`.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import jinja2
from markupsafe import Markup

from exam_portal.core import pdf
from exam_portal.web import filters
from exam_portal.web.manifest import STATIC, AssetManifest
from exam_portal.web.templating import PACKAGE
from question_bank.booklets import CorrectionSheet, KeySheet, Line, Printed
from question_bank.formats.word import booklets as word
from question_bank.json_values import decimal_text

FileKind = Literal["pdf", "docx"]
KINDS: tuple[FileKind, ...] = ("pdf", "docx")
COLUMNS = 8  # codes beside each other in a table of the key sheet
NARROW, HALF = 14, 38  # characters of the longest option, for four or two of them in a line
SHEET = "build/print.css"
_PICTURE = re.compile(r'src="data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=]+)"')


def booklets(printed: Printed, kind: FileKind) -> Iterator[tuple[str, bytes]]:
    """Yield each booklet with the name of its file."""
    for paper in printed.booklets:
        content = _pdf("booklet.html", paper=paper) if kind == "pdf" else word.write_booklet(paper)
        yield f"{paper.code}.{kind}", content


def key_sheet(sheet: KeySheet, kind: FileKind) -> bytes:
    """Return the keys of all codes as a file of their own."""
    if kind == "docx":
        return word.write_key_sheet(sheet)
    groups = [sheet.columns[start : start + COLUMNS] for start in range(0, len(sheet.columns), COLUMNS)]
    return _pdf("key_sheet.html", sheet=sheet, groups=groups)


def correction_sheets(sheets: Sequence[CorrectionSheet]) -> bytes:
    """Return the sheets of all codes in one PDF, each on a page of its own: handed out with the booklets."""
    return _pdf("correction_sheet.html", sheets=sheets)


def across(options: tuple[Line, ...]) -> int:
    """Return how many of these options stand in one line."""
    longest = max((len(line.text) for line in options), default=0)
    if longest <= NARROW:
        return 4
    return 2 if longest <= HALF else 1


def _pdf(template: str, **context: object) -> bytes:
    assets = {SHEET: (STATIC / AssetManifest().resolve(SHEET)).read_bytes()}

    def as_asset(found: re.Match[str]) -> str:
        name = f"picture{len(assets)}.{found[1]}"
        assets[name] = base64.b64decode(found[2])
        return f'src="asset:{name}"'

    html = _PICTURE.sub(as_asset, _environment().get_template(template).render(**context))
    return pdf.render(html, assets=assets)


def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / "papers" / "templates" / "print"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(text=_markdown, decimal=decimal_text)
    found.globals.update(across=across, sheet_address=f"asset:{SHEET}")
    return found


def _markdown(text: str) -> Markup:
    return filters.markdown(text, pictures=True)
