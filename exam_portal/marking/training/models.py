# SPDX-License-Identifier: Apache-2.0
"""Rules, scripts and marks of the training. Nothing here was written by a candidate under a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.confinement import reachable
from exam_portal.core.db import Base, Code, Key, PublicId, Words, append_only, foreign


class TrainingRule(Base):
    """What qualifies a marker of a part, and how often a control script comes; the newest is in force."""

    __tablename__ = "training_rules"
    __table_args__ = (
        CheckConstraint("needed >= 1 AND tries BETWEEN 1 AND 10", name="numbers"),
        CheckConstraint("control_every BETWEEN 0 AND 1000", name="control_every"),
    )

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    is_required: Mapped[bool] = mapped_column(Boolean)  # nobody unqualified is given a live script
    needed: Mapped[int] = mapped_column(Integer)  # of the training scripts, within the tolerance
    tolerance: Mapped[str] = mapped_column(String(32))  # decimal string
    tries: Mapped[int] = mapped_column(Integer)
    control_every: Mapped[int] = mapped_column(Integer)  # one control script to so many live ones; 0: none
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class TrainingScript(Base):
    """A script written for the training, or an old one without anything personal, with its agreed mark."""

    __tablename__ = "training_scripts"
    __table_args__ = (
        CheckConstraint("purpose IN ('training', 'control')", name="purpose"),
        CheckConstraint("length(answer) > 0 AND length(reason) > 0", name="words"),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(8))
    question: Mapped[Words]  # as a marker in training reads it; a control script shows the live question
    answer: Mapped[Words]
    value: Mapped[str] = mapped_column(String(32))  # the agreed mark, on the step of the rule set
    scores: Mapped[dict[str, Any]]  # by criterion, where the part has a rubric
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_at: Mapped[datetime | None]


class TrainingMark(Base):
    """A marker's mark of a training script (of one try), or of a control script in a bag; no live mark."""

    __tablename__ = "training_marks"
    __table_args__ = (
        UniqueConstraint("training_script_id", "marker_id", "try_number"),
        CheckConstraint("(bag_id IS NULL) = (try_number > 0)", name="place"),
        CheckConstraint("try_number > 0 OR NOT has_passed", name="passed"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    training_script_id: Mapped[int] = foreign("training_scripts.id")
    marker_id: Mapped[int] = foreign("accounts.id")
    try_number: Mapped[int] = mapped_column(Integer)  # 0: a control script
    bag_id: Mapped[int | None] = foreign("mask_bags.id", nullable=True)
    round: Mapped[int | None] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(String(32))
    scores: Mapped[dict[str, Any]]
    comment: Mapped[Words] = mapped_column(default="")
    highlights: Mapped[list[Any]] = mapped_column(default=list)
    signer: Mapped[Words]
    has_passed: Mapped[bool] = mapped_column(Boolean, default=False)  # with it the marker passed the training
    at: Mapped[datetime]


reachable(TrainingRule, TrainingScript, TrainingMark)
append_only(TrainingRule)
append_only(TrainingScript, except_columns=("withdrawn_by", "withdrawn_at"))
append_only(TrainingMark)
