# SPDX-License-Identifier: Apache-2.0
"""Typed access to one object of a file, recording every mistake with its line and path."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from question_bank import text
from question_bank.json_reader import Node
from question_bank.json_values import parse_decimal
from question_bank.problems import Path, Problems

T = TypeVar("T", bound=str)

IDENTIFIER = re.compile(r"\w[\w.:-]{0,63}")
MOST_ENTRIES = 200


class Fields:
    """One object; `close` reports the keys nobody asked for."""

    def __init__(self, node: Node, path: Path, problems: Problems) -> None:
        self.line = node.line
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        self._nodes: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._nodes = node.value
        else:
            self.refuse("wrong_type", "An object is expected here.")

    def refuse(self, code: str, message: str, *, key: str | None = None, detail: str = "") -> None:
        """An error stands against this object, or against one of its keys."""
        line, path = self._place(key)
        self.problems.error(line, code, message, path=path, detail=detail)

    def warn(self, code: str, message: str, *, key: str | None = None, detail: str = "") -> None:
        """A warning stands against this object, or against one of its keys."""
        line, path = self._place(key)
        self.problems.warn(line, code, message, path=path, detail=detail)

    def has(self, key: str) -> bool:
        """True when the key is there and not null."""
        self._asked.add(key)
        return key in self._nodes and self._nodes[key].value is not None

    def text(self, key: str) -> str:
        """The required text, in its stored form; empty after a mistake."""
        if not self.require(key):
            return ""
        value = self._nodes[key].value
        if value is None or (isinstance(value, str) and not value.strip()):
            self.refuse("empty", "The text is empty.", key=key)
            return ""
        return self.optional_text(key) or ""

    def optional_text(self, key: str) -> str | None:
        """The text, or None where the key is absent or null."""
        if not self.has(key):
            return None
        value = self._nodes[key].value
        if isinstance(value, str):
            return text.stored(value)
        self.refuse("wrong_type", "A text is expected here.", key=key)
        return None

    def identifier(self, key: str) -> str:
        """The required identifier: letters, digits and . _ : - up to 64 characters."""
        found = self.text(key)
        if found and not IDENTIFIER.fullmatch(found):
            self.refuse(
                "bad_identifier",
                "An identifier has 1 to 64 letters, digits or signs . _ : - and does not start with a sign.",
                key=key,
                detail=found,
            )
        return found

    def choice(self, key: str, allowed: Collection[T], default: T | None = None) -> T | None:
        """One of the allowed words, the default where the key is absent, null or empty."""
        found = self.optional_text(key)
        if found in {None, ""}:
            return default
        for word in allowed:
            if word == found:
                return word
        self.refuse(
            "unknown_value", f"{found!r} is none of {', '.join(allowed)}.", key=key, detail=str(found)
        )
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        if not self.has(key):
            return default
        value = self._nodes[key].value
        if isinstance(value, bool):
            return value
        self.refuse("wrong_type", "true or false is expected here.", key=key)
        return default

    def whole(self, key: str, *, least: int, most: int) -> int | None:
        """The whole number within the bounds, or None where the key is absent or null."""
        if not self.has(key):
            return None
        value = self._nodes[key].value
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("wrong_type", "A whole number is expected here.", key=key)
        elif not least <= value <= most:
            self.refuse(
                "out_of_range", f"The number must lie from {least} to {most}.", key=key, detail=str(value)
            )
        else:
            return value
        return None

    def decimal(self, key: str, *, least: Decimal, most: Decimal) -> Decimal | None:
        """The decimal string within the bounds, or None where the key is absent, null or empty."""
        if not self.has(key) or self._nodes[key].value == "":
            return None
        value = self._nodes[key].value
        number = parse_decimal(value) if isinstance(value, str) else None
        if not isinstance(value, str):
            self.refuse("number_not_text", 'A number stands in quotes here, such as "0.5".', key=key)
        elif number is None:
            self.refuse("bad_number", f"{value!r} is no decimal number such as 0.5.", key=key, detail=value)
        elif not least <= number <= most:
            self.refuse("out_of_range", f"The number must lie from {least} to {most}.", key=key, detail=value)
        else:
            return number
        return None

    def decimals(self, key: str, *, least: Decimal, most: Decimal) -> tuple[Decimal, ...]:
        """The list of decimal strings within the bounds, empty where the key is absent or null."""
        holder = {str(index): node for index, node in enumerate(self._list(key))}
        inner = Fields(Node(holder, self.line), (*self.path, key), self.problems)
        found = [inner.decimal(index, least=least, most=most) for index in holder]
        return tuple(number for number in found if number is not None)

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts, empty where the key is absent or null."""
        found = []
        for index, node in enumerate(self._list(key)):
            if isinstance(node.value, str) and node.value.strip():
                found.append(text.stored(node.value))
            else:
                message = "A text that is not empty is expected here."
                self.problems.error(node.line, "wrong_type", message, path=(*self.path, key, index))
        return tuple(found)

    def objects(self, key: str, *, most: int = MOST_ENTRIES) -> "tuple[Fields, ...]":
        """The list of objects, empty where the key is absent or null."""
        return tuple(
            Fields(node, (*self.path, key, index), self.problems)
            for index, node in enumerate(self._list(key, most))
        )

    def object(self, key: str) -> "Fields | None":
        """The object under the key, or None where it is absent or null."""
        return Fields(self._nodes[key], (*self.path, key), self.problems) if self.has(key) else None

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The list of lists of texts, empty where the key is absent or null."""
        holder = {str(index): node for index, node in enumerate(self._list(key))}
        inner = Fields(Node(holder, self.line), (*self.path, key), self.problems)
        return tuple(inner.texts(index) for index in holder)

    def require(self, key: str) -> bool:
        """True when the key is there; its absence is on record otherwise."""
        self._asked.add(key)
        if key in self._nodes:
            return True
        self.refuse("missing_key", f"The key {key!r} is missing.", detail=key)
        return False

    def refuse_controls(self) -> None:
        """A text anywhere inside that holds a control character is on record as an error, once."""
        for node in _inside(Node(self._nodes, self.line)):
            sign = text.control_in(node.value) if isinstance(node.value, str) else None
            if sign is not None:
                name = f"U+{ord(sign):04X}"
                message = f"A text holds the control character {name}."
                self.problems.error(node.line, "control_inside", message, path=self.path, detail=name)
                return

    def close(self) -> None:
        """Every key that nobody asked for is on record as an error."""
        for key, node in self._nodes.items():
            if key not in self._asked:
                self.problems.error(
                    node.line,
                    "unknown_key",
                    "This key is not known here.",
                    path=(*self.path, key),
                    detail=key,
                )

    def _list(self, key: str, most: int = MOST_ENTRIES) -> list[Node]:
        if not self.has(key):
            return []
        value = self._nodes[key].value
        if not isinstance(value, list):
            self.refuse("wrong_type", "A list is expected here.", key=key)
            return []
        if len(value) > most:
            self.refuse("too_many", f"More than {most} entries.", key=key)
            return []
        return value

    def _place(self, key: str | None) -> tuple[int, Path]:
        if key is None:
            return self.line, self.path
        node = self._nodes.get(key)
        return (node.line if node else self.line), (*self.path, key)


def _inside(node: Node) -> Iterator[Node]:
    """The node and every one inside it."""
    yield node
    children: Iterable[Node] = ()
    if isinstance(node.value, dict):
        children = node.value.values()
    elif isinstance(node.value, list):
        children = node.value
    for child in children:
        yield from _inside(child)
