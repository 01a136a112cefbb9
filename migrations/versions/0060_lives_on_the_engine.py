"""Funds, commitments and calls are pinned to the workflow that moves them, and each of their steps says by which."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

PINNED = ("funds", "fund_contributors", "capital_calls", "fund_moves")
LOCKS = """
CREATE OR REPLACE FUNCTION lock_books(which text, day date) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  fund funds;
BEGIN
  SELECT * INTO fund FROM funds WHERE code = which FOR UPDATE;
  RETURN json_build_object(
    'state', fund.state,
    'terms', (SELECT id FROM fund_terms WHERE fund_id = fund.id AND valid_from <= day
      ORDER BY valid_from DESC, id DESC LIMIT 1),
    'contributors', (SELECT json_object_agg(id, state) FROM fund_contributors WHERE fund_id = fund.id),
    'balances', (SELECT json_agg(json_build_array(contributor_id, account, amount_vnd)) FROM ledger_balances
      WHERE fund_id = fund.id),
    'calls', (SELECT json_agg(json_build_array(id, entry_id, state, amount_vnd, due_on,
        (SELECT json_object_agg(contributor_id, amount_vnd) FROM ledger_lines
          WHERE ledger_lines.entry_id = capital_calls.entry_id AND account = 'receivable')VERSION) ORDER BY number)
      FROM capital_calls WHERE fund_id = fund.id AND state IN ('issued', 'partly_paid', 'overdue')),
    'trail', (SELECT json_build_array(seq, encode(hash, 'hex'),
        nextval(pg_get_serial_sequence('audit_entries', 'id'))) FROM audit_heads WHERE stream = 'fund:' || fund.id));
END $$
"""


def upgrade() -> None:
    for table in PINNED:
        op.add_column(table, sa.Column("version_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_version_id_procedure_versions"), table, "procedure_versions", ["version_id"], ["id"]
        )
        op.create_index(op.f(f"ix_{table}_version_id"), table, ["version_id"])
    op.execute(LOCKS.replace("VERSION", ", version_id"))


def downgrade() -> None:
    op.execute(LOCKS.replace("VERSION", ""))
    for table in PINNED:
        op.drop_column(table, "version_id")
