"""What the database itself does about a breach: whoever writes to the ledger, the state of the fund follows.

A breach begins and ends when a transaction's entries are judged, by :mod:`fund.models.guards`; terms that change are
judged too.
"""

from sqlalchemy import DDL, event

from foundation.database import Model
from fund.models.guards import BROKEN

SETTLES = """
CREATE FUNCTION settle_fund_breach(which bigint, day date, entry bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  fund funds;
  terms fund_terms;
  sums record;
  is_broken boolean;
  was record;
  moment timestamptz;
BEGIN
  SELECT * INTO fund FROM funds WHERE id = which FOR UPDATE;
  moment := CASE WHEN entry IS NULL THEN clock_timestamp() ELSE fund.last_recorded_at END;
  SELECT * INTO terms FROM fund_terms WHERE fund_id = which AND valid_from <= day
    ORDER BY valid_from DESC, id DESC LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT coalesce(-sum(amount_vnd) FILTER (WHERE is_city AND account = 'charter'), 0) AS city_charter,
      coalesce(-sum(amount_vnd) FILTER (WHERE account = 'charter'), 0) AS charter,
      coalesce(sum(amount_vnd) FILTER (WHERE is_city AND account = 'paid'), 0) AS city_paid,
      coalesce(sum(amount_vnd) FILTER (WHERE account = 'paid'), 0) AS paid
    INTO sums FROM ledger_balances JOIN fund_contributors ON fund_contributors.id = contributor_id
    WHERE ledger_balances.fund_id = which;
  is_broken := BROKEN;
  IF is_broken AND fund.state <> 'cap_breach' AND fund.state NOT IN ('wind_down', 'closed') THEN
    INSERT INTO fund_breaches (fund_id, from_state, opened_at, opened_by_id)
      VALUES (which, fund.state, moment, entry);
    INSERT INTO fund_moves (fund_id, subject, subject_id, step, from_state, to_state, at)
      VALUES (which, 'fund', which, 'breach', fund.state, 'cap_breach', moment);
    UPDATE funds SET state = 'cap_breach' WHERE id = which;
  ELSIF NOT is_broken AND fund.state = 'cap_breach' THEN
    UPDATE fund_breaches SET closed_at = moment, closed_by_id = entry
      WHERE fund_id = which AND closed_at IS NULL RETURNING from_state INTO was;
    INSERT INTO fund_moves (fund_id, subject, subject_id, step, from_state, to_state, at)
      VALUES (which, 'fund', which, 'cure', 'cap_breach', was.from_state, moment);
    UPDATE funds SET state = was.from_state WHERE id = which;
  END IF;
END $$
""".replace("BROKEN", BROKEN)
TERMS_SETTLE = """
CREATE FUNCTION fund_terms_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
  IF NEW.valid_from <= today THEN
    PERFORM settle_fund_breach(NEW.fund_id, today, NULL);
  END IF;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER fund_terms_settle AFTER INSERT ON fund_terms FOR EACH ROW EXECUTE FUNCTION fund_terms_settle()",
    "CREATE TRIGGER funds_breach_by_ledger_alone BEFORE UPDATE OF state ON funds FOR EACH ROW WHEN "
    "(NEW.state <> OLD.state AND 'cap_breach' IN (NEW.state, OLD.state) AND pg_trigger_depth() = 0) "
    "EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER fund_breaches_by_ledger_alone BEFORE INSERT OR DELETE OR UPDATE OF fund_id, from_state, opened_at, "
    "opened_by_id, closed_at, closed_by_id ON fund_breaches FOR EACH ROW WHEN (pg_trigger_depth() = 0) "
    "EXECUTE FUNCTION refuse_change()",
)
STATEMENTS = (SETTLES, TERMS_SETTLE, *TRIGGERS)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
