"""An entry is judged once, breach and all; the lock of a fund tells versions of rows that seldom change, not the rows."""

from alembic import op

from foundation.database import AS_IT_STANDS

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

LOCKS = """
CREATE OR REPLACE FUNCTION lock_books(which text, day date) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  fund funds;
BEGIN
  SELECT * INTO fund FROM funds WHERE code = which FOR UPDATE;
FRAME    'balances', (SELECT json_agg(json_build_array(contributor_id, account, amount_vnd)) FROM ledger_balances
      WHERE fund_id = fund.id),
    'calls', (SELECT json_agg(json_build_array(id, entry_id, state, amount_vnd, due_on,
        (SELECT json_object_agg(contributor_id, amount_vnd) FROM ledger_lines
          WHERE ledger_lines.entry_id = capital_calls.entry_id AND account = 'receivable'), version_id) ORDER BY number)
      FROM capital_calls WHERE fund_id = fund.id AND state IN ('issued', 'partly_paid', 'overdue')),
ENTRY    'trail', (SELECT json_build_array(seq, encode(hash, 'hex'),
        nextval(pg_get_serial_sequence('audit_entries', 'id'))) FROM audit_heads WHERE stream = 'fund:' || fund.id));
END $$
"""
FRAME = """  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN json_build_object(
    'id', fund.id, 'state', fund.state, 'version_id', fund.version_id,
    'terms', (SELECT concat_ws(':', id, xmin, ctid) FROM fund_terms WHERE fund_id = fund.id AND valid_from <= day
      ORDER BY valid_from DESC, id DESC LIMIT 1),
    'contributors', (SELECT string_agg(concat_ws(':', id, xmin, ctid), ' ' ORDER BY id) FROM fund_contributors
      WHERE fund_id = fund.id),
"""
EARLIER_FRAME = """  RETURN json_build_object(
    'state', fund.state,
    'terms', (SELECT id FROM fund_terms WHERE fund_id = fund.id AND valid_from <= day
      ORDER BY valid_from DESC, id DESC LIMIT 1),
    'contributors', (SELECT json_object_agg(id, state) FROM fund_contributors WHERE fund_id = fund.id),
"""
ENTRY = """    'entry', nextval(pg_get_serial_sequence('ledger_entries', 'id')),
"""
CLOSES = """
CREATE OR REPLACE FUNCTION ledger_entry_closes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  terms fund_terms;
  lines record;
  sums record;
  cash record;
BEGIN
  SELECT count(*) AS number, coalesce(sum(amount_vnd), 0) AS amount,
      coalesce(-sum(amount_vnd) FILTER (WHERE is_city AND account = 'charter'), 0) AS city_charter,
      coalesce(sum(amount_vnd) FILTER (WHERE is_city AND account = 'paid'), 0) AS city_paid,
      coalesce(sum(amount_vnd) FILTER (WHERE is_city AND account = 'receivable'), 0) AS city_called,
      coalesce(-sum(amount_vnd) FILTER (WHERE account = 'spent'), 0) AS spent,
      coalesce(-sum(amount_vnd) FILTER (WHERE NOT is_city AND account = 'charter'), 0) AS private_charter
    INTO lines FROM ledger_lines JOIN fund_contributors ON fund_contributors.id = contributor_id
    WHERE entry_id = NEW.id;
  IF lines.number <> NEW.line_count OR lines.amount <> 0 THEN
    RAISE EXCEPTION 'entry % does not balance', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
  END IF;
  SELECT * INTO terms FROM fund_terms WHERE fund_id = NEW.fund_id AND valid_from <= NEW.effective_on
    ORDER BY valid_from DESC, id DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'fund % has no terms on %', NEW.fund_id, NEW.effective_on
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_terms';
  END IF;
  SELECT coalesce(-sum(amount_vnd) FILTER (WHERE is_city AND account = 'charter'), 0) AS city_charter,
      coalesce(-sum(amount_vnd) FILTER (WHERE account = 'charter'), 0) AS charter,
      coalesce(sum(amount_vnd) FILTER (WHERE is_city AND account = 'paid'), 0) AS city_paid,
      coalesce(sum(amount_vnd) FILTER (WHERE account = 'paid'), 0) AS paid,
      coalesce(sum(amount_vnd) FILTER (WHERE account IN ('paid', 'spent')), 0) AS money,
      count(*) FILTER (WHERE NOT is_city AND account = 'charter' AND amount_vnd < 0) AS investors
    INTO sums FROM ledger_balances JOIN fund_contributors ON fund_contributors.id = contributor_id
    WHERE ledger_balances.fund_id = NEW.fund_id;
  IF lines.city_charter > 0 OR lines.city_called > 0 THEN
    PERFORM refuse_city_money('charter capital', sums.city_charter, sums.charter, terms);
  END IF;
CALLED    PERFORM refuse_city_money('paid-in capital', sums.city_paid, sums.paid, terms);
  END IF;
  IF lines.spent > 0 AND sums.money < 0 THEN
    RAISE EXCEPTION 'fund % has less money than is spent', NEW.fund_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_money';
  END IF;
  IF NEW.kind = 'distribution' THEN
    SELECT coalesce((SELECT sum(came_vnd - went_vnd) FROM ledger_days WHERE fund_id = NEW.fund_id), 0)
      + coalesce((SELECT sum(amount_vnd) FROM ledger_balances
        WHERE fund_id = NEW.fund_id AND account IN ('spent', 'proceeds', 'interest')), 0) AS amount INTO cash;
    IF cash.amount < 0 THEN
      RAISE EXCEPTION 'fund % has % less than is distributed', NEW.fund_id, -cash.amount
        USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_cash';
    END IF;
  END IF;
  IF lines.private_charter > 0 AND sums.investors > terms.private_investors THEN
    RAISE EXCEPTION 'fund % may have % private investors', NEW.fund_id, terms.private_investors
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_private_investors';
  END IF;
SETTLED  RETURN NULL;
END $$
"""
CALLED = """  IF lines.city_paid > 0 OR NEW.kind = 'call' AND lines.city_called > 0 THEN
"""
EARLIER_CALLED = """  IF lines.city_paid > 0 THEN
"""
SETTLED = """  IF (coalesce(greatest(sums.city_charter, sums.city_paid) > terms.city_amount_vnd, false)
    OR sums.city_charter * terms.share_denominator > terms.share_numerator * sums.charter
    OR sums.city_paid * terms.share_denominator > terms.share_numerator * sums.paid)
      <> EXISTS (SELECT FROM funds WHERE id = NEW.fund_id AND state = 'cap_breach') THEN
    PERFORM settle_fund_breach(NEW.fund_id, NEW.effective_on, NEW.id);
  END IF;
"""
ENTRY_SETTLES = """
CREATE FUNCTION ledger_entry_settles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  terms fund_terms;
  sums record;
BEGIN
  IF EXISTS (SELECT FROM ledger_lines JOIN fund_contributors ON fund_contributors.id = contributor_id
      WHERE entry_id = NEW.id AND is_city AND account = 'receivable' AND NEW.kind = 'call') THEN
    SELECT * INTO terms FROM fund_terms WHERE fund_id = NEW.fund_id AND valid_from <= NEW.effective_on
      ORDER BY valid_from DESC, id DESC LIMIT 1;
    SELECT coalesce(sum(amount_vnd) FILTER (WHERE is_city), 0) AS city, coalesce(sum(amount_vnd), 0) AS paid
      INTO sums FROM ledger_balances JOIN fund_contributors ON fund_contributors.id = contributor_id
      WHERE ledger_balances.fund_id = NEW.fund_id AND account = 'paid';
    PERFORM refuse_city_money('paid-in capital', sums.city, sums.paid, terms);
  END IF;
  PERFORM settle_fund_breach(NEW.fund_id, NEW.effective_on, NEW.id);
  RETURN NULL;
END $$
"""
TRIGGER = (
    "CREATE CONSTRAINT TRIGGER ledger_entries_settle AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION ledger_entry_settles()"
)


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def upgrade() -> None:
    op.execute(LOCKS.replace("FRAME", FRAME).replace("ENTRY", ENTRY))
    _run(CLOSES.replace("CALLED", CALLED).replace("SETTLED", SETTLED))
    op.execute("DROP TRIGGER ledger_entries_settle ON ledger_entries")
    op.execute("DROP FUNCTION ledger_entry_settles()")


def downgrade() -> None:
    op.execute(ENTRY_SETTLES)
    op.execute(TRIGGER)
    _run(CLOSES.replace("CALLED", EARLIER_CALLED).replace("SETTLED", ""))
    op.execute(LOCKS.replace("FRAME", EARLIER_FRAME).replace("ENTRY", ""))
