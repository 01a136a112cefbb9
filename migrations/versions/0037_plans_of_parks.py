"""Plans that were brought for a park: rows found sound, kept until they are taken over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    jsonb = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "space_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("rows", jsonb, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_plans")),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_space_plans_park_id_parks")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_space_plans_person_id_people"), ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_space_plans_park_id", "space_plans", ["park_id", "id"])
    op.create_index(op.f("ix_space_plans_person_id"), "space_plans", ["person_id"])


def downgrade() -> None:
    op.drop_table("space_plans")
