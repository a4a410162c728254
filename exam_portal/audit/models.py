# SPDX-License-Identifier: Apache-2.0
"""The record: leaves of acts, their logs and checkpoints, and the register of signed papers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Code, Hash, Key, PublicId, RowId, Words, append_only, foreign


class Log(Base):
    """One append-only log: the installation's, or that of one competition."""

    __tablename__ = "logs"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int | None] = mapped_column(
        RowId, ForeignKey("competitions.id", use_alter=True), unique=True
    )  # null: the installation's own
    origin: Mapped[str] = mapped_column(String(200), unique=True)  # first line of its checkpoints
    created_at: Mapped[datetime]


class Leaf(Base):
    """One act that must not change. ``leaf_data`` publishes only the salted commitment of the content."""

    __tablename__ = "leaves"
    __table_args__ = (
        UniqueConstraint("log_id", "index"),
        CheckConstraint("length(salt) = 32 AND length(commitment) = 32", name="lengths"),
        Index("ix_leaves_unsequenced", "log_id", "index", "id"),
    )

    id: Mapped[Key]
    log_id: Mapped[int] = foreign("logs.id")
    type: Mapped[str] = mapped_column(String(80), index=True)  # dotted and stable: competitions.announced
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = foreign(
        "accounts.id", nullable=True
    )  # null: the system, or nobody signed in
    subject: Mapped[str | None] = mapped_column(String(26), index=True)  # public id of what the act is about
    content: Mapped[dict[str, Any]]  # ids, codes, hashes, figures: never names, answers or contacts
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    commitment: Mapped[Hash]
    index: Mapped[int | None] = mapped_column(Integer)  # null until sequenced


class TreeNode(Base):
    """A perfect subtree's hash, written once, so that appending costs O(log n)."""

    __tablename__ = "tree_nodes"

    log_id: Mapped[int] = mapped_column(RowId, ForeignKey("logs.id"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[Hash]


class Checkpoint(Base):
    """A signed statement of a log's size and root (C2SP signed note)."""

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("log_id", "size"),)

    id: Mapped[Key]
    log_id: Mapped[int] = foreign("logs.id")
    size: Mapped[int] = mapped_column(Integer)
    root: Mapped[Hash]
    note: Mapped[Words]  # the whole signed note
    at: Mapped[datetime]


class SignedPaper(Base):
    """A paper signed by hand and scanned (decision, minute, slip, opinion). The paper prevails."""

    __tablename__ = "signed_papers"
    __table_args__ = (CheckConstraint("pages >= 1", name="pages"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int | None] = foreign("competitions.id", nullable=True)
    organisation_id: Mapped[int] = foreign("organisations.id")
    kind: Mapped[Code]  # messages.PaperKind
    number: Mapped[str] = mapped_column(String(80))  # as the records office gave it
    issued_on: Mapped[date] = mapped_column(Date)
    signed_by: Mapped[Words]  # names and positions as signed
    title: Mapped[Words]
    blob_id: Mapped[int] = foreign("blobs.id")
    sha256: Mapped[Hash]
    pages: Mapped[int] = mapped_column(Integer)
    is_confidential: Mapped[bool] = mapped_column(default=False)  # slips and sheets: not for the public
    filed_by: Mapped[int] = foreign("accounts.id")
    filed_at: Mapped[datetime]


append_only(Leaf, except_columns=("index",))
append_only(TreeNode)
append_only(Checkpoint)
append_only(SignedPaper)
