# SPDX-License-Identifier: Apache-2.0
"""Rows as packages write them: the columns that a table of the package names, each in one spelling."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from exam_portal.core.db import Base, Document, Instant, RowId
from exam_portal.core.parcels import ParcelRefused
from exam_portal.sittings.attempts.acknowledgement import instant

WHOLE = (Integer, type(RowId))


def dump(row: Base, columns: Sequence[str]) -> dict[str, Any]:
    """Return these columns of the row as a package writes them."""
    return {name: _written(getattr(row, name)) for name in columns}


def load(model: type[Base], columns: Sequence[str], written: object) -> dict[str, Any]:
    """Return the values of exactly these columns, or raise ParcelRefused: nothing else, nothing missing."""
    if not isinstance(written, dict) or set(written) != set(columns):
        raise ParcelRefused("shape")
    table = model.__table__
    assert isinstance(table, Table)
    return {name: _read(table.columns[name], written[name]) for name in columns}


def load_all(model: type[Base], columns: Sequence[str], written: object) -> list[dict[str, Any]]:
    """Return the values of each row of a list."""
    if not isinstance(written, list):
        raise ParcelRefused("shape")
    return [load(model, columns, row) for row in written]


def only_keys(written: object, keys: Iterable[str]) -> Mapping[str, Any]:
    """Return the object, which has exactly these keys, or raise ParcelRefused."""
    if not isinstance(written, dict) or set(written) != set(keys):
        raise ParcelRefused("shape")
    return written


def to_bytes(written: object) -> bytes:
    """Return the bytes that a package writes in base64, or raise ParcelRefused."""
    if not isinstance(written, str):
        raise ParcelRefused("shape")
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ParcelRefused("shape") from problem


def to_text(value: bytes) -> str:
    """Return the bytes as a package writes them."""
    return base64.b64encode(value).decode("ascii")


def _written(value: Any) -> Any:
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case bytes():
            return to_text(value)
        case _:
            return value


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        if not column.nullable:
            raise ParcelRefused("shape")
        return None
    try:
        return _converted(column.type, value)
    except (TypeError, ValueError, OverflowError) as problem:
        raise ParcelRefused("shape") from problem


def _converted(kind: TypeEngine[Any], value: Any) -> Any:
    match kind:
        case Instant():
            return datetime.fromisoformat(_typed(value, str))
        case Date():
            return date.fromisoformat(_typed(value, str))
        case LargeBinary():
            return to_bytes(value)
        case Boolean():
            return _typed(value, bool)
        case Document():
            return _typed(value, dict | list)
        case _ if isinstance(kind, WHOLE):
            return _typed(value, int)
        case _:
            return _typed(value, str)


def _typed(value: Any, expected: Any) -> Any:
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
        raise TypeError(type(value))
    return value
