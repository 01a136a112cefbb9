"""The index by which a desk finds what is owed holds all that it chooses by."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

INDEX, COLUMNS = "ix_cases_owed", ["organisation_id", "state"]
CHOSEN_BY = ["version_id", "state_kind", "updated_at", "id"]
BEGUN = sa.text("state_kind <> 'final'")


def upgrade() -> None:
    op.drop_index(INDEX, "cases")
    op.create_index(INDEX, "cases", COLUMNS, postgresql_include=CHOSEN_BY, postgresql_where=BEGUN)


def downgrade() -> None:
    op.drop_index(INDEX, "cases")
    op.create_index(INDEX, "cases", COLUMNS, postgresql_where=BEGUN)
