"""Parks, their operators, the tree of their spaces with its history, and who has which space when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS, append_only_statements
from parks.models.spaceguards import STATEMENTS

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
AT = sa.DateTime(timezone=True)
AREA = sa.Numeric(14, 2)
AMOUNT = sa.Numeric(12, 2)

APPEND_ONLY = ("park_announced_areas", "space_changes", "space_change_parts")
TABLES = (
    "space_allocations",
    "space_change_parts",
    "space_changes",
    "spaces",
    "park_announced_areas",
    "parks",
    "park_operators",
)
FUNCTIONS = (
    "space_allocation_fits()",
    "space_allocation_claims()",
    "space_changes_within_its_claims()",
    "space_grows()",
    "refuse_let_twice(bigint, text)",
    "space_peak_m2(bigint, daterange, timestamptz)",
)


def upgrade() -> None:
    _parks()
    op.create_table("spaces", *_space_columns(), *_space_rules())
    op.create_index("ix_spaces_in_park", "spaces", ["park_id", "code"])
    lettable = sa.text("usable_m2 IS NOT NULL")
    op.create_index("ix_spaces_lettable", "spaces", ["park_id", "code"], postgresql_where=lettable)
    op.create_index("ix_spaces_path", "spaces", ["path"], postgresql_ops={"path": "text_pattern_ops"})
    box = sa.text("box(point(west, south), point(east, north))")
    op.create_index("ix_spaces_box", "spaces", [box], postgresql_using="gist")
    for column in ("parent_id", "operator_id"):
        op.create_index(op.f(f"ix_spaces_{column}"), "spaces", [column])
    _changes()
    _allocations()
    for table in APPEND_ONLY:
        for statement in append_only_statements(table):
            op.execute(statement)
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(
            statement, execution_options=AS_IT_STANDS
        )  # as it stands: per cent signs are PostgreSQL's own


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _code(name: str = "code") -> sa.Column[str]:
    return sa.Column(name, sa.String(120), nullable=False)


def _to(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **options)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _drawn() -> list[sa.Column[object]]:
    sides = [sa.Column(side, sa.Double()) for side in ("west", "south", "east", "north")]
    return [sa.Column("geometry", JSONB), *sides]


def _parks() -> None:
    table = "park_operators"
    op.create_table(
        table,
        _key(),
        _code(),
        sa.Column("name", JSONB, nullable=False),
        _code("kind"),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("hold_working_days", sa.BigInteger(), server_default="10", nullable=False),
        sa.Column("reservation_days", sa.BigInteger(), server_default="30", nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_operators")),
        sa.UniqueConstraint("code", name=op.f("uq_park_operators_code")),
        _to(table, "organisation_id", "organisations"),
        _check(table, "kind", "kind IN ('public_board', 'private_owner', 'company')"),
        _check(table, "terms", "hold_working_days > 0 AND reservation_days > 0"),
    )
    op.create_index(op.f("ix_park_operators_organisation_id"), table, ["organisation_id"])
    op.create_table(
        "parks",
        _key(),
        _code(),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("place", JSONB, nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("gross_m2", AREA, nullable=False),
        sa.Column("leasable_m2", AREA),
        *_drawn(),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parks")),
        sa.UniqueConstraint("code", name=op.f("uq_parks_code")),
        _to("parks", "operator_id", "park_operators"),
        _check("parks", "gross", "gross_m2 > 0"),
        _check("parks", "leasable", "leasable_m2 > 0 AND leasable_m2 <= gross_m2"),
        _check("parks", "drawn", "num_nulls(geometry, west, south, east, north) IN (0, 5)"),
    )
    op.create_index(op.f("ix_parks_operator_id"), "parks", ["operator_id"])
    op.create_table(
        "park_announced_areas",
        _key(),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("area_m2", AREA, nullable=False),
        sa.Column("what", JSONB, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_announced_areas")),
        _to("park_announced_areas", "park_id", "parks"),
        _check("park_announced_areas", "area", "area_m2 > 0"),
    )
    op.create_index("ix_park_announced_areas_park_id", "park_announced_areas", ["park_id", "announced_on"])


def _space_columns() -> list[sa.schema.SchemaItem]:
    areas = [sa.Column(name, AREA) for name in ("gross_m2", "leasable_m2", "gfa_m2", "net_m2", "usable_m2")]
    supplies = [sa.Column(name, AMOUNT) for name in ("power_kw", "water_m3_day", "floor_load_kg_m2")]
    return [
        _key(),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("path", sa.Text(), nullable=False),
        _code(),
        _code("kind"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger()),
        _code("use"),
        sa.Column("tenure", sa.Text()),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        *areas,
        sa.Column("is_divisible", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("condition", sa.String(120), server_default="ready", nullable=False),
        *supplies,
        *_drawn(),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("claims", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", AT, nullable=False),
    ]


def _space_rules() -> list[sa.schema.SchemaItem]:
    uses = "'research', 'production', 'incubator', 'training', 'service', 'housing', 'technical', 'green'"
    return [
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sa.UniqueConstraint("code", name=op.f("uq_spaces_code")),
        _to("spaces", "park_id", "parks"),
        _to("spaces", "parent_id", "spaces"),
        _to("spaces", "operator_id", "park_operators"),
        _check("spaces", "kind", "kind IN ('zone', 'plot', 'building', 'floor', 'unit', 'desk')"),
        _check("spaces", "use", f"use IN ({uses})"),
        _check("spaces", "tenure", "tenure IN ('land_lease', 'sublease', 'office_lease', 'licence')"),
        _check("spaces", "condition", "condition IN ('planned', 'ready', 'refurbishing', 'blocked')"),
        _check("spaces", "code", "code <> ''"),
        _check("spaces", "areas", "least(gross_m2, leasable_m2, gfa_m2, net_m2, usable_m2) > 0"),
        _check("spaces", "divisible", "usable_m2 IS NOT NULL OR NOT is_divisible"),
        _check("spaces", "parent", "kind = 'zone' OR parent_id IS NOT NULL"),
        _check("spaces", "life", "closed_on > opened_on"),
        _check("spaces", "supplies", "least(power_kw, water_m3_day, floor_load_kg_m2) >= 0"),
        _check("spaces", "drawn", "num_nulls(geometry, west, south, east, north) IN (0, 5)"),
    ]


def _changes() -> None:
    op.create_table(
        "space_changes",
        _key(),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        _code("kind"),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_changes")),
        _to("space_changes", "park_id", "parks"),
        _to("space_changes", "person_id", "people", ondelete="RESTRICT"),
        _check("space_changes", "kind", "kind IN ('merge', 'split')"),
    )
    op.create_index("ix_space_changes_park_id", "space_changes", ["park_id", "id"])
    op.create_index(op.f("ix_space_changes_person_id"), "space_changes", ["person_id"])
    op.create_table(
        "space_change_parts",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("space_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_before", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "space_id", name=op.f("pk_space_change_parts")),
        _to("space_change_parts", "change_id", "space_changes"),
        _to("space_change_parts", "space_id", "spaces"),
    )
    op.create_index(op.f("ix_space_change_parts_space_id"), "space_change_parts", ["space_id"])


def _allocations() -> None:
    table, live = "space_allocations", sa.text("released_at IS NULL")
    op.create_table(table, *_allocation_columns(), *_allocation_rules(table))
    op.create_index("ix_space_allocations_live", table, ["space_id"], postgresql_where=live)
    op.create_index("ix_space_allocations_expiry", table, ["expires_at"], postgresql_where=live)
    untold = sa.text("release_reason = 'lapsed' AND told_at IS NULL")
    op.create_index("ix_space_allocations_untold", table, ["id"], postgresql_where=untold)
    for column in ("space_id", "organisation_id", "person_id"):
        op.create_index(op.f(f"ix_space_allocations_{column}"), table, [column])


def _allocation_columns() -> list[sa.schema.SchemaItem]:
    key = "'GC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)"
    return [
        _key(),
        sa.Column("key", sa.String(120), sa.Computed(key, persisted=True), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        _code("kind"),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("area_m2", AREA, nullable=False),
        sa.Column("is_whole", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("deposit_vnd", sa.BigInteger()),
        sa.Column("expires_at", AT),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("released_at", AT),
        sa.Column("release_reason", sa.Text()),
        sa.Column("told_at", AT),
    ]


def _allocation_rules(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
        _to(table, "space_id", "spaces"),
        _to(table, "organisation_id", "organisations"),
        _to(table, "person_id", "people", ondelete="RESTRICT"),
        _check(table, "kind", "kind IN ('hold', 'reservation', 'lease')"),
        _check(table, "expiry", "(kind = 'lease') = (expires_at IS NULL)"),
        _check(table, "deposit", "kind <> 'reservation' OR deposit_vnd > 0"),
        _check(table, "area", "area_m2 > 0"),
        _check(table, "period", "NOT (isempty(period) OR lower_inf(period) OR upper_inf(period))"),
        _check(table, "release_reason", "release_reason IN ('lapsed', 'withdrawn', 'refused', 'ended')"),
        _check(table, "release", "(released_at IS NULL) = (release_reason IS NULL)"),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(space_id, space_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            where=sa.text("released_at IS NULL AND is_whole"),
            name="ex_space_allocations_whole",
            using="gist",
        ),
    ]
