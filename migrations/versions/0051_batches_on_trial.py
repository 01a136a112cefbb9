"""A large batch is tried by a job before it is made, and can be cancelled."""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

NAME, TABLE = "ck_batch_items_outcome", "batch_items"
BEFORE = "outcome IN ('waiting', 'made', 'refused')"
NOW = "outcome IN ('untried', 'possible', 'impossible', 'waiting', 'made', 'refused', 'left')"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), TABLE)
    op.create_check_constraint(op.f(NAME), TABLE, NOW)


def downgrade() -> None:
    """What was never made is forgotten: the trial of a batch can be asked for again."""
    op.execute("DELETE FROM batch_items WHERE outcome NOT IN ('waiting', 'made', 'refused')")
    op.drop_constraint(op.f(NAME), TABLE)
    op.create_check_constraint(op.f(NAME), TABLE, BEFORE)
