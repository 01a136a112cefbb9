"""What the database itself holds against whoever writes: a tree that is one, and no space given twice on any day.

Whoever claims a part of a space first changes the space's row, which is the lock; only then is the room counted.
"""

from sqlalchemy import DDL, event

from foundation.database import Model

GROWS = """
CREATE FUNCTION space_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above spaces;
  ranks text[] := ARRAY['zone', 'plot', 'building', 'floor', 'unit', 'desk'];
BEGIN
  NEW.path := '/' || NEW.id || '/';
  IF NEW.parent_id IS NOT NULL THEN
    SELECT * INTO above FROM spaces WHERE id = NEW.parent_id;
    IF above.park_id <> NEW.park_id
        OR array_position(ranks, above.kind::text) >= array_position(ranks, NEW.kind::text) THEN
      RAISE EXCEPTION 'a % is no part of % %', NEW.kind, above.kind, above.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'space_has_its_place';
    END IF;
    NEW.path := above.path || NEW.id || '/';
  END IF;
  IF NEW.usable_m2 IS NOT NULL THEN
    PERFORM refuse_let_twice(NEW.id, NEW.path);
  END IF;
  RETURN NEW;
END $$
"""
LET_TWICE = """
CREATE FUNCTION refuse_let_twice(own bigint, own_path text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array_remove(string_to_array(trim(BOTH '/' FROM own_path), '/')::bigint[], own);
BEGIN
  -- whoever makes one of those above let waits for this lock, and then finds this space below it
  PERFORM 1 FROM spaces WHERE id = ANY (ids) ORDER BY id FOR SHARE;
  IF EXISTS (SELECT FROM spaces WHERE id = ANY (ids) AND usable_m2 IS NOT NULL AND closed_on IS NULL)
      OR EXISTS (SELECT FROM spaces WHERE path LIKE own_path || '_%' AND usable_m2 IS NOT NULL AND closed_on IS NULL)
  THEN
    RAISE EXCEPTION 'space % lies above or below one that is let', own
      USING ERRCODE = 'check_violation', CONSTRAINT = 'space_is_let_once';
  END IF;
END $$
"""
CHANGES = """
CREATE FUNCTION space_changes_within_its_claims() RETURNS trigger LANGUAGE plpgsql AS $$
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
PEAK = """
CREATE FUNCTION space_peak_m2(place bigint, days daterange, moment timestamptz)
  RETURNS numeric LANGUAGE sql STABLE AS $$
  WITH claims AS (
    SELECT period * days AS period, area_m2 FROM space_allocations
      WHERE space_id = place AND period && days AND released_at IS NULL AND (expires_at IS NULL OR expires_at > moment)
  ), steps AS (
    SELECT lower(period) AS day, area_m2 AS step FROM claims
    UNION ALL SELECT upper(period), -area_m2 FROM claims
  ), sums AS (SELECT sum(sum(step)) OVER (ORDER BY day) AS taken FROM steps GROUP BY day)
  SELECT coalesce(max(taken), 0) FROM sums
$$
"""
CLAIMS = """
CREATE FUNCTION space_allocation_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place spaces;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- its key is computed only after this
    IF (OLD.released_at IS NOT NULL
          AND to_jsonb(NEW) - '{told_at,key}'::text[] <> to_jsonb(OLD) - '{told_at,key}'::text[])
        OR (NEW.id, NEW.space_id) <> (OLD.id, OLD.space_id) THEN
      RAISE EXCEPTION 'allocation % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.released_at IS NOT NULL THEN
      RETURN NEW;
    END IF;
    IF OLD.expires_at <= clock_timestamp() THEN
      RAISE EXCEPTION 'allocation % has lapsed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_has_not_lapsed';
    END IF;
  END IF;
  -- the update is the lock under which a space is shared out, and fails under an older snapshot
  UPDATE spaces SET claims = claims + 1 WHERE id = NEW.space_id RETURNING * INTO place;
  IF place.usable_m2 IS NULL OR NOT (place.is_divisible OR NEW.area_m2 = place.usable_m2)
      OR NOT NEW.period <@ daterange(place.opened_on, place.closed_on) THEN
    RAISE EXCEPTION 'space % is not let like this', place.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'space_is_let_like_this';
  END IF;
  NEW.is_whole := NEW.area_m2 = place.usable_m2;
  UPDATE space_allocations SET released_at = expires_at, release_reason = 'lapsed'
    WHERE space_id = NEW.space_id AND id <> NEW.id AND released_at IS NULL AND expires_at <= clock_timestamp();
  RETURN NEW;
END $$
"""
FITS = """
CREATE FUNCTION space_allocation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  usable numeric;
BEGIN
  IF NEW.released_at IS NULL THEN
    SELECT usable_m2 INTO usable FROM spaces WHERE id = NEW.space_id FOR NO KEY UPDATE;
    IF space_peak_m2(NEW.space_id, NEW.period, clock_timestamp()) > usable THEN
      RAISE EXCEPTION 'space % has only % square metres', NEW.space_id, usable
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'space_is_not_given_twice';
    END IF;
  END IF;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER spaces_grow BEFORE INSERT ON spaces FOR EACH ROW EXECUTE FUNCTION space_grows()",
    "CREATE TRIGGER spaces_change BEFORE UPDATE OF id, park_id, parent_id, path, kind, code, usable_m2, is_divisible, "
    "opened_on, closed_on ON spaces FOR EACH ROW EXECUTE FUNCTION space_changes_within_its_claims()",
    "CREATE TRIGGER space_allocations_claim BEFORE INSERT OR UPDATE ON space_allocations "
    "FOR EACH ROW EXECUTE FUNCTION space_allocation_claims()",
    "CREATE CONSTRAINT TRIGGER space_allocations_fit AFTER INSERT OR UPDATE ON space_allocations "
    "FOR EACH ROW EXECUTE FUNCTION space_allocation_fits()",
    "CREATE TRIGGER space_allocations_stay BEFORE DELETE ON space_allocations "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER space_allocations_no_truncate BEFORE TRUNCATE ON space_allocations "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
STATEMENTS = (PEAK, LET_TWICE, GROWS, CHANGES, CLAIMS, FITS, *TRIGGERS)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
