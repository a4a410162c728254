# SPDX-License-Identifier: Apache-2.0
"""A competition, its vacancies and criteria, the milestones it has reached, the decisions taken."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Code, Key, PublicId, Words, append_only, foreign


class CompetitionKind(enum.StrEnum):
    """Whether it counts. Chosen at creation, never changed."""

    REAL = "real"
    REHEARSAL = "rehearsal"


class Competition(Base):
    """One selection exercise under one frozen rule set. Its state is its last milestone."""

    __tablename__ = "competitions"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("kind IN ('real', 'rehearsal')", name="kind"),
        CheckConstraint("kind = 'rehearsal' OR clock_offset_seconds = 0", name="own_clock"),
        CheckConstraint("apply_closes_at > apply_opens_at", name="window"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = foreign("organisations.id")
    kind: Mapped[str] = mapped_column(String(16), default=CompetitionKind.REAL)
    clock_offset_seconds: Mapped[int] = mapped_column(Integer, default=0)  # rehearsals only
    code: Mapped[Code]  # TT-2026-01
    title: Mapped[Words]
    title_en: Mapped[Words]
    description: Mapped[Words]
    ruleset: Mapped[dict[str, Any]]  # canonical form; editable until the notice is announced
    ruleset_hash: Mapped[str] = mapped_column(String(71))  # sha256:<hex>
    legal_basis: Mapped[list[Any]]  # instruments of this competition, printed in its documents
    apply_opens_at: Mapped[datetime]
    apply_closes_at: Mapped[datetime]
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]

    vacancies: Mapped[list["Vacancy"]] = relationship(back_populates="competition", order_by="Vacancy.code")

    @property
    def competition_id(self) -> int:
        """The place that roles are held for, as policy asks every target for it."""
        return self.id


class Vacancy(Base):
    """A post to be filled, with its places."""

    __tablename__ = "vacancies"
    __table_args__ = (
        UniqueConstraint("competition_id", "code"),
        CheckConstraint("level IN ('department', 'division')", name="level"),
        CheckConstraint("places >= 1", name="places"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    code: Mapped[Code]
    title: Mapped[Words]
    title_en: Mapped[Words]
    unit: Mapped[Words]
    level: Mapped[str] = mapped_column(String(16))
    places: Mapped[int] = mapped_column(Integer, default=1)
    description: Mapped[Words] = mapped_column(default="")

    competition: Mapped[Competition] = relationship(back_populates="vacancies")
    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="vacancy", order_by="Criterion.position"
    )


class CriterionKind(enum.StrEnum):
    """What a criterion asks; the automatic reading never decides, a person does."""

    MIN_YEARS_SERVICE = "min_years_service"  # params: years
    MAX_AGE = "max_age"  # params: years, at
    YEARS_LEFT = "years_left"  # params: years before retirement age
    DEGREE = "degree"  # params: level
    POLITICAL_THEORY = "political_theory"  # params: level
    STATE_MANAGEMENT = "state_management"  # params: level
    IN_PLANNING_OR_NOMINATED = "in_planning_or_nominated"
    FIRST_APPOINTMENT = "first_appointment"
    NO_DISCIPLINE = "no_discipline"
    MANAGING_BODY_CONSENT = "managing_body_consent"
    OTHER = "other"  # read by people only


class Criterion(Base):
    """One condition of a vacancy, checked one by one with a reason."""

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("vacancy_id", "position"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]]
    text: Mapped[Words]
    text_en: Mapped[Words]

    vacancy: Mapped[Vacancy] = relationship(back_populates="criteria")


class MilestoneKind(enum.StrEnum):
    """What a competition can reach, in the order in which it can."""

    SUBMITTED = "submitted"  # the organiser asks the chair for approval
    RETURNED = "returned"  # the chair sends the draft back (repeatable)
    APPROVED = "approved"
    ANNOUNCED = "announced"
    AMENDED = "amended"  # a signed change after the notice (repeatable)
    REGISTRATION_CLOSED = "registration_closed"
    LIST_APPROVED = "list_approved"
    SUMMONED = "summoned"
    MARKS_LOCKED = "marks_locked"  # per part: payload.part
    UNMASKED = "unmasked"  # per part
    MARKS_POSTED = "marks_posted"
    REVIEWS_CLOSED = "reviews_closed"
    OPINION_RECORDED = "opinion_recorded"
    RECOGNISED = "recognised"
    PUBLISHED = "published"  # repeatable: payload.number
    ANNULLED = "annulled"
    ARCHIVED = "archived"


class Milestone(Base):
    """A point that the competition has reached: when, by whom, on which signed paper."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("competition_id", "kind", "occurrence"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    kind: Mapped[str] = mapped_column(String(32))
    occurrence: Mapped[str] = mapped_column(
        String(64), default=""
    )  # part key or number where it may happen again
    payload: Mapped[dict[str, Any]]
    paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    actor_id: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class Relation(enum.StrEnum):
    """How a member of staff is related to a candidate (domain 3.6)."""

    PARENT = "parent"
    SPOUSE = "spouse"
    CHILD = "child"  # natural or adopted
    SIBLING = "sibling"
    PARENT_IN_LAW = "parent_in_law"
    SIBLING_IN_LAW = "sibling_in_law"
    LINE_MANAGER = "line_manager"
    NOMINATOR = "nominator"
    SUPERVISOR = "supervisor"
    OTHER = "other_relation"


