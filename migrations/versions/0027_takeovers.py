"""Dossiers are taken over from older registers by sheets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = ("direct", "national_portal", "counter", "post")


def upgrade() -> None:
    _admit_channels((*BEFORE, "older_register"))
    op.create_table(
        "takeover_sheets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _refers("procedure_id", "procedures.id"),
        _refers("version_id", "procedure_versions.id"),
        _refers("unit_id", "units.id"),
        _refers("person_id", "people.id"),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("letters", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(length=120), nullable=False),
        sa.Column("progress", sa.BigInteger(), nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('looking', 'looked', 'writing', 'done')", name=op.f("ck_takeover_sheets_status")
        ),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_takeover_sheets_done")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeover_sheets")),
    )
    op.create_index("ix_takeover_sheets_procedure", "takeover_sheets", ["procedure_id", "id"])
    op.create_table(
        "takeovers",
        _refers("case_id", "applications.id"),
        _refers("procedure_id", "procedures.id"),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("applicant", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        _refers("sheet_id", "takeover_sheets.id"),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_takeovers")),
        sa.UniqueConstraint(
            "procedure_id", "register", "number", name=op.f("uq_takeovers_procedure_id_register_number")
        ),
    )
    op.create_index(op.f("ix_takeovers_sheet_id"), "takeovers", ["sheet_id"])


def _refers(name: str, target: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), autoincrement=False, nullable=False)


def _admit_channels(channels: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_cases_channel"), "cases")
    op.create_check_constraint(op.f("ck_cases_channel"), "cases", f"channel IN {channels}")


def downgrade() -> None:
    op.drop_table("takeovers")
    op.drop_table("takeover_sheets")
    _admit_channels(BEFORE)
