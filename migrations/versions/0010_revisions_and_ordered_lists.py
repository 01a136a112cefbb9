"""Reference data tell when they change; lists of several units are read in order, each unit by itself."""

import sqlalchemy as sa
from alembic import op

from foundation.revisions import NOTE_REVISION, follow_statement

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FOLLOWED = {
    "calendars": "calendars",
    "calendar_days": "calendars",
    "procedures": "procedures",
    "procedure_versions": "procedures",
    "units": "units",
}
NOT_DRAFT = sa.text("state_kind <> 'draft'")
OPEN = sa.text("state_kind = 'open'")


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_revisions"),
    )
    op.execute(NOTE_REVISION)
    for table, name in FOLLOWED.items():
        op.execute(follow_statement(table, name))
    names = sorted(set(FOLLOWED.values()))
    op.execute(sa.text("INSERT INTO revisions (name) SELECT unnest(CAST(:names AS text[]))").bindparams(names=names))
    op.drop_index("ix_cases_queue", table_name="cases", postgresql_where=OPEN)
    op.create_index("ix_cases_queue", "cases", ["unit_id", "state_kind", "urgent_at", "id"], postgresql_where=NOT_DRAFT)
    op.create_index("ix_cases_unit_state", "cases", ["unit_id", "state", "urgent_at", "id"], postgresql_where=NOT_DRAFT)
    op.create_index("ix_cases_urgent", "cases", ["state_kind", "urgent_at", "id"], postgresql_where=NOT_DRAFT)


def downgrade() -> None:
    op.drop_index("ix_cases_urgent", table_name="cases", postgresql_where=NOT_DRAFT)
    op.drop_index("ix_cases_unit_state", table_name="cases", postgresql_where=NOT_DRAFT)
    op.drop_index("ix_cases_queue", table_name="cases", postgresql_where=NOT_DRAFT)
    op.create_index("ix_cases_queue", "cases", ["unit_id", "urgent_at", "id"], postgresql_where=OPEN)
    for table in FOLLOWED:
        op.execute(f"DROP TRIGGER {table}_revision ON {table}")
    op.execute("DROP FUNCTION note_revision()")
    op.drop_table("revisions")
