# SPDX-License-Identifier: Apache-2.0
"""What passes between the invigilators' desk and the seats: messages one way, calls for help the other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Key, PublicId, Words, append_only, foreign


class SittingMessage(Base):
    """Words of an invigilator to one seat, a room or all; they stay on the screens until they are read."""

    __tablename__ = "sitting_messages"
    __table_args__ = (CheckConstraint("seat_id IS NULL OR room_id IS NULL", name="reach"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    seat_id: Mapped[int | None] = foreign("seats.id", nullable=True)
    words: Mapped[Words] = mapped_column()
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class SeatCall(Base):
    """A candidate calls the invigilator; one call of a seat is open at a time."""

    __tablename__ = "seat_calls"
    __table_args__ = (
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(
            "uq_seat_calls_open",
            "seat_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    seat_id: Mapped[int] = foreign("seats.id")
    at: Mapped[datetime]
    answered_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    answered_at: Mapped[datetime | None]


append_only(SittingMessage)
append_only(SeatCall, except_columns=("answered_by", "answered_at"))
