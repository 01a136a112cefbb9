"""The register of a unit's dossiers is read in the order in which they were received."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBERED = sa.text("code IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_cases_register", "cases", ["unit_id", "received_at", "id"], postgresql_where=NUMBERED)


def downgrade() -> None:
    op.drop_index("ix_cases_register", table_name="cases", postgresql_where=NUMBERED)
