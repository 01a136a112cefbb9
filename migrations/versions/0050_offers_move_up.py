"""An unanswered offer may be replaced by a better one; corrections say which of them the clock wrote for a stay."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BEFORE = "answer IN ('accepted', 'declined', 'lapsed', 'forfeited')"
AFTER = "answer IN ('accepted', 'declined', 'lapsed', 'forfeited', 'moved_up')"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_round_offers_answer"), "round_offers")
    op.create_check_constraint(op.f("ck_round_offers_answer"), "round_offers", AFTER)
    op.add_column(
        "request_corrections", sa.Column("is_stay", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("request_corrections", "is_stay")
    op.execute("UPDATE round_offers SET answer = 'declined' WHERE answer = 'moved_up'")
    op.drop_constraint(op.f("ck_round_offers_answer"), "round_offers")
    op.create_check_constraint(op.f("ck_round_offers_answer"), "round_offers", BEFORE)
