# SPDX-License-Identifier: Apache-2.0
"""Runs of the ranking and what was published of them, numbered and superseding."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign


class Unmasking(Base):
    """The masks of a part are lifted, after the mark lock, by the mask keeper before a second person."""

    __tablename__ = "unmaskings"
    __table_args__ = (
        UniqueConstraint("competition_id", "part", "purpose"),
        CheckConstraint("witnessed_by <> by", name="two_people"),
    )

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    mapping: Mapped[Cipher]  # sealed JSON: masked script -> candidate, under a key of its own
    key_id: Mapped[str] = mapped_column(String(64))
    scripts: Mapped[int] = mapped_column(Integer)
    witnessed_by: Mapped[int] = foreign("accounts.id")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Run(Base):
    """One computation of one vacancy's ranking: input, output, both hashed. Never changed, only followed."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("vacancy_id", "number"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    number: Mapped[int] = mapped_column(Integer)
    ruleset_hash: Mapped[str] = mapped_column(String(71))
    input: Mapped[dict[str, Any]]  # exam-portal/marks/1, candidates by candidate number
    input_hash: Mapped[str] = mapped_column(String(71))
    output: Mapped[dict[str, Any]]  # exam-portal/ranking/1
    output_hash: Mapped[str] = mapped_column(String(71))
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class ItemAnalysis(Base):
    """How the items of a test did: asked for by a person, computed by a job, then never changed."""

    __tablename__ = "item_analyses"
    __table_args__ = (
        UniqueConstraint("competition_id", "part", "last_mark"),
        CheckConstraint("(content IS NULL) = (computed_at IS NULL)", name="computed"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    last_mark: Mapped[int] = mapped_column(Integer)  # the newest test mark it is about
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None]  # by form; small counts were left out before it was written
    content_hash: Mapped[str | None] = mapped_column(String(71))
    computed_at: Mapped[datetime | None]


class Publication(Base):
    """A numbered statement to the public (marks posted, or results); published once two have approved.

    One that was prepared and discarded keeps its row; its number goes to the next.
    """

    __tablename__ = "publications"
    __table_args__ = (
        Index(
            "uq_publications_number",
            "competition_id",
            "number",
            unique=True,
            sqlite_where=text("discarded_at IS NULL"),
            postgresql_where=text("discarded_at IS NULL"),
        ),
        Index(
            "uq_publications_superseded",
            "supersedes_id",
            unique=True,
            sqlite_where=text("discarded_at IS NULL"),
            postgresql_where=text("discarded_at IS NULL"),
        ),
        CheckConstraint("published_at IS NULL OR discarded_at IS NULL", name="fate"),
        CheckConstraint("kind IN ('marks', 'results')", name="kind"),
        CheckConstraint("supersedes_id IS NULL OR length(reason) > 0", name="reason"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(8))
    runs: Mapped[list[Any]]  # public ids of the runs it states
    content: Mapped[dict[str, Any]]  # what is shown: per vacancy rows; names only where the rule set says so
    content_hash: Mapped[str] = mapped_column(String(71))
    reason: Mapped[Words] = mapped_column(default="")
    supersedes_id: Mapped[int | None] = foreign("publications.id", nullable=True, index=False)
    prepared_by: Mapped[int] = foreign("accounts.id")
    prepared_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]


class PublicationApproval(Base):
    """One approver's word on exactly this content; two different ones publish.

    Who signed on paper has it recorded: the scan is the approval, ``by`` is who filed it.
    """

    __tablename__ = "publication_approvals"
    __table_args__ = (UniqueConstraint("publication_id", "by"),)

    id: Mapped[Key]
    publication_id: Mapped[int] = foreign("publications.id")
    content_hash: Mapped[str] = mapped_column(String(71))
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(Unmasking)
append_only(Run)
append_only(ItemAnalysis, except_columns=("content", "content_hash", "computed_at"))
append_only(Publication, except_columns=("published_at", "discarded_at"))
append_only(PublicationApproval)
