"""One attempt to make a step: what rules, guards and effects get to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.dossier import CURRENT_SQL, current_documents
from applications.models import Case, CaseEvent, Document, ReviewAssignment
from applications.numbering import Numbering
from applications.packs.model import Pack, Step
from applications.runs import RUNS_SQL, Run, read_runs, runs_from
from foundation.actors import Actor
from foundation.audit import STREAM_END_SQL, StreamEnd
from foundation.jsonrows import rows_of
from foundation.prepared import prepare
from foundation.revisions import REVISIONS_SQL, kept, learn

RECEIPT_EFFECT = "number_receipt"
"""The effect for which a number is drawn beforehand."""

DOCUMENTED = frozenset({"documents_are_complete", "is_certified", "freeze_submission"})
"""The guards and effects that look at the documents."""

STREAM_END = STREAM_END_SQL.replace(":stream", "asked.stream")
_AROUND = prepare(
    text(
        f"""
        SELECT asked.case_id, {REVISIONS_SQL} AS revisions,
               CASE WHEN asked.makes_event THEN nextval(pg_get_serial_sequence('case_events', 'id')) END
                 AS event_id,
               CASE WHEN asked.makes_event THEN {STREAM_END} END AS stream_end,
               CASE WHEN asked.makes_receipt THEN nextval('receipt_numbers') END AS receipt,
               CASE WHEN asked.wants_runs THEN {RUNS_SQL.format(case_id="asked.case_id")} END
                 AS runs,
               CASE WHEN asked.wants_events THEN (
                 SELECT json_agg(e ORDER BY e.seq) FROM case_events e WHERE e.case_id = asked.case_id) END
                 AS events,
               CASE WHEN asked.wants_documents THEN {CURRENT_SQL.format(case_id="asked.case_id")}
                 END AS documents,
               ARRAY(SELECT person_id FROM memberships
                      WHERE organisation_id = asked.organisation_id AND until_at IS NULL
                      ORDER BY person_id) AS members,
               (SELECT json_build_array(name_vi, name_en) FROM organisations
                 WHERE id = asked.organisation_id) AS named,
               EXISTS (SELECT FROM conflicts WHERE person_id = asked.person_id
                          AND organisation_id = asked.organisation_id) AS conflict
          FROM jsonb_to_recordset(CAST(:asked AS jsonb))
               AS asked (case_id bigint, organisation_id bigint, stream text, person_id bigint, makes_event boolean,
                         makes_receipt boolean, wants_runs boolean, wants_events boolean, wants_documents boolean)
        """  # noqa: S608 - joined from constants
    )
)
"""What is asked comes as rows of unknown number: values that the planner could weigh would have it plan each time."""


def _detached(session: Session, unit_id: int) -> Unit:
    unit = session.get_one(Unit, unit_id)
    session.expunge(unit)
    return unit


@dataclass(frozen=True, slots=True)
class Event:
    """A step that was made, as :class:`applications.models.CaseEvent` keeps it."""

    id: int
    case_id: int
    seq: int
    step: str
    from_state: str
    to_state: str
    at: datetime
    actor_kind: str
    person_id: int | None
    role: str | None
    basis: str
    data: Mapping[str, Any]
    version_id: int


AnyEvent = CaseEvent | Event


@dataclass(slots=True)
class Known:
    """What was already asked about a case, shared by the steps that are tried on it together."""

    events: Sequence[AnyEvent] | None = None
    assignments: list[ReviewAssignment] | None = None
    runs: list[Run] | None = None
    documents: Sequence[Any] | None = None
    unit: Unit | None = None
    members: list[int] | None = None
    organisation: tuple[str, str | None] | None = None
    event_id: int = 0
    stream_end: StreamEnd | None = None
    receipt: int | None = None
    has_declared_interest: bool | None = None
    admitted: dict[str, bool] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    """What the rules of a domain read of the case, by a name of theirs."""


Moved = TypeVar("Moved")


@dataclass(slots=True)
class Attempt(Generic[Moved]):
    """A step being tried on whatever has a state and a pinned workflow: a dossier, or a row that a domain keeps.

    Effects may set ``to_state`` and add to ``facts``.
    """

    session: Session
    case: Moved
    pack: Pack
    step: Step
    actor: Actor
    data: Mapping[str, Any]
    at: datetime
    to_state: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    known: Known = field(default_factory=Known)

    def has_role(self, role: str) -> bool:
        """Whether the actor holds a role where this is."""
        raise NotImplementedError

    def last(self, *steps: str) -> AnyEvent | None:
        """The latest event of one of these steps, where events of dossiers are kept of it."""
        raise NotImplementedError


@dataclass(slots=True)
class Firing(Attempt[Case]):
    """A step being tried on a locked dossier; effects may add to its ``events`` too."""

    event: Event | None = None
    numbering: Numbering | None = None
    """What the step writes with the dossier's code, where it gives one."""

    def has_role(self, role: str) -> bool:
        """Whether the actor holds a role for the procedure and unit of the dossier."""
        return self.actor.has_role(role, procedure=self.pack.code, unit_id=self.case.unit_id)

    @property
    def events(self) -> Sequence[AnyEvent]:
        """The steps made so far, oldest first; read once."""
        if self.known.events is None:
            query = select(CaseEvent).where(CaseEvent.case_id == self.case.id).order_by(CaseEvent.seq)
            self.known.events = list(self.session.scalars(query))
        return self.known.events

    @property
    def assignments(self) -> list[ReviewAssignment]:
        """The reviewers asked and not released, without those who declared a conflict; read once."""
        if self.known.assignments is None:
            query = select(ReviewAssignment).where(
                ReviewAssignment.case_id == self.case.id,
                ReviewAssignment.removed_at.is_(None),
                ReviewAssignment.has_conflict.is_not(True),
            )
            self.known.assignments = list(self.session.scalars(query))
        return self.known.assignments

    @property
    def runs(self) -> list[Run]:
        """Every run of every clock of the case, oldest first, those that this step starts among them; read once."""
        if self.known.runs is None:
            self.known.runs = read_runs(self.session, self.case.id) if self.case.steps_made else []
        return self.known.runs

    @property
    def documents(self) -> Sequence[Any]:
        """The documents of the dossier as it stands, without replaced versions and files of steps; read once."""
        if self.known.documents is None:
            self.known.documents = current_documents(self.session, self.case.id)
        return self.known.documents

    @property
    def unit(self) -> Unit:
        """The unit in charge."""
        if self.known.unit is None:
            self.known.unit = self.unit_of(self.case.unit_id)
        return self.known.unit

    def unit_of(self, unit_id: int) -> Unit:
        """A unit, from memory while units stand as they are; not to be changed."""
        return kept(self.session, "units", unit_id, lambda: _detached(self.session, unit_id))

    @property
    def members(self) -> list[int]:
        """The people who act for the applicant, by id."""
        if self.known.members is None:
            self.look_around()
        return self.known.members or []

    @property
    def organisation(self) -> tuple[str, str | None] | None:
        """The applicant's Vietnamese and English name, if there is an applicant."""
        if self.known.organisation is None and self.case.organisation_id is not None:
            self.look_around()
        return self.known.organisation

    def look_around(self) -> None:
        """Learn, behind the lock, who acts for the applicant and whether reference data changed."""
        look_around([self])

    def last(self, *steps: str) -> AnyEvent | None:
        """The latest event of one of these steps."""
        return next((event for event in reversed(self.events) if event.step in steps), None)


