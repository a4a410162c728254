# SPDX-License-Identifier: Apache-2.0
"""The facts of the room: what was planned, when each phase of a hearing began and ended, what was drawn."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Cipher, Key, PublicId, Words, append_only, foreign


class RoomPlan(Base):
    """The minutes of a panel's hearings; the last version before the first one holds for every candidate."""

    __tablename__ = "room_plans"
    __table_args__ = (UniqueConstraint("panel_id", "version"),)

    id: Mapped[Key]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]  # phases [[key, minutes]]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PhaseEvent(Base):
    """A phase of a hearing was started, paused, resumed or ended; ``place`` is the order of recording."""

    __tablename__ = "phase_events"
    __table_args__ = (
        UniqueConstraint("hearing_id", "place"),
        Index(
            "uq_phase_events_started",
            "hearing_id",
            "phase",
            unique=True,
            sqlite_where=text("kind = 'started'"),
            postgresql_where=text("kind = 'started'"),
        ),
        CheckConstraint("phase IN ('preparation', 'presentation', 'questions')", name="phase"),
        CheckConstraint("kind IN ('started', 'paused', 'resumed', 'ended')", name="kind"),
        CheckConstraint("kind <> 'paused' OR length(reason) > 0", name="reason"),
    )

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    place: Mapped[int] = mapped_column(Integer)
    phase: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class QuestionSet(Base):
    """The questions of a panel with the seed of their draws, sealed; the last before the first draw holds."""

    __tablename__ = "question_sets"
    __table_args__ = (UniqueConstraint("panel_id", "version"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    version: Mapped[int] = mapped_column(Integer)
    key_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[Cipher]
    hash: Mapped[str] = mapped_column(String(80))
    seed_hash: Mapped[str] = mapped_column(String(80))
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class QuestionSetApproval(Base):
    """Another person has read the questions and approved them."""

    __tablename__ = "question_set_approvals"

    id: Mapped[Key]
    set_id: Mapped[int] = foreign("question_sets.id", unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class QuestionDraw(Base):
    """What a candidate drew: here from the seed, or on paper by a minute."""

    __tablename__ = "question_draws"
    __table_args__ = (CheckConstraint("length(witnesses) > 0", name="witnessed"),)

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id", unique=True)
    set_id: Mapped[int] = foreign("question_sets.id")
    numbers: Mapped[list[Any]]
    witnesses: Mapped[Words]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(RoomPlan)
append_only(QuestionSet)
append_only(QuestionSetApproval)
append_only(QuestionDraw)
append_only(PhaseEvent)
