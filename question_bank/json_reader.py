# SPDX-License-Identifier: Apache-2.0
"""A bounded JSON reader that knows the line of every value.

The standard decoder forgets where a value stood, keeps the last of two equal keys and has no bound on depth;
an import report has to name the line, and two values for one key are a mistake, not a choice.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

MOST_DEPTH = 24
MOST_VALUES = 1_000_000
MOST_TEXT = 200_000

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<text>\"[^\"\\\x00-\x1f]*(?:\\.[^\"\\\x00-\x1f]*)*\")"
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>true|false|null)|(?P<mark>[\[\]{},:])"
)
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line it starts on. Lists hold nodes, objects hold nodes by key."""

    value: "bool | int | Decimal | str | list[Node] | dict[str, Node] | None"
    line: int


def node_of(value: object, line: int = 1) -> Node:
    """Plain parsed data (of TOML, or JSON we wrote ourselves) as nodes that all stand on one line.

    What is a node already keeps its own line.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, Mapping):
        return Node({str(key): node_of(entry, line) for key, entry in value.items()}, line)
    if isinstance(value, list | tuple):
        return Node([node_of(entry, line) for entry in value], line)
    if value is None or isinstance(value, bool | int | Decimal | str):
        return Node(value, line)
    return Node(str(value), line)


class JsonProblem(ValueError):
    """The text is no JSON this reader accepts; `line` is where, `code` is why."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.code = code


def read_json(text: str) -> Node:
    """The document as nodes; raises `JsonProblem` at the first thing that is not JSON."""
    reader = _Reader(text)
    node = reader.value(0)
    reader.expect_end()
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._values = 0
        self._name = ""
        self._lexeme = ""
        self._advance()

    def value(self, depth: int) -> Node:
        line = self._line
        self._values += 1
        if self._values > MOST_VALUES:
            self._fail("too_many", f"More than {MOST_VALUES} values.")
        if depth > MOST_DEPTH:
            self._fail("too_deep", f"More than {MOST_DEPTH} levels of nesting.")
        if self._lexeme == "{":
            return Node(self._object(depth), line)
        if self._lexeme == "[":
            return Node(self._array(depth), line)
        return Node(self._scalar(), line)

    def expect_end(self) -> None:
        if self._name != "end":
            self._fail("not_json", "Text follows the end of the document.")

    def _object(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        self._advance()
        while self._lexeme != "}":
            key = self._key(found)
            self._take(":")
            found[key] = self.value(depth + 1)
            self._separator("}")
        self._advance()
        return found

    def _array(self, depth: int) -> list[Node]:
        found: list[Node] = []
        self._advance()
        while self._lexeme != "]":
            found.append(self.value(depth + 1))
            self._separator("]")
        self._advance()
        return found

    def _key(self, found: dict[str, Node]) -> str:
        if self._name != "text":
            self._fail("not_json", "A key in double quotes is expected here.")
        key = self._string()
        if key in found:
            self._fail("duplicate_key", f"The key {key!r} stands twice in one object.")
        self._advance()
        return key

    def _scalar(self) -> bool | int | Decimal | str | None:
        if self._name == "text":
            value: bool | int | Decimal | str | None = self._string()
        elif self._name == "number":
            value = self._number()
        elif self._name == "word":
            value = _WORDS[self._lexeme]
        else:
            self._fail("not_json", "A value is expected here.")
        self._advance()
        return value

    def _number(self) -> int | Decimal:
        if len(self._lexeme) > 32:
            self._fail("not_json", "A number of more than 32 characters.")
        whole = self._lexeme.lstrip("-").isdigit()
        return int(self._lexeme) if whole else Decimal(self._lexeme)

    def _string(self) -> str:
        value = self._lexeme[1:-1]
        if "\\" in value:
            value = self._unescaped()
        if len(value) > MOST_TEXT:
            self._fail("too_long", f"A text of more than {MOST_TEXT} characters.")
        return value

    def _unescaped(self) -> str:
        try:
            value: str = json.loads(self._lexeme)
            value.encode("utf-8")
        except ValueError:
            self._fail("not_json", "A string holds an escape that is none, or half a character.")
        if "\0" in value:
            self._fail("not_json", "A string holds the character 0, which no text has.")
        return value

    def _separator(self, closing: str) -> None:
        if self._lexeme == ",":
            self._advance()
            if self._lexeme == closing:
                self._fail("not_json", "A comma stands before the closing bracket.")
        elif self._lexeme != closing or self._name != "mark":
            self._fail("not_json", f"A comma or {closing} is expected here.")

    def _take(self, mark: str) -> None:
        if self._lexeme != mark or self._name != "mark":
            self._fail("not_json", f"A {mark} is expected here.")
        self._advance()

    def _advance(self) -> None:
        while self._at < len(self._text):
            match = _TOKEN.match(self._text, self._at)
            if match is None:
                self._fail("not_json", "This is not JSON: a quote, bracket or value is missing or misspelt.")
            self._at = match.end()
            if match.lastgroup != "space":
                self._name, self._lexeme = str(match.lastgroup), match.group()
                return
            self._line += match.group().count("\n")
        self._name, self._lexeme = "end", ""

    def _fail(self, code: str, message: str) -> NoReturn:
        raise JsonProblem(self._line, code, message)
