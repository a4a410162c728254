# SPDX-License-Identifier: Apache-2.0
"""Item banks: items in versions, their review, and the reports of imports."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    String,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign


class ItemBank(Base):
    """A bank of items that belongs to one organisation."""

    __tablename__ = "item_banks"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = foreign("organisations.id")
    title: Mapped[Words]
    key_id: Mapped[str] = mapped_column(String(64))  # seals restricted items and imported files
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]


class Item(Base):
    """One item; its content lives in versions."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("bank_id", "external_id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    bank_id: Mapped[int] = foreign("item_banks.id")
    external_id: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]

    versions: Mapped[list["ItemVersion"]] = relationship(
        primaryjoin=lambda: and_(Item.id == ItemVersion.item_id, taken_in(ItemVersion)),
        order_by="ItemVersion.version",
        viewonly=True,
    )


class ItemVersion(Base):
    """A frozen version of an item, known by the hash of its content."""

    __tablename__ = "item_versions"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("(content IS NULL) <> (sealed_content IS NULL)", name="plain_or_sealed"),
        Index("ix_item_versions_cell", "topic", "level"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    item_id: Mapped[int] = foreign("items.id")
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any] | None]  # native item (contracts 3); null when restricted
    sealed_content: Mapped[bytes | None]  # restricted: under the setting board's key
    content_hash: Mapped[str] = mapped_column(String(71), index=True)
    restricted: Mapped[bool] = mapped_column(Boolean, default=False)
    topic: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(32), default="")
    search_text: Mapped[Words] = mapped_column(default="")  # folded; empty when restricted
    instrument: Mapped[Words] = mapped_column(
        default=""
    )  # of its legal source, folded; empty when restricted
    valid_to: Mapped[str] = mapped_column(String(10), default="")  # the last day of that source; likewise
    places: Mapped[str] = mapped_column(
        String(16), default=""
    )  # how it stands with options that name others (question_bank.placing); empty when restricted
    difficulty: Mapped[str] = mapped_column(
        String(24), default=""
    )  # as its author expects it, a plain decimal; empty when none is stated, or restricted
    author_id: Mapped[int] = foreign("accounts.id")
    import_id: Mapped[int | None] = foreign("item_imports.id", nullable=True)
    created_at: Mapped[datetime]

    item: Mapped[Item] = relationship()


class ItemStage(enum.StrEnum):
    """Where a version stands: the last review says it."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"
    RETIRED = "retired"


class ItemReview(Base):
    """A reviewer's word on a version; never the author's own."""

    __tablename__ = "item_reviews"
    __table_args__ = (
        CheckConstraint("stage IN ('reviewed', 'approved', 'returned', 'retired')", name="stage"),
        CheckConstraint("stage <> 'returned' OR sealed_comment IS NOT NULL", name="comment"),
    )

    id: Mapped[Key]
    item_version_id: Mapped[int] = foreign("item_versions.id")
    stage: Mapped[str] = mapped_column(String(16))
    sealed_comment: Mapped[bytes | None]  # under the bank's key: it may quote a restricted item
    batch: Mapped[str | None] = mapped_column(String(26))  # of a review of many at once, which is one act
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class ItemComment(Base):
    """What somebody of the setting board said about a version; it moves nothing."""

    __tablename__ = "item_comments"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    item_version_id: Mapped[int] = foreign("item_versions.id")
    sealed_words: Mapped[Cipher]  # under the bank's key: it may quote a restricted item
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class ItemImport(Base):
    """A file that a job examines: first a dry run with its report, then committed whole or not at all."""

    __tablename__ = "item_imports"
    __table_args__ = (CheckConstraint("(report IS NULL) = (examined_at IS NULL)", name="examined"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    bank_id: Mapped[int] = foreign("item_banks.id")
    file_name: Mapped[Words]
    blob_id: Mapped[int] = foreign("blobs.id")  # under a key of its own, gone where nothing could be taken in
    items_blob_id: Mapped[int | None] = foreign(
        "blobs.id", nullable=True
    )  # what it holds, ready to be written
    report: Mapped[dict[str, Any] | None]  # exam-portal/import-report/1, once it is examined
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    questions: Mapped[int | None] = mapped_column(Integer)  # of a large one, as soon as they are read
    examined_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    stopped_by: Mapped[Code | None]  # the first refusal that ended a job which examined it or took it in


class ItemLikeness(Base):
    """Which items of a bank, or of a file that was read for it, are nearly the same as others of the bank."""

    __tablename__ = "item_likenesses"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    bank_id: Mapped[int] = foreign("item_banks.id")
    import_id: Mapped[int | None] = foreign("item_imports.id", nullable=True)  # null: the bank with itself
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None]  # ids and per cents, once they are computed
    computed_at: Mapped[datetime | None]


class ItemStatistic(Base):
    """How a version did in one sitting's form; the analysis it comes from is a document of the results."""

    __tablename__ = "item_statistics"
    __table_args__ = (UniqueConstraint("item_version_id", "source", "form"),)

    id: Mapped[Key]
    item_version_id: Mapped[int] = foreign("item_versions.id")
    source: Mapped[str] = mapped_column(String(26), index=True)  # public id of the analysis
    form: Mapped[Code]
    persons: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]  # facility, discrimination … as decimals, and the flags
    at: Mapped[datetime]


class ItemUse(Base):
    """An item stood in a form of a paper that was opened: from then on it is known to those who sat there."""

    __tablename__ = "item_uses"
    __table_args__ = (UniqueConstraint("item_id", "paper", "form"),)

    id: Mapped[Key]
    item_id: Mapped[int] = foreign("items.id")
    paper: Mapped[str] = mapped_column(String(26), index=True)  # its public id: papers stand above banks
    form: Mapped[Code]
    version: Mapped[int] = mapped_column(Integer)
    held_at: Mapped[datetime]


def taken_in(version: type[ItemVersion]) -> ColumnElement[bool]:
    """Whether the version is there at all: written by hand, or by an import that has been committed.

    A large import is written in portions, and all of it appears with the last one.
    """
    committed = select(ItemImport.id).where(ItemImport.committed_at.is_not(None))
    return or_(version.import_id.is_(None), version.import_id.in_(committed))


append_only(ItemVersion)
append_only(ItemReview)
append_only(ItemComment)
append_only(ItemStatistic)
append_only(ItemUse)
append_only(
    ItemImport,
    except_columns=("items_blob_id", "report", "questions", "examined_at", "committed_at", "stopped_by"),
)
append_only(ItemLikeness, except_columns=("content", "computed_at"))
