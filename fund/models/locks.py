"""What a posting has to know of its fund, told in the very statement that takes the lock.

Each statement inside sees what was committed when it began, so what follows the lock is as the last posting left it. Of
terms and contributors, which seldom change, it tells the versions of their rows alone: who knows these reads no more.
"""

from sqlalchemy import DDL, event

from foundation.database import Model

LOCKS = """
CREATE FUNCTION lock_books(which text, day date) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  fund funds;
BEGIN
  SELECT * INTO fund FROM funds WHERE code = which FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN json_build_object(
    'id', fund.id, 'state', fund.state, 'version_id', fund.version_id,
    'terms', (SELECT concat_ws(':', id, xmin, ctid) FROM fund_terms WHERE fund_id = fund.id AND valid_from <= day
      ORDER BY valid_from DESC, id DESC LIMIT 1),
    'contributors', (SELECT string_agg(concat_ws(':', id, xmin, ctid), ' ' ORDER BY id) FROM fund_contributors
      WHERE fund_id = fund.id),
    'balances', (SELECT json_agg(json_build_array(contributor_id, account, amount_vnd)) FROM ledger_balances
      WHERE fund_id = fund.id),
    'calls', (SELECT json_agg(json_build_array(id, entry_id, state, amount_vnd, due_on,
        (SELECT json_object_agg(contributor_id, amount_vnd) FROM ledger_lines
          WHERE ledger_lines.entry_id = capital_calls.entry_id AND account = 'receivable'), version_id) ORDER BY number)
      FROM capital_calls WHERE fund_id = fund.id AND state IN ('issued', 'partly_paid', 'overdue')),
    'entry', nextval(pg_get_serial_sequence('ledger_entries', 'id')),
    'trail', (SELECT json_build_array(seq, encode(hash, 'hex'),
        nextval(pg_get_serial_sequence('audit_entries', 'id'))) FROM audit_heads WHERE stream = 'fund:' || fund.id));
END $$
"""

event.listen(Model.metadata, "after_create", DDL(LOCKS.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
