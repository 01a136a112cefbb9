"""A published round has its spaces first: the database refuses them to all others until the round has settled them.

Whoever publishes a space and whoever claims it change the space's row first, so that of two at once the later one sees
what the earlier one did (ADR 24).
"""

from sqlalchemy import DDL, event

from foundation.database import Model

JOINS = """
CREATE FUNCTION round_space_joins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'settled_at' <> to_jsonb(OLD) - 'settled_at' OR OLD.settled_at IS NOT NULL THEN
      RAISE EXCEPTION 'the spaces of a round stay as published' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  UPDATE spaces SET claims = claims + 1 WHERE id = NEW.space_id;
  SELECT daterange(starts_on, ends_on, '[]') INTO NEW.period FROM allocation_rounds WHERE id = NEW.round_id;
  IF EXISTS (SELECT FROM space_allocations WHERE space_id = NEW.space_id AND released_at IS NULL
      AND period && NEW.period AND (expires_at IS NULL OR expires_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'space % is given on days of the round', NEW.space_id
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'round_space_is_free';
  END IF;
  RETURN NEW;
END $$
"""
HEEDS = """
CREATE FUNCTION space_allocation_heeds_rounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.released_at IS NULL AND EXISTS (
      SELECT FROM round_spaces WHERE space_id = NEW.space_id AND settled_at IS NULL AND period && NEW.period
        AND round_id IS DISTINCT FROM NEW.round_id) THEN
    RAISE EXCEPTION 'space % is in a round', NEW.space_id
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'space_is_in_a_round';
  END IF;
  IF NEW.round_id IS NOT NULL AND NEW.kind = 'lease' AND NEW.released_at IS NULL THEN
    UPDATE round_spaces SET settled_at = clock_timestamp()
      WHERE round_id = NEW.round_id AND space_id = NEW.space_id AND settled_at IS NULL;
  END IF;
  RETURN NEW;
END $$
"""
ENTERS = """
CREATE FUNCTION round_applicant_is_admitted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  contest allocation_rounds;
BEGIN
  SELECT * INTO contest FROM allocation_rounds WHERE id = NEW.round_id;
  IF (contest.needs_admission OR NEW.admission_id IS NOT NULL) AND NOT EXISTS (
      SELECT FROM park_admissions WHERE id = NEW.admission_id AND park_id = contest.park_id AND ended_at IS NULL
        AND organisation_id = NEW.organisation_id) THEN
    RAISE EXCEPTION 'a firm of this round stands on an admission of its own'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'round_applicant_admission';
  END IF;
  RETURN NEW;
END $$
"""
OVERRIDES = """
CREATE FUNCTION round_override_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['withdrawn_at', 'withdrawn_by'];
BEGIN
  PERFORM 1 FROM allocation_rounds WHERE id = NEW.round_id AND decided_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the round is decided' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later OR OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was decided otherwise stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
STATEMENTS = (
    JOINS,
    HEEDS,
    ENTERS,
    OVERRIDES,
    "CREATE TRIGGER round_spaces_join BEFORE INSERT OR UPDATE ON round_spaces "
    "FOR EACH ROW EXECUTE FUNCTION round_space_joins()",
    "CREATE TRIGGER space_allocations_heed_rounds BEFORE INSERT OR UPDATE OF "
    "space_id, period, kind, round_id, released_at ON space_allocations "
    "FOR EACH ROW EXECUTE FUNCTION space_allocation_heeds_rounds()",
    "CREATE TRIGGER round_applicants_admitted BEFORE INSERT OR UPDATE OF round_id, organisation_id, admission_id "
    "ON round_applicants FOR EACH ROW EXECUTE FUNCTION round_applicant_is_admitted()",
    "CREATE TRIGGER round_overrides_stay BEFORE INSERT OR UPDATE ON round_overrides "
    "FOR EACH ROW EXECUTE FUNCTION round_override_stays()",
    "CREATE TRIGGER round_overrides_kept BEFORE DELETE ON round_overrides "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
