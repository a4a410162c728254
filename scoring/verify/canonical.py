# SPDX-License-Identifier: Apache-2.0
"""One spelling for every object that is hashed.

Canonical bytes are JSON in UTF-8: strings in NFC, keys sorted by code point, no white space, no floats,
no duplicate keys, and only whole numbers that every JSON reader keeps exactly (at most 2^53 - 1).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

LARGEST_WHOLE = 2**53 - 1


class CanonicalError(ValueError):
    """Something cannot be written, or was not written, in the canonical form; `path` says where."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'document'}: {message}")
        self.path = path
        self.message = message


def canonical_bytes(content: object) -> bytes:
    """The one spelling of this content; tuples count as lists and text is brought to NFC."""
    try:
        plain = _plain(content)
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    except RecursionError as error:
        raise CanonicalError("", "nested too deeply") from error


def sha256_of(content: object) -> str:
    """`sha256:` and the hex digest of the canonical bytes: how files and runs name each other."""
    return "sha256:" + hashlib.sha256(canonical_bytes(content)).hexdigest()


def canonical_object(schema: str, **fields: object) -> bytes:
    """Canonical bytes of a log object: its first key is `_`, the name and version of its schema."""
    for key in fields:
        if not key > "_":
            raise CanonicalError(key, "a key of a log object must sort after `_`")
    return canonical_bytes({"_": schema, **fields})


def canonical_loads(content: bytes) -> Any:
    """The object these bytes spell; refused unless writing it again gives the same bytes."""
    try:
        parsed = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float
        )
    except RecursionError as error:
        raise CanonicalError("", "nested too deeply") from error
    except CanonicalError:
        raise
    except ValueError as error:
        raise CanonicalError("", f"not JSON in UTF-8: {error}") from error
    if canonical_bytes(parsed) != content:
        raise CanonicalError("", "not in the canonical form")
    return parsed


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list | tuple):
        return _items(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole(value)
    raise CanonicalError("", f"a value of type {type(value).__name__} has no canonical form")


def _members(mapping: Mapping[Any, object]) -> dict[str, object]:
    members: dict[str, object] = {}
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise CanonicalError("", "a key is not text")
        name = _text(key)
        if name in members:
            raise CanonicalError("", f"the key {name!r} appears twice")
        try:
            members[name] = _plain(value)
        except CanonicalError as error:
            raise _within(name, error) from error
    return members


def _items(values: Sequence[object]) -> list[object]:
    items: list[object] = []
    for index, value in enumerate(values):
        try:
            items.append(_plain(value))
        except CanonicalError as error:
            raise _within(f"[{index}]", error) from error
    return items


def _within(name: str, error: CanonicalError) -> CanonicalError:
    """The mistake with its path as seen from one level further out."""
    joint = "." if error.path and not error.path.startswith("[") else ""
    return CanonicalError(name + joint + error.path, error.message)


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("", "the text holds half a surrogate pair") from error
    return unicodedata.normalize("NFC", value)


def _whole(value: int) -> int:
    if abs(value) > LARGEST_WHOLE:
        raise CanonicalError("", "the whole number is too large to be read alike everywhere")
    return int(value)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise CanonicalError("", "a key appears twice in one object")
    return members


def _no_float(literal: str) -> object:
    raise CanonicalError("", f"the number {literal} is not whole; decimals are written as text")
