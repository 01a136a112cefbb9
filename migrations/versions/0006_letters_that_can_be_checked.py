"""Letters get a number and a code for checking; their files stay as they were first fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBERED = sa.text(
    "UPDATE letters SET code = rtrim(regexp_replace(upper(replace(gen_random_uuid()::text, '-', '')), '(.{5})', '\\1-', 'g'), '-'),"
    " number = coalesce(facts ->> 'code', facts ->> 'receipt_number', facts ->> 'key')"
)


def upgrade() -> None:
    op.add_column("letters", sa.Column("number", sa.Text(), nullable=True))
    op.add_column("letters", sa.Column("code", sa.String(length=120), nullable=True))
    op.execute(NUMBERED)
    op.alter_column("letters", "number", nullable=False)
    op.alter_column("letters", "code", nullable=False)
    op.create_unique_constraint(op.f("uq_letters_code"), "letters", ["code"])
    op.create_table(
        "letter_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_letter_files_sha256")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_letter_files_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_files")),
        sa.UniqueConstraint("letter_id", "language", name=op.f("uq_letter_files_letter_id_language")),
    )
    op.create_index(op.f("ix_letter_files_sha256"), "letter_files", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("letter_files")
    op.drop_constraint(op.f("uq_letters_code"), "letters", type_="unique")
    op.drop_column("letters", "code")
    op.drop_column("letters", "number")
