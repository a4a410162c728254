# SPDX-License-Identifier: Apache-2.0
"""Papers: drawn, committed, sealed by two; opened at the start by two. Or only their envelopes."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Hash, Key, PublicId, Words, append_only, foreign


class PaperContent(enum.StrEnum):
    """Whether the portal holds the questions or only envelopes, seals and minutes."""

    OUTSIDE = "outside"
    INSIDE = "inside"


class PaperStage(enum.Enum):  # stored nowhere
    """Where a paper stands; it follows from its forms, seals and words to open."""

    OUTSIDE = "outside"
    NAMED = "named"
    DRAWN = "drawn"
    SEALED = "sealed"
    OPENED = "opened"


class EnvelopeEventKind(enum.StrEnum):
    """What can happen to an envelope."""

    HANDED_OVER = "handed_over"
    COPIED = "copied"  # opened in isolation, to be reproduced (in sao); no candidate is there
    OPENED = "opened"  # in the room, before the candidates
    RESEALED = "resealed"
    DESTROYED = "destroyed"


class DrawOutcome(enum.StrEnum):
    """How a run of a draw ended."""

    DRAWN = "drawn"
    LACKING = "lacking"  # no such forms exist, or none were found; the findings say what is missing
    STOPPED = "stopped"  # an officer gave it up
    LATE = "late"  # its time was over
    DIED = "died"  # the solver, or the worker that ran it, ended without a word
    CHANGED = "changed"  # the bank is not what the seed was committed over
    REFUSED = "refused"  # what was drawn could not be kept; the findings name why


class Paper(Base):
    """The official or the reserve paper of a part."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("competition_id", "part", "kind"),
        CheckConstraint("kind IN ('official', 'reserve')", name="kind"),
        CheckConstraint("content IN ('inside', 'outside')", name="content"),
        CheckConstraint("content = 'outside' OR blueprint IS NOT NULL", name="blueprint"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(String(16))
    bank_id: Mapped[int | None] = foreign("item_banks.id", nullable=True)
    blueprint: Mapped[dict[str, Any] | None]
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]

    forms: Mapped[list["PaperForm"]] = relationship(back_populates="paper", order_by="PaperForm.code")
    seals: Mapped[list["PaperSeal"]] = relationship(order_by="PaperSeal.id")
    split: Mapped["PaperSplit | None"] = relationship()


class PaperForm(Base):
    """One form as ciphertext and commitment; which items it holds is inside the ciphertext only."""

    __tablename__ = "paper_forms"
    __table_args__ = (UniqueConstraint("paper_id", "code"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    paper_id: Mapped[int] = foreign("papers.id")
    code: Mapped[Code]  # 101, 102 …
    commitment: Mapped[Hash]  # of what candidates see: SHA-256("exam/paper/v1" || nonce || canonical form)
    ciphertext: Mapped[Cipher]  # iv || AES-256-GCM with the commitment as associated data
    key_commitment: Mapped[Hash]  # of answer key and rubrics, under secrets of their own
    key_ciphertext: Mapped[Cipher]
    sealed_seed: Mapped[Cipher]  # 32 bytes from which each candidate's order is derived
    seed_key_id: Mapped[str] = mapped_column(String(64))  # is not divided: a seed says nothing of the content
    key_id: Mapped[str] = mapped_column(String(64))  # in the key store; used by a release only
    item_count: Mapped[int] = mapped_column(Integer)
    drawn_by: Mapped[int] = foreign("accounts.id")
    drawn_at: Mapped[datetime]

    paper: Mapped[Paper] = relationship(back_populates="forms")


class PaperSeal(Base):
    """One officer's seal on a paper; two different officers make it sealed."""

    __tablename__ = "paper_seals"
    __table_args__ = (UniqueConstraint("paper_id", "by"),)

    id: Mapped[Key]
    paper_id: Mapped[int] = foreign("papers.id")
    commitments: Mapped[dict[str, Any]]  # form code -> commitment, as this officer saw it
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PaperSplit(Base):
    """The keys of a drawn paper, locked: any ``threshold`` of the holders' shares unlock them."""

    __tablename__ = "paper_splits"
    __table_args__ = (CheckConstraint("threshold >= 2", name="threshold"),)

    id: Mapped[Key]
    paper_id: Mapped[int] = foreign("papers.id", unique=True)
    threshold: Mapped[int] = mapped_column(Integer)
    locked: Mapped[Cipher]  # the forms' keys; with the shares given out nothing here opens it
    key_id: Mapped[str] = mapped_column(String(64))  # seals the shares that come back, until there are enough
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]

    shares: Mapped[list["PaperShare"]] = relationship(order_by="PaperShare.id")


class PaperShare(Base):
    """One officer's share: kept sealed until its holder has copied it, then known by its hash alone."""

    __tablename__ = "paper_shares"
    __table_args__ = (UniqueConstraint("split_id", "holder"),)

    id: Mapped[Key]
    split_id: Mapped[int] = foreign("paper_splits.id")
    holder: Mapped[int] = foreign("accounts.id")
    fingerprint: Mapped[Hash]
    sealed: Mapped[Cipher]  # unreadable once its key is destroyed, which is when it has been copied
    key_id: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime | None]


