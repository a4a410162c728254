# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501, PLR0915 - written by the generator from the models, read as a list
"""Make every table.

Expand first, contract in a later release: two versions of the program run beside each other in a roll-out.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "9388b8752995"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "accounts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("login_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('candidate', 'staff')", name=op.f("ck_accounts_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("key_id", name=op.f("uq_accounts_key_id")),
        sa.UniqueConstraint("login_index", name=op.f("uq_accounts_login_index")),
        sa.UniqueConstraint("public_id", name=op.f("uq_accounts_public_id")),
    )
    op.create_table(
        "blobs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blobs_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blobs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_blobs_public_id")),
    )
    op.create_table(
        "logs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_logs_competition_id"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logs")),
        sa.UniqueConstraint("competition_id", name=op.f("uq_logs_competition_id")),
        sa.UniqueConstraint("origin", name=op.f("uq_logs_origin")),
        sa.UniqueConstraint("public_id", name=op.f("uq_logs_public_id")),
    )
    op.create_table(
        "organisations",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("governing_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_organisations_not_own_parent")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisations_public_id")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=64), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_about", ["kind", "about"], unique=False)
        batch_op.create_index("ix_outbox_due", ["next_at", "id"], unique=False)

    op.create_table(
        "sign_in_throttles",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_throttles")),
        sa.UniqueConstraint("subject", name=op.f("uq_sign_in_throttles_subject")),
    )
    op.create_table(
        "checkpoints",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("log_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["logs.id"], name=op.f("fk_checkpoints_log_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("log_id", "size", name=op.f("uq_checkpoints_log_id_size")),
    )
    with op.batch_alter_table("checkpoints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkpoints_log_id"), ["log_id"], unique=False)

    op.create_table(
        "competitions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("clock_offset_seconds", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("ruleset_hash", sa.String(length=71), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("apply_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("apply_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'rehearsal' OR clock_offset_seconds = 0", name=op.f("ck_competitions_own_clock")
        ),
        sa.CheckConstraint("kind IN ('real', 'rehearsal')", name=op.f("ck_competitions_kind")),
        sa.CheckConstraint("apply_closes_at > apply_opens_at", name=op.f("ck_competitions_window")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_competitions_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_competitions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_competitions_organisation_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_public_id")),
    )
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_created_by"), ["created_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_competitions_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "item_banks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_item_banks_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_item_banks_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_banks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_banks_public_id")),
    )
    with op.batch_alter_table("item_banks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_banks_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_banks_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "leaves",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("log_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject", sa.String(length=26), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("index", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(salt) = 32 AND length(commitment) = 32", name=op.f("ck_leaves_lengths")),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_leaves_actor_id")),
        sa.ForeignKeyConstraint(["log_id"], ["logs.id"], name=op.f("fk_leaves_log_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
        sa.UniqueConstraint("log_id", "index", name=op.f("uq_leaves_log_id_index")),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaves_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_log_id"), ["log_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_type"), ["type"], unique=False)
        batch_op.create_index("ix_leaves_unsequenced", ["log_id", "index", "id"], unique=False)

    op.create_table(
        "one_time_codes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_one_time_codes_account_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["accounts.id"], name=op.f("fk_one_time_codes_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_one_time_codes_code_hash")),
    )
    with op.batch_alter_table("one_time_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_codes_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_one_time_codes_issued_by"), ["issued_by"], unique=False)

    op.create_table(
        "tree_nodes",
        sa.Column("log_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["logs.id"], name=op.f("fk_tree_nodes_log_id")),
        sa.PrimaryKeyConstraint("log_id", "level", "position", name=op.f("pk_tree_nodes")),
    )
    op.create_table(
        "web_sessions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_web_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "conflicts_of_interest",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "candidate_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("declared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_conflicts_of_interest_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_account_id"],
            ["accounts.id"],
            name=op.f("fk_conflicts_of_interest_candidate_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_conflicts_of_interest_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["accounts.id"], name=op.f("fk_conflicts_of_interest_declared_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts_of_interest")),
        sa.UniqueConstraint(
            "competition_id",
            "account_id",
            "candidate_account_id",
            "relation",
            name=op.f("uq_conflicts_of_interest_competition_id_account_id_candidate_account_id_relation"),
        ),
    )
    with op.batch_alter_table("conflicts_of_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflicts_of_interest_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_conflicts_of_interest_candidate_account_id"),
            ["candidate_account_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_conflicts_of_interest_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conflicts_of_interest_declared_by"), ["declared_by"], unique=False
        )

    op.create_table(
        "item_imports",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("items_blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(report IS NULL) = (examined_at IS NULL)", name=op.f("ck_item_imports_examined")),
        sa.ForeignKeyConstraint(["bank_id"], ["item_banks.id"], name=op.f("fk_item_imports_bank_id")),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_item_imports_blob_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_item_imports_by")),
        sa.ForeignKeyConstraint(["items_blob_id"], ["blobs.id"], name=op.f("fk_item_imports_items_blob_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_imports_public_id")),
    )
    with op.batch_alter_table("item_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_imports_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_imports_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_imports_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_imports_items_blob_id"), ["items_blob_id"], unique=False)

    op.create_table(
        "item_likenesses",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["item_banks.id"], name=op.f("fk_item_likenesses_bank_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_item_likenesses_by")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["item_imports.id"], name=op.f("fk_item_likenesses_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_likenesses")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_likenesses_public_id")),
    )
    with op.batch_alter_table("item_likenesses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_likenesses_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_likenesses_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_likenesses_import_id"), ["import_id"], unique=False)

    op.create_table(
        "items",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["item_banks.id"], name=op.f("fk_items_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("bank_id", "external_id", name=op.f("uq_items_bank_id_external_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_items_public_id")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "lock_requests",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_lock_requests_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_lock_requests_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_requests")),
        sa.UniqueConstraint(
            "competition_id", "part", "purpose", name=op.f("uq_lock_requests_competition_id_part_purpose")
        ),
    )
    with op.batch_alter_table("lock_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lock_requests_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lock_requests_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "lot_secrets",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.String(length=71), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_lot_secrets_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_lot_secrets_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_secrets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lot_secrets_public_id")),
    )
    with op.batch_alter_table("lot_secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_secrets_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_secrets_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "lots",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("secret_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("markers", sa.Text(), nullable=False),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_lots_by")),
        sa.ForeignKeyConstraint(["secret_id"], ["lot_secrets.id"], name=op.f("fk_lots_secret_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lots_public_id")),
        sa.UniqueConstraint("secret_id", name=op.f("uq_lots_secret_id")),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lots_by"), ["by"], unique=False)

    op.create_table(
        "mask_bags",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_mask_bags_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_mask_bags_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_mask_bags_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_bags")),
        sa.UniqueConstraint(
            "competition_id",
            "part",
            "purpose",
            "label",
            name=op.f("uq_mask_bags_competition_id_part_purpose_label"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_mask_bags_public_id")),
    )
    with op.batch_alter_table("mask_bags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mask_bags_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mask_bags_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mask_bags_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "mask_keys",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_mask_keys_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_mask_keys_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_keys")),
        sa.UniqueConstraint(
            "competition_id", "part", "purpose", name=op.f("uq_mask_keys_competition_id_part_purpose")
        ),
    )
    with op.batch_alter_table("mask_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mask_keys_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mask_keys_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "papers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content", sa.String(length=16), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("blueprint", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("content = 'outside' OR blueprint IS NOT NULL", name=op.f("ck_papers_blueprint")),
        sa.CheckConstraint("content IN ('inside', 'outside')", name=op.f("ck_papers_content")),
        sa.CheckConstraint("kind IN ('official', 'reserve')", name=op.f("ck_papers_kind")),
        sa.ForeignKeyConstraint(["bank_id"], ["item_banks.id"], name=op.f("fk_papers_bank_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_papers_competition_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_papers_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint(
            "competition_id", "part", "kind", name=op.f("uq_papers_competition_id_part_kind")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_papers_public_id")),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_papers_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_papers_created_by"), ["created_by"], unique=False)

    op.create_table(
        "publications",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("runs", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=71), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prepared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('marks', 'results')", name=op.f("ck_publications_kind")),
        sa.CheckConstraint("published_at IS NULL OR discarded_at IS NULL", name=op.f("ck_publications_fate")),
        sa.CheckConstraint(
            "supersedes_id IS NULL OR length(reason) > 0", name=op.f("ck_publications_reason")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_publications_competition_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by"], ["accounts.id"], name=op.f("fk_publications_prepared_by")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["publications.id"], name=op.f("fk_publications_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("public_id", name=op.f("uq_publications_public_id")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_prepared_by"), ["prepared_by"], unique=False)
        batch_op.create_index(
            "uq_publications_number",
            ["competition_id", "number"],
            unique=True,
            sqlite_where=sa.text("discarded_at IS NULL"),
            postgresql_where=sa.text("discarded_at IS NULL"),
        )
        batch_op.create_index(
            "uq_publications_superseded",
            ["supersedes_id"],
            unique=True,
            sqlite_where=sa.text("discarded_at IS NULL"),
            postgresql_where=sa.text("discarded_at IS NULL"),
        )

    op.create_table(
        "rooms",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_rooms_capacity")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_rooms_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("competition_id", "name", name=op.f("uq_rooms_competition_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rooms_public_id")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "signed_papers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("filed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pages >= 1", name=op.f("ck_signed_papers_pages")),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_signed_papers_blob_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_signed_papers_competition_id")
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["accounts.id"], name=op.f("fk_signed_papers_filed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_signed_papers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_papers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signed_papers_public_id")),
    )
    with op.batch_alter_table("signed_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_papers_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_papers_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_papers_filed_by"), ["filed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_signed_papers_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "mark_locks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("scripts", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "by <> asked_by OR signed_paper_id IS NOT NULL", name=op.f("ck_mark_locks_two_people")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_mark_locks_asked_by")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_mark_locks_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_mark_locks_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_mark_locks_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_locks")),
        sa.UniqueConstraint(
            "competition_id", "part", "purpose", name=op.f("uq_mark_locks_competition_id_part_purpose")
        ),
    )
    with op.batch_alter_table("mark_locks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_locks_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_locks_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_locks_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_locks_signed_paper_id"), ["signed_paper_id"], unique=False)

    op.create_table(
        "unmaskings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("mapping", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("scripts", sa.Integer(), nullable=False),
        sa.Column("witnessed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("witnessed_by <> by", name=op.f("ck_unmaskings_two_people")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_unmaskings_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_unmaskings_competition_id")
        ),
        sa.ForeignKeyConstraint(["witnessed_by"], ["accounts.id"], name=op.f("fk_unmaskings_witnessed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmaskings")),
        sa.UniqueConstraint(
            "competition_id", "part", "purpose", name=op.f("uq_unmaskings_competition_id_part_purpose")
        ),
    )
    with op.batch_alter_table("unmaskings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unmaskings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_unmaskings_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unmaskings_witnessed_by"), ["witnessed_by"], unique=False)

    op.create_table(
        "vacancies",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.CheckConstraint("level IN ('department', 'division')", name=op.f("ck_vacancies_level")),
        sa.CheckConstraint("places >= 1", name=op.f("ck_vacancies_places")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_vacancies_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancies")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_vacancies_competition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vacancies_public_id")),
    )
    with op.batch_alter_table("vacancies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vacancies_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "applications",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt_no", sa.String(length=32), nullable=True),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source <> 'counter' OR entered_by IS NOT NULL", name=op.f("ck_applications_entered_by")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (receipt_no IS NULL)", name=op.f("ck_applications_receipt")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_applications_account_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_applications_competition_id")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_applications_entered_by")),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_applications_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint(
            "competition_id", "receipt_no", name=op.f("uq_applications_competition_id_receipt_no")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_applications_public_id")),
        sa.UniqueConstraint("vacancy_id", "account_id", name=op.f("uq_applications_vacancy_id_account_id")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_identity_index"), ["identity_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("bag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(taken_back_by IS NULL) = (taken_back_at IS NULL)", name=op.f("ck_assignments_taken_back")
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_reason IS NULL)",
            name=op.f("ck_assignments_taken_back_reason"),
        ),
        sa.CheckConstraint("round IN (1, 2, 3)", name=op.f("ck_assignments_round")),
        sa.ForeignKeyConstraint(["bag_id"], ["mask_bags.id"], name=op.f("fk_assignments_bag_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_assignments_by")),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_assignments_marker_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["accounts.id"], name=op.f("fk_assignments_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("bag_id", "marker_id", name=op.f("uq_assignments_bag_id_marker_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignments_public_id")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_bag_id"), ["bag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_marker_id"), ["marker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_taken_back_by"), ["taken_back_by"], unique=False)
        batch_op.create_index(
            "uq_assignments_standing",
            ["bag_id", "round"],
            unique=True,
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.create_table(
        "criteria",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_criteria_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("public_id", name=op.f("uq_criteria_public_id")),
        sa.UniqueConstraint("vacancy_id", "position", name=op.f("uq_criteria_vacancy_id_position")),
    )
    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criteria_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'revoke' OR supersedes_id IS NOT NULL", name=op.f("ck_decisions_revoked")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_decisions_competition_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["signed_papers.id"], name=op.f("fk_decisions_paper_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_decisions_recorded_by")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id")),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_decisions_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decisions_public_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decisions_supersedes_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_recorded_by"), ["recorded_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "envelopes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("seal_no", sa.String(length=64), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("minute_no", sa.String(length=80), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies >= 0", name=op.f("ck_envelopes_copies")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_envelopes_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_envelopes_competition_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_envelopes_paper_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_envelopes_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelopes")),
        sa.UniqueConstraint("competition_id", "label", name=op.f("uq_envelopes_competition_id_label")),
        sa.UniqueConstraint("competition_id", "seal_no", name=op.f("uq_envelopes_competition_id_seal_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_envelopes_public_id")),
    )
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelopes_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelopes_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelopes_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelopes_signed_paper_id"), ["signed_paper_id"], unique=False)

    op.create_table(
        "erasures",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_erasures_one_end")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_erasures_two_people")
        ),
        sa.CheckConstraint(
            "proposed_by <> account_id AND approved_by <> account_id", name=op.f("ck_erasures_not_by_oneself")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_erasures_account_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_erasures_approved_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_erasures_proposed_by")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_erasures_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_erasures_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasures_public_id")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_signed_paper_id"), ["signed_paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_withdrawn_by"), ["withdrawn_by"], unique=False)
        batch_op.create_index(
            "uq_erasures_standing",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "item_versions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.String(length=71), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("places", sa.String(length=16), nullable=False),
        sa.Column("difficulty", sa.String(length=24), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) <> (sealed_content IS NULL)", name=op.f("ck_item_versions_plain_or_sealed")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_item_versions_author_id")),
        sa.ForeignKeyConstraint(["import_id"], ["item_imports.id"], name=op.f("fk_item_versions_import_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_item_versions_item_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_versions_public_id")),
    )
    with op.batch_alter_table("item_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_versions_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_item_versions_cell", ["topic", "level"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_versions_content_hash"), ["content_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_versions_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_versions_item_id"), ["item_id"], unique=False)

    op.create_table(
        "paper_splits",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("threshold >= 2", name=op.f("ck_paper_splits_threshold")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_splits_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_splits_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_splits")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_splits_paper_id")),
    )
    with op.batch_alter_table("paper_splits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_splits_by"), ["by"], unique=False)

    op.create_table(
        "paper_shares",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("split_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["holder"], ["accounts.id"], name=op.f("fk_paper_shares_holder")),
        sa.ForeignKeyConstraint(["split_id"], ["paper_splits.id"], name=op.f("fk_paper_shares_split_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_shares")),
        sa.UniqueConstraint("split_id", "holder", name=op.f("uq_paper_shares_split_id_holder")),
    )
    with op.batch_alter_table("paper_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_shares_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_shares_split_id"), ["split_id"], unique=False)

    op.create_table(
        "key_releases",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_key_releases_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_key_releases_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_releases")),
        sa.UniqueConstraint("paper_id", "by", "place", name=op.f("uq_key_releases_paper_id_by_place")),
    )
    with op.batch_alter_table("key_releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_releases_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_key_releases_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "paper_print_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_print_words_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_print_words_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_print_words")),
        sa.UniqueConstraint("paper_id", "by", name=op.f("uq_paper_print_words_paper_id_by")),
    )
    with op.batch_alter_table("paper_print_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_print_words_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_words_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "paper_reveals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(revealed IS NULL) = (sealed IS NULL)", name=op.f("ck_paper_reveals_whole")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_reveals_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_reveals_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_reveals")),
        sa.UniqueConstraint("paper_id", "by", name=op.f("uq_paper_reveals_paper_id_by")),
    )
    with op.batch_alter_table("paper_reveals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_reveals_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_reveals_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "paper_draws",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blueprint", sa.Text(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("seeds", sa.Text(), nullable=False),
        sa.Column("pool", sa.Integer(), nullable=False),
        sa.Column("pool_stamp", sa.String(length=64), nullable=False),
        sa.Column("pool_hash", sa.String(length=71), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('official', 'reserve')", name=op.f("ck_paper_draws_kind")),
        sa.ForeignKeyConstraint(["bank_id"], ["item_banks.id"], name=op.f("fk_paper_draws_bank_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_draws_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_paper_draws_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draws")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_draws_public_id")),
    )
    with op.batch_alter_table("paper_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_draws_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draws_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draws_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "paper_draw_runs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("draw_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_paper_draw_runs_ended")),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by IS NULL)", name=op.f("ck_paper_draw_runs_stopped")
        ),
        sa.CheckConstraint(
            "length(witnesses) > 0 AND length(words) > 0", name=op.f("ck_paper_draw_runs_witnessed")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_draw_runs_by")),
        sa.ForeignKeyConstraint(["draw_id"], ["paper_draws.id"], name=op.f("fk_paper_draw_runs_draw_id")),
        sa.ForeignKeyConstraint(["stopped_by"], ["accounts.id"], name=op.f("fk_paper_draw_runs_stopped_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draw_runs")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_paper_draw_runs_draw_id_number")),
    )
    with op.batch_alter_table("paper_draw_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_draw_runs_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draw_runs_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draw_runs_stopped_by"), ["stopped_by"], unique=False)

    op.create_table(
        "paper_draw_progress",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["paper_draw_runs.id"], name=op.f("fk_paper_draw_progress_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draw_progress")),
        sa.UniqueConstraint("run_id", name=op.f("uq_paper_draw_progress_run_id")),
    )

    op.create_table(
        "paper_errata",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("withdraws_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("version_hash", sa.String(length=71), nullable=True),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (version IS NULL)", name=op.f("ck_paper_errata_approved")
        ),
        sa.CheckConstraint(
            "(dropped_by IS NULL) = (dropped_at IS NULL)", name=op.f("ck_paper_errata_dropped")
        ),
        sa.CheckConstraint("approved_by IS NULL OR dropped_by IS NULL", name=op.f("ck_paper_errata_one_end")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_paper_errata_two_people")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_paper_errata_approved_by")),
        sa.ForeignKeyConstraint(["dropped_by"], ["accounts.id"], name=op.f("fk_paper_errata_dropped_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_errata_paper_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_paper_errata_proposed_by")),
        sa.ForeignKeyConstraint(
            ["withdraws_id"], ["paper_errata.id"], name=op.f("fk_paper_errata_withdraws_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_errata")),
        sa.UniqueConstraint("paper_id", "version", name=op.f("uq_paper_errata_paper_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_errata_public_id")),
    )
    with op.batch_alter_table("paper_errata", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_errata_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_errata_dropped_by"), ["dropped_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_errata_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_errata_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_errata_withdraws_id"), ["withdraws_id"], unique=False)
        batch_op.create_index(
            "uq_paper_errata_withdraws",
            ["withdraws_id"],
            unique=True,
            sqlite_where=sa.text("dropped_by IS NULL"),
            postgresql_where=sa.text("dropped_by IS NULL"),
        )

    op.create_table(
        "masked_scripts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("bag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("mask_code", sa.String(length=16), nullable=False),
        sa.Column("sealed_mapping", sa.LargeBinary(), nullable=False),
        sa.Column("script_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["mask_bags.id"], name=op.f("fk_masked_scripts_bag_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_masked_scripts_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_masked_scripts")),
        sa.UniqueConstraint(
            "competition_id", "mask_code", name=op.f("uq_masked_scripts_competition_id_mask_code")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_masked_scripts_public_id")),
        sa.UniqueConstraint("script_index", name=op.f("uq_masked_scripts_script_index")),
    )
    with op.batch_alter_table("masked_scripts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_masked_scripts_bag_id"), ["bag_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_masked_scripts_competition_id"), ["competition_id"], unique=False
        )

    op.create_table(
        "milestones",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("occurrence", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_milestones_actor_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_milestones_competition_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["signed_papers.id"], name=op.f("fk_milestones_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint(
            "competition_id", "kind", "occurrence", name=op.f("uq_milestones_competition_id_kind_occurrence")
        ),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestones_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "panel_sessions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lot_commitment", sa.String(length=71), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('paper', 'lan', 'portal')", name=op.f("ck_panel_sessions_mode")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_panel_sessions_competition_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_panel_sessions_created_by")),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_panel_sessions_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_sessions_public_id")),
        sa.UniqueConstraint("vacancy_id", "part", name=op.f("uq_panel_sessions_vacancy_id_part")),
    )
    with op.batch_alter_table("panel_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_panel_sessions_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_panel_sessions_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_panel_sessions_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "paper_forms",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("key_commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("seed_key_id", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["accounts.id"], name=op.f("fk_paper_forms_drawn_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_forms_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_forms")),
        sa.UniqueConstraint("paper_id", "code", name=op.f("uq_paper_forms_paper_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_forms_public_id")),
    )
    with op.batch_alter_table("paper_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_forms_drawn_by"), ["drawn_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_forms_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "paper_seals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commitments", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_seals_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_seals_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_seals")),
        sa.UniqueConstraint("paper_id", "by", name=op.f("uq_paper_seals_paper_id_by")),
    )
    with op.batch_alter_table("paper_seals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_seals_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_seals_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "publication_approvals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_hash", sa.String(length=71), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_publication_approvals_by")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_publication_approvals_publication_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_publication_approvals_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_approvals")),
        sa.UniqueConstraint("publication_id", "by", name=op.f("uq_publication_approvals_publication_id_by")),
    )
    with op.batch_alter_table("publication_approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_approvals_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_publication_approvals_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_publication_approvals_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "refused_dossiers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_refused_dossiers_account_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_refused_dossiers_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_refused_dossiers_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_refused_dossiers_vacancy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_dossiers")),
        sa.UniqueConstraint(
            "competition_id", "receipt_no", name=op.f("uq_refused_dossiers_competition_id_receipt_no")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_refused_dossiers_public_id")),
    )
    with op.batch_alter_table("refused_dossiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_dossiers_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refused_dossiers_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_refused_dossiers_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_refused_dossiers_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "role_grants",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("exception_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'organiser', 'counter', 'chair', 'secretary', 'council', 'authority', 'vetting_board', 'setting_board', 'invigilator', 'masking_board', 'marker', 'review_board', 'typist', 'oversight')",
            name=op.f("ck_role_grants_role"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> account_id", name=op.f("ck_role_grants_not_by_grantee")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_role_grants_two_people")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_role_grants_approved_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_role_grants_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["exception_paper_id"], ["signed_papers.id"], name=op.f("fk_role_grants_exception_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_role_grants_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_role_grants_proposed_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["accounts.id"], name=op.f("fk_role_grants_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_grants_public_id")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_role_grants_exception_paper_id"), ["exception_paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_role_grants_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_revoked_by"), ["revoked_by"], unique=False)
        batch_op.create_index(
            "uq_role_grants_live",
            ["account_id", "role", "organisation_id", "competition_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.create_index(
            "uq_role_grants_live_organisation",
            ["account_id", "role", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND competition_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND competition_id IS NULL"),
        )

    op.create_table(
        "runs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ruleset_hash", sa.String(length=71), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.String(length=71), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("output_hash", sa.String(length=71), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_runs_by")),
        sa.ForeignKeyConstraint(["competition_id"], ["competitions.id"], name=op.f("fk_runs_competition_id")),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_runs_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_runs_public_id")),
        sa.UniqueConstraint("vacancy_id", "number", name=op.f("uq_runs_vacancy_id_number")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_runs_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_runs_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "sittings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('paper', 'lan', 'portal')", name=op.f("ck_sittings_mode")),
        sa.CheckConstraint("duration_seconds > 0", name=op.f("ck_sittings_duration")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_sittings_competition_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_sittings_created_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_sittings_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sittings_public_id")),
    )
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sittings_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sittings_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sittings_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_attachments_application_id")
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_attachments_blob_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["accounts.id"], name=op.f("fk_attachments_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachments_public_id")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_uploaded_by"), ["uploaded_by"], unique=False)

    op.create_table(
        "candidates",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_no", sa.String(length=16), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_candidates_account_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_candidates_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_candidates_competition_id")
        ),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name=op.f("fk_candidates_vacancy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("application_id", name=op.f("uq_candidates_application_id")),
        sa.UniqueConstraint(
            "competition_id", "candidate_no", name=op.f("uq_candidates_competition_id_candidate_no")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_candidates_public_id")),
    )
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidates_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidates_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index("ix_candidates_vacancy", ["vacancy_id", "candidate_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidates_vacancy_id"), ["vacancy_id"], unique=False)

    op.create_table(
        "envelope_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("seal_no", sa.String(length=64), nullable=False),
        sa.Column("seal_intact", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seal_intact OR reason <> ''", name=op.f("ck_envelope_events_broken")),
        sa.CheckConstraint("kind <> 'resealed' OR seal_no <> ''", name=op.f("ck_envelope_events_new_seal")),
        sa.CheckConstraint(
            "kind <> 'opened' OR candidates <> ''", name=op.f("ck_envelope_events_before_candidates")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_envelope_events_by")),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelopes.id"], name=op.f("fk_envelope_events_envelope_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_envelope_events_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_events")),
    )
    with op.batch_alter_table("envelope_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_events_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelope_events_envelope_id"), ["envelope_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_envelope_events_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "item_comments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("item_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_item_comments_by")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_item_comments_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_comments_public_id")),
    )
    with op.batch_alter_table("item_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_comments_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_item_comments_item_version_id"), ["item_version_id"], unique=False
        )

    op.create_table(
        "item_reviews",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("item_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("sealed_comment", sa.LargeBinary(), nullable=True),
        sa.Column("batch", sa.String(length=26), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage <> 'returned' OR sealed_comment IS NOT NULL", name=op.f("ck_item_reviews_comment")
        ),
        sa.CheckConstraint(
            "stage IN ('reviewed', 'approved', 'returned', 'retired')", name=op.f("ck_item_reviews_stage")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_item_reviews_by")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_item_reviews_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_reviews")),
    )
    with op.batch_alter_table("item_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_reviews_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_item_reviews_item_version_id"), ["item_version_id"], unique=False
        )

    op.create_table(
        "item_statistics",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("item_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=26), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_item_statistics_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_statistics")),
        sa.UniqueConstraint(
            "item_version_id", "source", "form", name=op.f("uq_item_statistics_item_version_id_source_form")
        ),
    )
    with op.batch_alter_table("item_statistics", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_statistics_item_version_id"), ["item_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_item_statistics_source"), ["source"], unique=False)

    op.create_table(
        "item_uses",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper", sa.String(length=26), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_uses_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_uses")),
        sa.UniqueConstraint("item_id", "paper", "form", name=op.f("uq_item_uses_item_id_paper_form")),
    )
    with op.batch_alter_table("item_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_uses_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_uses_paper"), ["paper"], unique=False)

    op.create_table(
        "relations_on_paper",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column(
            "candidate_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_account_id"],
            ["accounts.id"],
            name=op.f("fk_relations_on_paper_candidate_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_relations_on_paper_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["accounts.id"], name=op.f("fk_relations_on_paper_declared_by")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_relations_on_paper_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations_on_paper")),
        sa.UniqueConstraint(
            "competition_id",
            "person",
            "candidate_account_id",
            "relation",
            name=op.f("uq_relations_on_paper_competition_id_person_candidate_account_id_relation"),
        ),
    )
    with op.batch_alter_table("relations_on_paper", schema=None) as batch_op:
        for column in ("candidate_account_id", "competition_id", "declared_by", "signed_paper_id"):
            batch_op.create_index(batch_op.f(f"ix_relations_on_paper_{column}"), [column], unique=False)

    op.create_table(
        "marking_reports",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.Integer(), nullable=False),
        sa.Column("controls_basis", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=71), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('agreement', 'likeness')", name=op.f("ck_marking_reports_kind")),
        sa.CheckConstraint(
            "(content IS NULL) = (computed_at IS NULL)", name=op.f("ck_marking_reports_computed")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_marking_reports_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_marking_reports_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_marking_reports_public_id")),
    )
    with op.batch_alter_table("marking_reports", schema=None) as batch_op:
        batch_op.create_index(
            "uq_marking_reports_basis",
            ["competition_id", "part", "purpose", "kind", "basis", "controls_basis"],
            unique=True,
        )
        batch_op.create_index(batch_op.f("ix_marking_reports_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_marking_reports_competition_id"), ["competition_id"], unique=False
        )

    op.create_table(
        "item_analyses",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("last_mark", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=71), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(content IS NULL) = (computed_at IS NULL)", name=op.f("ck_item_analyses_computed")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_item_analyses_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_item_analyses_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_analyses")),
        sa.UniqueConstraint(
            "competition_id", "part", "last_mark", name=op.f("uq_item_analyses_competition_id_part_last_mark")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_analyses_public_id")),
    )
    with op.batch_alter_table("item_analyses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_analyses_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_analyses_competition_id"), ["competition_id"], unique=False)

    op.create_table(
        "standard_settings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("form_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concluded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("method IN ('angoff', 'ebel')", name=op.f("ck_standard_settings_method")),
        sa.CheckConstraint(
            "(concluded_by IS NULL) = (concluded_at IS NULL)", name=op.f("ck_standard_settings_concluded")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_settings_public_id")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_standard_settings_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by"], ["accounts.id"], name=op.f("fk_standard_settings_concluded_by")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_standard_settings_created_by")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["paper_forms.id"], name=op.f("fk_standard_settings_form_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_settings")),
    )
    with op.batch_alter_table("standard_settings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standard_settings_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_standard_settings_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_settings_form_id"), ["form_id"], unique=False)

    op.create_table(
        "standard_judges",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("excused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(excused_by IS NULL) = (excused_at IS NULL)", name=op.f("ck_standard_judges_excused")
        ),
        sa.CheckConstraint("(excused_at IS NULL) = (reason IS NULL)", name=op.f("ck_standard_judges_reason")),
        sa.UniqueConstraint(
            "setting_id", "account_id", name=op.f("uq_standard_judges_setting_id_account_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_standard_judges_account_id")),
        sa.ForeignKeyConstraint(["excused_by"], ["accounts.id"], name=op.f("fk_standard_judges_excused_by")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["standard_settings.id"], name=op.f("fk_standard_judges_setting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_judges")),
    )
    with op.batch_alter_table("standard_judges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_judges_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_judges_setting_id"), ["setting_id"], unique=False)

    op.create_table(
        "standard_rounds",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=71), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_standard_rounds_number")),
        sa.CheckConstraint(
            "(content IS NULL) = (computed_at IS NULL)", name=op.f("ck_standard_rounds_computed")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_rounds_public_id")),
        sa.UniqueConstraint("setting_id", "number", name=op.f("uq_standard_rounds_setting_id_number")),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_standard_rounds_opened_by")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["standard_settings.id"], name=op.f("fk_standard_rounds_setting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_rounds")),
    )
    with op.batch_alter_table("standard_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_rounds_opened_by"), ["opened_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_rounds_setting_id"), ["setting_id"], unique=False)

    op.create_table(
        "standard_estimates",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("round_id", "by", name=op.f("uq_standard_estimates_round_id_by")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_standard_estimates_by")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["standard_rounds.id"], name=op.f("fk_standard_estimates_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_estimates")),
    )
    with op.batch_alter_table("standard_estimates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_estimates_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_estimates_round_id"), ["round_id"], unique=False)

    op.create_table(
        "keyings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("masked_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("typist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round IN (1, 2, 3)", name=op.f("ck_keyings_round")),
        sa.ForeignKeyConstraint(
            ["masked_script_id"], ["masked_scripts.id"], name=op.f("fk_keyings_masked_script_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_keyings_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["typist_id"], ["accounts.id"], name=op.f("fk_keyings_typist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyings")),
    )
    with op.batch_alter_table("keyings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyings_masked_script_id"), ["masked_script_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_keyings_signed_paper_id"), ["signed_paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_keyings_typist_id"), ["typist_id"], unique=False)

    op.create_table(
        "lot_draws",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(seed) > 0 OR signed_paper_id IS NOT NULL", name=op.f("ck_lot_draws_source")
        ),
        sa.CheckConstraint(
            "length(seed) = 0 OR (length(secret) > 0 AND length(words) > 0)", name=op.f("ck_lot_draws_called")
        ),
        sa.CheckConstraint("length(witnesses) > 0", name=op.f("ck_lot_draws_witnessed")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_lot_draws_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_lot_draws_panel_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_lot_draws_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_draws")),
        sa.UniqueConstraint("panel_id", name=op.f("uq_lot_draws_panel_id")),
    )
    with op.batch_alter_table("lot_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_draws_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_draws_signed_paper_id"), ["signed_paper_id"], unique=False)

    op.create_table(
        "marker_phrases",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("marker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name=op.f("ck_marker_phrases_text")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_marker_phrases_competition_id")
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_marker_phrases_marker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marker_phrases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_marker_phrases_public_id")),
    )
    with op.batch_alter_table("marker_phrases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_marker_phrases_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_marker_phrases_marker_id"), ["marker_id"], unique=False)

    op.create_table(
        "training_rules",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("tolerance", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("control_every", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "control_every BETWEEN 0 AND 1000",
            name=op.f("ck_training_rules_control_every"),
        ),
        sa.CheckConstraint("needed >= 1 AND tries BETWEEN 1 AND 10", name=op.f("ck_training_rules_numbers")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_training_rules_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_training_rules_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_rules")),
    )
    with op.batch_alter_table("training_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_rules_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_training_rules_competition_id"), ["competition_id"], unique=False
        )

    op.create_table(
        "training_scripts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('training', 'control')", name=op.f("ck_training_scripts_purpose")),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_training_scripts_withdrawn")
        ),
        sa.CheckConstraint(
            "length(answer) > 0 AND length(reason) > 0", name=op.f("ck_training_scripts_words")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_training_scripts_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_training_scripts_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["accounts.id"], name=op.f("fk_training_scripts_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_scripts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_scripts_public_id")),
    )
    with op.batch_alter_table("training_scripts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_scripts_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_training_scripts_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_training_scripts_withdrawn_by"), ["withdrawn_by"], unique=False)

    op.create_table(
        "training_marks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("training_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("marker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("highlights", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(bag_id IS NULL) = (try_number > 0)", name=op.f("ck_training_marks_place")),
        sa.CheckConstraint("try_number > 0 OR NOT has_passed", name=op.f("ck_training_marks_passed")),
        sa.ForeignKeyConstraint(["bag_id"], ["mask_bags.id"], name=op.f("fk_training_marks_bag_id")),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_training_marks_marker_id")),
        sa.ForeignKeyConstraint(
            ["training_script_id"], ["training_scripts.id"], name=op.f("fk_training_marks_training_script_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_marks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_marks_public_id")),
        sa.UniqueConstraint(
            "training_script_id",
            "marker_id",
            "try_number",
            name=op.f("uq_training_marks_training_script_id_marker_id_try_number"),
        ),
    )
    with op.batch_alter_table("training_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_marks_bag_id"), ["bag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_marks_marker_id"), ["marker_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_training_marks_training_script_id"), ["training_script_id"], unique=False
        )

    op.create_table(
        "mark_drafts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("masked_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("training_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("marker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tab", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("highlights", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(masked_script_id IS NULL) <> (training_script_id IS NULL)", name=op.f("ck_mark_drafts_script")
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_mark_drafts_marker_id")),
        sa.ForeignKeyConstraint(
            ["masked_script_id"], ["masked_scripts.id"], name=op.f("fk_mark_drafts_masked_script_id")
        ),
        sa.ForeignKeyConstraint(
            ["training_script_id"], ["training_scripts.id"], name=op.f("fk_mark_drafts_training_script_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_drafts")),
        sa.UniqueConstraint(
            "masked_script_id", "marker_id", "tab", name=op.f("uq_mark_drafts_masked_script_id_marker_id_tab")
        ),
        sa.UniqueConstraint(
            "masked_script_id",
            "marker_id",
            "version",
            name=op.f("uq_mark_drafts_masked_script_id_marker_id_version"),
        ),
        sa.UniqueConstraint(
            "training_script_id",
            "marker_id",
            "tab",
            name=op.f("uq_mark_drafts_training_script_id_marker_id_tab"),
        ),
    )
    with op.batch_alter_table("mark_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_drafts_marker_id"), ["marker_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mark_drafts_masked_script_id"), ["masked_script_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mark_drafts_training_script_id"), ["training_script_id"], unique=False
        )

    op.create_table(
        "marks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("masked_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("highlights", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("marker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mark', 'remark')", name=op.f("ck_marks_kind")),
        sa.CheckConstraint(
            "marker_id IS NOT NULL OR signed_paper_id IS NOT NULL", name=op.f("ck_marks_source")
        ),
        sa.CheckConstraint("round IN (1, 2, 3)", name=op.f("ck_marks_round")),
        sa.CheckConstraint(
            "supersedes_id IS NULL OR (length(reason) > 0 AND approved_by IS NOT NULL)",
            name=op.f("ck_marks_correction"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_marks_approved_by")),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_marks_marker_id")),
        sa.ForeignKeyConstraint(
            ["masked_script_id"], ["masked_scripts.id"], name=op.f("fk_marks_masked_script_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_marks_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["supersedes_id"], ["marks.id"], name=op.f("fk_marks_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_marks_public_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_marks_supersedes_id")),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marks_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_marker_id"), ["marker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_masked_script_id"), ["masked_script_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_signed_paper_id"), ["signed_paper_id"], unique=False)
        batch_op.create_index(
            "uq_marks_first",
            ["masked_script_id", "round"],
            unique=True,
            sqlite_where=sa.text("supersedes_id IS NULL"),
            postgresql_where=sa.text("supersedes_id IS NULL"),
        )

    op.create_table(
        "panel_members",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("is_substitute", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_panel_members_account_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_panel_members_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_members")),
        sa.UniqueConstraint("panel_id", "position", name=op.f("uq_panel_members_panel_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_members_public_id")),
    )
    with op.batch_alter_table("panel_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_members_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_panel_members_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "script_handovers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scripts", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("handed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("handed_by <> received_by", name=op.f("ck_script_handovers_two_people")),
        sa.ForeignKeyConstraint(["handed_by"], ["accounts.id"], name=op.f("fk_script_handovers_handed_by")),
        sa.ForeignKeyConstraint(
            ["received_by"], ["accounts.id"], name=op.f("fk_script_handovers_received_by")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_script_handovers_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_script_handovers_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_handovers")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_script_handovers_sitting_id")),
    )
    with op.batch_alter_table("script_handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_script_handovers_handed_by"), ["handed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_script_handovers_received_by"), ["received_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_script_handovers_signed_paper_id"), ["signed_paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_script_handovers_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "script_bags",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("seal_no", sa.String(length=64), nullable=False),
        sa.Column("scripts", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.CheckConstraint("scripts >= 1", name=op.f("ck_script_bags_scripts")),
        sa.CheckConstraint("sheets >= scripts", name=op.f("ck_script_bags_sheets")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_script_bags_competition_id")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_script_bags_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_bags")),
        sa.UniqueConstraint("competition_id", "seal_no", name=op.f("uq_script_bags_competition_id_seal_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_script_bags_public_id")),
        sa.UniqueConstraint("sitting_id", "label", name=op.f("uq_script_bags_sitting_id_label")),
    )
    with op.batch_alter_table("script_bags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_script_bags_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_script_bags_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "bag_counts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("bag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seal_no", sa.String(length=64), nullable=False),
        sa.Column("is_intact", sa.Boolean(), nullable=False),
        sa.Column("scripts", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint("scripts >= 0 AND sheets >= 0", name=op.f("ck_bag_counts_counted")),
        sa.CheckConstraint("is_intact OR remark <> ''", name=op.f("ck_bag_counts_broken")),
        sa.ForeignKeyConstraint(["bag_id"], ["script_bags.id"], name=op.f("fk_bag_counts_bag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_counts")),
        sa.UniqueConstraint("bag_id", name=op.f("uq_bag_counts_bag_id")),
    )
    op.create_table(
        "sitting_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_sitting_events_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_sitting_events_room_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_events_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_events")),
    )
    with op.batch_alter_table("sitting_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_events_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_events_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_events_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "vetting_conclusions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('eligible', 'ineligible')", name=op.f("ck_vetting_conclusions_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_vetting_conclusions_application_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_vetting_conclusions_by")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["vetting_conclusions.id"], name=op.f("fk_vetting_conclusions_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_conclusions")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_vetting_conclusions_supersedes_id")),
    )
    with op.batch_alter_table("vetting_conclusions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vetting_conclusions_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_vetting_conclusions_by"), ["by"], unique=False)

    op.create_table(
        "withdrawals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_withdrawals_application_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_withdrawals_by")),
        sa.ForeignKeyConstraint(["paper_id"], ["signed_papers.id"], name=op.f("fk_withdrawals_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("application_id", name=op.f("uq_withdrawals_application_id")),
    )
    with op.batch_alter_table("withdrawals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawals_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawals_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "correction_proposals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("mark_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_correction_proposals_reason")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_correction_proposals_by")),
        sa.ForeignKeyConstraint(["mark_id"], ["marks.id"], name=op.f("fk_correction_proposals_mark_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_correction_proposals_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_correction_proposals_public_id")),
    )
    with op.batch_alter_table("correction_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_proposals_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_proposals_mark_id"), ["mark_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_correction_proposals_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "exclusions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('withdrawn', 'disqualified')", name=op.f("ck_exclusions_status")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_exclusions_by")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_exclusions_candidate_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["signed_papers.id"], name=op.f("fk_exclusions_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_exclusions_candidate_id")),
    )
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusions_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_exclusions_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "hearings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_no", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("repeats_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(repeats_id IS NOT NULL) = (occasion IN ('repeated', 'second_ballot'))",
            name=op.f("ck_hearings_occasion"),
        ),
        sa.CheckConstraint(
            "repeats_id IS NULL OR signed_paper_id IS NOT NULL", name=op.f("ck_hearings_decided")
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_hearings_candidate_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["accounts.id"], name=op.f("fk_hearings_drawn_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_hearings_panel_id")),
        sa.ForeignKeyConstraint(["repeats_id"], ["hearings.id"], name=op.f("fk_hearings_repeats_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_hearings_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearings")),
        sa.UniqueConstraint("panel_id", "order_no", name=op.f("uq_hearings_panel_id_order_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hearings_public_id")),
        sa.UniqueConstraint("repeats_id", name=op.f("uq_hearings_repeats_id")),
    )
    with op.batch_alter_table("hearings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearings_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearings_drawn_by"), ["drawn_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearings_panel_id"), ["panel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearings_signed_paper_id"), ["signed_paper_id"], unique=False)
        batch_op.create_index(
            "uq_hearings_first",
            ["panel_id", "candidate_id"],
            unique=True,
            sqlite_where=sa.text("repeats_id IS NULL"),
            postgresql_where=sa.text("repeats_id IS NULL"),
        )

    op.create_table(
        "review_requests",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_review_requests_by")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_review_requests_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_review_requests_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_review_requests_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_requests")),
        sa.UniqueConstraint("candidate_id", "part", name=op.f("uq_review_requests_candidate_id_part")),
        sa.UniqueConstraint(
            "competition_id", "receipt_no", name=op.f("uq_review_requests_competition_id_receipt_no")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_requests_public_id")),
    )
    with op.batch_alter_table("review_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_requests_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_requests_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_review_requests_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_review_requests_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "seats",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("sheet_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_seats_candidate_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_seats_room_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_seats_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seats_public_id")),
        sa.UniqueConstraint("sheet_code", name=op.f("uq_seats_sheet_code")),
        sa.UniqueConstraint("sitting_id", "candidate_id", name=op.f("uq_seats_sitting_id_candidate_id")),
        sa.UniqueConstraint("sitting_id", "room_id", "label", name=op.f("uq_seats_sitting_id_room_id_label")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seats_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "preference_findings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_preference_findings_reason")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_preference_findings_points")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_preference_findings_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_preference_findings_attachment_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_preference_findings_by")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["preference_findings.id"], name=op.f("fk_preference_findings_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference_findings")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_preference_findings_supersedes_id")),
    )
    with op.batch_alter_table("preference_findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preference_findings_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_preference_findings_attachment_id"), ["attachment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_preference_findings_by"), ["by"], unique=False)

    op.create_table(
        "vetting_findings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("criterion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("automatic", sa.String(length=8), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "automatic IN ('met', 'not_met', 'unknown')", name=op.f("ck_vetting_findings_automatic")
        ),
        sa.CheckConstraint("decision = 'met' OR length(reason) > 0", name=op.f("ck_vetting_findings_reason")),
        sa.CheckConstraint("decision IN ('met', 'not_met')", name=op.f("ck_vetting_findings_decision")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_vetting_findings_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_vetting_findings_attachment_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_vetting_findings_by")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_vetting_findings_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["vetting_findings.id"], name=op.f("fk_vetting_findings_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_findings")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_vetting_findings_supersedes_id")),
    )
    with op.batch_alter_table("vetting_findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vetting_findings_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetting_findings_attachment_id"), ["attachment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_vetting_findings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_vetting_findings_criterion_id"), ["criterion_id"], unique=False)

    op.create_table(
        "attempts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepts_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('awaiting', 'authorised', 'active', 'paused', 'submitted', 'void')",
            name=op.f("ck_attempts_state"),
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_attempts_seq")),
        sa.ForeignKeyConstraint(["form_id"], ["paper_forms.id"], name=op.f("fk_attempts_form_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_attempts_seat_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_attempts_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempts_public_id")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_attempts_seat_id")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempts_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("identity_checked", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('present', 'absent', 'refused_late')", name=op.f("ck_attendances_status")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_attendances_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_attendances_seat_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["attendances.id"], name=op.f("fk_attendances_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_attendances_supersedes_id")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendances_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "ballot_boxes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_ballot_boxes_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_boxes")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_ballot_boxes_hearing_id")),
    )
    op.create_table(
        "ballot_receipts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_ballot_receipts_hearing_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_members.id"], name=op.f("fk_ballot_receipts_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_receipts")),
        sa.UniqueConstraint("hearing_id", "member_id", name=op.f("uq_ballot_receipts_hearing_id_member_id")),
    )
    with op.batch_alter_table("ballot_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_receipts_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_receipts_member_id"), ["member_id"], unique=False)

    op.create_table(
        "ballots",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slip", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_ballots_hearing_id")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_members.id"], name=op.f("fk_ballots_member_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_ballots_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("hearing_id", "slip", name=op.f("uq_ballots_hearing_id_slip")),
    )
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballots_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballots_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballots_signed_paper_id"), ["signed_paper_id"], unique=False)

    op.create_table(
        "count_keyings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("typist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_count_keyings_hearing_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_count_keyings_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["typist_id"], ["accounts.id"], name=op.f("fk_count_keyings_typist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_keyings")),
    )
    with op.batch_alter_table("count_keyings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_count_keyings_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_count_keyings_signed_paper_id"), ["signed_paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_count_keyings_typist_id"), ["typist_id"], unique=False)

    op.create_table(
        "room_plans",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_room_plans_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_room_plans_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_plans")),
        sa.UniqueConstraint("panel_id", "version", name=op.f("uq_room_plans_panel_id_version")),
    )
    with op.batch_alter_table("room_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_plans_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_room_plans_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "phase_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "phase IN ('preparation', 'presentation', 'questions')", name=op.f("ck_phase_events_phase")
        ),
        sa.CheckConstraint(
            "kind IN ('started', 'paused', 'resumed', 'ended')", name=op.f("ck_phase_events_kind")
        ),
        sa.CheckConstraint("kind <> 'paused' OR length(reason) > 0", name=op.f("ck_phase_events_reason")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_phase_events_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_phase_events_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_events")),
        sa.UniqueConstraint("hearing_id", "place", name=op.f("uq_phase_events_hearing_id_place")),
    )
    with op.batch_alter_table("phase_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_events_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_phase_events_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(
            "uq_phase_events_started",
            ["hearing_id", "phase"],
            unique=True,
            sqlite_where=sa.text("kind = 'started'"),
            postgresql_where=sa.text("kind = 'started'"),
        )

    op.create_table(
        "question_sets",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("seed_hash", sa.String(length=80), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_question_sets_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_question_sets_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_sets")),
        sa.UniqueConstraint("panel_id", "version", name=op.f("uq_question_sets_panel_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_sets_public_id")),
    )
    with op.batch_alter_table("question_sets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_sets_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_sets_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "question_set_approvals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_question_set_approvals_by")),
        sa.ForeignKeyConstraint(
            ["set_id"], ["question_sets.id"], name=op.f("fk_question_set_approvals_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_set_approvals")),
        sa.UniqueConstraint("set_id", name=op.f("uq_question_set_approvals_set_id")),
    )
    with op.batch_alter_table("question_set_approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_set_approvals_by"), ["by"], unique=False)

    op.create_table(
        "question_draws",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(witnesses) > 0", name=op.f("ck_question_draws_witnessed")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_question_draws_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_question_draws_hearing_id")),
        sa.ForeignKeyConstraint(["set_id"], ["question_sets.id"], name=op.f("fk_question_draws_set_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_question_draws_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_draws")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_question_draws_hearing_id")),
    )
    with op.batch_alter_table("question_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_draws_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_draws_set_id"), ["set_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_draws_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "hearing_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'ballot_opened', 'counted', 'box_unopened', 'candidate_absent', 'broken_off')",
            name=op.f("ck_hearing_events_kind"),
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_hearing_events_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_hearing_events_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_events")),
        sa.UniqueConstraint("hearing_id", "kind", name=op.f("uq_hearing_events_hearing_id_kind")),
    )
    with op.batch_alter_table("hearing_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_events_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_events_hearing_id"), ["hearing_id"], unique=False)

    op.create_table(
        "order_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_order_changes_reason")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_order_changes_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_order_changes_hearing_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_order_changes_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_changes")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_order_changes_hearing_id")),
    )
    with op.batch_alter_table("order_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_changes_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_order_changes_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "relation_statements",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("disciplined", sa.Boolean(), nullable=True),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_relation_statements_by")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_members.id"], name=op.f("fk_relation_statements_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_relation_statements_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation_statements")),
    )
    with op.batch_alter_table("relation_statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_statements_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_statements_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_relation_statements_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "relation_answers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=64), nullable=True),
        sa.Column("clues", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_relation_answers_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["relation_statements.id"], name=op.f("fk_relation_answers_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation_answers")),
        sa.UniqueConstraint(
            "statement_id", "candidate_id", name=op.f("uq_relation_answers_statement_id_candidate_id")
        ),
    )
    with op.batch_alter_table("relation_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_answers_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_answers_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "substitutions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("substitute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begun", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_substitutions_by")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_members.id"], name=op.f("fk_substitutions_member_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_substitutions_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["panel_members.id"], name=op.f("fk_substitutions_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
        sa.UniqueConstraint("member_id", name=op.f("uq_substitutions_member_id")),
        sa.UniqueConstraint("substitute_id", name=op.f("uq_substitutions_substitute_id")),
    )
    with op.batch_alter_table("substitutions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitutions_by"), ["by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_substitutions_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "record_keys",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("threshold >= 2", name=op.f("ck_record_keys_threshold")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_record_keys_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel_sessions.id"], name=op.f("fk_record_keys_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_keys")),
    )
    with op.batch_alter_table("record_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_keys_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_keys_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "ballot_mode_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record_key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_ballot_mode_changes_reason")),
        sa.CheckConstraint("mode IN ('paper', 'lan', 'portal')", name=op.f("ck_ballot_mode_changes_mode")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_ballot_mode_changes_by")),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel_sessions.id"], name=op.f("fk_ballot_mode_changes_panel_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_key_id"], ["record_keys.id"], name=op.f("fk_ballot_mode_changes_record_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_mode_changes")),
        sa.UniqueConstraint("record_key_id", name=op.f("uq_ballot_mode_changes_record_key_id")),
    )
    with op.batch_alter_table("ballot_mode_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_mode_changes_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_mode_changes_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "record_shares",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("record_key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["holder"], ["accounts.id"], name=op.f("fk_record_shares_holder")),
        sa.ForeignKeyConstraint(
            ["record_key_id"], ["record_keys.id"], name=op.f("fk_record_shares_record_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_shares")),
        sa.UniqueConstraint("record_key_id", "holder", name=op.f("uq_record_shares_record_key_id_holder")),
    )
    with op.batch_alter_table("record_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_shares_record_key_id"), ["record_key_id"], unique=False)
        batch_op.create_index(
            "ix_record_shares_waiting",
            ["holder"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "sealed_records",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_sealed_records_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_records")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_sealed_records_hearing_id")),
    )
    op.create_table(
        "record_openings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("holders", sa.Text(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_record_openings_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_record_openings_hearing_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_record_openings_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_openings")),
    )
    with op.batch_alter_table("record_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_openings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_openings_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_openings_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "slip_envelopes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("seal_no", sa.String(length=64), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(corrects_id IS NULL) = (reason = '')", name=op.f("ck_slip_envelopes_corrected")),
        sa.CheckConstraint("length(seal_no) > 0 AND length(keeper) > 0", name=op.f("ck_slip_envelopes_kept")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_slip_envelopes_by")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["slip_envelopes.id"], name=op.f("fk_slip_envelopes_corrects_id")
        ),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_slip_envelopes_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_envelopes")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_slip_envelopes_corrects_id")),
    )
    with op.batch_alter_table("slip_envelopes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_envelopes_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_slip_envelopes_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(
            "uq_slip_envelopes_first",
            ["hearing_id"],
            unique=True,
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )

    op.create_table(
        "incidents",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_incidents_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_incidents_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_incidents_seat_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_incidents_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_incidents_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incidents_public_id")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_signed_paper_id"), ["signed_paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "member_absences",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hearing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_member_absences_by")),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name=op.f("fk_member_absences_hearing_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_members.id"], name=op.f("fk_member_absences_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_absences")),
    )
    with op.batch_alter_table("member_absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_absences_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_absences_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_absences_member_id"), ["member_id"], unique=False)

    op.create_table(
        "review_steps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("old_mark", sa.String(length=32), nullable=True),
        sa.Column("new_mark", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('admitted', 'refused', 'bagged', 'decided')", name=op.f("ck_review_steps_kind")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_review_steps_by")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["review_requests.id"], name=op.f("fk_review_steps_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_review_steps_signed_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_steps")),
        sa.UniqueConstraint("request_id", "kind", name=op.f("uq_review_steps_request_id_kind")),
    )
    with op.batch_alter_table("review_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_steps_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_steps_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_review_steps_signed_paper_id"), ["signed_paper_id"], unique=False
        )

    op.create_table(
        "sanctions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('reprimand', 'warning', 'suspension')", name=op.f("ck_sanctions_level")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> by", name=op.f("ck_sanctions_two_people")
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_sanctions_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_sanctions_confirmed_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_sanctions_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sanctions_public_id")),
    )
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanctions_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanctions_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanctions_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "time_grants",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('extra_time', 'credit')", name=op.f("ck_time_grants_kind")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> by", name=op.f("ck_time_grants_two_people")
        ),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_time_grants_seconds")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_time_grants_approved_by")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_time_grants_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_time_grants_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_time_grants_seat_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_time_grants_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_time_grants_public_id")),
    )
    with op.batch_alter_table("time_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_grants_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_grants_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_grants_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_grants_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_grants_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "answer_events",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("event_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_answer_events_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "seq", name=op.f("pk_answer_events")),
    )
    op.create_table(
        "late_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_late_events_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_events")),
        sa.UniqueConstraint("body_hash", name=op.f("uq_late_events_body_hash")),
    )
    with op.batch_alter_table("late_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_events_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "late_rulings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batches", sa.LargeBinary(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> by", name=op.f("ck_late_rulings_two_people")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR withdrawn_by IS NULL", name=op.f("ck_late_rulings_one_end")
        ),
        sa.CheckConstraint("verdict IN ('accept', 'refuse')", name=op.f("ck_late_rulings_verdict")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_late_rulings_approved_by")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_late_rulings_attempt_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_late_rulings_by")),
        sa.ForeignKeyConstraint(["last_id"], ["late_events.id"], name=op.f("fk_late_rulings_last_id")),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["signed_papers.id"], name=op.f("fk_late_rulings_signed_paper_id")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_late_rulings_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_rulings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_rulings_public_id")),
    )
    with op.batch_alter_table("late_rulings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_rulings_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_rulings_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_rulings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_rulings_last_id"), ["last_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_late_rulings_signed_paper_id"), ["signed_paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_late_rulings_withdrawn_by"), ["withdrawn_by"], unique=False)
        batch_op.create_index(
            "uq_late_rulings_approved",
            ["last_id"],
            unique=True,
            sqlite_where=sa.text("approved_by IS NOT NULL"),
            postgresql_where=sa.text("approved_by IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_late_rulings_open",
            ["attempt_id"],
            unique=True,
            sqlite_where=sa.text("approved_by IS NULL AND withdrawn_by IS NULL"),
            postgresql_where=sa.text("approved_by IS NULL AND withdrawn_by IS NULL"),
        )

    op.create_table(
        "lease_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("moved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_lease_changes_attempt_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["accounts.id"], name=op.f("fk_lease_changes_moved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease_changes")),
    )
    with op.batch_alter_table("lease_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lease_changes_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lease_changes_moved_by"), ["moved_by"], unique=False)

    op.create_table(
        "scripts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("collected_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source <> 'paper' OR sheets >= 1", name=op.f("ck_scripts_sheets")),
        sa.CheckConstraint("source <> 'portal' OR attempt_id IS NOT NULL", name=op.f("ck_scripts_attempt")),
        sa.CheckConstraint("source IN ('portal', 'paper')", name=op.f("ck_scripts_source")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_scripts_attempt_id")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_scripts_candidate_id")),
        sa.ForeignKeyConstraint(["collected_by"], ["accounts.id"], name=op.f("fk_scripts_collected_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_scripts_competition_id")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_scripts_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_scripts_attempt_id")),
        sa.UniqueConstraint("candidate_id", "part", name=op.f("uq_scripts_candidate_id_part")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scripts_public_id")),
    )
    with op.batch_alter_table("scripts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scripts_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scripts_collected_by"), ["collected_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_scripts_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scripts_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_submissions_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_submissions_attempt_id")),
    )
    op.create_table(
        "hand_ins",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_signed OR (witness <> '' AND reason <> '')", name=op.f("ck_hand_ins_refused")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_hand_ins_by")),
        sa.ForeignKeyConstraint(["script_id"], ["scripts.id"], name=op.f("fk_hand_ins_script_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_ins")),
    )
    with op.batch_alter_table("hand_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_ins_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_ins_script_id"), ["script_id"], unique=False)

    op.create_table(
        "script_scans",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number IS NULL OR (number >= 1 AND pages = 1)", name=op.f("ck_script_scans_number")
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_script_scans_blob_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_script_scans_by")),
        sa.ForeignKeyConstraint(["script_id"], ["scripts.id"], name=op.f("fk_script_scans_script_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_scans")),
        sa.UniqueConstraint("script_id", "number", name=op.f("uq_script_scans_script_id_number")),
    )
    with op.batch_alter_table("script_scans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_script_scans_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_script_scans_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_script_scans_script_id"), ["script_id"], unique=False)

    op.create_table(
        "scan_stacks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=16), nullable=True),
        sa.Column("finished_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_by IS NULL) = (finished_at IS NULL)", name=op.f("ck_scan_stacks_finished")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR read_at IS NOT NULL", name=op.f("ck_scan_stacks_read_first")
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_scan_stacks_blob_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_scan_stacks_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_scan_stacks_competition_id")
        ),
        sa.ForeignKeyConstraint(["finished_by"], ["accounts.id"], name=op.f("fk_scan_stacks_finished_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_stacks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scan_stacks_public_id")),
    )
    with op.batch_alter_table("scan_stacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_stacks_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scan_stacks_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_scan_stacks_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scan_stacks_finished_by"), ["finished_by"], unique=False)

    op.create_table(
        "scanned_pages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("stack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("copy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("found_script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("found_number", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (verdict IS NOT NULL AND verdict = 'set_aside')",
            name=op.f("ck_scanned_pages_reason"),
        ),
        sa.CheckConstraint(
            "(scan_id IS NOT NULL) = (verdict IS NOT NULL AND verdict = 'accepted')",
            name=op.f("ck_scanned_pages_accepted"),
        ),
        sa.CheckConstraint(
            "finding <> 'matched' OR (found_script_id IS NOT NULL AND found_number IS NOT NULL)",
            name=op.f("ck_scanned_pages_matched"),
        ),
        sa.CheckConstraint(
            "finding IN ('matched', 'header', 'duplicate', 'beyond', 'not_counted', 'foreign', 'unreadable')",
            name=op.f("ck_scanned_pages_finding"),
        ),
        sa.CheckConstraint("verdict IN ('accepted', 'set_aside')", name=op.f("ck_scanned_pages_verdict")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_scanned_pages_decided"),
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_scanned_pages_blob_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["blobs.id"], name=op.f("fk_scanned_pages_copy_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_scanned_pages_decided_by")),
        sa.ForeignKeyConstraint(
            ["found_script_id"], ["scripts.id"], name=op.f("fk_scanned_pages_found_script_id")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["script_scans.id"], name=op.f("fk_scanned_pages_scan_id")),
        sa.ForeignKeyConstraint(["stack_id"], ["scan_stacks.id"], name=op.f("fk_scanned_pages_stack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanned_pages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scanned_pages_public_id")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_scanned_pages_scan_id")),
        sa.UniqueConstraint("stack_id", "place", name=op.f("uq_scanned_pages_stack_id_place")),
    )
    with op.batch_alter_table("scanned_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scanned_pages_blob_id"), ["blob_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scanned_pages_copy_id"), ["copy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scanned_pages_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_scanned_pages_found_script_id"), ["found_script_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scanned_pages_stack_id"), ["stack_id"], unique=False)

    op.create_table(
        "test_marks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("script_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("max", sa.String(length=32), nullable=False),
        sa.Column("form_commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["script_id"], ["scripts.id"], name=op.f("fk_test_marks_script_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_marks")),
        sa.UniqueConstraint("script_id", "run", name=op.f("uq_test_marks_script_id_run")),
    )
    with op.batch_alter_table("test_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_marks_script_id"), ["script_id"], unique=False)

    op.create_table(
        "test_corrections",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('neutralised', 'key', 'restored')", name=op.f("ck_test_corrections_kind")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_test_corrections_two_people")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (words IS NULL)",
            name=op.f("ck_test_corrections_decided"),
        ),
        sa.CheckConstraint(
            "number IS NULL OR decided_by IS NOT NULL", name=op.f("ck_test_corrections_approved")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_test_corrections_competition_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_test_corrections_decided_by")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["accounts.id"], name=op.f("fk_test_corrections_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_corrections")),
        sa.UniqueConstraint(
            "competition_id", "part", "number", name=op.f("uq_test_corrections_competition_id_part_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_test_corrections_public_id")),
    )
    with op.batch_alter_table("test_corrections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_test_corrections_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_test_corrections_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_corrections_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(
            "uq_test_corrections_waiting",
            ["competition_id", "part", "item"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key("fk_logs_competition_id", "logs", "competitions", ["competition_id"], ["id"])
    op.create_table(
        "seat_calls",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)", name=op.f("ck_seat_calls_answered")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_seat_calls_answered_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_seat_calls_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_calls")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seat_calls_public_id")),
    )
    with op.batch_alter_table("seat_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_calls_answered_by"), ["answered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_calls_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(
            "uq_seat_calls_open",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "sitting_messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat_id IS NULL OR room_id IS NULL", name=op.f("ck_sitting_messages_reach")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_sitting_messages_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_sitting_messages_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_sitting_messages_seat_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_messages_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_messages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sitting_messages_public_id")),
    )
    with op.batch_alter_table("sitting_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_messages_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_messages_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_messages_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_messages_sitting_id"), ["sitting_id"], unique=False)
    op.create_table(
        "server_starts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_starts")),
    )
    op.create_table(
        "room_bindings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_room_bindings_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_bindings_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_bindings")),
    )
    with op.batch_alter_table("room_bindings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_bindings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_room_bindings_room_id"), ["room_id"], unique=False)

    op.create_table(
        "browser_keys",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('config', 'browser')", name=op.f("ck_browser_keys_kind")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_browser_keys_by")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_browser_keys_sitting_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_browser_keys_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_keys")),
        sa.UniqueConstraint("public_id", name=op.f("uq_browser_keys_public_id")),
    )
    with op.batch_alter_table("browser_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_keys_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_browser_keys_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_browser_keys_withdrawn_by"), ["withdrawn_by"], unique=False)

    op.create_table(
        "contact_gaps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("silent_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_contact_gaps_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_gaps")),
    )
    with op.batch_alter_table("contact_gaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_gaps_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_contacts_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "proposal_rulings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'accept') = (incident_id IS NOT NULL)", name=op.f("ck_proposal_rulings_incident")
        ),
        sa.CheckConstraint(
            "kind IN ('seat_silent', 'room_silent', 'device_changed', 'server_restarted')",
            name=op.f("ck_proposal_rulings_kind"),
        ),
        sa.CheckConstraint("verdict IN ('accept', 'dismiss')", name=op.f("ck_proposal_rulings_verdict")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_proposal_rulings_by")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_proposal_rulings_incident_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_proposal_rulings_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_proposal_rulings_seat_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_proposal_rulings_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_rulings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_rulings_public_id")),
        sa.UniqueConstraint("sitting_id", "key", name=op.f("uq_proposal_rulings_sitting_id_key")),
    )
    with op.batch_alter_table("proposal_rulings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_rulings_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_rulings_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_rulings_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_rulings_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_rulings_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "halls",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signing_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealing_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("package", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results", sa.Text(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('home', 'hall')", name=op.f("ck_halls_side")),
        sa.CheckConstraint("(merged_at IS NULL) = (results IS NULL)", name=op.f("ck_halls_results")),
        sa.CheckConstraint("merged_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_halls_one_end")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_halls_by")),
        sa.ForeignKeyConstraint(["file_id"], ["blobs.id"], name=op.f("fk_halls_file_id")),
        sa.ForeignKeyConstraint(["merged_by"], ["accounts.id"], name=op.f("fk_halls_merged_by")),
        sa.ForeignKeyConstraint(["received_by"], ["accounts.id"], name=op.f("fk_halls_received_by")),
        sa.ForeignKeyConstraint(["received_id"], ["blobs.id"], name=op.f("fk_halls_received_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_halls_sitting_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_halls_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halls")),
        sa.UniqueConstraint("public_id", name=op.f("uq_halls_public_id")),
    )
    with op.batch_alter_table("halls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_halls_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_merged_by"), ["merged_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_received_by"), ["received_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_received_id"), ["received_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_halls_withdrawn_by"), ["withdrawn_by"], unique=False)
        batch_op.create_index(
            "uq_halls_live",
            ["sitting_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "hall_leaves",
        sa.Column("hall_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_hall_leaves_hall_id")),
        sa.ForeignKeyConstraint(["leaf_id"], ["leaves.id"], name=op.f("fk_hall_leaves_leaf_id")),
        sa.PrimaryKeyConstraint("hall_id", "index", name=op.f("pk_hall_leaves")),
        sa.UniqueConstraint("leaf_id", name=op.f("uq_hall_leaves_leaf_id")),
    )

    op.create_table(
        "paper_turns",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_paper_turns_approved")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> by", name=op.f("ck_paper_turns_two_people")
        ),
        sa.CheckConstraint("seat_id IS NULL OR room_id IS NULL", name=op.f("ck_paper_turns_reach")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_paper_turns_approved_by")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_turns_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_paper_turns_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_paper_turns_seat_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_paper_turns_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_turns")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_turns_public_id")),
    )
    with op.batch_alter_table("paper_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_turns_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_turns_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_turns_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_turns_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_turns_sitting_id"), ["sitting_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("slip_envelopes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_slip_envelopes_first",
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_slip_envelopes_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_slip_envelopes_by"))

    op.drop_table("slip_envelopes")
    with op.batch_alter_table("record_openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_openings_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_record_openings_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_record_openings_by"))

    op.drop_table("record_openings")
    op.drop_table("sealed_records")
    with op.batch_alter_table("record_shares", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_shares_waiting",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_record_shares_record_key_id"))

    op.drop_table("record_shares")
    with op.batch_alter_table("ballot_mode_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_mode_changes_panel_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_mode_changes_by"))

    op.drop_table("ballot_mode_changes")
    with op.batch_alter_table("record_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_keys_panel_id"))
        batch_op.drop_index(batch_op.f("ix_record_keys_by"))

    op.drop_table("record_keys")

    with op.batch_alter_table("paper_turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_turns_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_paper_turns_seat_id"))
        batch_op.drop_index(batch_op.f("ix_paper_turns_room_id"))
        batch_op.drop_index(batch_op.f("ix_paper_turns_by"))
        batch_op.drop_index(batch_op.f("ix_paper_turns_approved_by"))

    op.drop_table("paper_turns")

    op.drop_table("hall_leaves")

    with op.batch_alter_table("halls", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_halls_live",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_halls_withdrawn_by"))
        batch_op.drop_index(batch_op.f("ix_halls_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_halls_received_id"))
        batch_op.drop_index(batch_op.f("ix_halls_received_by"))
        batch_op.drop_index(batch_op.f("ix_halls_merged_by"))
        batch_op.drop_index(batch_op.f("ix_halls_file_id"))
        batch_op.drop_index(batch_op.f("ix_halls_by"))

    op.drop_table("halls")

    with op.batch_alter_table("proposal_rulings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_rulings_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_rulings_seat_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_rulings_room_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_rulings_incident_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_rulings_by"))

    op.drop_table("proposal_rulings")
    op.drop_table("contacts")
    with op.batch_alter_table("contact_gaps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_gaps_attempt_id"))

    op.drop_table("contact_gaps")
    with op.batch_alter_table("browser_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_browser_keys_withdrawn_by"))
        batch_op.drop_index(batch_op.f("ix_browser_keys_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_browser_keys_by"))

    op.drop_table("browser_keys")
    with op.batch_alter_table("room_bindings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_bindings_room_id"))
        batch_op.drop_index(batch_op.f("ix_room_bindings_by"))

    op.drop_table("room_bindings")
    op.drop_table("server_starts")

    with op.batch_alter_table("sitting_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_messages_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_messages_seat_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_messages_room_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_messages_by"))

    op.drop_table("sitting_messages")
    with op.batch_alter_table("seat_calls", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seat_calls_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_seat_calls_seat_id"))
        batch_op.drop_index(batch_op.f("ix_seat_calls_answered_by"))

    op.drop_table("seat_calls")

    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_logs_competition_id", "logs", type_="foreignkey")

    with op.batch_alter_table("test_corrections", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_test_corrections_waiting",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_test_corrections_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_test_corrections_decided_by"))
        batch_op.drop_index(batch_op.f("ix_test_corrections_competition_id"))

    op.drop_table("test_corrections")
    with op.batch_alter_table("test_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_marks_script_id"))

    op.drop_table("test_marks")
    with op.batch_alter_table("scanned_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scanned_pages_stack_id"))
        batch_op.drop_index(batch_op.f("ix_scanned_pages_found_script_id"))
        batch_op.drop_index(batch_op.f("ix_scanned_pages_decided_by"))
        batch_op.drop_index(batch_op.f("ix_scanned_pages_copy_id"))
        batch_op.drop_index(batch_op.f("ix_scanned_pages_blob_id"))

    op.drop_table("scanned_pages")
    with op.batch_alter_table("scan_stacks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scan_stacks_finished_by"))
        batch_op.drop_index(batch_op.f("ix_scan_stacks_competition_id"))
        batch_op.drop_index(batch_op.f("ix_scan_stacks_by"))
        batch_op.drop_index(batch_op.f("ix_scan_stacks_blob_id"))

    op.drop_table("scan_stacks")
    with op.batch_alter_table("script_scans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_script_scans_script_id"))
        batch_op.drop_index(batch_op.f("ix_script_scans_by"))
        batch_op.drop_index(batch_op.f("ix_script_scans_blob_id"))

    op.drop_table("script_scans")
    with op.batch_alter_table("hand_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_ins_script_id"))
        batch_op.drop_index(batch_op.f("ix_hand_ins_by"))

    op.drop_table("hand_ins")
    op.drop_table("submissions")
    with op.batch_alter_table("scripts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scripts_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_scripts_competition_id"))
        batch_op.drop_index(batch_op.f("ix_scripts_collected_by"))
        batch_op.drop_index(batch_op.f("ix_scripts_candidate_id"))

    op.drop_table("scripts")
    with op.batch_alter_table("lease_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lease_changes_moved_by"))
        batch_op.drop_index(batch_op.f("ix_lease_changes_attempt_id"))

    op.drop_table("lease_changes")
    with op.batch_alter_table("late_rulings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_late_rulings_open",
            sqlite_where=sa.text("approved_by IS NULL AND withdrawn_by IS NULL"),
            postgresql_where=sa.text("approved_by IS NULL AND withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "uq_late_rulings_approved",
            sqlite_where=sa.text("approved_by IS NOT NULL"),
            postgresql_where=sa.text("approved_by IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_late_rulings_withdrawn_by"))
        batch_op.drop_index(batch_op.f("ix_late_rulings_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_late_rulings_last_id"))
        batch_op.drop_index(batch_op.f("ix_late_rulings_by"))
        batch_op.drop_index(batch_op.f("ix_late_rulings_attempt_id"))
        batch_op.drop_index(batch_op.f("ix_late_rulings_approved_by"))

    op.drop_table("late_rulings")
    with op.batch_alter_table("late_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_events_attempt_id"))

    op.drop_table("late_events")
    op.drop_table("answer_events")
    with op.batch_alter_table("time_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_grants_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_time_grants_seat_id"))
        batch_op.drop_index(batch_op.f("ix_time_grants_room_id"))
        batch_op.drop_index(batch_op.f("ix_time_grants_by"))
        batch_op.drop_index(batch_op.f("ix_time_grants_approved_by"))

    op.drop_table("time_grants")
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sanctions_seat_id"))
        batch_op.drop_index(batch_op.f("ix_sanctions_confirmed_by"))
        batch_op.drop_index(batch_op.f("ix_sanctions_by"))

    op.drop_table("sanctions")
    with op.batch_alter_table("review_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_steps_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_review_steps_request_id"))
        batch_op.drop_index(batch_op.f("ix_review_steps_by"))

    op.drop_table("review_steps")
    with op.batch_alter_table("member_absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_absences_member_id"))
        batch_op.drop_index(batch_op.f("ix_member_absences_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_member_absences_by"))

    op.drop_table("member_absences")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incidents_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_seat_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_room_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_by"))

    op.drop_table("incidents")
    with op.batch_alter_table("question_draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_draws_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_question_draws_set_id"))
        batch_op.drop_index(batch_op.f("ix_question_draws_by"))

    op.drop_table("question_draws")
    with op.batch_alter_table("question_set_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_set_approvals_by"))

    op.drop_table("question_set_approvals")
    with op.batch_alter_table("question_sets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_sets_panel_id"))
        batch_op.drop_index(batch_op.f("ix_question_sets_by"))

    op.drop_table("question_sets")
    with op.batch_alter_table("phase_events", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_phase_events_started",
            sqlite_where=sa.text("kind = 'started'"),
            postgresql_where=sa.text("kind = 'started'"),
        )
        batch_op.drop_index(batch_op.f("ix_phase_events_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_phase_events_by"))

    op.drop_table("phase_events")
    with op.batch_alter_table("room_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_plans_panel_id"))
        batch_op.drop_index(batch_op.f("ix_room_plans_by"))

    op.drop_table("room_plans")
    with op.batch_alter_table("order_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_changes_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_order_changes_by"))

    op.drop_table("order_changes")
    with op.batch_alter_table("relation_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_answers_statement_id"))
        batch_op.drop_index(batch_op.f("ix_relation_answers_candidate_id"))

    op.drop_table("relation_answers")
    with op.batch_alter_table("relation_statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_statements_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_relation_statements_member_id"))
        batch_op.drop_index(batch_op.f("ix_relation_statements_by"))

    op.drop_table("relation_statements")
    with op.batch_alter_table("substitutions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_substitutions_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_substitutions_by"))

    op.drop_table("substitutions")
    with op.batch_alter_table("hearing_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_events_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_hearing_events_by"))

    op.drop_table("hearing_events")
    with op.batch_alter_table("count_keyings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_count_keyings_typist_id"))
        batch_op.drop_index(batch_op.f("ix_count_keyings_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_count_keyings_hearing_id"))

    op.drop_table("count_keyings")
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballots_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_ballots_member_id"))
        batch_op.drop_index(batch_op.f("ix_ballots_hearing_id"))

    op.drop_table("ballots")
    with op.batch_alter_table("ballot_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_receipts_member_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_receipts_hearing_id"))

    op.drop_table("ballot_receipts")
    op.drop_table("ballot_boxes")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendances_seat_id"))
        batch_op.drop_index(batch_op.f("ix_attendances_by"))

    op.drop_table("attendances")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_attempts_form_id"))

    op.drop_table("attempts")
    with op.batch_alter_table("vetting_findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vetting_findings_criterion_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_findings_by"))
        batch_op.drop_index(batch_op.f("ix_vetting_findings_attachment_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_findings_application_id"))

    op.drop_table("vetting_findings")
    with op.batch_alter_table("preference_findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preference_findings_by"))
        batch_op.drop_index(batch_op.f("ix_preference_findings_attachment_id"))
        batch_op.drop_index(batch_op.f("ix_preference_findings_application_id"))

    op.drop_table("preference_findings")
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seats_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_seats_room_id"))
        batch_op.drop_index(batch_op.f("ix_seats_candidate_id"))

    op.drop_table("seats")
    with op.batch_alter_table("review_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_requests_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_review_requests_competition_id"))
        batch_op.drop_index(batch_op.f("ix_review_requests_candidate_id"))
        batch_op.drop_index(batch_op.f("ix_review_requests_by"))

    op.drop_table("review_requests")
    with op.batch_alter_table("hearings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hearings_first",
            sqlite_where=sa.text("repeats_id IS NULL"),
            postgresql_where=sa.text("repeats_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hearings_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_hearings_panel_id"))
        batch_op.drop_index(batch_op.f("ix_hearings_drawn_by"))
        batch_op.drop_index(batch_op.f("ix_hearings_candidate_id"))

    op.drop_table("hearings")
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exclusions_paper_id"))
        batch_op.drop_index(batch_op.f("ix_exclusions_by"))

    op.drop_table("exclusions")
    with op.batch_alter_table("correction_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_proposals_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_correction_proposals_mark_id"))
        batch_op.drop_index(batch_op.f("ix_correction_proposals_by"))

    op.drop_table("correction_proposals")
    with op.batch_alter_table("withdrawals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawals_paper_id"))
        batch_op.drop_index(batch_op.f("ix_withdrawals_by"))

    op.drop_table("withdrawals")
    with op.batch_alter_table("vetting_conclusions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vetting_conclusions_by"))
        batch_op.drop_index(batch_op.f("ix_vetting_conclusions_application_id"))

    op.drop_table("vetting_conclusions")
    with op.batch_alter_table("sitting_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_events_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_events_room_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_events_by"))

    op.drop_table("sitting_events")
    op.drop_table("bag_counts")
    with op.batch_alter_table("script_bags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_script_bags_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_script_bags_competition_id"))

    op.drop_table("script_bags")
    with op.batch_alter_table("script_handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_script_handovers_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_script_handovers_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_script_handovers_received_by"))
        batch_op.drop_index(batch_op.f("ix_script_handovers_handed_by"))

    op.drop_table("script_handovers")
    with op.batch_alter_table("panel_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_members_panel_id"))
        batch_op.drop_index(batch_op.f("ix_panel_members_account_id"))

    op.drop_table("panel_members")
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marks_first",
            sqlite_where=sa.text("supersedes_id IS NULL"),
            postgresql_where=sa.text("supersedes_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_marks_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_marks_masked_script_id"))
        batch_op.drop_index(batch_op.f("ix_marks_marker_id"))
        batch_op.drop_index(batch_op.f("ix_marks_approved_by"))

    op.drop_table("marks")
    with op.batch_alter_table("mark_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_drafts_training_script_id"))
        batch_op.drop_index(batch_op.f("ix_mark_drafts_masked_script_id"))
        batch_op.drop_index(batch_op.f("ix_mark_drafts_marker_id"))

    op.drop_table("mark_drafts")

    with op.batch_alter_table("training_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_marks_training_script_id"))
        batch_op.drop_index(batch_op.f("ix_training_marks_marker_id"))
        batch_op.drop_index(batch_op.f("ix_training_marks_bag_id"))

    op.drop_table("training_marks")

    with op.batch_alter_table("training_scripts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_scripts_withdrawn_by"))
        batch_op.drop_index(batch_op.f("ix_training_scripts_competition_id"))
        batch_op.drop_index(batch_op.f("ix_training_scripts_by"))

    op.drop_table("training_scripts")

    with op.batch_alter_table("training_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_rules_competition_id"))
        batch_op.drop_index(batch_op.f("ix_training_rules_by"))

    op.drop_table("training_rules")
    with op.batch_alter_table("marker_phrases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_marker_phrases_marker_id"))
        batch_op.drop_index(batch_op.f("ix_marker_phrases_competition_id"))

    op.drop_table("marker_phrases")
    with op.batch_alter_table("lot_draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_draws_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_lot_draws_by"))

    op.drop_table("lot_draws")
    with op.batch_alter_table("keyings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyings_typist_id"))
        batch_op.drop_index(batch_op.f("ix_keyings_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_keyings_masked_script_id"))

    op.drop_table("keyings")
    with op.batch_alter_table("standard_estimates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_estimates_round_id"))
        batch_op.drop_index(batch_op.f("ix_standard_estimates_by"))

    op.drop_table("standard_estimates")
    with op.batch_alter_table("standard_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_rounds_setting_id"))
        batch_op.drop_index(batch_op.f("ix_standard_rounds_opened_by"))

    op.drop_table("standard_rounds")
    with op.batch_alter_table("standard_judges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_judges_setting_id"))
        batch_op.drop_index(batch_op.f("ix_standard_judges_account_id"))

    op.drop_table("standard_judges")
    with op.batch_alter_table("standard_settings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_settings_form_id"))
        batch_op.drop_index(batch_op.f("ix_standard_settings_created_by"))
        batch_op.drop_index(batch_op.f("ix_standard_settings_competition_id"))

    op.drop_table("standard_settings")
    with op.batch_alter_table("marking_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_marking_reports_competition_id"))
        batch_op.drop_index(batch_op.f("ix_marking_reports_by"))
        batch_op.drop_index("uq_marking_reports_basis")

    op.drop_table("marking_reports")
    op.drop_table("relations_on_paper")
    with op.batch_alter_table("item_analyses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_analyses_competition_id"))
        batch_op.drop_index(batch_op.f("ix_item_analyses_by"))

    op.drop_table("item_analyses")
    with op.batch_alter_table("item_uses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_uses_paper"))
        batch_op.drop_index(batch_op.f("ix_item_uses_item_id"))

    op.drop_table("item_uses")
    with op.batch_alter_table("item_statistics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_statistics_source"))
        batch_op.drop_index(batch_op.f("ix_item_statistics_item_version_id"))

    op.drop_table("item_statistics")
    with op.batch_alter_table("item_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_reviews_item_version_id"))
        batch_op.drop_index(batch_op.f("ix_item_reviews_by"))

    op.drop_table("item_reviews")
    with op.batch_alter_table("item_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_comments_item_version_id"))
        batch_op.drop_index(batch_op.f("ix_item_comments_by"))

    op.drop_table("item_comments")
    with op.batch_alter_table("envelope_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_events_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_envelope_events_envelope_id"))
        batch_op.drop_index(batch_op.f("ix_envelope_events_by"))

    op.drop_table("envelope_events")
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidates_vacancy_id"))
        batch_op.drop_index("ix_candidates_vacancy")
        batch_op.drop_index(batch_op.f("ix_candidates_competition_id"))
        batch_op.drop_index(batch_op.f("ix_candidates_account_id"))

    op.drop_table("candidates")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_uploaded_by"))
        batch_op.drop_index(batch_op.f("ix_attachments_blob_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_application_id"))

    op.drop_table("attachments")
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_paper_id"))
        batch_op.drop_index(batch_op.f("ix_sittings_created_by"))
        batch_op.drop_index(batch_op.f("ix_sittings_competition_id"))

    op.drop_table("sittings")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_vacancy_id"))
        batch_op.drop_index(batch_op.f("ix_runs_competition_id"))
        batch_op.drop_index(batch_op.f("ix_runs_by"))

    op.drop_table("runs")
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_grants_live_organisation",
            sqlite_where=sa.text("revoked_at IS NULL AND competition_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND competition_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_role_grants_live",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_role_grants_revoked_by"))
        batch_op.drop_index(batch_op.f("ix_role_grants_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_role_grants_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_role_grants_exception_paper_id"))
        batch_op.drop_index(batch_op.f("ix_role_grants_competition_id"))
        batch_op.drop_index(batch_op.f("ix_role_grants_approved_by"))
        batch_op.drop_index(batch_op.f("ix_role_grants_account_id"))

    op.drop_table("role_grants")
    with op.batch_alter_table("refused_dossiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_dossiers_vacancy_id"))
        batch_op.drop_index(batch_op.f("ix_refused_dossiers_competition_id"))
        batch_op.drop_index(batch_op.f("ix_refused_dossiers_by"))
        batch_op.drop_index(batch_op.f("ix_refused_dossiers_account_id"))

    op.drop_table("refused_dossiers")
    with op.batch_alter_table("publication_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_approvals_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_publication_approvals_publication_id"))
        batch_op.drop_index(batch_op.f("ix_publication_approvals_by"))

    op.drop_table("publication_approvals")
    with op.batch_alter_table("paper_seals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_seals_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_seals_by"))

    op.drop_table("paper_seals")
    with op.batch_alter_table("paper_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_forms_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_forms_drawn_by"))

    op.drop_table("paper_forms")
    with op.batch_alter_table("panel_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_sessions_vacancy_id"))
        batch_op.drop_index(batch_op.f("ix_panel_sessions_created_by"))
        batch_op.drop_index(batch_op.f("ix_panel_sessions_competition_id"))

    op.drop_table("panel_sessions")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_paper_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_competition_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_actor_id"))

    op.drop_table("milestones")
    with op.batch_alter_table("masked_scripts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_masked_scripts_competition_id"))
        batch_op.drop_index(batch_op.f("ix_masked_scripts_bag_id"))

    op.drop_table("masked_scripts")
    with op.batch_alter_table("paper_errata", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_errata_withdraws",
            sqlite_where=sa.text("dropped_by IS NULL"),
            postgresql_where=sa.text("dropped_by IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_errata_withdraws_id"))
        batch_op.drop_index(batch_op.f("ix_paper_errata_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_paper_errata_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_errata_dropped_by"))
        batch_op.drop_index(batch_op.f("ix_paper_errata_approved_by"))

    op.drop_table("paper_errata")
    op.drop_table("paper_draw_progress")
    with op.batch_alter_table("paper_draw_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_draw_runs_stopped_by"))
        batch_op.drop_index(batch_op.f("ix_paper_draw_runs_draw_id"))
        batch_op.drop_index(batch_op.f("ix_paper_draw_runs_by"))

    op.drop_table("paper_draw_runs")
    with op.batch_alter_table("paper_draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_draws_competition_id"))
        batch_op.drop_index(batch_op.f("ix_paper_draws_by"))
        batch_op.drop_index(batch_op.f("ix_paper_draws_bank_id"))

    op.drop_table("paper_draws")
    with op.batch_alter_table("paper_reveals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_reveals_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_reveals_by"))

    op.drop_table("paper_reveals")
    with op.batch_alter_table("paper_print_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_print_words_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_print_words_by"))

    op.drop_table("paper_print_words")
    with op.batch_alter_table("key_releases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_releases_paper_id"))
        batch_op.drop_index(batch_op.f("ix_key_releases_by"))

    op.drop_table("key_releases")
    with op.batch_alter_table("paper_shares", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_shares_split_id"))
        batch_op.drop_index(batch_op.f("ix_paper_shares_holder"))

    op.drop_table("paper_shares")
    with op.batch_alter_table("paper_splits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_splits_by"))

    op.drop_table("paper_splits")
    with op.batch_alter_table("item_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_versions_item_id"))
        batch_op.drop_index(batch_op.f("ix_item_versions_import_id"))
        batch_op.drop_index(batch_op.f("ix_item_versions_content_hash"))
        batch_op.drop_index("ix_item_versions_cell")
        batch_op.drop_index(batch_op.f("ix_item_versions_author_id"))

    op.drop_table("item_versions")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_erasures_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_erasures_withdrawn_by"))
        batch_op.drop_index(batch_op.f("ix_erasures_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_erasures_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_erasures_approved_by"))
        batch_op.drop_index(batch_op.f("ix_erasures_account_id"))

    op.drop_table("erasures")
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelopes_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_envelopes_paper_id"))
        batch_op.drop_index(batch_op.f("ix_envelopes_competition_id"))
        batch_op.drop_index(batch_op.f("ix_envelopes_by"))

    op.drop_table("envelopes")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_vacancy_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_recorded_by"))
        batch_op.drop_index(batch_op.f("ix_decisions_paper_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_competition_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criteria_vacancy_id"))

    op.drop_table("criteria")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignments_standing",
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignments_taken_back_by"))
        batch_op.drop_index(batch_op.f("ix_assignments_marker_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_by"))
        batch_op.drop_index(batch_op.f("ix_assignments_bag_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications_vacancy_id"))
        batch_op.drop_index(batch_op.f("ix_applications_identity_index"))
        batch_op.drop_index(batch_op.f("ix_applications_entered_by"))
        batch_op.drop_index(batch_op.f("ix_applications_competition_id"))
        batch_op.drop_index(batch_op.f("ix_applications_account_id"))

    op.drop_table("applications")
    with op.batch_alter_table("vacancies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vacancies_competition_id"))

    op.drop_table("vacancies")
    with op.batch_alter_table("unmaskings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmaskings_witnessed_by"))
        batch_op.drop_index(batch_op.f("ix_unmaskings_competition_id"))
        batch_op.drop_index(batch_op.f("ix_unmaskings_by"))

    op.drop_table("unmaskings")
    with op.batch_alter_table("mark_locks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_locks_signed_paper_id"))
        batch_op.drop_index(batch_op.f("ix_mark_locks_competition_id"))
        batch_op.drop_index(batch_op.f("ix_mark_locks_by"))
        batch_op.drop_index(batch_op.f("ix_mark_locks_asked_by"))

    op.drop_table("mark_locks")
    with op.batch_alter_table("signed_papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signed_papers_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_signed_papers_filed_by"))
        batch_op.drop_index(batch_op.f("ix_signed_papers_competition_id"))
        batch_op.drop_index(batch_op.f("ix_signed_papers_blob_id"))

    op.drop_table("signed_papers")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rooms_competition_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_publications_superseded",
            sqlite_where=sa.text("discarded_at IS NULL"),
            postgresql_where=sa.text("discarded_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_publications_number",
            sqlite_where=sa.text("discarded_at IS NULL"),
            postgresql_where=sa.text("discarded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_publications_prepared_by"))
        batch_op.drop_index(batch_op.f("ix_publications_competition_id"))

    op.drop_table("publications")
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_papers_created_by"))
        batch_op.drop_index(batch_op.f("ix_papers_competition_id"))
        batch_op.drop_index(batch_op.f("ix_papers_bank_id"))

    op.drop_table("papers")
    with op.batch_alter_table("mask_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mask_keys_competition_id"))
        batch_op.drop_index(batch_op.f("ix_mask_keys_by"))

    op.drop_table("mask_keys")
    with op.batch_alter_table("mask_bags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mask_bags_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_mask_bags_competition_id"))
        batch_op.drop_index(batch_op.f("ix_mask_bags_by"))

    op.drop_table("mask_bags")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lots_by"))

    op.drop_table("lots")
    with op.batch_alter_table("lot_secrets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_secrets_competition_id"))
        batch_op.drop_index(batch_op.f("ix_lot_secrets_by"))

    op.drop_table("lot_secrets")
    with op.batch_alter_table("lock_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lock_requests_competition_id"))
        batch_op.drop_index(batch_op.f("ix_lock_requests_by"))

    op.drop_table("lock_requests")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_bank_id"))

    op.drop_table("items")
    with op.batch_alter_table("item_likenesses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_likenesses_import_id"))
        batch_op.drop_index(batch_op.f("ix_item_likenesses_by"))
        batch_op.drop_index(batch_op.f("ix_item_likenesses_bank_id"))

    op.drop_table("item_likenesses")
    with op.batch_alter_table("item_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_imports_items_blob_id"))
        batch_op.drop_index(batch_op.f("ix_item_imports_by"))
        batch_op.drop_index(batch_op.f("ix_item_imports_blob_id"))
        batch_op.drop_index(batch_op.f("ix_item_imports_bank_id"))

    op.drop_table("item_imports")
    with op.batch_alter_table("conflicts_of_interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflicts_of_interest_declared_by"))
        batch_op.drop_index(batch_op.f("ix_conflicts_of_interest_competition_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_of_interest_candidate_account_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_of_interest_account_id"))

    op.drop_table("conflicts_of_interest")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_account_id"))

    op.drop_table("web_sessions")
    op.drop_table("tree_nodes")
    with op.batch_alter_table("one_time_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_codes_issued_by"))
        batch_op.drop_index(batch_op.f("ix_one_time_codes_account_id"))

    op.drop_table("one_time_codes")
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.drop_index("ix_leaves_unsequenced")
        batch_op.drop_index(batch_op.f("ix_leaves_type"))
        batch_op.drop_index(batch_op.f("ix_leaves_subject"))
        batch_op.drop_index(batch_op.f("ix_leaves_log_id"))
        batch_op.drop_index(batch_op.f("ix_leaves_at"))
        batch_op.drop_index(batch_op.f("ix_leaves_actor_id"))

    op.drop_table("leaves")
    with op.batch_alter_table("item_banks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_banks_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_item_banks_created_by"))

    op.drop_table("item_banks")
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_competitions_created_by"))

    op.drop_table("competitions")
    with op.batch_alter_table("checkpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkpoints_log_id"))

    op.drop_table("checkpoints")
    op.drop_table("sign_in_throttles")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.drop_index("ix_outbox_about")

    op.drop_table("outbox")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_parent_id"))

    op.drop_table("organisations")
    op.drop_table("logs")
    op.drop_table("blobs")
    op.drop_table("accounts")
