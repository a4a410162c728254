# SPDX-License-Identifier: Apache-2.0
"""Scripts: collected, counted, handed over, masked. Beyond this point nobody has a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Hash, Key, PublicId, Words, append_only, foreign


class Script(Base):
    """A candidate's script of one part: from the player, or sheets counted at the desk."""

    __tablename__ = "scripts"
    __table_args__ = (
        UniqueConstraint("candidate_id", "part"),
        CheckConstraint("source IN ('portal', 'paper')", name="source"),
        CheckConstraint("source <> 'portal' OR attempt_id IS NOT NULL", name="attempt"),
        CheckConstraint("source <> 'paper' OR sheets >= 1", name="sheets"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    sitting_id: Mapped[int] = foreign("sittings.id")
    candidate_id: Mapped[int] = foreign("candidates.id")
    part: Mapped[Code]
    source: Mapped[str] = mapped_column(String(8))
    attempt_id: Mapped[int | None] = foreign("attempts.id", nullable=True, unique=True)
    sheets: Mapped[int | None] = mapped_column(Integer)
    collected_by: Mapped[int | None] = foreign(
        "accounts.id", nullable=True
    )  # null: handed in by the candidate
    collected_at: Mapped[datetime]


class HandIn(Base):
    """A script's line of the signed list: when it was handed in, and signed for; the last line counts."""

    __tablename__ = "hand_ins"
    __table_args__ = (CheckConstraint("is_signed OR (witness <> '' AND reason <> '')", name="refused"),)

    id: Mapped[Key]
    script_id: Mapped[int] = foreign("scripts.id")
    handed_in_at: Mapped[datetime]  # as the list says; ``at`` is when it was entered
    is_signed: Mapped[bool]
    witness: Mapped[Words] = mapped_column(default="")  # who saw that the candidate refused to sign
    reason: Mapped[Words] = mapped_column(default="")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class ScriptScan(Base):
    """Scanned pages of a paper script (no header), encrypted: one of a stack, or several brought by hand."""

    __tablename__ = "script_scans"
    __table_args__ = (
        UniqueConstraint("script_id", "number"),
        CheckConstraint("number IS NULL OR (number >= 1 AND pages = 1)", name="number"),
    )

    id: Mapped[Key]
    script_id: Mapped[int] = foreign("scripts.id")
    blob_id: Mapped[int] = foreign("blobs.id")
    pages: Mapped[int] = mapped_column(Integer)
    number: Mapped[int | None] = mapped_column(Integer)  # as printed on the sheet; null: brought by hand
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class ScriptHandover(Base):
    """Scripts and sheets, bag by bag, from the invigilators to the masking board, as the latter counted."""

    __tablename__ = "script_handovers"
    __table_args__ = (
        UniqueConstraint("sitting_id"),
        CheckConstraint("handed_by <> received_by", name="two_people"),
    )

    id: Mapped[Key]
    sitting_id: Mapped[int] = foreign("sittings.id")
    scripts: Mapped[int] = mapped_column(Integer)
    sheets: Mapped[int] = mapped_column(Integer)
    handed_by: Mapped[int] = foreign("accounts.id")
    received_by: Mapped[int] = foreign("accounts.id")
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    at: Mapped[datetime]


class TestMark(Base):
    """A test marked by its key: a new run is a new row; the last one counts."""

    __test__ = False
    __tablename__ = "test_marks"
    __table_args__ = (UniqueConstraint("script_id", "run"),)

    id: Mapped[Key]
    script_id: Mapped[int] = foreign("scripts.id")
    run: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(String(32))  # decimal string, raw
    max: Mapped[str] = mapped_column(String(32))
    form_commitment: Mapped[Hash]
    detail: Mapped[Cipher]  # per item outcome, sealed under the person's key
    corrections: Mapped[list[Any]] = mapped_column(default=list)  # number, own question and kind of each
    at: Mapped[datetime]


class MaskKey(Base):
    """The masking board's key of one part (fresh for each part, so codes do not link)."""

    __tablename__ = "mask_keys"
    __table_args__ = (UniqueConstraint("competition_id", "part", "purpose"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))  # marking | review:<request>
    key_id: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[Hash]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class MaskBag(Base):
    """A bag of masked scripts, drawn and assigned as a whole."""

    __tablename__ = "mask_bags"
    __table_args__ = (UniqueConstraint("competition_id", "part", "purpose", "label"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    organisation_id: Mapped[int] = foreign("organisations.id")
    part: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(40))
    label: Mapped[Code]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]

    scripts: Mapped[list["MaskedScript"]] = relationship(
        back_populates="bag", order_by="MaskedScript.mask_code"
    )


class MaskedScript(Base):
    """A mask code; which script it hides is sealed under the masking board's key."""

    __tablename__ = "masked_scripts"
    __table_args__ = (UniqueConstraint("competition_id", "mask_code"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    bag_id: Mapped[int] = foreign("mask_bags.id")
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    mask_code: Mapped[str] = mapped_column(String(16))
    sealed_mapping: Mapped[Cipher]  # script id, salt
    script_index: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True
    )  # keyed hash: no script masked twice
    commitment: Mapped[Hash]  # SHA-256("exam/blind/v1" || salt || script public id || code)

    bag: Mapped[MaskBag] = relationship(back_populates="scripts")


append_only(Script)
append_only(HandIn)
append_only(ScriptScan)
append_only(ScriptHandover)
append_only(TestMark)
append_only(MaskKey)
append_only(MaskBag)
append_only(MaskedScript)
