"""What the ledger of a fund comes to day by day, kept by the ledger itself: nobody has to add up all its entries.

``came_vnd`` and ``went_vnd`` are money of a contributor that came in or went back on that day; what was taken back
later is not among them, whenever it was. Figures as known on a day are worked out from the entries.
"""

from datetime import date

from sqlalchemy import DDL, ForeignKeyConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Model, Vnd


class LedgerDay(Model):
    """The sum of all lines of one day, by account and contributor; written by the ledger's trigger alone."""

    __tablename__ = "ledger_days"
    __table_args__ = (
        ForeignKeyConstraint(["fund_id", "contributor_id"], ["fund_contributors.fund_id", "fund_contributors.id"]),
    )

    fund_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[Code] = mapped_column(primary_key=True)
    effective_on: Mapped[date] = mapped_column(primary_key=True)
    contributor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount_vnd: Mapped[Vnd]
    came_vnd: Mapped[Vnd]
    went_vnd: Mapped[Vnd]


SUMS = """
  sum(l.amount_vnd) AS amount_vnd,
  coalesce(sum(abs(l.amount_vnd)) FILTER (WHERE stands AND e.kind = 'payment' AND l.account = 'paid'), 0) AS came_vnd,
  coalesce(sum(abs(l.amount_vnd)) FILTER (WHERE stands AND (e.kind = 'withdrawal' AND l.account = 'paid'
    OR e.kind = 'distribution' AND l.account = 'distributed')), 0) AS went_vnd
"""
STANDS = "NOT EXISTS (SELECT FROM ledger_entries r WHERE r.reverses_id = e.id) AS stands"
"""Columns of a day from lines ``l`` of entries ``e``."""

COUNTS = """
CREATE FUNCTION ledger_lines_count_by_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_days AS d
      (fund_id, account, effective_on, contributor_id, amount_vnd, came_vnd, went_vnd)
    SELECT l.fund_id, l.account, e.effective_on, l.contributor_id, SUMS
      FROM added l JOIN ledger_entries e ON e.id = l.entry_id, LATERAL (SELECT STANDS) s
      GROUP BY l.fund_id, l.account, e.effective_on, l.contributor_id
    ON CONFLICT (fund_id, account, effective_on, contributor_id) DO UPDATE
      SET amount_vnd = d.amount_vnd + excluded.amount_vnd, came_vnd = d.came_vnd + excluded.came_vnd,
        went_vnd = d.went_vnd + excluded.went_vnd;
  RETURN NULL;
END $$
""".replace("SUMS", SUMS).replace("STANDS", STANDS)
TAKES_BACK = """
CREATE FUNCTION ledger_entry_takes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_days d SET came_vnd = d.came_vnd - o.came_vnd, went_vnd = d.went_vnd - o.went_vnd
    FROM (SELECT l.account, e.effective_on, l.contributor_id, SUMS
      FROM ledger_lines l JOIN ledger_entries e ON e.id = l.entry_id, (SELECT true AS stands) s
      WHERE l.entry_id = NEW.reverses_id GROUP BY l.account, e.effective_on, l.contributor_id) o
    WHERE d.fund_id = NEW.fund_id AND d.account = o.account AND d.effective_on = o.effective_on
      AND d.contributor_id = o.contributor_id;
  RETURN NULL;
END $$
""".replace("SUMS", SUMS)
RECKON = """
INSERT INTO ledger_days (fund_id, account, effective_on, contributor_id, amount_vnd, came_vnd, went_vnd)
  SELECT l.fund_id, l.account, e.effective_on, l.contributor_id, SUMS
    FROM ledger_lines l JOIN ledger_entries e ON e.id = l.entry_id, LATERAL (SELECT STANDS) s
    GROUP BY l.fund_id, l.account, e.effective_on, l.contributor_id
""".replace("SUMS", SUMS).replace("STANDS", STANDS)
"""The days of a ledger that was there before."""

TRIGGERS = (
    "CREATE TRIGGER ledger_lines_count_by_day AFTER INSERT ON ledger_lines REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_count_by_day()",
    "CREATE TRIGGER ledger_entries_take_back AFTER INSERT ON ledger_entries FOR EACH ROW "
    "WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_entry_takes_back()",
    "CREATE TRIGGER ledger_days_by_lines_alone BEFORE INSERT OR UPDATE OR DELETE ON ledger_days "
    "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER ledger_days_no_truncate BEFORE TRUNCATE ON ledger_days "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
STATEMENTS = (COUNTS, TAKES_BACK, *TRIGGERS)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
