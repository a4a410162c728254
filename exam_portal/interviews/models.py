# SPDX-License-Identifier: Apache-2.0
"""The panel: its members, the order drawn by lot, each hearing and its secret ballots."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign


class PanelSession(Base):
    """The panel of one part for one vacancy, on one day."""

    __tablename__ = "panel_sessions"
    __table_args__ = (
        UniqueConstraint("vacancy_id", "part"),
        CheckConstraint("mode IN ('paper', 'lan', 'portal')", name="mode"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    vacancy_id: Mapped[int] = foreign("vacancies.id")
    part: Mapped[Code]
    seated_mode: Mapped[str] = mapped_column("mode", String(8))
    place: Mapped[Words]
    starts_at: Mapped[datetime]
    lot_commitment: Mapped[str] = mapped_column(String(71))  # of the half of the seed that is bound
    created_by: Mapped[int] = foreign("accounts.id")
    created_at: Mapped[datetime]

    mode_changes: Mapped[list["BallotModeChange"]] = relationship(
        order_by="BallotModeChange.id",
        lazy="selectin",  # read with the panel, and again under its lock
    )

    members: Mapped[list["PanelMember"]] = relationship(
        back_populates="panel", order_by="PanelMember.position"
    )
    hearings: Mapped[list["Hearing"]] = relationship(back_populates="panel", order_by="Hearing.order_no")

    @property
    def mode(self) -> str:
        """Return how ballots are given: as the panel was seated, or as it was changed last."""
        return self.mode_changes[-1].mode if self.mode_changes else self.seated_mode


class BallotModeChange(Base):
    """Ballots of a panel are given in another way from here on; the key of a record that this ends."""

    __tablename__ = "ballot_mode_changes"
    __table_args__ = (
        CheckConstraint("mode IN ('paper', 'lan', 'portal')", name="mode"),
        CheckConstraint("length(reason) > 0", name="reason"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    mode: Mapped[str] = mapped_column(String(8))
    reason: Mapped[Words]
    record_key_id: Mapped[int | None] = foreign("record_keys.id", nullable=True, unique=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class PanelMember(Base):
    """A council member who sits; an account only where ballots are cast in the portal."""

    __tablename__ = "panel_members"
    __table_args__ = (UniqueConstraint("panel_id", "position"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    position: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[int | None] = foreign("accounts.id", nullable=True)
    name: Mapped[Words]
    duty: Mapped[Words]  # position and role as printed
    is_substitute: Mapped[bool] = mapped_column(default=False)  # sits only when called for a member

    panel: Mapped[PanelSession] = relationship(back_populates="members")


class Substitution(Base):
    """A substitute has the seat of a member, on a signed decision: of the hearings that had not begun."""

    __tablename__ = "substitutions"

    id: Mapped[Key]
    member_id: Mapped[int] = foreign("panel_members.id", unique=True)
    substitute_id: Mapped[int] = foreign("panel_members.id", unique=True)
    begun: Mapped[list[Any]]  # places of the hearings that had begun: they stay with the member
    reason: Mapped[Words]
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class RelationStatement(Base):
    """What a member said at one time about relations to the candidates: alone, or on a signed declaration."""

    __tablename__ = "relation_statements"

    id: Mapped[Key]
    member_id: Mapped[int] = foreign("panel_members.id")
    units: Mapped[Words]  # where the member works or has worked, as told for the comparison
    disciplined: Mapped[bool | None]  # said of the member; null where it was not asked
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]

    rows: Mapped[list["RelationAnswer"]] = relationship(
        back_populates="statement", order_by="RelationAnswer.id"
    )


class RelationAnswer(Base):
    """One line of a statement: a relation to the candidate, or (null) none; a relation once told stays."""

    __tablename__ = "relation_answers"
    __table_args__ = (UniqueConstraint("statement_id", "candidate_id"),)

    id: Mapped[Key]
    statement_id: Mapped[int] = foreign("relation_statements.id")
    candidate_id: Mapped[int] = foreign("candidates.id")
    relation: Mapped[str | None] = mapped_column(String(64), nullable=True)
    clues: Mapped[list[Any]]  # what the comparison had shown when this was answered

    statement: Mapped[RelationStatement] = relationship(back_populates="rows")


class Occasion(enum.StrEnum):
    """Why there is this hearing."""

    REGULAR = "regular"
    SUPPLEMENTARY = "supplementary"  # of somebody admitted later
    REPEATED = "repeated"  # the candidate is heard again
    SECOND_BALLOT = "second_ballot"  # on a hearing that was held, only the ballot is given again


class Hearing(Base):
    """One candidate's defence or interview, in the order of the lots. The last one of a candidate counts."""

    __tablename__ = "hearings"
    __table_args__ = (
        Index(
            "uq_hearings_first",
            "panel_id",
            "candidate_id",
            unique=True,
            sqlite_where=text("repeats_id IS NULL"),
            postgresql_where=text("repeats_id IS NULL"),
        ),
        UniqueConstraint("panel_id", "order_no"),
        CheckConstraint(
            "(repeats_id IS NOT NULL) = (occasion IN ('repeated', 'second_ballot'))", name="occasion"
        ),
        CheckConstraint("repeats_id IS NULL OR signed_paper_id IS NOT NULL", name="decided"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    panel_id: Mapped[int] = foreign("panel_sessions.id")
    candidate_id: Mapped[int] = foreign("candidates.id")
    order_no: Mapped[int] = mapped_column(Integer)
    occasion: Mapped[str] = mapped_column(String(32), default=Occasion.REGULAR)
    repeats_id: Mapped[int | None] = foreign("hearings.id", nullable=True, unique=True)
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)  # minute or decision
    drawn_by: Mapped[int] = foreign("accounts.id")
    drawn_at: Mapped[datetime]

    panel: Mapped[PanelSession] = relationship(back_populates="hearings")
    repeats: Mapped["Hearing | None"] = relationship(remote_side="Hearing.id")


class LotDraw(Base):
    """How the order came about: a seed that anyone can draw from again, or the minute of a draw on paper."""

    __tablename__ = "lot_draws"
    __table_args__ = (
        CheckConstraint("length(seed) > 0 OR signed_paper_id IS NOT NULL", name="source"),
        CheckConstraint("length(seed) = 0 OR (length(secret) > 0 AND length(words) > 0)", name="called"),
        CheckConstraint("length(witnesses) > 0", name="witnessed"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = foreign("panel_sessions.id", unique=True)
    seed: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(
        String(64)
    )  # the half that was bound; with the words it gives the seed
    words: Mapped[Words]
    witnesses: Mapped[Words]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class MemberAbsence(Base):
    """A member who did not hear the whole of a hearing (null: the whole day) gets no slip for it."""

    __tablename__ = "member_absences"

    id: Mapped[Key]
    member_id: Mapped[int] = foreign("panel_members.id")
    hearing_id: Mapped[int | None] = foreign("hearings.id", nullable=True)
    reason: Mapped[Words]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class OrderChange(Base):
    """A hearing called out of the turn that the lots gave it: why, and who saw it or which paper says it."""

    __tablename__ = "order_changes"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id", unique=True)
    reason: Mapped[Words]
    witnesses: Mapped[list[Any]]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class HearingEvent(Base):
    """Facts of a hearing: opened, closed (ballots may be given), counted; or the candidate did not come.

    ``box_unopened``: fewer ballots than the quorum came back, so the box is gone and nobody has read them.
    ``broken_off``: what had begun ended without a ballot, as a signed minute says.
    """

    __tablename__ = "hearing_events"
    __table_args__ = (
        UniqueConstraint("hearing_id", "kind"),
        CheckConstraint(
            "kind IN ('opened', 'ballot_opened', 'counted', 'box_unopened', "
            "'candidate_absent', 'broken_off')",
            name="kind",
        ),
    )

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


class BallotBox(Base):
    """The ballots given in the portal until they are counted: one sealed value, mixed anew with each ballot.

    No row belongs to a ballot while members vote, so neither order, number, time nor transaction of a row
    can say whose ballot it is. The count takes the box away.
    """

    __tablename__ = "ballot_boxes"

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id", unique=True)
    key_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[Cipher]


class BallotReceipt(Base):
    """That a member has voted (portal); which ballot is nobody's to know.

    ``sealed`` tells a submission that is sent again from another one, until the count: a hash over a random
    number of the device, under the key of the box. It says nothing to anybody without both.
    """

    __tablename__ = "ballot_receipts"
    __table_args__ = (UniqueConstraint("hearing_id", "member_id"),)

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    member_id: Mapped[int] = foreign("panel_members.id")
    sealed: Mapped[Cipher]


class Ballot(Base):
    """One valid, counted ballot; all of a hearing are written at once, in mixed order, when they are counted.

    ``slip`` is a random (portal) or the printed (paper) number; a secret ballot names no member.
    """

    __tablename__ = "ballots"
    __table_args__ = (UniqueConstraint("hearing_id", "slip"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)  # random: rows carry no order
    hearing_id: Mapped[int] = foreign("hearings.id")
    slip: Mapped[str] = mapped_column(String(16))
    member_id: Mapped[int | None] = foreign("panel_members.id", nullable=True)  # named ballots only
    value: Mapped[str] = mapped_column(String(32))
    scores: Mapped[dict[str, Any]]
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    page: Mapped[int | None] = mapped_column(Integer)


class CountKeying(Base):
    """One typist's keying of a counting sheet: issued, returned, invalid and the marks. Two must agree."""

    __tablename__ = "count_keyings"

    id: Mapped[Key]
    hearing_id: Mapped[int] = foreign("hearings.id")
    payload: Mapped[dict[str, Any]]  # issued, returned, invalid, slips [{slip, value | scores}]
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    page: Mapped[int] = mapped_column(Integer)
    typist_id: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(BallotModeChange)
append_only(Substitution)
append_only(RelationStatement)
append_only(RelationAnswer)
append_only(Hearing)
append_only(LotDraw)
append_only(MemberAbsence)
append_only(OrderChange)
append_only(HearingEvent)
append_only(BallotReceipt)
append_only(Ballot)
append_only(CountKeying)
