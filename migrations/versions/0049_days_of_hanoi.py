"""Terms begin to hold, and claims on a space end, by the day in Hanoi, not by the day of the server's clock."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TERMS = """
CREATE OR REPLACE FUNCTION fund_terms_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
  IF NEW.valid_from <= today THEN
    PERFORM settle_fund_breach(NEW.fund_id, today, NULL);
  END IF;
  RETURN NULL;
END $$
"""
SPACES = """
CREATE OR REPLACE FUNCTION space_changes_within_its_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
  IF (NEW.id, NEW.park_id, NEW.parent_id, NEW.path, NEW.kind, NEW.code)
      IS DISTINCT FROM (OLD.id, OLD.park_id, OLD.parent_id, OLD.path, OLD.kind, OLD.code) THEN
    RAISE EXCEPTION 'space % keeps its place', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.usable_m2 IS NULL AND NEW.usable_m2 IS NOT NULL THEN
    PERFORM refuse_let_twice(NEW.id, NEW.path);
  END IF;
  IF EXISTS (SELECT FROM space_allocations WHERE space_id = NEW.id AND released_at IS NULL
        AND upper(period) > today AND (expires_at IS NULL OR expires_at > clock_timestamp())
        AND (NEW.usable_m2 IS NULL OR is_whole <> (area_m2 = NEW.usable_m2) OR NOT (is_whole OR NEW.is_divisible)
          OR NOT period <@ daterange(NEW.opened_on, NEW.closed_on)))
      OR NEW.usable_m2 < space_peak_m2(NEW.id, daterange(today, NULL), clock_timestamp()) THEN
    RAISE EXCEPTION 'space % is claimed as it stands', OLD.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'space_holds_its_claims';
  END IF;
  RETURN NEW;
END $$
"""
AS_IT_STANDS = {"no_parameters": True}  # per cent signs are PostgreSQL's own
TODAY, SERVERS = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "current_date"


def upgrade() -> None:
    for text in (TERMS, SPACES):
        op.get_bind().exec_driver_sql(text, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    for text in (TERMS, SPACES):
        op.get_bind().exec_driver_sql(text.replace(TODAY, SERVERS), execution_options=AS_IT_STANDS)
