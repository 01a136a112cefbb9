"""Sheets of older registers whose work failed; saved filters of the search page beside those of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BEFORE = ("looking", "looked", "writing", "done")


def upgrade() -> None:
    _admit((*BEFORE, "failed"))
    op.add_column("saved_filters", sa.Column("page", sa.String(length=120), server_default="queue", nullable=False))
    op.create_check_constraint(op.f("ck_saved_filters_page"), "saved_filters", "page IN ('queue', 'search')")
    op.drop_index("uq_saved_filters_name", "saved_filters")
    op.create_index(
        "uq_saved_filters_name", "saved_filters", ["person_id", "page", sa.text("lower(name)")], unique=True
    )


def downgrade() -> None:
    op.execute("DELETE FROM saved_filters WHERE page <> 'queue'")
    op.drop_index("uq_saved_filters_name", "saved_filters")
    op.create_index("uq_saved_filters_name", "saved_filters", ["person_id", sa.text("lower(name)")], unique=True)
    op.drop_constraint(op.f("ck_saved_filters_page"), "saved_filters")
    op.drop_column("saved_filters", "page")
    op.execute(
        'UPDATE takeover_sheets SET status = \'looked\', report = \'{"new": 0, "known": [], "faults": []}\' '
        "WHERE status = 'failed'"
    )
    _admit(BEFORE)


def _admit(statuses: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_takeover_sheets_status"), "takeover_sheets")
    op.create_check_constraint(op.f("ck_takeover_sheets_status"), "takeover_sheets", f"status IN {statuses}")
