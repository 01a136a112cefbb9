"""People and organisations are listed by their folded words, so that Đ stands beside D whatever the collation."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_people_full_name_id", table_name="people")
    op.drop_index("ix_organisations_name_vi_id", table_name="organisations")
    op.create_index("ix_people_in_order", "people", ["search_text", "id"])
    op.create_index("ix_organisations_in_order", "organisations", ["search_text", "id"])


def downgrade() -> None:
    op.drop_index("ix_organisations_in_order", table_name="organisations")
    op.drop_index("ix_people_in_order", table_name="people")
    op.create_index("ix_organisations_name_vi_id", "organisations", ["name_vi", "id"])
    op.create_index("ix_people_full_name_id", "people", ["full_name", "id"])
