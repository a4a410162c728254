# SPDX-License-Identifier: Apache-2.0
"""Applications, their papers, the vetting of each criterion, and the candidates who come of it."""

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Hash, Key, PublicId, Words, append_only, foreign


class ApplicationSource(enum.StrEnum):
    """How the dossier came in."""

    ONLINE = "online"
    COUNTER = "counter"


class Application(Base):
    """One person's application for one vacancy. A draft may change; once submitted nothing does."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("vacancy_id", "account_id"),
        UniqueConstraint("competition_id", "receipt_no"),
        CheckConstraint("(submitted_at IS NULL) = (receipt_no IS NULL)", name="receipt"),
        CheckConstraint("source <> 'counter' OR entered_by IS NOT NULL", name="entered_by"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    account_id: Mapped[int] = foreign("accounts.id")
    source: Mapped[str] = mapped_column(String(16))
    form: Mapped[Cipher]  # sealed JSON of the application form, under the person's key
    identity_index: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), index=True
    )  # keyed hash of identity number
    receipt_no: Mapped[str | None] = mapped_column(String(32))
    stamped_at: Mapped[datetime | None]  # the counter's stamp is the time; else the server's
    submitted_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    created_at: Mapped[datetime]

    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="application", order_by="Attachment.id"
    )


class Attachment(Base):
    """One document of a dossier, encrypted under the person's key."""

    __tablename__ = "attachments"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = foreign("applications.id")
    kind: Mapped[Code]
    file_name: Mapped[Cipher]
    blob_id: Mapped[int] = foreign("blobs.id")
    sha256: Mapped[Hash]
    uploaded_by: Mapped[int] = foreign("accounts.id")
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # only while the application is a draft

    application: Mapped[Application] = relationship(back_populates="attachments")


class Withdrawal(Base):
    """The applicant has withdrawn, in writing or in the portal."""

    __tablename__ = "withdrawals"

    id: Mapped[Key]
    application_id: Mapped[int] = foreign("applications.id", unique=True)
    reason: Mapped[Words]
    paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    stamped_at: Mapped[datetime]  # the counter's stamp is the time; else the server's
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class RefusedDossier(Base):
    """A dossier that came too late (or could not be taken): refused at the counter, with a receipt."""

    __tablename__ = "refused_dossiers"
    __table_args__ = (UniqueConstraint("competition_id", "receipt_no"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    account_id: Mapped[int] = foreign("accounts.id")
    receipt_no: Mapped[str] = mapped_column(String(32))
    stamped_at: Mapped[datetime]
    reason: Mapped[Code]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class VettingFinding(Base):
    """What a person of the vetting board found on one criterion, beside the automatic reading."""

    __tablename__ = "vetting_findings"
    __table_args__ = (
        CheckConstraint("automatic IN ('met', 'not_met', 'unknown')", name="automatic"),
        CheckConstraint("decision IN ('met', 'not_met')", name="decision"),
        CheckConstraint("decision = 'met' OR length(reason) > 0", name="reason"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = foreign("applications.id")
    criterion_id: Mapped[int] = foreign("criteria.id")
    automatic: Mapped[str] = mapped_column(String(8))
    decision: Mapped[str] = mapped_column(String(8))
    reason: Mapped[Words]
    attachment_id: Mapped[int | None] = foreign("attachments.id", nullable=True)
    supersedes_id: Mapped[int | None] = foreign("vetting_findings.id", nullable=True, unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PreferenceFinding(Base):
    """The points of preference that the board found an application to be given: 0 where the claim fails."""

    __tablename__ = "preference_findings"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("length(reason) > 0", name="reason"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = foreign("applications.id")
    points: Mapped[Decimal]
    reason: Mapped[Words]  # the category found, and why
    attachment_id: Mapped[int | None] = foreign("attachments.id", nullable=True)
    supersedes_id: Mapped[int | None] = foreign("preference_findings.id", nullable=True, unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class VettingConclusion(Base):
    """Eligible or not, signed by a person of the vetting board."""

    __tablename__ = "vetting_conclusions"
    __table_args__ = (CheckConstraint("outcome IN ('eligible', 'ineligible')", name="outcome"),)

    id: Mapped[Key]
    application_id: Mapped[int] = foreign("applications.id")
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Words]
    supersedes_id: Mapped[int | None] = foreign("vetting_conclusions.id", nullable=True, unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Candidate(Base):
    """An eligible applicant on the approved list, with a number. All later stages know this row."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("competition_id", "candidate_no"),
        Index("ix_candidates_vacancy", "vacancy_id", "candidate_no"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = foreign("applications.id", unique=True)
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    account_id: Mapped[int] = foreign("accounts.id")
    candidate_no: Mapped[str] = mapped_column(String(16))
    admitted_at: Mapped[datetime]


class Exclusion(Base):
    """A candidate leaves the competition after the list: withdrawn or disqualified."""

    __tablename__ = "exclusions"
    __table_args__ = (CheckConstraint("status IN ('withdrawn', 'disqualified')", name="status"),)

    id: Mapped[Key]
    candidate_id: Mapped[int] = foreign("candidates.id", unique=True)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Words]
    paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(Withdrawal)
append_only(RefusedDossier)
append_only(VettingFinding)
append_only(PreferenceFinding)
append_only(VettingConclusion)
append_only(Candidate)
append_only(Exclusion)
