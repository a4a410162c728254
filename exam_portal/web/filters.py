# SPDX-License-Identifier: Apache-2.0
"""How dates, marks and texts look to the reader."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
import nh3
from babel import numbers
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from exam_portal.web import messages

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
NOTHING = "–"

# Controls, and marks that turn the order in which letters are shown: a name could read as another's.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "hr", "img", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

_ATTRIBUTES = {"a": {"href"}, "img": {"alt", "src"}}
_SCHEMES = {"https", "http", "mailto", "data"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")


def language() -> str:
    """Return the two-letter language of the reader; Vietnamese where nobody reads yet."""
    locale = flask_babel.get_locale()
    return locale.language if locale is not None else "vi"


def instant(value: dt.datetime | None, seconds: bool = False) -> str:
    """Return local date and time: 27/03/2026 17:00."""
    if value is None:
        return NOTHING
    return value.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M")


def clock_time(value: dt.datetime | None, seconds: bool = False) -> str:
    """Return the local time of day: 17:00."""
    if value is None:
        return NOTHING
    return value.astimezone(LOCAL).strftime("%H:%M:%S" if seconds else "%H:%M")


def date(value: dt.date | str | None) -> str:
    """Return the local calendar day: 27/03/2026. Published contents hold days as text (2026-03-27)."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return date(dt.date.fromisoformat(value))
    day = value.astimezone(LOCAL) if isinstance(value, dt.datetime) else value
    return day.strftime("%d/%m/%Y")


def date_in_words(value: dt.date | None) -> str:
    """Return the day as documents write it: ngày 05 tháng 3 năm 2026.

    Days below 10 and months 1 and 2 carry a zero in front (decree 30/2020/NĐ-CP, annex I).
    """
    if value is None:
        return NOTHING
    day = value.astimezone(LOCAL) if isinstance(value, dt.datetime) else value
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def mark(value: Decimal | str | int | None) -> str:
    """Return a mark with the decimals it was given, and the reader's decimal sign."""
    if value is None:
        return NOTHING
    written = f"{Decimal(value):f}"
    return written.replace(".", ",") if language() == "vi" else written


def number(value: Decimal | float | None) -> str:
    """Return a number grouped as the reader's language groups it."""
    return NOTHING if value is None else numbers.format_decimal(value, locale=language())


def filesize(value: int | None) -> str:
    """Return a size in kB or MB."""
    if value is None:
        return NOTHING
    if value < 1_000_000:
        return f"{number(max(1, round(value / 1000)))} kB"
    return f"{number(Decimal(round(value / 100_000)) / 10)} MB"


def localised(value: Mapping[str, str] | str | None) -> str:
    """Return the text in the reader's language, else in Vietnamese, else in any it has."""
    if value is None or isinstance(value, str):
        return value or ""
    return value.get(language()) or value.get("vi") or next(iter(value.values()), "")


def markdown(text: str | None, *, pictures: bool = False) -> Markup:
    """Return the text as HTML in which nothing can run, load or leave the site unmarked.

    With `pictures`, those that stand in the text itself are shown; printed documents take none.
    """
    html = _MARKDOWN.render(text or "", {"pictures": pictures})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_kept, url_schemes=_SCHEMES)
    return Markup(clean)  # noqa: S704 - cleaned in the line before


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute that may stay: data is for pictures, and pictures are data."""
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    return None if attribute == "href" and value.lower().startswith("data:") else value


def _picture(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """Return the picture that stands in the text itself; of any other, what it is said to show."""
    token = tokens[index]
    if not env["pictures"] or not _PICTURE.fullmatch(str(token.attrGet("src"))):
        return str(escape(token.content))
    return str(renderer.image(tokens, index, options, env))


_MARKDOWN.add_render_rule("image", _picture)


def dash(value: object) -> object:
    """Return a dash for nothing, the value itself otherwise."""
    return NOTHING if value is None or value == "" else value


FILTERS = {
    "failure": messages.failure,
    "instant": instant,
    "clock_time": clock_time,
    "date": date,
    "date_in_words": date_in_words,
    "mark": mark,
    "number": number,
    "filesize": filesize,
    "localised": localised,
    "markdown": markdown,
    "dash": dash,
}
