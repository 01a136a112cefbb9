"""Counters of cases, kept by triggers as changes and folded by a job."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OPEN = sa.text("state_kind = 'open'")
PLACE = "procedure_id, unit_id, state_kind, state, coalesce(holder_id, 0)"

COUNT_ADDED = f"""
CREATE OR REPLACE FUNCTION count_cases_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT {PLACE}, count(*) FROM added WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
COUNT_REMOVED = f"""
CREATE OR REPLACE FUNCTION count_cases_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT {PLACE}, -count(*) FROM removed WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
COUNT_MOVED = """
CREATE OR REPLACE FUNCTION count_case_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT * FROM (VALUES
      (OLD.procedure_id, OLD.unit_id, OLD.state_kind, OLD.state, coalesce(OLD.holder_id, 0), -1),
      (NEW.procedure_id, NEW.unit_id, NEW.state_kind, NEW.state, coalesce(NEW.holder_id, 0), 1)
    ) AS moved (procedure_id, unit_id, state_kind, state, holder_id, change) WHERE state_kind <> 'draft';
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER cases_count_added AFTER INSERT ON cases REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION count_cases_added()",
    "CREATE TRIGGER cases_count_removed AFTER DELETE ON cases REFERENCING OLD TABLE AS removed "
    "FOR EACH STATEMENT EXECUTE FUNCTION count_cases_removed()",
    "CREATE TRIGGER cases_count_moved AFTER UPDATE ON cases FOR EACH ROW WHEN "
    "((OLD.procedure_id, OLD.unit_id, OLD.state_kind, OLD.state, OLD.holder_id) IS DISTINCT FROM "
    "(NEW.procedure_id, NEW.unit_id, NEW.state_kind, NEW.state, NEW.holder_id)) EXECUTE FUNCTION count_case_moved()",
)
COUNT = f"""
INSERT INTO case_counts (procedure_id, unit_id, state_kind, state, holder_id, number)
SELECT {PLACE}, count(*) FROM cases WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5
"""


def upgrade() -> None:
    op.create_table("case_counts", *_place(), sa.Column("number", sa.BigInteger(), nullable=False), _key())
    op.create_table(
        "case_count_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *_place(),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_count_changes"),
    )
    op.create_index("ix_cases_late", "cases", ["original_due_at"], postgresql_where=OPEN)
    for statement in (COUNT_ADDED, COUNT_REMOVED, COUNT_MOVED, *TRIGGERS, COUNT):
        op.execute(statement)


def _place() -> list[sa.Column]:
    return [
        sa.Column("procedure_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state_kind", sa.String(120), nullable=False),
        sa.Column("state", sa.String(120), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), autoincrement=False, nullable=False),
    ]


def _key() -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("procedure_id", "unit_id", "state_kind", "state", "holder_id", name="pk_case_counts")


def downgrade() -> None:
    op.drop_index("ix_cases_late", table_name="cases", postgresql_where=OPEN)
    for name in ("added", "removed", "moved"):
        op.execute(f"DROP TRIGGER cases_count_{name} ON cases")
    for name in ("count_cases_added", "count_cases_removed", "count_case_moved"):
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("case_count_changes")
    op.drop_table("case_counts")
