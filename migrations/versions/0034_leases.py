"""Leases with their reliefs, price frames, payment requests, payments and deposits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS, append_only_statements
from parks.models.leaseguards import STATEMENTS

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
TABLES = (
    "payment_requests",
    "lease_reliefs",
    "lease_payments",
    "lease_deposits",
    "leases",
    "price_frames",
    "operator_accounts",
)
APPEND_ONLY = ("operator_accounts", "price_frames", "lease_deposits", "lease_payments", "lease_reliefs")
FUNCTIONS = ("lease_deposit_holds()", "payment_request_is_fixed()", "lease_terms_are_fixed()")


def upgrade() -> None:
    _operator_accounts()
    _price_frames()
    _leases()
    _lease_deposits()
    _lease_payments()
    _lease_reliefs()
    _payment_requests()
    for table in APPEND_ONLY:
        for statement in append_only_statements(table):
            op.execute(statement)
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(
            statement, execution_options=AS_IT_STANDS
        )  # as it stands: per cent signs are PostgreSQL's own


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def _operator_accounts() -> None:
    op.create_table(
        "operator_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_bin", sa.String(length=120), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("account_number", sa.String(length=120), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("account_number ~ '^[0-9A-Za-z]{1,19}$'", name=op.f("ck_operator_accounts_number")),
        sa.CheckConstraint("bank_bin ~ '^[0-9]{6}$'", name=op.f("ck_operator_accounts_bank")),
        sa.ForeignKeyConstraint(["operator_id"], ["park_operators.id"], name=op.f("fk_operator_accounts_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_accounts")),
    )
    op.create_index(op.f("ix_operator_accounts_operator_id"), "operator_accounts", ["operator_id"], unique=False)


def _price_frames() -> None:
    op.create_table(
        "price_frames",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("use", sa.String(length=120), nullable=False),
        sa.Column("lowest_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("highest_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("service_highest_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("is_land_rent_exempt", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_price_frames_reference")),
        sa.CheckConstraint(
            "0 <= lowest_vnd_m2 AND lowest_vnd_m2 <= highest_vnd_m2", name=op.f("ck_price_frames_prices")
        ),
        sa.CheckConstraint("service_highest_vnd_m2 >= 0", name=op.f("ck_price_frames_service")),
        sa.ForeignKeyConstraint(["operator_id"], ["park_operators.id"], name=op.f("fk_price_frames_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_frames")),
    )
    op.create_index(
        "ix_price_frames_operator", "price_frames", ["operator_id", "use", "valid_from", "id"], unique=False
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'HD-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), nullable=True),
        sa.Column("renews_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Text(), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("break_on", sa.Date(), nullable=True),
        sa.Column("area_m2", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("base_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("service_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("land_rent_vnd_m2", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("escalation", JSONB, nullable=False),
        sa.Column("vat", sa.Numeric(precision=7, scale=6), nullable=False),
        sa.Column("late_rate", sa.Numeric(precision=7, scale=6), nullable=False),
        sa.Column("payment_days", sa.BigInteger(), nullable=False),
        sa.Column("deposit_vnd", sa.BigInteger(), nullable=False),
        sa.Column("permitted_use", sa.Text(), nullable=False),
        sa.Column("sublet_rule", sa.Text(), nullable=False),
        sa.Column("commitments", JSONB, nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("handed_back_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(signed_on IS NULL) = (allocation_id IS NULL)", name=op.f("ck_leases_signed")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_leases_area")),
        sa.CheckConstraint("handed_back_on >= starts_on", name=op.f("ck_leases_handed_back")),
        sa.CheckConstraint(
            "least(base_vnd_m2, service_vnd_m2, land_rent_vnd_m2, deposit_vnd) >= 0", name=op.f("ck_leases_prices")
        ),
        sa.CheckConstraint("payment_days BETWEEN 0 AND 90", name=op.f("ck_leases_payment")),
        sa.CheckConstraint(
            "signed_on IS NOT NULL OR coalesce(notice_on, terminated_on, handed_back_on) IS NULL",
            name=op.f("ck_leases_ended"),
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on AND break_on BETWEEN starts_on AND ends_on", name=op.f("ck_leases_term")
        ),
        sa.CheckConstraint("terminated_on BETWEEN starts_on AND ends_on", name=op.f("ck_leases_terminated")),
        sa.CheckConstraint("vat BETWEEN 0 AND 1 AND late_rate BETWEEN 0 AND 1", name=op.f("ck_leases_rates")),
        sa.ForeignKeyConstraint(["allocation_id"], ["space_allocations.id"], name=op.f("fk_leases_allocation_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["park_operators.id"], name=op.f("fk_leases_operator_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_leases_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leases_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["renews_id"], ["leases.id"], name=op.f("fk_leases_renews_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_leases_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_leases_allocation_id")),
        sa.UniqueConstraint("key", name=op.f("uq_leases_key")),
    )
    op.create_index("ix_leases_operator", "leases", ["operator_id", "id"], unique=False)
    op.create_index(op.f("ix_leases_organisation_id"), "leases", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_leases_person_id"), "leases", ["person_id"], unique=False)
    op.create_index(op.f("ix_leases_renews_id"), "leases", ["renews_id"], unique=False)
    op.create_index(
        "ix_leases_signed", "leases", ["id"], unique=False, postgresql_where=sa.text("signed_on IS NOT NULL")
    )
    op.create_index(op.f("ix_leases_space_id"), "leases", ["space_id"], unique=False)


def _lease_deposits() -> None:
    op.create_table(
        "lease_deposits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('received', 'drawn', 'returned')", name=op.f("ck_lease_deposits_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_lease_deposits_reason")),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_lease_deposits_amount")),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name=op.f("fk_lease_deposits_lease_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lease_deposits_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease_deposits")),
    )
    op.create_index(op.f("ix_lease_deposits_lease_id"), "lease_deposits", ["lease_id"], unique=False)
    op.create_index(op.f("ix_lease_deposits_person_id"), "lease_deposits", ["person_id"], unique=False)


def _lease_payments() -> None:
    op.create_table(
        "lease_payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_lease_payments_reference")),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_lease_payments_amount")),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name=op.f("fk_lease_payments_lease_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lease_payments_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease_payments")),
        sa.UniqueConstraint("lease_id", "reference", name=op.f("uq_lease_payments_lease_id_reference")),
    )
    op.create_index(op.f("ix_lease_payments_person_id"), "lease_payments", ["person_id"], unique=False)


def _lease_reliefs() -> None:
    op.create_table(
        "lease_reliefs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("rate", sa.Numeric(precision=7, scale=6), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("evidence <> '' AND source <> ''", name=op.f("ck_lease_reliefs_evidence")),
        sa.CheckConstraint("kind IN ('statutory', 'programme')", name=op.f("ck_lease_reliefs_kind")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_lease_reliefs_validity")),
        sa.CheckConstraint("rate > 0 AND rate <= 1", name=op.f("ck_lease_reliefs_rate")),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name=op.f("fk_lease_reliefs_lease_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease_reliefs")),
    )
    op.create_index(op.f("ix_lease_reliefs_lease_id"), "lease_reliefs", ["lease_id"], unique=False)


def _payment_requests() -> None:
    op.create_table(
        "payment_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'YC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rent_vnd", sa.BigInteger(), nullable=False),
        sa.Column("statutory_vnd", sa.BigInteger(), nullable=False),
        sa.Column("programme_vnd", sa.BigInteger(), nullable=False),
        sa.Column("service_vnd", sa.BigInteger(), nullable=False),
        sa.Column("vat_vnd", sa.BigInteger(), nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("einvoice_number", sa.Text(), nullable=True),
        sa.Column("reminders", sa.BigInteger(), server_default="0", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(lease_id, lease_id, '[]')"), "&&"),
            (sa.text("daterange(from_on, to_on, '[]')"), "&&"),
            using="gist",
            name="ex_payment_requests_period",
        ),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_payment_requests_period")),
        sa.CheckConstraint("statutory_vnd + programme_vnd <= rent_vnd", name=op.f("ck_payment_requests_reliefs")),
        sa.CheckConstraint(
            "total_vnd = rent_vnd - statutory_vnd - programme_vnd + service_vnd + vat_vnd",
            name=op.f("ck_payment_requests_total"),
        ),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name=op.f("fk_payment_requests_lease_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_requests_key")),
        sa.UniqueConstraint("lease_id", "from_on", name=op.f("uq_payment_requests_lease_id_from_on")),
    )
