"""People choose how they are told of each topic; a daily digest is written once a day for each."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waits = sa.Column("waits_for_digest", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("notices", waits)
    op.create_index("ix_notices_digest", "notices", ["person_id", "id"], postgresql_where=sa.text("waits_for_digest"))
    op.create_table(
        "notice_choices",
        _person(),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.CheckConstraint("channel IN ('none', 'site', 'digest', 'mail')", name=op.f("ck_notice_choices_channel")),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "notice_digests",
        _person(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_notice_digests")),
    )


def _person() -> sa.Column:
    return sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def downgrade() -> None:
    op.drop_table("notice_digests")
    op.drop_table("notice_choices")
    op.drop_index("ix_notices_digest", "notices")
    op.drop_column("notices", "waits_for_digest")
