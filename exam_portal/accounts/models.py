# SPDX-License-Identifier: Apache-2.0
"""Organisations, people, what they may do, and how they sign in."""

import enum
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from exam_portal.core.actors import Role
from exam_portal.core.db import Base, Cipher, Hash, Key, PublicId, Words, append_only, foreign


class Organisation(Base):
    """A node of the tree of authorities, from city to ward. Every competition belongs to one."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    parent_id: Mapped[int | None] = foreign("organisations.id", nullable=True)
    name: Mapped[Words]
    name_en: Mapped[Words]
    place: Mapped[Words]  # as printed before the date: Hà Nội
    governing_name: Mapped[str | None]  # cơ quan chủ quản, first line of the letterhead
    created_at: Mapped[datetime]


class AccountKind(enum.StrEnum):
    """Candidates and staff never share an account."""

    CANDIDATE = "candidate"
    STAFF = "staff"


class Account(Base):
    """A person who can sign in. What identifies the person is encrypted under the person's own key."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("kind IN ('candidate', 'staff')", name="kind"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(16))
    login_index: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True
    )  # keyed hash of e-mail or login name
    key_id: Mapped[str] = mapped_column(String(64), unique=True)  # dropping this key erases the person
    profile: Mapped[Cipher]  # sealed JSON: name, login, email, phone
    password_hash: Mapped[str | None]
    totp_secret: Mapped[bytes | None]  # sealed
    totp_confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="vi")
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # the key was dropped by a signed decision
    created_at: Mapped[datetime]


class Erasure(Base):
    """The erasure of a person, asked for on a signed decision; done once another person has approved it."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("proposed_by <> account_id AND approved_by <> account_id", name="not_by_oneself"),
        CheckConstraint("approved_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(
            "uq_erasures_standing",
            "account_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = foreign("accounts.id")
    signed_paper_id: Mapped[int] = foreign("signed_papers.id")
    proposed_by: Mapped[int] = foreign("accounts.id")
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    withdrawn_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role proposed for a person in one place; in force once another person has approved it."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("approved_by IS NULL OR approved_by <> account_id", name="not_by_grantee"),
        CheckConstraint("role IN (" + ", ".join(f"'{r.value}'" for r in Role) + ")", name="role"),
        Index(
            "uq_role_grants_live",
            "account_id",
            "role",
            "organisation_id",
            "competition_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(  # nulls are never equal: a role held for a whole organisation needs an index of its own
            "uq_role_grants_live_organisation",
            "account_id",
            "role",
            "organisation_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND competition_id IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND competition_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = foreign("accounts.id")
    role: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = foreign("organisations.id")
    competition_id: Mapped[int | None] = foreign("competitions.id", nullable=True)
    exception_paper_id: Mapped[int | None] = foreign(
        "signed_papers.id", nullable=True
    )  # the signed exception
    proposed_by: Mapped[int | None] = foreign(
        "accounts.id", nullable=True
    )  # null: the installation's command line
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    approved_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    revoked_at: Mapped[datetime | None]


class OneTimeCode(Base):
    """A single-use secret, hashed: e-mail confirmation, password reset, or printed at the counter."""

    __tablename__ = "one_time_codes"

    id: Mapped[Key]
    account_id: Mapped[int] = foreign("accounts.id")
    purpose: Mapped[str] = mapped_column(String(16))  # confirm | reset | counter | figures | nothing
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    issued_by: Mapped[int | None] = foreign("accounts.id", nullable=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebSession(Base):
    """A signed-in browser; the cookie's token is stored hashed."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = foreign("accounts.id")
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInThrottle(Base):
    """Failures of one account or one network within the current window."""

    __tablename__ = "sign_in_throttles"
    __table_args__ = (UniqueConstraint("subject"),)

    id: Mapped[Key]
    subject: Mapped[Hash]  # keyed hash of account or network
    failures: Mapped[int] = mapped_column(Integer, default=0)
    window_started_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


append_only(Erasure, except_columns=("approved_by", "approved_at", "withdrawn_by", "withdrawn_at"))
append_only(RoleGrant, except_columns=("approved_by", "approved_at", "revoked_by", "revoked_at"))
