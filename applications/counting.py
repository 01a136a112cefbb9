"""How many cases stand where: changes are folded into counters, and both are held against the cases themselves."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from applications.models.counts import PLACE
from foundation.jobs import task

AT_ONCE = 20_000

ALONE = text("SELECT pg_advisory_xact_lock(hashtext('case counts'))")
"""Who folds or counts anew is alone in it; whoever moves a case never asks for this."""

FOLD = text(
    """
    WITH taken AS (
      DELETE FROM case_count_changes
      WHERE id IN (SELECT id FROM case_count_changes ORDER BY id LIMIT :most)
      RETURNING procedure_id, unit_id, state_kind, state, holder_id, change
    ), folded AS (
      INSERT INTO case_counts AS counted (procedure_id, unit_id, state_kind, state, holder_id, number)
      SELECT procedure_id, unit_id, state_kind, state, holder_id, sum(change) FROM taken
      GROUP BY 1, 2, 3, 4, 5 HAVING sum(change) <> 0
      ON CONFLICT (procedure_id, unit_id, state_kind, state, holder_id)
        DO UPDATE SET number = counted.number + excluded.number
    )
    SELECT count(*) FROM taken
    """
)
FORGET_EMPTY = text("DELETE FROM case_counts WHERE number = 0")

COUNTED = """
    SELECT procedure_id, unit_id, state_kind, state, holder_id, number FROM case_counts
    UNION ALL SELECT procedure_id, unit_id, state_kind, state, holder_id, change FROM case_count_changes
"""
ACTUAL = f"""
    SELECT {PLACE} AS holder_id, count(*) AS number FROM cases
    WHERE state_kind <> 'draft' GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - words of our own
DIFFERENCES = text(
    f"""
    SELECT *, coalesce(counted.number, 0) AS counted, coalesce(actual.number, 0) AS actual
    FROM (SELECT procedure_id, unit_id, state_kind, state, holder_id, sum(number) AS number
          FROM ({COUNTED}) AS together GROUP BY 1, 2, 3, 4, 5) AS counted
    FULL JOIN ({ACTUAL}) AS actual USING (procedure_id, unit_id, state_kind, state, holder_id)
    WHERE coalesce(counted.number, 0) <> coalesce(actual.number, 0)
    ORDER BY 1, 2, 3, 4, 5
    """  # noqa: S608 - words of our own
)


@task("applications:counts:fold", every="* * * * * */10")
def fold_counts(session: Session) -> None:
    """Fold what came since the last time, so that reading adds up a few rows only."""
    while fold_some(session) == AT_ONCE:
        session.commit()


def fold_some(session: Session) -> int:
    """Fold the oldest changes; how many. Readers see each change once, folded or not."""
    session.execute(ALONE)
    folded = session.scalar(FOLD, {"most": AT_ONCE}) or 0
    session.execute(FORGET_EMPTY)
    return folded


def count_differences(session: Session) -> list[Row[Any]]:
    """Where counters and cases do not say the same, at one instant."""
    return list(session.execute(DIFFERENCES))


def count_anew(session: Session) -> None:
    """Count all cases; nobody moves one meanwhile."""
    session.execute(ALONE)
    session.execute(text("LOCK TABLE cases IN SHARE MODE"))
    session.execute(text("DELETE FROM case_count_changes"))
    session.execute(text("DELETE FROM case_counts"))
    columns = "procedure_id, unit_id, state_kind, state, holder_id, number"
    session.execute(text(f"INSERT INTO case_counts ({columns}) {ACTUAL}"))
