"""Rounds have their spaces first, firms stand on admissions, and people may decide otherwise for a reason."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS
from parks.models.precedence import STATEMENTS

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

ANSWER = "answer IN ('accepted', 'declined', 'lapsed'{more})"
FUNCTIONS = ("round_space_joins()", "space_allocation_heeds_rounds()", "round_applicant_is_admitted()")


def upgrade() -> None:
    op.add_column(
        "allocation_rounds", sa.Column("needs_admission", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "round_spaces",
        sa.Column("period", postgresql.DATERANGE(), server_default=sa.text("'empty'"), nullable=False),
    )
    op.add_column("round_spaces", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE round_spaces o SET period = daterange(r.starts_on, r.ends_on, '[]'), settled_at = r.decided_at "
        "FROM allocation_rounds r WHERE r.id = o.round_id"
    )
    op.execute(
        "ALTER TABLE round_spaces ADD CONSTRAINT ex_round_spaces_open EXCLUDE USING gist "
        "(int8range(space_id, space_id, '[]') WITH &&, period WITH &&) WHERE (settled_at IS NULL)"
    )
    for table, column, target in (
        ("space_allocations", "round_id", "allocation_rounds"),
        ("round_applicants", "admission_id", "park_admissions"),
    ):
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{column}_{target}"), table, target, [column], ["id"])
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _answers(", 'forfeited'")
    _overrides()
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.drop_table("round_overrides")
    op.execute("DROP FUNCTION round_override_stays()")
    op.execute("DROP TRIGGER round_spaces_join ON round_spaces")
    op.execute("DROP TRIGGER space_allocations_heed_rounds ON space_allocations")
    op.execute("DROP TRIGGER round_applicants_admitted ON round_applicants")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.execute("UPDATE round_offers SET answer = 'lapsed' WHERE answer = 'forfeited'")
    _answers("")
    op.drop_column("round_applicants", "admission_id")
    op.drop_column("space_allocations", "round_id")
    op.drop_constraint("ex_round_spaces_open", "round_spaces")
    op.drop_column("round_spaces", "settled_at")
    op.drop_column("round_spaces", "period")
    op.drop_column("allocation_rounds", "needs_admission")


def _answers(more: str) -> None:
    op.drop_constraint(op.f("ck_round_offers_answer"), "round_offers")
    op.create_check_constraint(op.f("ck_round_offers_answer"), "round_offers", ANSWER.format(more=more))


def _overrides() -> None:
    people = ("person_id", "withdrawn_by")
    op.create_table(
        "round_overrides",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("applicant_id", sa.BigInteger(), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("ck_round_overrides_reason")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["allocation_rounds.id"], name=op.f("fk_round_overrides_round_id_allocation_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["round_applicants.id"], name=op.f("fk_round_overrides_applicant_id_round_applicants")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_round_overrides_space_id_spaces")),
        *(
            sa.ForeignKeyConstraint(
                [one], ["people.id"], name=op.f(f"fk_round_overrides_{one}_people"), ondelete="RESTRICT"
            )
            for one in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_overrides")),
    )
    live = sa.text("withdrawn_at IS NULL")
    op.create_index("ix_round_overrides_round", "round_overrides", ["round_id", "id"])
    op.create_index("uq_round_overrides_firm", "round_overrides", ["applicant_id"], unique=True, postgresql_where=live)
    op.create_index(
        "uq_round_overrides_space", "round_overrides", ["round_id", "space_id"], unique=True, postgresql_where=live
    )
    for column in ("space_id", *people):
        op.create_index(op.f(f"ix_round_overrides_{column}"), "round_overrides", [column])
