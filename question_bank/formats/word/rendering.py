# SPDX-License-Identifier: Apache-2.0
"""Markdown of items as paragraphs, tables and pictures of a Word file."""

import base64
import io
import struct
from collections.abc import Sequence
from typing import Any

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.shared import Cm, Pt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from question_bank.formats.pictures import IMAGE

WIDEST = Cm(15)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# The parser of links refuses data addresses; only those of pictures that items may hold get through.
_ON = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
_OFF = {"strong_close": "bold", "em_close": "italic", "s_close": "strike"}
_NO_PICTURE = (
    InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, OSError, ValueError, KeyError,
    struct.error, ZeroDivisionError, Image.DecompressionBombError,
)  # fmt: skip


def _any_address(url: str) -> bool:
    return bool(url)


_MARKDOWN.validateLink = _any_address  # type: ignore[method-assign]


def add_markdown(document: Any, text: str, *, lead: str = "", keep: bool = False) -> list[Any]:
    """The paragraphs the text became, the first one behind a bold lead; tables stand between them.

    With `keep` the paragraphs stay on one page with what follows.
    """
    writer = _Writer(document, lead)
    writer.blocks(_MARKDOWN.parse(text))
    if not writer.paragraphs or writer.lead:
        writer.paragraph()
    for paragraph in writer.paragraphs:
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = keep
    return writer.paragraphs


class _Writer:
    def __init__(self, document: Any, lead: str) -> None:
        self._document = document
        self.lead = lead
        self.paragraphs: list[Any] = []
        self._lists: list[int | None] = []
        self._quotes = 0

    def paragraph(self) -> Any:
        """A new paragraph, behind the lead where nothing has taken it yet."""
        paragraph = self._document.add_paragraph()
        if self.lead:
            paragraph.add_run(self.lead).bold = True
            self.lead = ""
        depth = len(self._lists) + self._quotes
        if depth:
            paragraph.paragraph_format.left_indent = Pt(21 * depth)
        self.paragraphs.append(paragraph)
        return paragraph

    def blocks(self, tokens: Sequence[Token]) -> None:
        at = 0
        mark = ""
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                at = self._table(tokens, at)
                continue
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                self._lists.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                self._lists.pop()
            elif token.type == "list_item_open":
                mark = self._next_mark()
            elif token.type in {"blockquote_open", "blockquote_close"}:
                self._quotes += 1 if token.type.endswith("open") else -1
            elif token.type == "inline":
                is_heading = at > 0 and tokens[at - 1].type == "heading_open"
                self._inline(self.paragraph(), mark, token, is_heading)
                mark = ""
            elif token.type in {"fence", "code_block"}:
                self._code(token.content)
            at += 1

    def _next_mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "– "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _inline(self, paragraph: Any, mark: str, token: Token, is_heading: bool) -> None:
        if mark:
            paragraph.add_run(mark)
        add_inline(paragraph, token, {"bold"} if is_heading else set())

    def _code(self, content: str) -> None:
        run = self.paragraph().add_run(content.rstrip("\n"))
        run.font.name = "Courier New"
        run.font.size = Pt(11)

    def _table(self, tokens: Sequence[Token], start: int) -> int:
        """Write the table and return where the tokens go on behind it."""
        end = next(at for at in range(start, len(tokens)) if tokens[at].type == "table_close")
        rows: list[list[Token]] = []
        for token in tokens[start:end]:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        if self.lead:
            self.paragraph()
        table = self._document.add_table(rows=len(rows), cols=max(len(row) for row in rows))
        table.style = "Table Grid"
        for place, row in enumerate(rows):
            for column, token in enumerate(row):
                cell = table.cell(place, column).paragraphs[0]
                cell.paragraph_format.keep_with_next = True
                add_inline(cell, token, {"bold"} if place == 0 else set())
        return end + 1


def add_inline(paragraph: Any, token: Token, marks: set[str]) -> None:
    """The words of a line with their emphasis, and its pictures."""
    on = set(marks)
    for child in token.children or ():
        if child.type in _ON:
            on.add(_ON[child.type])
        elif child.type in _OFF:
            on -= {_OFF[child.type]} - marks
        elif child.type == "image":
            _picture(paragraph, child)
        elif child.type == "hardbreak":
            paragraph.add_run().add_break()
        else:
            text = " " if child.type == "softbreak" else child.content
            if text:
                _run(paragraph, text, on, is_code=child.type == "code_inline")


def _run(paragraph: Any, text: str, marks: set[str], *, is_code: bool) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = "bold" in marks or None, "italic" in marks or None
    if "strike" in marks:
        run.font.strike = True
    if is_code:
        run.font.name = "Courier New"


def _picture(paragraph: Any, token: Token) -> None:
    found = IMAGE.fullmatch(f"![{''}]({token.attrGet('src') or ''})")
    words = token.content or "hình"
    if found is None:
        paragraph.add_run(f"[{words}]")
        return
    try:
        shape = paragraph.add_run().add_picture(io.BytesIO(_as_known(found[2], base64.b64decode(found[3]))))
    except _NO_PICTURE:
        paragraph.add_run(f"[{words}]")
        return
    if shape.width > WIDEST:
        shape.height = shape.height * WIDEST // shape.width
        shape.width = WIDEST


def _as_known(kind: str, content: bytes) -> bytes:
    """The picture in a kind that Word shows: WebP becomes PNG."""
    if kind != "webp":
        return content
    written = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
        picture.convert("RGBA").save(written, "PNG")
    return written.getvalue()
