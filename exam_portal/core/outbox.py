# SPDX-License-Identifier: Apache-2.0
"""What shall happen outside the database, written in the transaction that decided it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Code, Key


class OutboxRow(Base):
    """One side effect that is due. The handler deletes it in its own transaction."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_due", "next_at", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]  # not before; moved on by each claim and each failure
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[Code | None]  # the name of the error: its text could hold what logs must not
