# SPDX-License-Identifier: Apache-2.0
"""The table of due side effects, and who carries out which kind."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.confinement import door
from exam_portal.core.db import Base, Code, Key, Session

if TYPE_CHECKING:
    from exam_portal.core.outbox.delivery import Job

Handler = Callable[["Job"], None]
_HANDLERS: dict[str, Handler] = {}


class OutboxRow(Base):
    """One side effect that is due; gone when it has happened."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_due", "next_at", "id"),
        Index("ix_outbox_about", "kind", "about"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    about: Mapped[Code | None]  # what a page asks for it by
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]  # not before; moved on by every failure
    claimed_until: Mapped[datetime | None]  # a relay has handed it out; after this instant another may
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[Code | None]  # the name of the error: its text could hold what logs must not


@door
def enqueue(
    session: Session, kind: str, payload: Mapping[str, Any], now: datetime, *, about: str | None = None
) -> OutboxRow:
    """Return the row that will make the handler of this kind act once the transaction is committed.

    A page that waits for it finds it by what it is ``about`` (``standing``).
    """
    handler_of(kind)
    row = OutboxRow(kind=kind, about=about, payload=dict(payload), created_at=now, next_at=now, attempts=0)
    session.add(row)
    session.flush()
    return row


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out jobs of this kind; it must bear being called twice."""

    def register(function: Handler) -> Handler:
        known = _HANDLERS.setdefault(kind, function)
        if known is not function:
            raise ValueError(f"{kind} is carried out by {known.__module__}.{known.__qualname__} already")
        return function

    return register


def handler_of(kind: str) -> Handler:
    """Return who carries out jobs of this kind; LookupError when nobody does."""
    try:
        return _HANDLERS[kind]
    except KeyError:
        raise LookupError(
            f"nobody carries out {kind}: its module with @handler has not been imported"
        ) from None
