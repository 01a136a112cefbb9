"""All that belongs to one dossier beside its own row, read with one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from applications.models import (
    Case,
    CaseEvent,
    ClockInterval,
    ClockRun,
    Document,
    Letter,
    Message,
    ReviewAssignment,
    ReviewScore,
    StuckCase,
)
from foundation.actors import Actor
from foundation.jsonrows import rows_of
from foundation.prepared import prepare

_STATEMENT = prepare(
    text(
        """
    SELECT
      (SELECT json_agg(e ORDER BY e.seq) FROM case_events e WHERE e.case_id = :case_id) AS events,
      (SELECT json_agg(json_build_object('id', l.id, 'event_id', l.event_id, 'letter', l.letter) ORDER BY l.id)
         FROM letters l WHERE l.case_id = :case_id) AS letters,
      (SELECT json_agg(r ORDER BY r.id) FROM clock_runs r WHERE r.case_id = :case_id) AS runs,
      (SELECT json_agg(i ORDER BY i.id) FROM clock_intervals i JOIN clock_runs r ON r.id = i.run_id
        WHERE r.case_id = :case_id) AS intervals,
      (SELECT json_agg(a ORDER BY a.id) FROM review_assignments a
        WHERE a.case_id = :case_id AND a.removed_at IS NULL) AS assignments,
      (SELECT json_agg(s ORDER BY s.id) FROM review_scores s JOIN review_assignments a ON a.id = s.assignment_id
        WHERE a.case_id = :case_id AND a.removed_at IS NULL) AS scores,
      (SELECT json_agg(d ORDER BY d.slot, d.number, d.id) FROM documents d WHERE d.case_id = :case_id) AS documents,
      (SELECT json_agg(m ORDER BY m.id) FROM messages m WHERE m.case_id = :case_id) AS messages,
      (SELECT json_object_agg(p.id, p.full_name) FROM people p WHERE p.id IN (
         SELECT person_id FROM case_events WHERE case_id = :case_id
         UNION SELECT i.person_id FROM clock_intervals i JOIN clock_runs r ON r.id = i.run_id WHERE r.case_id = :case_id
         UNION SELECT reviewer_id FROM review_assignments WHERE case_id = :case_id AND removed_at IS NULL
         UNION SELECT author_id FROM messages WHERE case_id = :case_id
         UNION SELECT CAST(said.value AS bigint)
           FROM case_events e CROSS JOIN LATERAL jsonb_each_text(e.data) said
          WHERE e.case_id = :case_id AND said.value ~ '^[1-9][0-9]{0,17}$')) AS people,
      (SELECT row_to_json(stuck) FROM stuck_cases stuck WHERE stuck.case_id = :case_id) AS stuck,
      EXISTS (SELECT FROM conflicts WHERE person_id = :person_id AND organisation_id = :organisation_id) AS conflict
    """
    )
)


@dataclass(frozen=True, slots=True)
class Belongings:
    """Rows with the attributes of their models; ``names`` are those of all the people whom the rows name.

    ``assignments`` are those not released, each with its ``scores``; ``runs`` hold their ``intervals``, ``letters``
    only what lists them. ``stuck`` is the row of the stuck list, if the case stands on it.
    ``has_declared_interest``: whether the actor declared an interest in the applicant.
    """

    events: Sequence[Any]
    letters: Sequence[Any]
    runs: Sequence[Any]
    assignments: Sequence[Any]
    documents: Sequence[Any]
    messages: Sequence[Any]
    names: Mapping[int, str]
    stuck: Any
    has_declared_interest: bool


def belongings_of(session: Session, case: Case, actor: Actor) -> Belongings:
    """What belongs to the case, whoever may see which of it."""
    values = {"case_id": case.id, "person_id": actor.person_id, "organisation_id": case.organisation_id}
    row = _STATEMENT.rows(session, **values)[0]
    return Belongings(
        events=rows_of(CaseEvent, row.events),
        letters=rows_of(Letter, row.letters),
        runs=_with_parts(rows_of(ClockRun, row.runs), "intervals", rows_of(ClockInterval, row.intervals), "run_id"),
        assignments=_with_parts(
            rows_of(ReviewAssignment, row.assignments), "scores", rows_of(ReviewScore, row.scores), "assignment_id"
        ),
        documents=rows_of(Document, row.documents),
        messages=rows_of(Message, row.messages),
        names={int(number): name for number, name in (row.people or {}).items()},
        stuck=next(iter(rows_of(StuckCase, [row.stuck] if row.stuck else None)), None),
        has_declared_interest=row.conflict,
    )


def _with_parts(rows: list[Any], name: str, parts: list[Any], reference: str) -> list[Any]:
    for row in rows:
        setattr(row, name, [part for part in parts if getattr(part, reference) == row.id])
    return rows
