# SPDX-License-Identifier: Apache-2.0
"""Marks of masked scripts: given at a desk, or keyed twice from signed slips. No table here knows a person
whose script it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.confinement import reachable
from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign


class Assignment(Base):
    """A bag given to one marker for one round; what is not marked of it may be taken back and given on."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("bag_id", "marker_id"),  # nobody marks the same bag twice
        CheckConstraint("round IN (1, 2, 3)", name="round"),
        CheckConstraint("(taken_back_by IS NULL) = (taken_back_at IS NULL)", name="taken_back"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_reason IS NULL)", name="taken_back_reason"),
        Index(
            "uq_assignments_standing",
            "bag_id",
            "round",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    bag_id: Mapped[int] = foreign("mask_bags.id")
    round: Mapped[int] = mapped_column(Integer)
    marker_id: Mapped[int] = foreign("accounts.id")
    reason: Mapped[Words] = mapped_column(default="")  # why by hand, once a lot of the part is bound
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    taken_back_at: Mapped[datetime | None]
    taken_back_reason: Mapped[Words | None]


class LotSecret(Base):
    """A secret bound before a lot: half of its seed, sealed until the witnesses have said the other half."""

    __tablename__ = "lot_secrets"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[Cipher]
    commitment: Mapped[str] = mapped_column(String(71))
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Lot(Base):
    """Bags given to markers by lot, with all that it takes to draw it again: no person's name among it."""

    __tablename__ = "lots"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    secret_id: Mapped[int] = foreign("lot_secrets.id", unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    words: Mapped[Words]
    witnesses: Mapped[Words]
    places: Mapped[dict[str, Any]]  # round -> bags
    markers: Mapped[list[Any]]  # codes
    barred: Mapped[list[Any]]  # bag and code that were not to meet, whatever the reason
    given: Mapped[list[Any]]  # round, bag, code
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class MarkDraft(Base):
    """What a marker has typed so far at one open page of the desk; no mark, and gone when the mark is given.

    A save that rests on an older version stands beside the newer draft: both are kept until the marker
    chooses, and what was not chosen is only set aside.
    """

    __tablename__ = "mark_drafts"
    __table_args__ = (
        UniqueConstraint("masked_script_id", "marker_id", "tab"),
        UniqueConstraint("masked_script_id", "marker_id", "version"),
        UniqueConstraint("training_script_id", "marker_id", "tab"),
        CheckConstraint("(masked_script_id IS NULL) <> (training_script_id IS NULL)", name="script"),
    )

    id: Mapped[Key]
    masked_script_id: Mapped[int | None] = foreign("masked_scripts.id", nullable=True)
    training_script_id: Mapped[int | None] = foreign("training_scripts.id", nullable=True)  # a control script
    marker_id: Mapped[int] = foreign("accounts.id")
    tab: Mapped[str] = mapped_column(String(64))  # the open page that saved it last
    version: Mapped[int] = mapped_column(Integer)  # grows with every save of the script, in whichever tab
    scores: Mapped[dict[str, Any]]
    comment: Mapped[Words] = mapped_column(default="")
    highlights: Mapped[list[Any]]
    saved_at: Mapped[datetime]
    set_aside_at: Mapped[datetime | None]


class Phrase(Base):
    """A phrase that a marker keeps for comments: own notes, about nobody, changed and deleted at will."""

    __tablename__ = "marker_phrases"
    __table_args__ = (CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    marker_id: Mapped[int] = foreign("accounts.id")
    text: Mapped[Words]
    changed_at: Mapped[datetime]


class Keying(Base):
    """One typist's keying of a slip. Two different typists must agree before a mark exists; all are kept."""

    __tablename__ = "keyings"
    __table_args__ = (CheckConstraint("round IN (1, 2, 3)", name="round"),)

    id: Mapped[Key]
    masked_script_id: Mapped[int] = foreign("masked_scripts.id")
    round: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(String(32))
    scores: Mapped[dict[str, Any]]
    signer: Mapped[Words]  # the marker who signed the slip
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    page: Mapped[int] = mapped_column(Integer)
    typist_id: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Mark(Base):
    """An independent mark (round 1, 2), an adjudication (3), or a re-mark. Corrections are new rows."""

    __tablename__ = "marks"
    __table_args__ = (
        Index(
            "uq_marks_first",
            "masked_script_id",
            "round",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
        CheckConstraint("round IN (1, 2, 3)", name="round"),
        CheckConstraint("kind IN ('mark', 'remark')", name="kind"),
        CheckConstraint("marker_id IS NOT NULL OR signed_paper_id IS NOT NULL", name="source"),
        CheckConstraint(
            "supersedes_id IS NULL OR (length(reason) > 0 AND approved_by IS NOT NULL)", name="correction"
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    masked_script_id: Mapped[int] = foreign("masked_scripts.id")
    round: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(32))  # decimal string on the step of the rule set
    scores: Mapped[dict[str, Any]]  # rubric criterion -> decimal string; may be empty
    comment: Mapped[Words] = mapped_column(default="")
    highlights: Mapped[list[Any]] = mapped_column(default=list)  # passages of the script, with a note each
    signer: Mapped[Words]  # who signs for the mark: pseudonym of the marker, or the name on the slip
    marker_id: Mapped[int | None] = foreign("accounts.id", nullable=True)  # null: marked on paper
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    page: Mapped[int | None] = mapped_column(Integer)
    supersedes_id: Mapped[int | None] = foreign("marks.id", nullable=True, unique=True)
    reason: Mapped[Words] = mapped_column(default="")
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    at: Mapped[datetime]


class CorrectionProposal(Base):
    """A wrong mark that somebody asks to have superseded, on a signed page; another person approves it."""

    __tablename__ = "correction_proposals"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    mark_id: Mapped[int] = foreign("marks.id")
    value: Mapped[str] = mapped_column(String(32))
    reason: Mapped[Words]
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    page: Mapped[int] = mapped_column(Integer)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class LockRequest(Base):
    """Somebody found the marks of a part complete and asked another person to lock them."""

    __tablename__ = "lock_requests"
    __table_args__ = (UniqueConstraint("competition_id", "part", "purpose"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class MarkLock(Base):
    """The marks of a part are complete and closed, by two people; from here only corrections by two.

    Where nobody else can sign in, the second person's signature stands on a paper.
    """

    __tablename__ = "mark_locks"
    __table_args__ = (
        UniqueConstraint("competition_id", "part", "purpose"),
        CheckConstraint("by <> asked_by OR signed_paper_id IS NOT NULL", name="two_people"),
    )

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    scripts: Mapped[int] = mapped_column(Integer)
    marks: Mapped[int] = mapped_column(Integer)
    asked_by: Mapped[int] = foreign("accounts.id")
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class MarkingReport(Base):
    """What the marks (or the texts) of a part say about each other: asked for, computed by a job, then fixed.

    It informs the head of the marking and changes no mark. Nothing of an answer's text lies here.
    """

    __tablename__ = "marking_reports"
    __table_args__ = (
        Index(
            "uq_marking_reports_basis",
            "competition_id",
            "part",
            "purpose",
            "kind",
            "basis",
            "controls_basis",
            unique=True,
        ),
        CheckConstraint("kind IN ('agreement', 'likeness')", name="kind"),
        CheckConstraint("(content IS NULL) = (computed_at IS NULL)", name="computed"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16))
    basis: Mapped[int] = mapped_column(Integer)  # the newest mark, or masked script, that it is about
    controls_basis: Mapped[int] = mapped_column(Integer, default=0)  # the newest mark of a control script
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None]
    content_hash: Mapped[str | None] = mapped_column(String(71))
    computed_at: Mapped[datetime | None]


reachable(
    Assignment,
    LotSecret,
    Lot,
    MarkDraft,
    Phrase,
    Keying,
    Mark,
    CorrectionProposal,
    LockRequest,
    MarkLock,
    MarkingReport,
)
append_only(Assignment, except_columns=("taken_back_by", "taken_back_at", "taken_back_reason"))
append_only(LotSecret)
append_only(Lot)
append_only(Keying)
append_only(Mark)
append_only(CorrectionProposal)
append_only(LockRequest)
append_only(MarkLock)
append_only(MarkingReport, except_columns=("content", "content_hash", "computed_at"))
