"""Tell in one statement, under the lock of a fund, all that a posting is judged by."""

from alembic import op

from foundation.database import AS_IT_STANDS
from fund.models.locks import LOCKS

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(LOCKS, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.execute("DROP FUNCTION lock_books(text, date)")
