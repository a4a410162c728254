# SPDX-License-Identifier: Apache-2.0
"""Stacks of scanned sheets: read by the server, page by page accepted by a person."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Code, Key, PublicId, append_only, foreign


class ScanStack(Base):
    """One file of the scanner, sealed under a key of its own that is destroyed when the stack is finished."""

    __tablename__ = "scan_stacks"
    __table_args__ = (
        CheckConstraint("(finished_by IS NULL) = (finished_at IS NULL)", name="finished"),
        CheckConstraint("finished_at IS NULL OR read_at IS NOT NULL", name="read_first"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    blob_id: Mapped[int] = foreign("blobs.id")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(16))  # why not all pages could be read
    finished_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    finished_at: Mapped[datetime | None]


class PageFinding(enum.StrEnum):
    """What the server made of a page by itself. It accepts none."""

    MATCHED = "matched"  # page so and so of a script that was counted
    HEADER = "header"  # the header of such a script: it bears a name, and goes to no marker
    DUPLICATE = "duplicate"  # another page of this number is there already
    BEYOND = "beyond"  # the script has fewer sheets than that
    NOT_COUNTED = "not_counted"  # a seat of this competition whose script was not counted
    FOREIGN = "foreign"  # a code of something else
    UNREADABLE = "unreadable"  # no code, or several


class PageVerdict(enum.StrEnum):
    """What a person decided about a page."""

    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"


class ScannedPage(Base):
    """A page of a stack: what was found on it, then what a person decided."""

    __tablename__ = "scanned_pages"
    __table_args__ = (
        UniqueConstraint("stack_id", "place"),
        CheckConstraint(
            "finding IN ('matched', 'header', 'duplicate', 'beyond', 'not_counted', 'foreign', 'unreadable')",
            name="finding",
        ),
        CheckConstraint(
            "finding <> 'matched' OR (found_script_id IS NOT NULL AND found_number IS NOT NULL)",
            name="matched",
        ),
        CheckConstraint("verdict IN ('accepted', 'set_aside')", name="verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "(reason IS NOT NULL) = (verdict IS NOT NULL AND verdict = 'set_aside')", name="reason"
        ),
        CheckConstraint(
            "(scan_id IS NOT NULL) = (verdict IS NOT NULL AND verdict = 'accepted')", name="accepted"
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    stack_id: Mapped[int] = foreign("scan_stacks.id")
    place: Mapped[int] = mapped_column(Integer)  # in the stack, from 1
    blob_id: Mapped[int] = foreign("blobs.id")  # the whole page, under the key of the stack
    copy_id: Mapped[int | None] = foreign("blobs.id", nullable=True)  # for the marker, under the person's key
    codes: Mapped[list[Any]]
    finding: Mapped[Code]
    found_script_id: Mapped[int | None] = foreign("scripts.id", nullable=True)
    found_number: Mapped[int | None] = mapped_column(Integer)
    verdict: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None]  # why it was set aside
    scan_id: Mapped[int | None] = foreign("script_scans.id", nullable=True, unique=True)
    decided_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    decided_at: Mapped[datetime | None]


DECIDED = ("verdict", "reason", "scan_id", "decided_by", "decided_at")

append_only(ScanStack, except_columns=("read_at", "problem", "finished_by", "finished_at"))
append_only(ScannedPage, except_columns=DECIDED)