def look_around(firings: Sequence[Firing], *, makes_event: bool = False) -> None:
    """Learn, with one statement behind the locks, what attempts of one person at one step on several dossiers want:
    who acts for the applicants and whether reference data changed; for steps that are being made also the numbers
    that they will need, what they will look at, and where the audit of each case ends."""
    asked = [_asked(firing, makes_event=makes_event) for firing in firings]
    rows = _AROUND.rows(firings[0].session, asked=orjson.dumps(asked).decode())
    found = {row.case_id: row for row in rows}
    for firing, wants in zip(firings, asked, strict=True):
        _keep(firing.known, found[firing.case.id], wants)
    learn(firings[0].session, rows[0].revisions)


def _asked(firing: Firing, *, makes_event: bool) -> dict[str, Any]:
    """What the attempt wants to know, as far as its pack tells beforehand; the rest is read when it is asked for."""
    case, step = firing.case, firing.step
    was_moved = makes_event and case.steps_made > 0
    turns = bool(step.clocks or step.notices or step.letter)
    looks = not DOCUMENTED.isdisjoint((*step.guards, *step.effects))
    return {
        "case_id": case.id,
        "organisation_id": case.organisation_id,
        "stream": case.stream,
        "person_id": firing.actor.person_id,
        "makes_event": makes_event,
        "makes_receipt": makes_event and RECEIPT_EFFECT in step.effects,
        "wants_runs": was_moved and (turns or firing.pack.state_by_key[firing.to_state].kind == "final"),
        "wants_events": was_moved and bool(step.letter or step.apart_from),
        "wants_documents": makes_event and bool(step.letter or looks),
    }


def _keep(known: Known, row: Any, wants: Mapping[str, Any]) -> None:
    known.members = row.members
    known.organisation = tuple(row.named) if row.named else None
    known.event_id = row.event_id or known.event_id
    known.stream_end = StreamEnd.read(row.stream_end)
    known.receipt = row.receipt
    known.has_declared_interest = row.conflict
    if wants["wants_runs"]:
        known.runs = runs_from(row.runs)
    if wants["wants_events"]:
        known.events = rows_of(CaseEvent, row.events)
    if wants["wants_documents"]:
        known.documents = rows_of(Document, row.documents)
