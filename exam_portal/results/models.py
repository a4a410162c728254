# SPDX-License-Identifier: Apache-2.0
"""Runs of the ranking and what was published of them, numbered and superseding."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign
from scoring.verify.canonical import sha256_of


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


class StandardSetting(Base):
    """Judges who say, item by item of a held form, where the pass mark lies; it informs and moves no mark."""

    __tablename__ = "standard_settings"
    __table_args__ = (
        CheckConstraint("method IN ('angoff', 'ebel')", name="method"),
        CheckConstraint("(concluded_by IS NULL) = (concluded_at IS NULL)", name="concluded"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    part: Mapped[Code]
    form_id: Mapped[int] = foreign("paper_forms.id")
    method: Mapped[str] = mapped_column(String(8))
    items: Mapped[list[Any]]  # id and most marks of each item, in the order of the form
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]
    concluded_by: Mapped[int | None] = foreign("accounts.id", nullable=True, index=False)
    concluded_at: Mapped[datetime | None]

    judges: Mapped[list["StandardJudge"]] = relationship(order_by="StandardJudge.id")
    rounds: Mapped[list["StandardRound"]] = relationship(order_by="StandardRound.number")

    @property
    def judge_ids(self) -> list[int]:
        """The accounts of the judges who were appointed."""
        return [judge.account_id for judge in self.judges]

    @property
    def awaited_ids(self) -> list[int]:
        """The accounts of the judges without whom no round is complete."""
        return [judge.account_id for judge in self.judges if judge.excused_at is None]

    def waits_for(self, account_id: int | None) -> bool:
        """Whether this judge has still to give the estimates of the open round."""
        given = {one.by for one in self.rounds[-1].estimates}
        return self.concluded_at is None and account_id in self.awaited_ids and account_id not in given


class StandardJudge(Base):
    """A judge whom the organiser appointed, and may excuse from rounds that this judge has not answered."""

    __tablename__ = "standard_judges"
    __table_args__ = (
        UniqueConstraint("setting_id", "account_id"),
        CheckConstraint("(excused_by IS NULL) = (excused_at IS NULL)", name="excused"),
        CheckConstraint("(excused_at IS NULL) = (reason IS NULL)", name="reason"),
    )

    id: Mapped[Key]
    setting_id: Mapped[int] = foreign("standard_settings.id")
    account_id: Mapped[int] = foreign("accounts.id")
    excused_by: Mapped[int | None] = foreign("accounts.id", nullable=True, index=False)
    excused_at: Mapped[datetime | None]
    reason: Mapped[Words | None]


class StandardRound(Base):
    """A round of estimates: open until every judge has given the own ones, then computed, never changed."""

    __tablename__ = "standard_rounds"
    __table_args__ = (
        UniqueConstraint("setting_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(content IS NULL) = (computed_at IS NULL)", name="computed"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    setting_id: Mapped[int] = foreign("standard_settings.id")
    number: Mapped[int] = mapped_column(Integer)
    opened_by: Mapped[int] = foreign("accounts.id")
    opened_at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None]  # cut, error, agreement, spread by item; names no judge
    content_hash: Mapped[str | None] = mapped_column(String(71))
    computed_at: Mapped[datetime | None]

    estimates: Mapped[list["StandardEstimate"]] = relationship(order_by="StandardEstimate.id")


class StandardEstimate(Base):
    """One judge's estimates in one round: the chance, in hundredths, of somebody who just suffices.

    Angoff: by item. Ebel: ``cells`` has it by cell, and ``items`` the cell of each item.
    """

    __tablename__ = "standard_estimates"
    __table_args__ = (UniqueConstraint("round_id", "by"),)

    id: Mapped[Key]
    round_id: Mapped[int] = foreign("standard_rounds.id")
    shares: Mapped[dict[str, Any]]
    salt: Mapped[Code]  # in the hash on record: a few shares would be guessed from a bare one
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]

    @property
    def hash(self) -> str:
        """What the record holds of the estimates."""
        return sha256_of({"salt": self.salt, "shares": self.shares})


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
append_only(StandardSetting, except_columns=("concluded_by", "concluded_at"))
append_only(StandardJudge, except_columns=("excused_by", "excused_at", "reason"))
append_only(StandardRound, except_columns=("content", "content_hash", "computed_at"))
append_only(StandardEstimate)
append_only(Publication, except_columns=("published_at", "discarded_at"))
append_only(PublicationApproval)
