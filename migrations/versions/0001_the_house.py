"""The tables of the house: people, procedures, cases, clocks, audit trail, jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import REFUSE_CHANGE, append_only_statements
from foundation.jobs import create_tables, drop_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_entries",
    "procedure_versions",
)


def upgrade() -> None:
    op.execute("CREATE SEQUENCE receipt_numbers")
    op.create_table(
        "attempt_counts",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt_counts")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_attempt_counts_ends_at"), "attempt_counts", ["ends_at"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("action", sa.String(length=120), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('person', 'system', 'public')", name=op.f("ck_audit_entries_actor_kind_is_known")
        ),
        sa.CheckConstraint(
            "(subject_type IS NULL) = (subject_id IS NULL)", name=op.f("ck_audit_entries_subject_is_whole")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_entries_seq_starts_at_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("stream", "seq", name=op.f("uq_audit_entries_stream_seq")),
    )
    op.create_index("ix_audit_entries_person", "audit_entries", ["person_id", "id"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_type", "subject_id", "id"], unique=False)
    op.create_table(
        "audit_heads",
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("anchored_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "calendars",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("timezone", sa.String(length=120), nullable=False),
        sa.Column("weekend", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("revision", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint("code", name=op.f("uq_calendars_code")),
    )
    op.create_table(
        "idempotent_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_requests")),
        sa.UniqueConstraint("scope", "key", name=op.f("uq_idempotent_requests_scope_key")),
    )
    op.create_index("ix_idempotent_requests_created_at", "idempotent_requests", ["created_at"], unique=False)
    op.create_table(
        "installation_marks",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_marks")),
    )
    op.create_table(
        "mail_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
    )
    op.create_index(
        "ix_mail_messages_waiting", "mail_messages", ["id"], unique=False, postgresql_where=sa.text("sent_at IS NULL")
    )
    op.create_index("uq_mail_messages_notice", "mail_messages", ["notice_id"], unique=True)
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("full_name <> ''", name=op.f("ck_people_full_name_given")),
        sa.CheckConstraint("language IN ('vi', 'en', 'fr')", name=op.f("ck_people_language")),
        sa.CheckConstraint("position('@' in email) > 1", name=op.f("ck_people_email_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index("ix_people_full_name_id", "people", ["full_name", "id"], unique=False)
    op.create_index(
        "ix_people_search_text",
        "people",
        [sa.literal_column("to_tsvector('simple', search_text)")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("uq_people_email", "people", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "procedures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
        sa.UniqueConstraint("code", name=op.f("uq_procedures_code")),
    )
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.String(length=120), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("organisation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_ups_digest")),
    )
    op.create_index(op.f("ix_sign_ups_expires_at"), "sign_ups", ["expires_at"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("dossier_code_pattern", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9.-]*$'", name=op.f("ck_units_code_form")),
        sa.CheckConstraint(
            "kind IN ('committee', 'office', 'one_stop', 'department', 'division', 'park_board', 'operator', 'ward')",
            name=op.f("ck_units_kind"),
        ),
        sa.CheckConstraint("position('{serial' in dossier_code_pattern) > 0", name=op.f("ck_units_pattern_has_serial")),
        sa.CheckConstraint("right(path, length(code) + 1) = code || '/'", name=op.f("ck_units_path_ends_with_code")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_index("ix_units_path", "units", ["path"], unique=False, postgresql_ops={"path": "text_pattern_ops"})
    op.create_table(
        "wards",
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("full_name_en", sa.Text(), nullable=False),
        sa.Column("area_km2", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wards")),
    )
    op.create_table(
        "access_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=120), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "scopes <@ ARRAY['read', 'write'] AND cardinality(scopes) > 0", name=op.f("ck_access_tokens_scopes")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_access_tokens_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_tokens_digest")),
    )
    op.create_index(op.f("ix_access_tokens_person_id"), "access_tokens", ["person_id"], unique=False)
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name=op.f("fk_calendar_days_calendar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
        sa.UniqueConstraint("calendar_id", "day", name=op.f("uq_calendar_days_calendar_id_day")),
    )
    op.create_table(
        "dossier_counters",
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dossier_counters_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_dossier_counters")),
    )
    op.create_table(
        "mailed_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('confirm_email', 'reset_password')", name=op.f("ck_mailed_tokens_purpose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mailed_tokens_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_mailed_tokens_digest")),
    )
    op.create_index(op.f("ix_mailed_tokens_expires_at"), "mailed_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_mailed_tokens_person_id"), "mailed_tokens", ["person_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_case_id", "notices", ["case_id"], unique=False, postgresql_where=sa.text("case_id IS NOT NULL")
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_notices_unread", "notices", ["person_id"], unique=False, postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "code",
            sa.String(length=120),
            sa.Computed("'TC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("legal_form", sa.String(length=120), nullable=False),
        sa.Column("ward_code", sa.String(length=120), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "legal_form IN ('joint_stock_company', 'limited_company', 'single_member_company', 'partnership', 'private_enterprise', 'cooperative', 'household_business', 'university', 'research_institute', 'public_service_unit', 'foreign_branch', 'other')",
            name=op.f("ck_organisations_legal_form"),
        ),
        sa.CheckConstraint("name_vi <> ''", name=op.f("ck_organisations_name_given")),
        sa.CheckConstraint("tax_code ~ '^[0-9]{10}([0-9]{3})?$'", name=op.f("ck_organisations_tax_code_form")),
        sa.ForeignKeyConstraint(
            ["ward_code"], ["wards.code"], name=op.f("fk_organisations_ward_code"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_organisations_tax_code")),
    )
    op.create_index("ix_organisations_name_vi_id", "organisations", ["name_vi", "id"], unique=False)
    op.create_index(
        "ix_organisations_search_text",
        "organisations",
        [sa.literal_column("to_tsvector('simple', search_text)")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_organisations_ward_code"), "organisations", ["ward_code"], unique=False)
    op.create_table(
        "procedure_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "in_force_to IS NULL OR in_force_to >= in_force_from", name=op.f("ck_procedure_versions_in_force")
        ),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_procedure_versions_procedure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_versions")),
        sa.UniqueConstraint("procedure_id", "version", name=op.f("uq_procedure_versions_procedure_id_version")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("scope_procedure", sa.Text(), nullable=True),
        sa.Column("scope_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("scope_park", sa.Text(), nullable=True),
        sa.Column("scope_fund", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_role_grants_period")),
        sa.CheckConstraint("granted_by_id <> person_id", name=op.f("ck_role_grants_not_to_oneself")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["people.id"], name=op.f("fk_role_grants_granted_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_role_grants_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["people.id"], name=op.f("fk_role_grants_revoked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["scope_unit_id"], ["units.id"], name=op.f("fk_role_grants_scope_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index(
        "ix_role_grants_role", "role_grants", ["role"], unique=False, postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.create_index(
        "uq_role_grants_same_grant",
        "role_grants",
        ["person_id", "role", "scope_procedure", "scope_unit_id", "scope_park", "scope_fund", "starts_on"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_sessions_digest")),
    )
    op.create_index(op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False)
    op.create_index(
        "ix_sign_in_sessions_person_id",
        "sign_in_sessions",
        ["person_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=120), nullable=False),
        sa.Column("state_kind", sa.String(length=120), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("external_code", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "urgent_at",
            sa.DateTime(timezone=True),
            sa.Computed("coalesce(due_at, '9999-12-31 00:00:00+00'::timestamp with time zone)", persisted=True),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("steps_made", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('direct', 'national_portal', 'counter', 'post')", name=op.f("ck_cases_channel")
        ),
        sa.CheckConstraint("state_kind IN ('draft', 'open', 'final')", name=op.f("ck_cases_state_kind")),
        sa.CheckConstraint("code IS NULL OR received_at IS NOT NULL", name=op.f("ck_cases_coded_when_received")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_cases_created_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_cases_holder_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_cases_organisation_id")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_cases_procedure_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id")),
        sa.ForeignKeyConstraint(["version_id"], ["procedure_versions.id"], name=op.f("fk_cases_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
        sa.UniqueConstraint("key", name=op.f("uq_cases_key")),
    )
    op.create_index(
        "ix_cases_holder",
        "cases",
        ["holder_id", "urgent_at", "id"],
        unique=False,
        postgresql_where=sa.text("state_kind = 'open'"),
    )
    op.create_index("ix_cases_organisation", "cases", ["organisation_id", "updated_at", "id"], unique=False)
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["unit_id", "urgent_at", "id"],
        unique=False,
        postgresql_where=sa.text("state_kind = 'open'"),
    )
    op.create_index("ix_cases_recent", "cases", ["id"], unique=False, postgresql_where=sa.text("state_kind <> 'draft'"))
    op.create_index(
        "ix_cases_state",
        "cases",
        ["procedure_id", "state", "id"],
        unique=False,
        postgresql_where=sa.text("state_kind <> 'draft'"),
    )
    op.create_table(
        "conflicts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('employer', 'shareholding', 'family', 'paid_advice', 'institution', 'other')",
            name=op.f("ck_conflicts_kind"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_conflicts_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conflicts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", "kind", name=op.f("uq_conflicts_person_id_organisation_id_kind")
        ),
    )
    op.create_index(op.f("ix_conflicts_organisation_id"), "conflicts", ["organisation_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.String(length=120), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('owner', 'editor', 'viewer')", name=op.f("ck_invitations_role")),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (role IS NULL)", name=op.f("ck_invitations_role_in_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_invitations_invited_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index(op.f("ix_invitations_expires_at"), "invitations", ["expires_at"], unique=False)
    op.create_index(op.f("ix_invitations_organisation_id"), "invitations", ["organisation_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('owner', 'editor', 'viewer')", name=op.f("ck_memberships_role")),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_memberships_period")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memberships_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index(
        "uq_memberships_person_id_organisation_id",
        "memberships",
        ["person_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unsound", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("submitted", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_number", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["cases.id"], name=op.f("fk_applications_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_applications_receipt_number")),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=120), nullable=False),
        sa.Column("from_state", sa.String(length=120), nullable=False),
        sa.Column("to_state", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_events_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["procedure_versions.id"], name=op.f("fk_case_events_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_events_case_id_seq")),
    )
    op.create_index("ix_case_events_step", "case_events", ["case_id", "step"], unique=False)
    op.create_table(
        "clock_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.String(length=120), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("length_amount", sa.BigInteger(), nullable=False),
        sa.Column("length_unit", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("calendar", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_kind", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reappointed_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (end_kind IS NULL)", name=op.f("ck_clock_runs_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clock_runs_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_runs")),
        sa.UniqueConstraint("case_id", "clock", "round", name=op.f("uq_clock_runs_case_id_clock_round")),
    )
    op.create_index(
        "ix_clock_runs_due", "clock_runs", ["due_at"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "uq_clock_runs_one_running",
        "clock_runs",
        ["case_id", "clock"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_documents_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_documents_not_empty")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["people.id"], name=op.f("fk_documents_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_case", "documents", ["case_id", "slot", "id"], unique=False)
    op.create_index("ix_documents_sha256", "documents", ["sha256"], unique=False)
    op.create_index(
        "uq_documents_current",
        "documents",
        ["case_id", "slot", "number"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL AND slot <> 'step'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("is_from_applicant", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 5000", name=op.f("ck_messages_length")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_case", "messages", ["case_id", "id"], unique=False)
    op.create_table(
        "review_assignments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("assigned_by_id", sa.BigInteger(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        sa.Column("conflict_kind", sa.Text(), nullable=True),
        sa.Column("conflict_note", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "submitted_at IS NULL OR has_conflict IS FALSE",
            name=op.f("ck_review_assignments_declared_before_submitting"),
        ),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["people.id"], name=op.f("fk_review_assignments_assigned_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_review_assignments_case_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_review_assignments_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignments")),
    )
    op.create_index(
        "ix_review_assignments_reviewer",
        "review_assignments",
        ["reviewer_id", "id"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "uq_review_assignments_current",
        "review_assignments",
        ["case_id", "reviewer_id"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "clock_intervals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ground", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_kind", sa.String(length=120), nullable=False),
        sa.CheckConstraint("kind IN ('run', 'pause')", name=op.f("ck_clock_intervals_kind")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_clock_intervals_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_clock_intervals_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["clock_runs.id"], name=op.f("fk_clock_intervals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_intervals")),
    )
    op.create_index("ix_clock_intervals_run", "clock_intervals", ["run_id"], unique=False)
    op.create_index(
        "uq_clock_intervals_one_open",
        "clock_intervals",
        ["run_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("signatory_title", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("issued_by_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('granted', 'refused')", name=op.f("ck_decisions_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_decisions_document_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_decisions_drafted_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_decisions_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("case_id", name=op.f("uq_decisions_case_id")),
        sa.UniqueConstraint("number", "decided_on", name=op.f("uq_decisions_number_decided_on")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("letter", sa.String(length=120), nullable=False),
        sa.Column("template", sa.String(length=120), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_letters_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_case", "letters", ["case_id", "id"], unique=False)
    op.create_table(
        "review_scores",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("criterion", sa.String(length=120), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["review_assignments.id"], name=op.f("fk_review_scores_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_scores")),
        sa.UniqueConstraint("assignment_id", "criterion", name=op.f("uq_review_scores_assignment_id_criterion")),
    )
    op.create_table(
        "test_regulations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("area", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("user_limit", sa.BigInteger(), nullable=False),
        sa.Column("transaction_limit", sa.BigInteger(), nullable=True),
        sa.Column("value_at_risk_vnd", sa.BigInteger(), nullable=False),
        sa.Column("disclosures", sa.Text(), nullable=False),
        sa.Column("complaints", sa.Text(), nullable=False),
        sa.Column("report_every_months", sa.BigInteger(), nullable=False),
        sa.Column("stop_thresholds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_test_regulations_period")),
        sa.CheckConstraint("user_limit > 0", name=op.f("ck_test_regulations_user_limit")),
        sa.CheckConstraint("value_at_risk_vnd >= 0", name=op.f("ck_test_regulations_value_at_risk")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_test_regulations_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_test_regulations_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_regulations")),
        sa.UniqueConstraint("case_id", name=op.f("uq_test_regulations_case_id")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_test_regulations_decision_id")),
    )
    op.create_table(
        "disapplied_provisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("regulation_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_disapplied_provisions_period")),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["test_regulations.id"], name=op.f("fk_disapplied_provisions_regulation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disapplied_provisions")),
    )
    op.create_index(
        op.f("ix_disapplied_provisions_regulation_id"), "disapplied_provisions", ["regulation_id"], unique=False
    )
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        for statement in append_only_statements(table):
            op.execute(statement)
    create_tables(op.get_bind())


def downgrade() -> None:
    drop_tables(op.get_bind())
    op.drop_index(op.f("ix_disapplied_provisions_regulation_id"), table_name="disapplied_provisions")
    op.drop_table("disapplied_provisions")
    op.drop_table("test_regulations")
    op.drop_table("review_scores")
    op.drop_index("ix_letters_case", table_name="letters")
    op.drop_table("letters")
    op.drop_table("decisions")
    op.drop_index(
        "uq_clock_intervals_one_open", table_name="clock_intervals", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_clock_intervals_run", table_name="clock_intervals")
    op.drop_table("clock_intervals")
    op.drop_index(
        "uq_review_assignments_current", table_name="review_assignments", postgresql_where=sa.text("removed_at IS NULL")
    )
    op.drop_index(
        "ix_review_assignments_reviewer",
        table_name="review_assignments",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_table("review_assignments")
    op.drop_index("ix_messages_case", table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "uq_documents_current",
        table_name="documents",
        postgresql_where=sa.text("removed_at IS NULL AND slot <> 'step'"),
    )
    op.drop_index("ix_documents_sha256", table_name="documents")
    op.drop_index("ix_documents_case", table_name="documents")
    op.drop_table("documents")
    op.drop_index("uq_clock_runs_one_running", table_name="clock_runs", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_clock_runs_due", table_name="clock_runs", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("clock_runs")
    op.drop_index("ix_case_events_step", table_name="case_events")
    op.drop_table("case_events")
    op.drop_table("applications")
    op.drop_index(
        "uq_memberships_person_id_organisation_id",
        table_name="memberships",
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.drop_index(op.f("ix_memberships_organisation_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_invitations_organisation_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_expires_at"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_conflicts_organisation_id"), table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_index("ix_cases_state", table_name="cases", postgresql_where=sa.text("state_kind <> 'draft'"))
    op.drop_index("ix_cases_recent", table_name="cases", postgresql_where=sa.text("state_kind <> 'draft'"))
    op.drop_index("ix_cases_queue", table_name="cases", postgresql_where=sa.text("state_kind = 'open'"))
    op.drop_index("ix_cases_organisation", table_name="cases")
    op.drop_index("ix_cases_holder", table_name="cases", postgresql_where=sa.text("state_kind = 'open'"))
    op.drop_table("cases")
    op.drop_index(
        "ix_sign_in_sessions_person_id", table_name="sign_in_sessions", postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.drop_index(op.f("ix_sign_in_sessions_expires_at"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index(
        "uq_role_grants_same_grant",
        table_name="role_grants",
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_role_grants_role", table_name="role_grants", postgresql_where=sa.text("revoked_at IS NULL"))
    op.drop_table("role_grants")
    op.drop_table("procedure_versions")
    op.drop_index(op.f("ix_organisations_ward_code"), table_name="organisations")
    op.drop_index("ix_organisations_search_text", table_name="organisations", postgresql_using="gin")
    op.drop_index("ix_organisations_name_vi_id", table_name="organisations")
    op.drop_table("organisations")
    op.drop_index("ix_notices_unread", table_name="notices", postgresql_where=sa.text("read_at IS NULL"))
    op.drop_index("ix_notices_person_id", table_name="notices")
    op.drop_index("ix_notices_case_id", table_name="notices", postgresql_where=sa.text("case_id IS NOT NULL"))
    op.drop_table("notices")
    op.drop_index(op.f("ix_mailed_tokens_person_id"), table_name="mailed_tokens")
    op.drop_index(op.f("ix_mailed_tokens_expires_at"), table_name="mailed_tokens")
    op.drop_table("mailed_tokens")
    op.drop_table("dossier_counters")
    op.drop_table("calendar_days")
    op.drop_index(op.f("ix_access_tokens_person_id"), table_name="access_tokens")
    op.drop_table("access_tokens")
    op.drop_table("wards")
    op.drop_index("ix_units_path", table_name="units", postgresql_ops={"path": "text_pattern_ops"})
    op.drop_index(op.f("ix_units_parent_id"), table_name="units")
    op.drop_table("units")
    op.drop_index(op.f("ix_sign_ups_expires_at"), table_name="sign_ups")
    op.drop_table("sign_ups")
    op.drop_table("procedures")
    op.drop_index("uq_people_email", table_name="people")
    op.drop_index("ix_people_search_text", table_name="people", postgresql_using="gin")
    op.drop_index("ix_people_full_name_id", table_name="people")
    op.drop_table("people")
    op.drop_index("uq_mail_messages_notice", table_name="mail_messages")
    op.drop_index("ix_mail_messages_waiting", table_name="mail_messages", postgresql_where=sa.text("sent_at IS NULL"))
    op.drop_table("mail_messages")
    op.drop_table("installation_marks")
    op.drop_index("ix_idempotent_requests_created_at", table_name="idempotent_requests")
    op.drop_table("idempotent_requests")
    op.drop_table("calendars")
    op.drop_table("audit_heads")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_index("ix_audit_entries_person", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_attempt_counts_ends_at"), table_name="attempt_counts")
    op.drop_table("attempt_counts")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP SEQUENCE receipt_numbers")
