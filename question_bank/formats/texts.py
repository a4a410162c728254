# SPDX-License-Identifier: Apache-2.0
"""Texts of foreign files, each in one of four formats, as items hold them.

Stems and feedback are Markdown; options, pairs and entries are plain text, as they are shown. A picture
belongs into the stem: an option cannot show one, and feedback keeps its words only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from question_bank.formats import html, markdown, pictures
from question_bank.formats.intake import Notes, Unreadable
from question_bank.text import with_line_ends

TextFormat = Literal["moodle", "html", "markdown", "plain"]
Purpose = Literal["stem", "option", "feedback"]

MOST_SOURCE = 500_000
_COST_OF_TEXT = 6  # as much as so many tags
_SIGNS = ("<", "*", "_", "`", "[", "&")

_HTML = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|ul|ol|li|table|tr|td|th|h[1-6]|img|a|font|pre|code|hr|script"
    r"|style|iframe|svg|math|object|embed|video|audio)(?=[\s/>])[^<>]*>|&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+);",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"<(?:b|i|u|s|em|strong|del|code)(?=[\s>])", re.IGNORECASE)
_PLUGIN_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(@@PLUGINFILE@@/([^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it stands in a file: its format, its line and the files beside it, in base64."""

    text: str
    format: TextFormat
    line: int
    files: Mapping[str, str] = field(default_factory=dict)


def stem(source: Source, notes: Notes) -> str:
    """The text as Markdown, with its pictures."""
    return _Reader(source, notes, "stem").markdown()


def feedback(source: Source, notes: Notes) -> str | None:
    """The text as Markdown without pictures, or None where there is none."""
    return _Reader(source, notes, "feedback").markdown() or None


def option(source: Source, notes: Notes) -> str:
    """The text as plain text."""
    return _Reader(source, notes, "option").plain()


def answer(source: Source) -> str:
    """What a candidate has to type: the text without any tags."""
    if source.format in {"html", "moodle"} and _HTML.search(source.text):
        return _Reader(source, Notes(), "option").plain()
    return source.text.strip()


def looks_like_html(text: str) -> bool:
    """True when the text holds a tag or an entity that a browser would read."""
    return _HTML.search(text) is not None


class _Reader:
    def __init__(self, source: Source, notes: Notes, purpose: Purpose) -> None:
        self._source = source
        self._notes = notes
        self._purpose = purpose
        self._used: set[str] = set()

    def markdown(self) -> str:
        found = self._read(is_plain=False)
        self._name_unused_files()
        return found

    def plain(self) -> str:
        found = self._read(is_plain=True)
        if self._is_html() and _EMPHASIS.search(self._source.text):
            message = "Emphasis inside an option or entry is left out: these are shown as plain text."
            self._notes.warn(self._source.line, "left_out", message)
        self._name_unused_files()
        return found

    def _is_html(self) -> bool:
        is_moodle_html = self._source.format == "moodle" and looks_like_html(self._source.text)
        return self._source.format == "html" or is_moodle_html

    def _read(self, *, is_plain: bool) -> str:
        text = with_line_ends(self._source.text)
        if len(text) > MOST_SOURCE:
            message = f"A text of more than {MOST_SOURCE} characters."
            raise Unreadable(self._source.line, "too_long", message)
        if not text:
            return ""
        cost = _COST_OF_TEXT + sum(map(text.count, _SIGNS))
        self._notes.spend(cost, self._source.line)
        if self._is_html():
            is_loose = self._source.format == "moodle"  # its line ends are shown as such
            return html.convert(text.replace("\n", "<br>") if is_loose else text, self._rules(is_plain))
        if self._source.format == "markdown":
            return _PLUGIN_IMAGE.sub(
                lambda found: self._picture(f"@@PLUGINFILE@@/{found[2]}", found[1]), text
            ).strip()
        return text.strip() if is_plain else markdown.from_plain(text)

    def _rules(self, is_plain: bool) -> html.Rules:
        return html.Rules(
            line=self._source.line,
            notes=self._notes,
            is_plain=is_plain,
            picture=self._picture,
            file_link=self._file_link,
        )

    def _picture(self, address: str, alt: str) -> str:
        name = _file_name(address)
        self._used.add(name)
        if self._purpose == "feedback":
            self._leave_out(name or "a picture")
            return alt
        if self._purpose == "option":
            message = f"An option holds the picture {name!r}; only the question itself can show pictures."
            raise Unreadable(self._source.line, "picture_in_option", message, name)
        encoded = self._source.files.get(name)
        picture = pictures.from_address(address) if encoded is None else pictures.from_base64(encoded)
        if picture is None:
            message = (
                f"The picture {name!r} is not in the file, is no PNG, JPEG, GIF or WebP, or is larger than "
                f"{pictures.MOST_BYTES // 1000} kB."
            )
            raise Unreadable(self._source.line, "picture_lost", message, name)
        return picture.markdown(alt)

    def _file_link(self, address: str) -> None:
        name = _file_name(address)
        self._used.add(name)
        if self._purpose == "feedback":
            self._leave_out(name)
            return
        message = f"The text needs the file {name!r}, which an item cannot hold."
        raise Unreadable(self._source.line, "embedded_file", message, name)

    def _name_unused_files(self) -> None:
        for name in self._source.files:
            if name not in self._used:
                self._leave_out(name)

    def _leave_out(self, name: str) -> None:
        message = f"The file {name!r} is left out: items have no place for it."
        self._notes.warn(self._source.line, "file_left_out", message, name)


def _file_name(address: str) -> str:
    """The name of the file an address speaks of, without the folder of the course."""
    if address.lower().startswith("data:"):
        return address[:30]
    return unquote(address.split("?", maxsplit=1)[0].removeprefix("@@PLUGINFILE@@/"))[-100:]
