# SPDX-License-Identifier: Apache-2.0
"""Typed reading of parsed TOML or JSON: reading never stops at a mistake, and keeps each with its path."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a document: where it stands, and what would be right."""

    path: str
    message: str


class UnusableInput(ValueError):
    """A document cannot be used; `problems` lists every mistake, `source` says in which document."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {each.path}: {each.message}" for each in self.problems))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The mistakes as (path, message)."""
        return tuple((each.path, each.message) for each in self.problems)


MISSING: Any = object()  # what is read in place of a table that is not there, so that it is reported once
NULL: Any = object()  # what a JSON null is while it is read: given, but of no use


class RepeatedKeys(dict[str, Any]):
    """A JSON object in which some key stood twice; reading it as a table reports them."""

    repeated: tuple[str, ...] = ()


def read_json(text: str, source: str) -> object:
    """The parsed JSON; syntax mistakes are refused with their line, repeated keys are kept for `Table`."""
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnusableInput(source, [Problem(path=where, message=f"not JSON: {error.msg}")]) from error
    except (RecursionError, ValueError) as error:
        raise UnusableInput(source, [Problem(path="document", message=f"not JSON: {error}")]) from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    kept, names = RepeatedKeys(members), [name for name, _ in pairs]
    kept.repeated = tuple(sorted({name for name in names if names.count(name) > 1}))
    return kept


class Table:
    """A parsed object while it is read. A mistake yields a harmless value and a problem with its path."""

    def __init__(self, content: object, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self._content: dict[str, Any] = content if isinstance(content, dict) else {}
        self._known: set[str] = set()
        self._absent = not isinstance(content, dict)
        if self._absent and content is not MISSING:
            self.problem("", f"must be a table (an object), not {kind_of(content)}")
        for name in getattr(content, "repeated", ()):
            self.problem(name, "appears twice")

    def at(self, key: str) -> str:
        """The path of a key of this table."""
        return f"{self.path}.{key}".strip(".")

    def problem(self, key: str, message: str) -> None:
        """The mistake is kept; reading goes on."""
        self.problems.append(Problem(path=self.at(key) or "document", message=message))

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._content

    def names(self) -> tuple[str, ...]:
        """The keys given, in their order."""
        return tuple(self._content)

    def raw(self, key: str) -> Any:
        """The value as parsed, None when missing; the key counts as known."""
        self._known.add(key)
        return self._content.get(key)

    def text(self, key: str, default: str | None = None, choices: Sequence[str] = ()) -> str:
        """Text that is not empty, in NFC; one of the choices, when there are any."""
        value = self._given(key, default)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problem(key, f"must be text, not {kind_of(value)}")
            return ""
        if choices and value not in choices:
            self.problem(key, f"must be one of {', '.join(choices)}, not {value!r}")
        return unicodedata.normalize("NFC", value)

    def name(self, key: str) -> str:
        """Text that tells one person or paper from another: nothing in it that cannot be seen."""
        name = self.text(key)
        if name != name.strip() or not name.isprintable():
            self.problem(key, f"may hold no invisible signs, nor blanks at its ends, but is {name!r}")
        return name

    def texts(
        self, key: str, default: Sequence[str] | None = None, choices: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """A list of texts in NFC, without repetition."""
        value = self._given(key, default)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
            self.problem(key, "must be a list of texts")
            return ()
        found = tuple(unicodedata.normalize("NFC", item) for item in value)
        for index, item in enumerate(found):
            if choices and item not in choices:
                self.problem(f"{key}[{index}]", f"must be one of {', '.join(choices)}, not {item!r}")
            if item in found[:index]:
                self.problem(f"{key}[{index}]", f"{item!r} appears twice")
        return found

    def whole(self, key: str, default: int | None = None, least: int = 0, most: int = 100_000) -> int:
        """A whole number within its bounds."""
        value = self._given(key, default)
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(key, f"must be a whole number, not {kind_of(value)}")
            return least
        if not least <= value <= most:
            self.problem(key, f"must lie between {least} and {most}, not {value}")
            return least
        return value

    def decimal(self, key: str, default: str | None = None, most: Decimal | None = None) -> Decimal:
        """A decimal written as text, not below 0 and, when it is given, not above `most`."""
        value = self._given(key, default)
        if value is None:
            return Decimal(0)
        if not isinstance(value, str) or not DECIMAL.fullmatch(value):
            self.problem(key, f'must be a decimal written as text, such as "12.5", not {kind_of(value)}')
            return Decimal(0)
        number = Decimal(value)
        if number < 0 or (self.has(key) and most is not None and number > most):
            bounds = "below 0" if number < 0 else f"above {most}"
            self.problem(key, f"may not be {bounds}, but is {value}")
            return Decimal(0)
        return abs(number)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._given(key, default)
        if not isinstance(value, bool):
            self.problem(key, f"must be true or false, not {kind_of(value)}")
            return default
        return value

    def table(self, key: str, *, required: bool = False) -> Table:
        """The table under this key; an empty one when it is missing."""
        value = self._given(key, None if required else {})
        return Table(MISSING if value is None else value, self.at(key), self.problems)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """The list of tables under this key; empty when it is missing."""
        value = self._given(key, None if required else [])
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.problem(key, f"must be a list, not {kind_of(value)}")
            return []
        return [Table(item, f"{self.at(key)}[{index}]", self.problems) for index, item in enumerate(value)]

    def close(self) -> None:
        """Keys that nobody asked for are mistakes."""
        for key in self._content:
            if key not in self._known:
                self.problem(key, "is not a known key")

    def _given(self, key: str, default: Any) -> Any:
        self._known.add(key)
        if key in self._content:
            value = self._content[key]
            return NULL if value is None else value
        if default is None and not self._absent:
            self.problem(key, "is missing")
        return default


def kind_of(value: object) -> str:
    """A value as a message names it."""
    if value is NULL:
        return "null"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return f"the number {value}" if isinstance(value, float) else repr(value)
