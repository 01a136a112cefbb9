"""Terms that begin to hold on a later day: the ceilings are judged on that day, though nothing is posted then."""

from sqlalchemy import DDL, event

from foundation.database import Model

SETTLES = """
CREATE FUNCTION fund_day_settles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_fund_breach(NEW.id, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, NULL);
  RETURN NULL;
END $$
"""
TRIGGER = (
    "CREATE TRIGGER funds_judge_by_day AFTER UPDATE OF judged_on ON funds FOR EACH ROW "
    "WHEN (NEW.judged_on IS DISTINCT FROM OLD.judged_on) EXECUTE FUNCTION fund_day_settles()"
)

for _statement in (SETTLES, TRIGGER):
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
