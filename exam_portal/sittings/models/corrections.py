# SPDX-License-Identifier: Apache-2.0
"""Corrections of marked tests: an item that is neutralised, or that gets another key."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, append_only, foreign


class TestCorrection(Base):
    """What is to become of an item after its test: proposed by one person, approved or refused by another.

    An approved one has a number: the part's corrections are in force in that order, the later one of an item.
    """

    __test__ = False
    __tablename__ = "test_corrections"
    __table_args__ = (
        UniqueConstraint("competition_id", "part", "number"),
        Index(
            "uq_test_corrections_waiting",
            "competition_id",
            "part",
            "item",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint("kind IN ('neutralised', 'key', 'restored')", name="kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (words IS NULL)",
            name="decided",
        ),
        CheckConstraint("number IS NULL OR decided_by IS NOT NULL", name="approved"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    item: Mapped[Code]  # its id in the forms
    kind: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[Cipher]  # reason and new key: as secret as a restricted item
    key_id: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[int] = foreign("accounts.id")
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    decided_at: Mapped[datetime | None]
    number: Mapped[int | None] = mapped_column(Integer)  # of those approved
    words: Mapped[str | None]  # the number of the council's minute, or why it was refused

    @property
    def state(self) -> str:
        """Whether it waits, is in force or was refused."""
        if self.decided_at is None:
            return "waiting"
        return "refused" if self.number is None else "approved"


append_only(TestCorrection, except_columns=("decided_by", "decided_at", "number", "words"))
