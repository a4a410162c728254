# SPDX-License-Identifier: Apache-2.0
"""The answer path: an attempt's journal, its chain of hashes, its lease, its submission."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Cipher, Code, Hash, Key, PublicId, RowId, Words, append_only, foreign


class Attempt(Base):
    """The one mutable projection: head, seq, lease, state and closing time of a candidate's attempt.

    Everything in it can be recomputed from seats, grants, sitting events and answer events (fsck does).
    """

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint(
            "state IN ('awaiting', 'authorised', 'active', 'paused', 'submitted', 'void')", name="state"
        ),
        CheckConstraint("seq >= 0", name="seq"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = foreign("sittings.id")
    seat_id: Mapped[int] = foreign("seats.id", unique=True)
    form_id: Mapped[int] = foreign("paper_forms.id")
    key_id: Mapped[str] = mapped_column(String(64))  # the person's key; answers use a subkey of it
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    head: Mapped[Hash]
    seq: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(16), default="awaiting")
    lease: Mapped[str | None] = mapped_column(String(32))  # the one device that may write
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]  # rewritten by each grant from scoring.timing
    accepts_until: Mapped[datetime | None]  # closing time and grace: what comes later is quarantined
    last_event_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AnswerEvent(Base):
    """One event of an attempt, sealed; its hash is a link of the chain."""

    __tablename__ = "answer_events"

    attempt_id: Mapped[int] = mapped_column(RowId, ForeignKey("attempts.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    client_seq: Mapped[int] = mapped_column(Integer)
    body: Mapped[Cipher]  # canonical event, sealed under the attempt's subkey
    event_hash: Mapped[Hash]  # SHA-256 of the canonical event
    head: Mapped[Hash]  # h_i = SHA-256("exam/ev/v1" || h_{i-1} || event_i)
    lease: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime]


class LeaseChange(Base):
    """A device took the attempt, or an invigilator moved it."""

    __tablename__ = "lease_changes"

    id: Mapped[Key]
    attempt_id: Mapped[int] = foreign("attempts.id")
    lease: Mapped[str] = mapped_column(String(32))
    device: Mapped[str] = mapped_column(String(200))
    moved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)  # null: a device took it
    at: Mapped[datetime]


class LateEvent(Base):
    """Events that came after closing: kept with their evidence, never merged by themselves."""

    __tablename__ = "late_events"

    id: Mapped[Key]
    attempt_id: Mapped[int] = foreign("attempts.id")
    lease: Mapped[str] = mapped_column(String(32))
    body: Mapped[Cipher]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    closed_at: Mapped[datetime]
    received_at: Mapped[datetime]


class LateVerdict(enum.StrEnum):
    """Whether late answers count."""

    ACCEPT = "accept"
    REFUSE = "refuse"


class LateRuling(Base):
    """What is done with an attempt's late batches up to one: proposed by one person, approved by another.

    The last approved ruling reaches furthest; what a later batch brings needs one of its own. At most one is
    open at a time: a new proposal withdraws the one before.
    """

    __tablename__ = "late_rulings"
    __table_args__ = (
        CheckConstraint("verdict IN ('accept', 'refuse')", name="verdict"),
        CheckConstraint("approved_by IS NULL OR approved_by <> by", name="two_people"),
        CheckConstraint("approved_by IS NULL OR withdrawn_by IS NULL", name="one_end"),
        Index(
            "uq_late_rulings_open",
            "attempt_id",
            unique=True,
            sqlite_where=text("approved_by IS NULL AND withdrawn_by IS NULL"),
            postgresql_where=text("approved_by IS NULL AND withdrawn_by IS NULL"),
        ),
        Index(
            "uq_late_rulings_approved",
            "last_id",
            unique=True,
            sqlite_where=text("approved_by IS NOT NULL"),
            postgresql_where=text("approved_by IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    attempt_id: Mapped[int] = foreign("attempts.id")
    last_id: Mapped[int] = foreign("late_events.id")
    batches: Mapped[Hash]  # SHA-256 over the hashes of the batches it is about, in order of arrival
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    withdrawn_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_at: Mapped[datetime | None]


class Submission(Base):
    """The attempt is handed in: the sealed head and the signed receipt."""

    __tablename__ = "submissions"

    id: Mapped[Key]
    attempt_id: Mapped[int] = foreign("attempts.id", unique=True)
    kind: Mapped[Code]  # by_candidate | by_time | by_invigilator
    seq: Mapped[int] = mapped_column(Integer)
    head: Mapped[Hash]
    answered: Mapped[int] = mapped_column(Integer)
    receipt: Mapped[dict[str, Any]]  # canonical receipt: attempt, answered, head, time, salt
    signature: Mapped[bytes]
    at: Mapped[datetime]


append_only(AnswerEvent)
append_only(LeaseChange)
append_only(LateEvent)
append_only(
    LateRuling,
    except_columns=("approved_by", "approved_at", "signed_paper_id", "withdrawn_by", "withdrawn_at"),
)
append_only(Submission)
