# SPDX-License-Identifier: Apache-2.0
"""A room goes on on paper: the electronic attempts there are closed as evidence, scripts take their place."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from exam_portal.core.db import Base, Key, PublicId, Words, append_only, foreign


class PaperTurn(Base):
    """The reserve paper on paper for a seat, a room or all: written down by one person, approved by another.

    Who had handed in before stays as handed in; of everybody else there the paper script counts.
    """

    __tablename__ = "paper_turns"
    __table_args__ = (
        CheckConstraint("seat_id IS NULL OR room_id IS NULL", name="reach"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
        CheckConstraint("approved_by IS NULL OR approved_by <> by", name="two_people"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    seat_id: Mapped[int | None] = foreign("seats.id", nullable=True)
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]


append_only(PaperTurn, except_columns=("approved_by", "approved_at"))
