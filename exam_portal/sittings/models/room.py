# SPDX-License-Identifier: Apache-2.0
"""Rooms, seats and all that happens in them."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Code, Key, PublicId, Words, append_only, foreign


class Room(Base):
    """A room of a competition."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("competition_id", "name"),
        CheckConstraint("capacity >= 1", name="capacity"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    name: Mapped[Code]
    address: Mapped[Words]
    capacity: Mapped[int] = mapped_column(Integer)


class Sitting(Base):
    """One part held at one time, in one mode."""

    __tablename__ = "sittings"
    __table_args__ = (
        CheckConstraint("mode IN ('paper', 'lan', 'portal')", name="mode"),
        CheckConstraint("duration_seconds > 0", name="duration"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    mode: Mapped[str] = mapped_column(String(8))
    paper_id: Mapped[int | None] = foreign("papers.id", nullable=True)
    starts_at: Mapped[datetime]
    duration_seconds: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]

    seats: Mapped[list["Seat"]] = relationship(back_populates="sitting", order_by="Seat.id")


class Seat(Base):
    """A candidate's place in a sitting. Moving changes the row; the record keeps the former place."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("sitting_id", "candidate_id"),
        UniqueConstraint("sitting_id", "room_id", "label"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    candidate_id: Mapped[int] = foreign("candidates.id")
    room_id: Mapped[int] = foreign("rooms.id")
    label: Mapped[Code]
    sheet_code: Mapped[str] = mapped_column(String(16), unique=True)  # printed on the blank, with QR

    sitting: Mapped[Sitting] = relationship(back_populates="seats")
    room: Mapped[Room] = relationship()


class SittingEventKind(enum.StrEnum):
    """Facts of a sitting (room_id null: all rooms)."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"  # all papers in; no attempt runs any more
    CANCELLED = "cancelled"
    SHEETS_CORRECTED = "sheets_corrected"  # payload: script, sheets, reason
    HANDED_OVER = "handed_over"  # payload: scripts, sheets, as the invigilators counted them


class SittingEvent(Base):
    """One fact of a sitting, for a room or for all."""

    __tablename__ = "sitting_events"

    id: Mapped[Key]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Attendance(Base):
    """What the invigilators found at the seat: the last row of a seat counts."""

    __tablename__ = "attendances"
    __table_args__ = (CheckConstraint("status IN ('present', 'absent', 'refused_late')", name="status"),)

    id: Mapped[Key]
    seat_id: Mapped[int] = foreign("seats.id")
    status: Mapped[str] = mapped_column(String(16))
    identity_checked: Mapped[bool]
    arrived_at: Mapped[datetime | None]
    note: Mapped[Words] = mapped_column(default="")
    supersedes_id: Mapped[int | None] = foreign("attendances.id", nullable=True, unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class TimeGrant(Base):
    """Extra time or a credited outage for a seat, a room or all; two people where it is credited."""

    __tablename__ = "time_grants"
    __table_args__ = (
        CheckConstraint("kind IN ('extra_time', 'credit')", name="kind"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("approved_by IS NULL OR approved_by <> by", name="two_people"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    seat_id: Mapped[int | None] = foreign("seats.id", nullable=True)
    kind: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[int] = mapped_column(Integer)
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]


class IncidentCategory(enum.StrEnum):
    """What kind of thing happened. ``NO_SCRIPT`` is the exception that the count of scripts allows for."""

    TECHNICAL = "technical"
    LATE = "late"
    ILLNESS = "illness"
    EVACUATION = "evacuation"
    VIOLATION = "violation"
    PAPER_FAULT = "paper_fault"  # a misprint, a missing page, a damaged envelope
    NO_SCRIPT = "no_script"  # present, but no script was handed in
    OTHER = "other"


class SanctionLevel(enum.StrEnum):
    """How a violation is punished (domain 3.2)."""

    REPRIMAND = "reprimand"
    WARNING = "warning"
    SUSPENSION = "suspension"


class AttendanceStatus(enum.StrEnum):
    """What the invigilators found at a seat."""

    PRESENT = "present"
    ABSENT = "absent"
    REFUSED_LATE = "refused_late"


class GrantKind(enum.StrEnum):
    """Why time is given: at the invigilator's word, or to make good for an outage with a second person."""

    EXTRA_TIME = "extra_time"
    CREDIT = "credit"


class Incident(Base):
    """Something that happened: technical, late, illness, evacuation, violation …"""

    __tablename__ = "incidents"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    seat_id: Mapped[int | None] = foreign("seats.id", nullable=True)
    category: Mapped[Code]
    description: Mapped[Words]
    occurred_at: Mapped[datetime]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Sanction(Base):
    """A reprimand, warning or suspension, entered by one invigilator and confirmed by another."""

    __tablename__ = "sanctions"
    __table_args__ = (
        CheckConstraint("level IN ('reprimand', 'warning', 'suspension')", name="level"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> by", name="two_people"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    seat_id: Mapped[int] = foreign("seats.id")
    level: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    confirmed_at: Mapped[datetime | None]


append_only(SittingEvent)
append_only(Attendance)
append_only(TimeGrant, except_columns=("approved_by", "approved_at"))
append_only(Incident)
append_only(Sanction, except_columns=("confirmed_by", "confirmed_at"))
