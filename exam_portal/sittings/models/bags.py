# SPDX-License-Identifier: Apache-2.0
"""Sealed bags in which scripts go from the invigilators to the masking board (domain 7: 23)."""

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Code, Key, PublicId, Words, append_only, foreign


class ScriptBag(Base):
    """A bag as the invigilators packed and sealed it; by whom and when, their declaration says."""

    __tablename__ = "script_bags"
    __table_args__ = (
        UniqueConstraint("sitting_id", "label"),
        UniqueConstraint("competition_id", "seal_no"),
        CheckConstraint("scripts >= 1", name="scripts"),
        CheckConstraint("sheets >= scripts", name="sheets"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    sitting_id: Mapped[int] = foreign("sittings.id")
    label: Mapped[Code]
    seal_no: Mapped[Code]
    scripts: Mapped[int] = mapped_column(Integer)
    sheets: Mapped[int] = mapped_column(Integer)


class BagCount(Base):
    """A bag as its receiver found and counted it; what differs from the declaration has an explanation."""

    __tablename__ = "bag_counts"
    __table_args__ = (
        CheckConstraint("scripts >= 0 AND sheets >= 0", name="counted"),
        CheckConstraint("is_intact OR remark <> ''", name="broken"),
    )

    id: Mapped[Key]
    bag_id: Mapped[int] = foreign("script_bags.id", unique=True)
    seal_no: Mapped[Code]  # as read on the bag
    is_intact: Mapped[bool]
    scripts: Mapped[int] = mapped_column(Integer)
    sheets: Mapped[int] = mapped_column(Integer)
    remark: Mapped[Words] = mapped_column(default="")


append_only(ScriptBag)
append_only(BagCount)
