"""What the database itself holds of admissions: a place stands only on one's own, in its park, while it counts."""

from sqlalchemy import DDL, event

from foundation.database import Model

ADMITTED = """
CREATE FUNCTION space_allocation_is_admitted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ground park_admissions;
  place spaces;
  since date;
BEGIN
  SELECT * INTO place FROM spaces WHERE id = NEW.space_id;
  IF NEW.admission_id IS NULL THEN
    SELECT admission_from INTO since FROM parks WHERE id = place.park_id;
    IF since <= (NEW.made_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AND NOT EXISTS (
        SELECT FROM space_allocations WHERE space_id = NEW.space_id AND kind = 'lease' AND holder = NEW.holder
          AND organisation_id IS NOT DISTINCT FROM NEW.organisation_id AND upper(period) <= lower(NEW.period)) THEN
      RAISE EXCEPTION 'a place in this park follows an admission'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'space_follows_admission';
    END IF;
    RETURN NEW;
  END IF;
  -- the update is the lock under which the places of one admission are counted
  UPDATE park_admissions SET title = title WHERE id = NEW.admission_id RETURNING * INTO ground;
  IF ground.ended_at IS NOT NULL OR ground.park_id <> place.park_id
      OR ground.organisation_id IS DISTINCT FROM NEW.organisation_id THEN
    RAISE EXCEPTION 'allocation stands on no admission of its own'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'admission_is_ones_own';
  END IF;
  IF ground.spaces <= (SELECT count(*) FROM space_allocations WHERE admission_id = ground.id AND id <> NEW.id
      AND released_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'admission % has all its places', ground.key
      USING ERRCODE = 'check_violation', CONSTRAINT = 'admission_has_places';
  END IF;
  RETURN NEW;
END $$
"""
STAYS = """
CREATE FUNCTION park_admission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['key', 'ended_at', 'end_reason'];
BEGIN
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later
      OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
    RAISE EXCEPTION 'admission % stands as it was given', OLD.key USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
STATEMENTS = (
    ADMITTED,
    STAYS,
    "CREATE TRIGGER space_allocations_follow_admission BEFORE INSERT OR UPDATE OF "
    "admission_id, organisation_id, space_id ON space_allocations "
    "FOR EACH ROW EXECUTE FUNCTION space_allocation_is_admitted()",
    "CREATE TRIGGER park_admissions_stay BEFORE UPDATE ON park_admissions "
    "FOR EACH ROW EXECUTE FUNCTION park_admission_stays()",
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
