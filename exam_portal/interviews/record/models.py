# SPDX-License-Identifier: Apache-2.0
"""The key of a panel's sealed record, the shares of its keepers, what is sealed, and who opened it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Hash, Key, Words, append_only, foreign


class RecordKey(Base):
    """The key of a panel's record: its public half, and the private one locked under its keepers' shares.

    Of several the last holds: until lots are drawn keepers can be named again, which makes a new key.
    """

    __tablename__ = "record_keys"
    __table_args__ = (CheckConstraint("threshold >= 2", name="threshold"),)

    id: Mapped[Key]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    threshold: Mapped[int] = mapped_column(Integer)
    locked: Mapped[Cipher]  # the private half; with the shares given out nothing here unlocks it
    reason: Mapped[Words]  # why the keepers were named again; empty the first time
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]

    shares: Mapped[list["RecordShare"]] = relationship(order_by="RecordShare.id")


class RecordShare(Base):
    """One keeper's share: kept sealed until its holder has copied it, then known by its hash alone."""

    __tablename__ = "record_shares"
    __table_args__ = (
        UniqueConstraint("record_key_id", "holder"),
        Index(
            "ix_record_shares_waiting",
            "holder",
            sqlite_where=text("taken_at IS NULL"),
            postgresql_where=text("taken_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    record_key_id: Mapped[int] = foreign("record_keys.id")
    holder: Mapped[int] = foreign("accounts.id", index=False)
    fingerprint: Mapped[Hash]
    sealed: Mapped[Cipher]  # unreadable once its key is destroyed, which is when it has been copied
    key_id: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime | None]


class SealedRecord(Base):
    """Who gave which ballot in a hearing, for the holders of enough shares; written by the count.

    One row holds all of it: a row of its own would tell by its place or time whose entry it is. The entries
    are sorted by their random bytes, so that their order tells nothing.
    """

    __tablename__ = "sealed_records"

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id", unique=True)
    entries: Mapped[list[Any]]  # in hexadecimal


class RecordOpening(Base):
    """The record of a hearing was opened: on which decision, before whom, with how many shares.

    What was read stands on the signed minute alone, and neither here nor in the log.
    """

    __tablename__ = "record_openings"

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    witnesses: Mapped[list[Any]]
    holders: Mapped[list[Any]]  # accounts whose shares opened it
    agrees: Mapped[bool]  # one entry for each counted ballot, each of another member who voted
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class SlipEnvelope(Base):
    """On paper the sealed envelope with the slips of a hearing is the record: its number, seal and keeper.

    What was mistyped is corrected by another entry, with its reason; the last one counts, all are shown.
    """

    __tablename__ = "slip_envelopes"
    __table_args__ = (
        CheckConstraint("length(seal_no) > 0 AND length(keeper) > 0", name="kept"),
        CheckConstraint("(corrects_id IS NULL) = (reason = '')", name="corrected"),
        Index(
            "uq_slip_envelopes_first",
            "hearing_id",
            unique=True,
            sqlite_where=text("corrects_id IS NULL"),
            postgresql_where=text("corrects_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    corrects_id: Mapped[int | None] = foreign("slip_envelopes.id", nullable=True, unique=True)
    reason: Mapped[Words]  # why it was corrected; empty of the first entry
    number: Mapped[Code]
    seal_no: Mapped[Code]
    keeper: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(RecordKey)
append_only(RecordShare, except_columns=("taken_at",))
append_only(SealedRecord)
append_only(RecordOpening)
append_only(SlipEnvelope)
