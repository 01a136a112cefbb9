"""What the database itself holds of rounds: what was published stays, and no points change after the decision."""

from sqlalchemy import DDL, event

from foundation.database import Model

PUBLISHED = """
CREATE FUNCTION round_stays_as_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['key', 'alternatives', 'decided_at', 'decided_by'];
BEGIN
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later OR OLD.decided_at <> NEW.decided_at OR
      (OLD.decided_at IS NOT NULL AND NEW.decided_at IS NULL) THEN
    RAISE EXCEPTION 'round % is published', OLD.key USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
DECIDED = """
CREATE FUNCTION round_applicant_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM allocation_rounds WHERE id = NEW.round_id AND decided_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the round is decided' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
STATEMENTS = (
    PUBLISHED,
    DECIDED,
    "CREATE TRIGGER allocation_rounds_published BEFORE UPDATE ON allocation_rounds "
    "FOR EACH ROW EXECUTE FUNCTION round_stays_as_published()",
    "CREATE TRIGGER round_applicants_open BEFORE INSERT OR UPDATE ON round_applicants "
    "FOR EACH ROW EXECUTE FUNCTION round_applicant_is_open()",
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
