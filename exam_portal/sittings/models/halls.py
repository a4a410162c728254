# SPDX-License-Identifier: Apache-2.0
"""A sitting that is held on a closed network: which laptop holds it, and what came back from there.

The same table stands on both sides. At home a row says to which installation the sitting was given; in the
hall the one row says from where it came, and that this installation holds nothing else.
"""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Hash, Key, PublicId, RowId, Words, append_only, foreign


class HallSide(enum.StrEnum):
    """Whose view of the hall a row is."""

    HOME = "home"  # this installation gave the sitting away
    HALL = "hall"  # this installation holds the sitting, and no other


class Hall(Base):
    """One sitting in the hands of one laptop."""

    __tablename__ = "halls"
    __table_args__ = (
        CheckConstraint("side IN ('home', 'hall')", name="side"),
        CheckConstraint("merged_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        CheckConstraint("(merged_at IS NULL) = (results IS NULL)", name="results"),
        Index(
            "uq_halls_live",
            "sitting_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    side: Mapped[str] = mapped_column(String(8))
    sitting_id: Mapped[int] = foreign("sittings.id")
    name: Mapped[str] = mapped_column(String(200))  # of the installation on the other side
    signing_key: Mapped[Hash]  # Ed25519 key of the other side
    sealing_key: Mapped[Hash]  # X25519 key of the other side
    package: Mapped[Hash]  # of what was packed at home
    attempts: Mapped[int] = mapped_column(Integer)  # how many travelled, and so have to come back
    by: Mapped[int | None] = foreign("accounts.id", nullable=True)  # null: the installation's command line
    at: Mapped[datetime]
    file_id: Mapped[int | None] = foreign("blobs.id", nullable=True)  # home: the package, made by a page
    received_id: Mapped[int | None] = foreign("blobs.id", nullable=True)  # home: results, looked through
    received_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    received_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]  # home: what will come with them, in figures
    closed_at: Mapped[datetime | None]  # hall: the results were packed, nothing is written any more
    results: Mapped[dict[str, Any] | None]  # home: package, log, size, root and checkpoint of the hall
    merged_at: Mapped[datetime | None]
    merged_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_because: Mapped[Words | None]


class HallLeaf(Base):
    """A leaf of a hall's log, where it stands in the log of the competition now."""

    __tablename__ = "hall_leaves"
    __table_args__ = (UniqueConstraint("leaf_id"),)

    hall_id: Mapped[int] = mapped_column(RowId, ForeignKey("halls.id"), primary_key=True)
    index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    leaf_id: Mapped[int] = foreign("leaves.id", index=False)


append_only(
    Hall,
    except_columns=(
        "received_id",
        "received_by",
        "received_at",
        "report",
        "closed_at",
        "results",
        "merged_at",
        "merged_by",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawn_because",
    ),
)
append_only(HallLeaf)
