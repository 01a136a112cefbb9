"""What the database itself holds against whoever writes to a ledger: balance, closed entries, ceilings, investors.

An entry locks its fund when it opens and is judged when its transaction ends; by then all its lines are there. Where
it leads the fund into a breach or out of one, :mod:`fund.models.breaches` does the rest.
"""

from sqlalchemy import DDL, event

from foundation.database import Model

OPENS = """
CREATE FUNCTION ledger_entry_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- the update is the lock under which the ledger of one fund grows, and fails under an older snapshot
  UPDATE funds SET entries = entries + 1,
      last_recorded_at = greatest(last_recorded_at, least(NEW.recorded_at, clock_timestamp()))
    WHERE id = NEW.fund_id RETURNING last_recorded_at INTO NEW.recorded_at;
  RETURN NEW;
END $$
"""
COUNTS = """
CREATE FUNCTION ledger_line_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > (SELECT line_count FROM ledger_entries WHERE id = NEW.entry_id) THEN
    RAISE EXCEPTION 'entry % is closed', NEW.entry_id USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE ledger_balances SET amount_vnd = amount_vnd + NEW.amount_vnd
    WHERE fund_id = NEW.fund_id AND contributor_id = NEW.contributor_id AND account = NEW.account;
  IF NOT FOUND THEN
    INSERT INTO ledger_balances (fund_id, contributor_id, account, amount_vnd)
      VALUES (NEW.fund_id, NEW.contributor_id, NEW.account, NEW.amount_vnd);
  END IF;
  RETURN NULL;
END $$
"""
CASH = """
  IF NEW.kind = 'distribution' THEN
    SELECT coalesce((SELECT sum(came_vnd - went_vnd) FROM ledger_days WHERE fund_id = NEW.fund_id), 0)
      + coalesce((SELECT sum(amount_vnd) FROM ledger_balances
        WHERE fund_id = NEW.fund_id AND account IN ('spent', 'proceeds', 'interest')), 0) AS amount INTO cash;
    IF cash.amount < 0 THEN
      RAISE EXCEPTION 'fund % has % less than is distributed', NEW.fund_id, -cash.amount
        USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_cash';
    END IF;
  END IF;
"""
"""Nothing is distributed that is not there: paid in, taken back from what was invested, or received as interest."""

BROKEN = """coalesce(greatest(sums.city_charter, sums.city_paid) > terms.city_amount_vnd, false)
    OR sums.city_charter * terms.share_denominator > terms.share_numerator * sums.charter
    OR sums.city_paid * terms.share_denominator > terms.share_numerator * sums.paid"""
"""Whether money of the city is above a ceiling on a base that binds."""

CLOSES = """
CREATE FUNCTION ledger_entry_closes() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF lines.city_paid > 0 OR NEW.kind = 'call' AND lines.city_called > 0 THEN
    PERFORM refuse_city_money('paid-in capital', sums.city_paid, sums.paid, terms);
  END IF;
  IF lines.spent > 0 AND sums.money < 0 THEN
    RAISE EXCEPTION 'fund % has less money than is spent', NEW.fund_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_money';
  END IF;CASH
  IF lines.private_charter > 0 AND sums.investors > terms.private_investors THEN
    RAISE EXCEPTION 'fund % may have % private investors', NEW.fund_id, terms.private_investors
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_private_investors';
  END IF;
  IF (BROKEN)
      <> EXISTS (SELECT FROM funds WHERE id = NEW.fund_id AND state = 'cap_breach') THEN
    PERFORM settle_fund_breach(NEW.fund_id, NEW.effective_on, NEW.id);
  END IF;
  RETURN NULL;
END $$
""".replace("CASH\n", CASH).replace("BROKEN", BROKEN)
REFUSES = """
CREATE FUNCTION refuse_city_money(base text, city numeric, whole numeric, terms fund_terms)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  most numeric := least(terms.city_amount_vnd,
    div((whole - city) * terms.share_numerator, terms.share_denominator - terms.share_numerator));
BEGIN
  IF city > terms.city_amount_vnd OR city * terms.share_denominator > terms.share_numerator * whole THEN
    RAISE EXCEPTION 'the city may have at most % of this %', most, base
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_ceiling';
  END IF;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER ledger_entries_open BEFORE INSERT ON ledger_entries "
    "FOR EACH ROW EXECUTE FUNCTION ledger_entry_opens()",
    "CREATE TRIGGER ledger_lines_count AFTER INSERT ON ledger_lines FOR EACH ROW EXECUTE FUNCTION ledger_line_counts()",
    "CREATE CONSTRAINT TRIGGER ledger_entries_close AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION ledger_entry_closes()",
    "CREATE TRIGGER ledger_balances_by_lines_alone BEFORE INSERT OR UPDATE OR DELETE ON ledger_balances "
    "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER ledger_balances_no_truncate BEFORE TRUNCATE ON ledger_balances "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER fund_contributors_stay BEFORE UPDATE OF fund_id, is_city ON fund_contributors "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)
STATEMENTS = (OPENS, COUNTS, REFUSES, CLOSES, *TRIGGERS)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
