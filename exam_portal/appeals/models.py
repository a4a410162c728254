# SPDX-License-Identifier: Apache-2.0
"""Requests for a review of marking (phúc khảo) and what came of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.db import Base, Cipher, Code, Key, PublicId, Words, append_only, foreign


class ReviewRequest(Base):
    """A candidate asks within the window that a script be marked again, by others."""

    __tablename__ = "review_requests"
    __table_args__ = (
        UniqueConstraint("candidate_id", "part"),
        UniqueConstraint("competition_id", "receipt_no"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    competition_id: Mapped[int] = foreign("competitions.id")
    candidate_id: Mapped[int] = foreign("candidates.id")
    part: Mapped[Code]
    reason_code: Mapped[Code]
    words: Mapped[Cipher]  # sealed under the person's key
    receipt_no: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime]
    by: Mapped[int] = foreign("accounts.id")  # the candidate, or the counter for a paper request
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)


class ReviewStep(Base):
    """A step of a review: admitted or refused, bagged for re-marking, decided."""

    __tablename__ = "review_steps"
    __table_args__ = (
        UniqueConstraint("request_id", "kind"),
        CheckConstraint("kind IN ('admitted', 'refused', 'bagged', 'decided')", name="kind"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = foreign("review_requests.id")
    kind: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16), default="")  # decided: raised | lowered | unchanged
    old_mark: Mapped[str | None] = mapped_column(String(32))
    new_mark: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[Words] = mapped_column(default="")
    signed_paper_id: Mapped[int | None] = foreign("signed_papers.id", nullable=True)
    by: Mapped[int] = foreign("accounts.id")
    at: Mapped[datetime]


append_only(ReviewRequest)
append_only(ReviewStep)