class DecisionKind(enum.StrEnum):
    """What the council, its chair or the authority decided on a signed paper (contracts 2)."""

    PROCEED = "proceed"
    NOMINATE = "nominate"
    POSTPONE = "postpone"
    TIE = "tie"
    PANEL_KEEP = "panel_keep"
    PANEL_EXCLUDE = "panel_exclude"
    CHAIR_MARK = "chair_mark"
    LATE_ADMISSION = "late_admission"
    REVOKE = "revoke"  # the one that it replaces is taken back


class Decision(Base):
    """A decision recorded from its signed paper; the ranking reads it."""

    __tablename__ = "decisions"
    __table_args__ = (CheckConstraint("kind <> 'revoke' OR supersedes_id IS NOT NULL", name="revoked"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int | None] = foreign("vacancies.id", nullable=True)
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]  # order, ballot, candidate (candidate numbers), value …
    paper_id: Mapped[int] = foreign("signed_papers.id")
    page: Mapped[int] = mapped_column(Integer, default=1)
    supersedes_id: Mapped[int | None] = foreign("decisions.id", nullable=True, unique=True)
    recorded_by: Mapped[int] = foreign("accounts.id")
    recorded_at: Mapped[datetime]


class ConflictOfInterest(Base):
    """A declared relation between a member of staff and a candidate's account (domain 3.6)."""

    __tablename__ = "conflicts_of_interest"
    __table_args__ = (UniqueConstraint("competition_id", "account_id", "candidate_account_id", "relation"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    account_id: Mapped[int] = foreign("accounts.id")
    candidate_account_id: Mapped[int] = foreign("accounts.id")
    relation: Mapped[Code]
    declared_by: Mapped[int] = foreign("accounts.id")
    declared_at: Mapped[datetime]


class RelationOnPaper(Base):
    """A relation that somebody without an account has declared and signed, as the secretary typed it."""

    __tablename__ = "relations_on_paper"
    __table_args__ = (UniqueConstraint("competition_id", "person", "candidate_account_id", "relation"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = foreign("competitions.id")
    person: Mapped[Words]  # who signed, by name
    candidate_account_id: Mapped[int] = foreign("accounts.id")
    relation: Mapped[Code]
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    declared_by: Mapped[int] = foreign("accounts.id")
    declared_at: Mapped[datetime]


append_only(Milestone)
append_only(Decision)
append_only(ConflictOfInterest)
append_only(RelationOnPaper)
