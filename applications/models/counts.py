"""How many cases stand where: counters that the database keeps, and the changes not yet folded into them."""

from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from applications.models.cases import Case
from foundation.database import Code, Key, Model

NOBODY = 0
"""Stands for no holder, so that a counter has a key."""

PLACE = "procedure_id, unit_id, state_kind, state, coalesce(holder_id, 0)"
"""What a case is counted by; drafts are nobody's business and not counted."""

COUNT_ADDED = f"""
CREATE OR REPLACE FUNCTION count_cases_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT {PLACE}, count(*) FROM added WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""  # noqa: S608 - words of our own
COUNT_REMOVED = f"""
CREATE OR REPLACE FUNCTION count_cases_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT {PLACE}, -count(*) FROM removed WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""  # noqa: S608 - words of our own
COUNT_MOVED = """
CREATE OR REPLACE FUNCTION count_case_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_count_changes (procedure_id, unit_id, state_kind, state, holder_id, change)
    SELECT * FROM (VALUES
      (OLD.procedure_id, OLD.unit_id, OLD.state_kind, OLD.state, coalesce(OLD.holder_id, 0), -1),
      (NEW.procedure_id, NEW.unit_id, NEW.state_kind, NEW.state, coalesce(NEW.holder_id, 0), 1)
    ) AS moved (procedure_id, unit_id, state_kind, state, holder_id, change) WHERE state_kind <> 'draft';
  RETURN NULL;
END $$
"""
ADDED = (
    "CREATE TRIGGER cases_count_added AFTER INSERT ON cases REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION count_cases_added()"
)
REMOVED = (
    "CREATE TRIGGER cases_count_removed AFTER DELETE ON cases REFERENCING OLD TABLE AS removed "
    "FOR EACH STATEMENT EXECUTE FUNCTION count_cases_removed()"
)
MOVED = (
    "CREATE TRIGGER cases_count_moved AFTER UPDATE ON cases FOR EACH ROW WHEN "
    "((OLD.procedure_id, OLD.unit_id, OLD.state_kind, OLD.state, OLD.holder_id) IS DISTINCT FROM "
    "(NEW.procedure_id, NEW.unit_id, NEW.state_kind, NEW.state, NEW.holder_id)) EXECUTE FUNCTION count_case_moved()"
)
"""Asked before the function is called, so that a saved answer costs nothing here."""


class CaseCount(Model):
    """How many cases stood here when the changes were last folded; read together with the changes since."""

    __tablename__ = "case_counts"

    procedure_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state_kind: Mapped[Code] = mapped_column(primary_key=True)
    state: Mapped[Code] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class CaseCountChange(Model):
    """Cases came here or left: written by triggers in the transaction that moves the case, which waits for nobody."""

    __tablename__ = "case_count_changes"

    id: Mapped[Key]
    procedure_id: Mapped[int]
    unit_id: Mapped[int]
    state_kind: Mapped[Code]
    state: Mapped[Code]
    holder_id: Mapped[int]
    change: Mapped[int]


for _statement in (COUNT_ADDED, COUNT_REMOVED, COUNT_MOVED, ADDED, REMOVED, MOVED):
    event.listen(Case.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
