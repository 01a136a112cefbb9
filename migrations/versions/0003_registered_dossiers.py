"""Officers find the dossiers that they registered for applicants without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOT_DIRECT = sa.text("channel <> 'direct'")


def upgrade() -> None:
    columns = ["created_by_id", "updated_at", "id"]
    op.create_index("ix_cases_registered", "cases", columns, postgresql_where=NOT_DIRECT)


def downgrade() -> None:
    op.drop_index("ix_cases_registered", table_name="cases", postgresql_where=NOT_DIRECT)
