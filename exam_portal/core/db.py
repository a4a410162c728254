# SPDX-License-Identifier: Apache-2.0
"""What every table is made of: the base, the column types, and the session that verbs receive."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    orm,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from exam_portal.core.ids import new_public_id

if TYPE_CHECKING:
    from exam_portal.core.keystore import Keystore
    from exam_portal.core.signing import Signer
    from exam_portal.core.storage import Storage

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, on both databases (SQLite would return naive ones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Thousandths(TypeDecorator[Decimal]):
    """A mark: ``Decimal`` in Python, whole thousandths in the database. Finer values are refused."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Store thousandths exactly or raise ValueError."""
        if value is None:
            return None
        scaled = value * 1000
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} is finer than a thousandth")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the mark with three decimals or fewer."""
        return None if value is None else Decimal(value) / 1000


class Document(TypeDecorator[Any]):
    """A JSON value kept as text, so that both databases hold the same characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write sorted, compact JSON."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the JSON value."""
        return None if value is None else json.loads(value)


RowId = BigInteger().with_variant(Integer, "sqlite")
Key = Annotated[int, mapped_column(RowId, primary_key=True, autoincrement=True)]
PublicId = Annotated[str, mapped_column(String(26), unique=True, default=new_public_id)]
Words = Annotated[str, mapped_column(Text)]
Code = Annotated[str, mapped_column(String(64))]
Hash = Annotated[bytes, mapped_column(LargeBinary(32))]
Cipher = Annotated[bytes, mapped_column(LargeBinary)]


class Base(DeclarativeBase):
    """The base of every table of the portal."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as a plain mapping
        datetime: Instant,
        Decimal: Thousandths,
        dict[str, Any]: Document,
        list[Any]: Document,
        bytes: LargeBinary,
        str: Text,
        int: RowId,
    }


CONFINED_ROLE = "confined_role"  # key in ``Session.info``: the role of confined sessions on PostgreSQL


class Session(orm.Session):
    """One unit of work, with what a verb may reach beside the tables: keys, files, the signer.

    A session from ``Database.writing()`` holds the writer; one from ``reading()`` refuses to write.
    """

    keys: "Keystore"
    files: "Storage"
    signer: "Signer"


APPEND_ONLY: dict[str, frozenset[str]] = {}


def append_only(model: type[Base], *, except_columns: Iterable[str] = ()) -> None:
    """Register an evidence table: triggers on both databases abort every DELETE and every UPDATE.

    ``except_columns`` may still be set once from NULL (a projection such as the index of a leaf).
    """
    table = model.__table__
    assert isinstance(table, Table)
    APPEND_ONLY[table.name] = frozenset(except_columns)


def foreign(target: str, *, nullable: bool = False, unique: bool = False, index: bool = True) -> Mapped[Any]:
    """Return a reference column to ``table.id``; never cascading, indexed unless told otherwise."""
    return mapped_column(
        ForeignKey(target), nullable=nullable, unique=unique or None, index=index and not unique
    )