class KeyRelease(Base):
    """One officer's word to open a paper; the last one that is needed opens it."""

    __tablename__ = "key_releases"
    __table_args__ = (UniqueConstraint("paper_id", "by", "place"),)

    id: Mapped[Key]
    paper_id: Mapped[int] = foreign("papers.id")
    share: Mapped[bytes | None] = mapped_column(LargeBinary)  # where the keys are in shares: this officer's
    place: Mapped[Code] = mapped_column(default="")  # the hall from which the word came back; empty: here
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PrintWord(Base):
    """A board member's word that a sealed paper is printed before its start, in isolation; two make it so."""

    __tablename__ = "paper_print_words"
    __table_args__ = (UniqueConstraint("paper_id", "by"),)

    id: Mapped[Key]
    paper_id: Mapped[int] = foreign("papers.id")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PaperReveal(Base):
    """One officer's word that a paper which was held is revealed; the second one's comes with what is."""

    __tablename__ = "paper_reveals"
    __table_args__ = (
        UniqueConstraint("paper_id", "by"),
        CheckConstraint("(revealed IS NULL) = (sealed IS NULL)", name="whole"),
    )

    id: Mapped[Key]
    paper_id: Mapped[int] = foreign("papers.id")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    revealed: Mapped[dict[str, Any] | None]  # for everybody: seeds of orders, ids; the second word only
    sealed: Mapped[Cipher | None]  # for the parties: what the draw and the commitments are recomputed from


class PaperDraw(Base):
    """A prepared draw: what the paper is to be, the pool, and the hash of a secret nobody has seen."""

    __tablename__ = "paper_draws"
    __table_args__ = (CheckConstraint("kind IN ('official', 'reserve')", name="kind"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(16))  # official: the reserve may be drawn with it
    bank_id: Mapped[int] = foreign("item_banks.id")
    blueprint: Mapped[dict[str, Any]]  # as stored with a paper, with the day and kind of its pool
    asked: Mapped[Cipher]  # all of it, chosen items too, under the key of the first paper
    keys: Mapped[dict[str, Any]]  # kind -> key of the first form, which gives the secret part of the seed
    seeds: Mapped[dict[str, Any]]  # kind -> hash of that secret
    pool: Mapped[int] = mapped_column(Integer)
    pool_stamp: Mapped[Code]
    pool_hash: Mapped[str] = mapped_column(String(71))  # of the contents of the items it may choose from
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PaperDrawRun(Base):
    """One run of a draw by the worker, from the words that the witnesses added to its seed."""

    __tablename__ = "paper_draw_runs"
    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        CheckConstraint("length(witnesses) > 0 AND length(words) > 0", name="witnessed"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stopped"),
    )

    id: Mapped[Key]
    draw_id: Mapped[int] = foreign("paper_draws.id")
    number: Mapped[int] = mapped_column(Integer)
    witnesses: Mapped[Words]
    words: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]
    stopped_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    findings: Mapped[dict[str, Any] | None]  # what is missing; or papers, figures of each form


