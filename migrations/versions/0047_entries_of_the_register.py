"""What the public register counts and narrows by stands beside each test regulation."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE, PUBLISHED = "test_regulations", sa.text("is_published")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("is_published", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(TABLE, sa.Column("sector", sa.String(length=120), server_default=sa.text("''"), nullable=False))
    op.execute(
        """
        UPDATE test_regulations SET
          is_published = coalesce((submitted -> 'answers' -> 'accepts_publication') = 'true'::jsonb, false),
          sector = coalesce(submitted -> 'answers' ->> 'sector', '')
        FROM applications WHERE applications.id = case_id
        """
    )
    op.create_index("ix_test_regulations_period", TABLE, ["starts_on", "ends_on"], postgresql_where=PUBLISHED)
    op.create_index("ix_test_regulations_sector", TABLE, ["sector", "case_id"], postgresql_where=PUBLISHED)


def downgrade() -> None:
    op.drop_index("ix_test_regulations_sector", TABLE)
    op.drop_index("ix_test_regulations_period", TABLE)
    op.drop_column(TABLE, "sector")
    op.drop_column(TABLE, "is_published")
