"""Judge the ceilings of a fund on the day on which other terms begin to hold."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

SETTLES = """
CREATE FUNCTION fund_day_settles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_fund_breach(NEW.id, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, NULL);
  RETURN NULL;
END $$
"""
TRIGGER = (
    "CREATE TRIGGER funds_judge_by_day AFTER UPDATE OF judged_on ON funds FOR EACH ROW "
    "WHEN (NEW.judged_on IS DISTINCT FROM OLD.judged_on) EXECUTE FUNCTION fund_day_settles()"
)


def upgrade() -> None:
    op.add_column("funds", sa.Column("judged_on", sa.Date(), nullable=True))
    op.execute(SETTLES)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER funds_judge_by_day ON funds")
    op.execute("DROP FUNCTION fund_day_settles()")
    op.drop_column("funds", "judged_on")
