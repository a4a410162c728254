# SPDX-License-Identifier: Apache-2.0
"""HTML of question texts as Markdown, or as plain text for options: bounded, and nothing lost in silence.

Scripts and handlers go, with a warning. What would be lost (drawings, formulas, sound, frames) stops the
question. Pictures are the caller's decision.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html

from question_bank.formats import markdown
from question_bank.formats.html_tables import table_text
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.raised import shifted

MOST_LEVELS = 100
_MOST_DEPTH = 250  # elements in elements; the parser leaves out, in silence, what lies deeper than 256

_PARSER = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)

_COST_OF_PARSING = 6  # as much as so many tags
_NEEDS_PARSER = ("<", "&", "\0")
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_EMPTY_LINES = re.compile(r"\n{2,}")
_DROPPED = frozenset({"script", "noscript", "template"})
_SILENT = frozenset({"style", "head", "meta", "link", "title", "base", "colgroup", "col"})
_LOST = frozenset(
    {"svg", "math", "video", "audio", "canvas", "object", "embed", "iframe", "applet", "frame", "map"}
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_HEADINGS = {"h1": "##", "h2": "##", "h3": "###", "h4": "####", "h5": "#####", "h6": "#####"}
_LINE_BELOW = re.compile(r"text-decoration(?:-line)?\s{0,9}:[^;]{0,60}underline", re.IGNORECASE)
_HREF = re.compile(r"(?:https?://|mailto:)[^\s<>()\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How one text is read: as Markdown or plain, and what becomes of pictures and of links to files."""

    line: int
    notes: Notes
    is_plain: bool
    picture: Callable[[str, str], str]
    file_link: Callable[[str], None]


def convert(source: str, rules: Rules) -> str:
    """The text of the HTML; raises `Unreadable` for what neither Markdown nor plain text can hold."""
    if not source.strip():
        return ""
    if not any(sign in source for sign in _NEEDS_PARSER):
        return _Converter(rules, None).plain(source)
    rules.notes.spend(_COST_OF_PARSING, rules.line)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    if _depth(root) >= _MOST_DEPTH:
        raise _too_deep(rules)
    return "\n\n".join(_Converter(rules, root).blocks(root, 0))


