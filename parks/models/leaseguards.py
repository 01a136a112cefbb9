"""What the database itself holds of leases: signed terms stay as signed, and a deposit is never overdrawn.

Before a row is written its generated ``key`` is empty, so it is left out of the comparisons.
"""

from sqlalchemy import DDL, event

from foundation.database import Model

FIXED = """
CREATE OR REPLACE FUNCTION lease_terms_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['key', 'notice_on', 'terminated_on', 'handed_back_on', 'renewal_notices'];
BEGIN
  IF OLD.signed_on IS NOT NULL AND to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
    RAISE EXCEPTION 'lease % is signed', OLD.key USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
REQUESTED = """
CREATE OR REPLACE FUNCTION payment_request_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['key', 'einvoice_number', 'reminders', 'corrected_vnd'];
BEGIN
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
    RAISE EXCEPTION 'request % is issued', OLD.key USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
DEPOSIT = """
CREATE FUNCTION lease_deposit_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held numeric;
BEGIN
  -- the lock under which a deposit is drawn on
  PERFORM 1 FROM leases WHERE id = NEW.lease_id FOR NO KEY UPDATE;
  SELECT sum(CASE kind WHEN 'received' THEN amount_vnd ELSE -amount_vnd END) INTO held
    FROM lease_deposits WHERE lease_id = NEW.lease_id;
  IF held < 0 THEN
    RAISE EXCEPTION 'the deposit of lease % is overdrawn', NEW.lease_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'lease_deposit_is_not_overdrawn';
  END IF;
  RETURN NULL;
END $$
"""
STATEMENTS = (
    FIXED,
    REQUESTED,
    DEPOSIT,
    "CREATE TRIGGER leases_fixed BEFORE UPDATE ON leases FOR EACH ROW EXECUTE FUNCTION lease_terms_are_fixed()",
    "CREATE TRIGGER leases_stay BEFORE DELETE ON leases FOR EACH ROW "
    "WHEN (OLD.signed_on IS NOT NULL) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payment_requests_fixed BEFORE UPDATE ON payment_requests "
    "FOR EACH ROW EXECUTE FUNCTION payment_request_is_fixed()",
    "CREATE CONSTRAINT TRIGGER lease_deposits_hold AFTER INSERT ON lease_deposits "
    "FOR EACH ROW EXECUTE FUNCTION lease_deposit_holds()",
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