class PaperDrawProgress(Base):
    """How far a run is, and when its worker last gave a sign of life. Nothing is decided from it."""

    __tablename__ = "paper_draw_progress"

    id: Mapped[Key]
    run_id: Mapped[int] = foreign("paper_draw_runs.id", unique=True)
    step: Mapped[Code]
    form: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[datetime]


class PaperErratum(Base):
    """A correction of a sealed paper, or its withdrawal: a version once another approves it, or dropped."""

    __tablename__ = "paper_errata"
    __table_args__ = (
        UniqueConstraint("paper_id", "version"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (version IS NULL)", name="approved"),
        CheckConstraint("(dropped_by IS NULL) = (dropped_at IS NULL)", name="dropped"),
        CheckConstraint("approved_by IS NULL OR dropped_by IS NULL", name="one_end"),
        Index(
            "uq_paper_errata_withdraws",
            "withdraws_id",
            unique=True,
            sqlite_where=text("dropped_by IS NULL"),
            postgresql_where=text("dropped_by IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    paper_id: Mapped[int] = foreign("papers.id")
    forms: Mapped[list[Any]]  # codes of the forms that it touches
    withdraws_id: Mapped[int | None] = foreign("paper_errata.id", nullable=True)
    sealed: Mapped[Cipher]  # notice, question and reason: as secret as the paper until that is opened
    key_id: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[int] = foreign("accounts.id")
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]
    dropped_by: Mapped[int | None] = foreign("accounts.id", nullable=True)  # given up before it was approved
    dropped_at: Mapped[datetime | None]
    version: Mapped[int | None] = mapped_column(Integer)  # from 2 on: the first is what was sealed
    version_hash: Mapped[str | None] = mapped_column(String(71))

    withdraws: Mapped["PaperErratum | None"] = relationship(remote_side="PaperErratum.id")


class Envelope(Base):
    """A sealed envelope (or bag) registered by label and seal number."""

    __tablename__ = "envelopes"
    __table_args__ = (
        UniqueConstraint("competition_id", "label"),
        UniqueConstraint("competition_id", "seal_no"),
        CheckConstraint("copies >= 0", name="copies"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    paper_id: Mapped[int] = foreign("papers.id")
    label: Mapped[Code]
    seal_no: Mapped[Code]
    copies: Mapped[int] = mapped_column(Integer)
    sealed_at: Mapped[datetime]  # as the minute says; ``at`` is when it was entered
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    minute_no: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class EnvelopeEvent(Base):
    """What happened to an envelope, when and where; the seal as it was read, and who stood by."""

    __tablename__ = "envelope_events"
    __table_args__ = (
        CheckConstraint("seal_intact OR reason <> ''", name="broken"),
        CheckConstraint("kind <> 'resealed' OR seal_no <> ''", name="new_seal"),
        CheckConstraint("kind <> 'opened' OR candidates <> ''", name="before_candidates"),
    )

    id: Mapped[Key]
    envelope_id: Mapped[int] = foreign("envelopes.id")
    kind: Mapped[str] = mapped_column(String(16))
    happened_at: Mapped[datetime]  # as the room wrote it down; ``at`` is when it was entered
    place: Mapped[str] = mapped_column(String(120), default="")
    seal_no: Mapped[Code] = mapped_column(default="")  # as read; resealed: of the new seal
    seal_intact: Mapped[bool]
    reason: Mapped[Words] = mapped_column(default="")  # why the seal was broken, or another one
    witnesses: Mapped[Words]
    candidates: Mapped[Words] = mapped_column(default="")  # numbers of the two who saw it opened
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(PaperForm)
append_only(PaperDraw)
append_only(PaperDrawRun, except_columns=("stopped_by", "stopped_at", "ended_at", "outcome", "findings"))
append_only(
    PaperErratum,
    except_columns=("approved_by", "approved_at", "version", "version_hash", "dropped_by", "dropped_at"),
)
append_only(PaperSeal)
append_only(PaperSplit)
append_only(PaperShare, except_columns=("taken_at",))
append_only(KeyRelease)
append_only(PrintWord)
append_only(PaperReveal)
append_only(Envelope)
append_only(EnvelopeEvent)