class _Converter:
    def __init__(self, rules: Rules, root: html.HtmlElement | None) -> None:
        self._rules = rules
        self._is_plain = rules.is_plain
        self._around_blocks = set() if root is None else _around_blocks(root)

    def plain(self, text: str) -> str:
        """A text without any markup."""
        return "\n\n".join(block for block in self._paragraph(self._text(text)) if block.strip())

    def blocks(self, element: html.HtmlElement, level: int) -> list[str]:
        """The blocks inside an element; what stands between them is a paragraph."""
        if level > MOST_LEVELS:
            raise _too_deep(self._rules)
        found: list[str] = []
        words = self._text(element.text)
        for child in element:
            name = child.tag if isinstance(child.tag, str) else ""
            if name in _BLOCKS:
                found += self._paragraph(words)
                found += self._block(child, name, level)
                words = ""
            else:
                words += self._inline(child, name, words, level)
            words += self._text(child.tail)
        return [block for block in [*found, *self._paragraph(words)] if block.strip()]

    def _block(self, element: html.HtmlElement, name: str, level: int) -> list[str]:
        self._check(element)
        if name == "hr":
            return [] if self._is_plain else ["---"]
        if name == "pre":
            return [self._code_block(element)]
        if name == "table":
            cells = [
                [self._cell(cell, level) for cell in row.iterchildren("td", "th")] for row in _rows(element)
            ]
            captions = [self._block(each, "caption", level + 1) for each in element.iterchildren("caption")]
            return [*(block for found in captions for block in found), self._table(element, cells)]
        if name in {"ul", "ol"}:
            return [self._list(element, name, level)]
        inside = self.blocks(element, level + 1)
        if self._is_plain:
            return inside
        if name in _HEADINGS and inside:
            return [f"{_HEADINGS[name]} " + " ".join(" ".join(inside).split())]
        if name == "blockquote":
            return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(inside).split("\n"))]
        return inside

    def _inline(self, element: html.HtmlElement, name: str, before: str, level: int) -> str:
        if name in _SILENT or name == "":
            return ""
        self._check(element)
        if name in _DROPPED:
            self._warn_active(name)
            return ""
        if name in _LOST:
            message = f"The text holds <{name}>, which an item cannot hold."
            raise Unreadable(self._rules.line, "unsupported_markup", message, name)
        if name == "br":
            return "\n"
        if name == "img":
            return self._rules.picture(element.get("src") or "", element.get("alt") or "")
        inside = (
            "\n\n".join(self.blocks(element, level + 1))
            if element in self._around_blocks
            else self._words(element, level)
        )
        return self._marked(element, name, inside, before)

    def _words(self, element: html.HtmlElement, level: int) -> str:
        if level > MOST_LEVELS:
            raise _too_deep(self._rules)
        words = self._text(element.text)
        for child in element:
            words += self._inline(child, child.tag if isinstance(child.tag, str) else "", words, level + 1)
            words += self._text(child.tail)
        return words

    def _marked(self, element: html.HtmlElement, name: str, inside: str, before: str) -> str:
        if name in {"sup", "sub"}:
            return shifted(inside, name)
        if name == "a":
            return self._link(element.get("href") or "", inside)
        if self._is_plain or not inside.strip():
            return inside
        if name in {"code", "tt", "kbd", "samp"} and "`" not in inside:
            return f"`{markdown.to_plain(inside)}`"
        mark = _underline(element) if _is_underlined(element, name) else _MARKS.get(name, "")
        if not mark:
            return inside
        found = _emphasised(inside, mark, before[-1:], (element.tail or "")[:1])
        if found == inside and _is_underlined(element, name) and not _is_marked(element):
            message = "An underlined part cannot be told apart here: its line is left out."
            self._rules.notes.warn(self._rules.line, "left_out", message)
        return found

    def _link(self, href: str, inside: str) -> str:
        if "@@PLUGINFILE@@" in href:
            self._rules.file_link(href)
            return inside
        if href.strip().lower().startswith(("javascript:", "vbscript:", "data:")):
            self._warn_active(href.strip()[:20])
        if self._is_plain or not _HREF.fullmatch(href.strip()) or not inside.strip():
            return inside
        return f"[{inside.strip()}]({href.strip()})"

    def _list(self, element: html.HtmlElement, name: str, level: int) -> str:
        entries = []
        start = element.get("start", "1").strip()
        first = int(start) if start.isascii() and start.isdecimal() and len(start) < 9 else 1
        if name == "ol" and element.get("type", "1").strip() not in {"", "1"}:
            message = "A list counted in letters or Roman numbers is counted in numbers here."
            self._rules.notes.warn(self._rules.line, "left_out", message)
        for number, entry in enumerate(element.iterchildren("li", "ul", "ol"), start=first):
            mark = "-" if name == "ul" else f"{number}."  # Markdown counts on from the first
            lines = "\n\n".join(self._block(entry, str(entry.tag), level + 1)).split("\n")
            indent = " " * (len(mark) + 1)
            entries.append(
                "\n".join([f"{mark} {lines[0]}", *(f"{indent}{line}".rstrip() for line in lines[1:])])
            )
        return "\n".join(entries)

    def _cell(self, cell: html.HtmlElement, level: int) -> str:
        return " ".join(" ".join(self.blocks(cell, level + 1)).split())

    def _table(self, element: html.HtmlElement, cells: list[list[str]]) -> str:
        is_inside = next(element.iterancestors("table"), None) is not None
        if not is_inside and _is_lost_in_lines(element):
            message = "Cells of a table reach over others or hold a table; they stand in single cells here."
            self._rules.notes.warn(self._rules.line, "table_simplified", message)
        return table_text(cells, is_plain=self._is_plain or is_inside)

    def _code_block(self, element: html.HtmlElement) -> str:
        text = "".join(element.itertext()).strip("\n")
        if self._is_plain:
            return text
        fence = "````" if "```" in text else "```"
        return f"{fence}\n{text}\n{fence}"

    def _text(self, text: str | None) -> str:
        if not text:
            return ""
        words = _BLANKS.sub(" ", text)
        return words if self._is_plain else markdown.inline(words, is_part=True)

    def _paragraph(self, words: str) -> list[str]:
        lines = "\n".join(line.strip() for line in words.split("\n"))
        return [self._lines(part.split("\n")) for part in _EMPTY_LINES.split(lines.strip("\n"))]

    def _lines(self, lines: list[str]) -> str:
        if self._is_plain:
            return "\n".join(lines)
        return "  \n".join(markdown.start_of_line(line) for line in lines)

    def _check(self, element: html.HtmlElement) -> None:
        for name in element.attrib:
            if str(name).lower().startswith("on"):
                self._warn_active(str(name))

    def _warn_active(self, what: str) -> None:
        message = f"Active content ({what}) was taken out of the text."
        self._rules.notes.warn(self._rules.line, "active_content", message, what)


