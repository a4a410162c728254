# SPDX-License-Identifier: Apache-2.0
"""What the server noticed by itself about the screens, and the machines that a sitting is bound to."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Key, PublicId, RowId, Words, append_only, foreign


class Contact(Base):
    """When and from where a screen last asked; rewritten whenever it asks again."""

    __tablename__ = "contacts"

    attempt_id: Mapped[int] = mapped_column(RowId, ForeignKey("attempts.id"), primary_key=True)
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(8))  # "" nothing said | proved | other (Safe Exam Browser)


class ContactGap(Base):
    """A screen that asked again after a long silence."""

    __tablename__ = "contact_gaps"

    id: Mapped[Key]
    attempt_id: Mapped[int] = foreign("attempts.id")
    silent_from: Mapped[datetime]
    silent_until: Mapped[datetime]


class ServerStart(Base):
    """A process of the server began to answer screens; before that, the last answer was at this instant."""

    __tablename__ = "server_starts"

    id: Mapped[Key]
    at: Mapped[datetime]
    last_contact_at: Mapped[datetime | None]


class ProposalKind(enum.StrEnum):
    """What the server can notice."""

    SEAT_SILENT = "seat_silent"
    ROOM_SILENT = "room_silent"
    DEVICE_CHANGED = "device_changed"
    SERVER_RESTARTED = "server_restarted"


class ProposalRuling(Base):
    """An invigilator made an incident of what the server proposed, or dismissed it with a reason."""

    __tablename__ = "proposal_rulings"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('seat_silent', 'room_silent', 'device_changed', 'server_restarted')", name="kind"
        ),
        CheckConstraint("verdict IN ('accept', 'dismiss')", name="verdict"),
        CheckConstraint("(verdict = 'accept') = (incident_id IS NOT NULL)", name="incident"),
        UniqueConstraint("sitting_id", "key"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    room_id: Mapped[int | None] = foreign("rooms.id", nullable=True)
    seat_id: Mapped[int | None] = foreign("seats.id", nullable=True)
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[Words]
    incident_id: Mapped[int | None] = foreign("incidents.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class RoomBinding(Base):
    """From which networks a room's computers come (none: from anywhere); the last row of a room counts."""

    __tablename__ = "room_bindings"

    id: Mapped[Key]
    room_id: Mapped[int] = foreign("rooms.id")
    networks: Mapped[list[Any]]  # in CIDR form
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class BrowserKeyKind(enum.StrEnum):
    """What a key of Safe Exam Browser proves: the settings, or the program with its settings."""

    CONFIG = "config"
    BROWSER = "browser"


class BrowserKey(Base):
    """A key that Safe Exam Browser has to prove before a computer may take an attempt of the sitting."""

    __tablename__ = "browser_keys"
    __table_args__ = (CheckConstraint("kind IN ('config', 'browser')", name="kind"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64))  # lower-case hexadecimal
    note: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_at: Mapped[datetime | None]


append_only(ContactGap)
append_only(ServerStart)
append_only(ProposalRuling)
append_only(RoomBinding)
append_only(BrowserKey, except_columns=("withdrawn_by", "withdrawn_at"))