def _is_underlined(element: html.HtmlElement, name: str) -> bool:
    return name in {"u", "ins"} or (
        name == "span" and _LINE_BELOW.search(element.get("style") or "") is not None
    )


def _is_marked(element: html.HtmlElement) -> bool:
    """True where other emphasis stands around or inside the element."""
    return any(
        next(walk(*_MARKS), None) is not None for walk in (element.iterancestors, element.iterdescendants)
    )


def _underline(element: html.HtmlElement) -> str:
    """What stands for a line below words: strong emphasis, or the weak one within strong."""
    strong = ("b", "strong")
    walks = (element.iterancestors(*strong), element.iterdescendants(*strong))
    return "*" if any(next(walk, None) is not None for walk in walks) else "**"


def _rows(table: html.HtmlElement) -> list[html.HtmlElement]:
    """The rows of this table; those of a table in one of its cells are none of them."""
    parts = [table, *table.iterchildren("thead", "tbody", "tfoot")]
    return [row for part in parts for row in part.iterchildren("tr")]


def _is_lost_in_lines(table: html.HtmlElement) -> bool:
    """True where cells reach over others, or hold a table of their own."""
    cells = table.iter("td", "th")
    reaches = any(cell.get("rowspan", "1") != "1" or cell.get("colspan", "1") != "1" for cell in cells)
    return reaches or next(table.iterdescendants("table"), None) is not None


def _around_blocks(root: html.HtmlElement) -> set[html.HtmlElement]:
    """The elements that hold blocks somewhere inside, each looked at once."""
    found: set[html.HtmlElement] = set()
    for block in root.iter(*_BLOCKS):
        parent = block.getparent()
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def _emphasised(inside: str, mark: str, before: str, after: str) -> str:
    """The text between marks, which stand on words and not on blanks; plain where Markdown could not tell."""
    bare = inside.strip()
    head, tail = inside[: inside.index(bare[0])], inside[len(inside.rstrip()) :]
    opens = head or not before.isalnum() or not markdown.is_punctuation(bare[0])
    closes = tail or not after.isalnum() or not markdown.is_punctuation(bare[-1])
    if not (opens and closes) or "\n" in bare or bare[0] in "*~" or bare[-1] in "*~":
        return inside
    return f"{head}{mark}{bare}{mark}{tail}"


def _depth(root: html.HtmlElement) -> int:
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _too_deep(rules: Rules) -> Unreadable:
    return Unreadable(rules.line, "too_deep", f"The text is nested deeper than {MOST_LEVELS} levels.")
