"""A dossier as somebody follows it who has its code and secret and no account: state, dates, who has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.clockwork import promise_of
from applications.corrections import DOCUMENT, EVERYTHING, Mark, Opening, opening_of
from applications.models import Application, Case, ClockRun, Decision, StuckCase
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec, FieldSpec, Pack, State
from applications.queries.codes import codes_meant
from applications.queries.stuck import stuck_of
from applications.queries.timeline import Happening, happenings
from applications.tracking import is_secret
from applications.visibility import Reader
from foundation.errors import NotFound

OUTSIDE = Reader(is_applicant=False, is_staff=False, can_reveal=False)
"""Whoever follows a dossier learns the public steps, and nothing of what was written in them."""


@dataclass(frozen=True, slots=True)
class TrackedView:
    """What the tracking page shows. ``due_at`` is when whoever is on turn has to act; empty while nothing runs."""

    case: Application
    pack: Pack
    unit: Unit
    holder: Person | None
    decision: Decision | None
    due_at: datetime | None
    is_paused: bool
    happenings: Sequence[Happening]
    opening: Opening
    stuck: StuckCase | None

    @property
    def state(self) -> State:
        return self.pack.state_by_key[self.case.state]

    @property
    def is_with_applicant(self) -> bool:
        return self.state.kind == "open" and self.state.responsible == "applicant"

    @property
    def is_open(self) -> bool:
        return self.state.kind == "open"

    def spec_of(self, mark: Mark) -> FieldSpec | DocumentSpec | None:
        """The question or document that is marked, as far as the pack knows it."""
        known = self.pack.document_by_key if mark.kind == DOCUMENT else self.pack.field_by_key
        return known.get(mark.key)


def tracked(session: Session, code: str, secret: str) -> TrackedView:
    """The dossier with this code, if the secret is its own. Raises NotFound alike when either is wrong."""
    row = session.execute(named(codes_meant(session, code))).first()
    if not is_secret(secret, row.tracking_digest if row else None) or row is None:
        raise NotFound
    return _view(session, session.get_one(Application, row.id))


def named(codes: Sequence[str]) -> Select[int, bytes | None]:
    """Id and secret's digest of the dossier with one of these codes: each kind of code by its own index."""
    cases, applications = Case.__table__.c, Application.__table__.c
    found = union_all(
        select(cases.id).where(cases.key.in_(codes)),
        select(cases.id).where(cases.code.in_(codes)),
        select(applications.id).where(applications.receipt_number.in_(codes)),
    )
    return select(applications.id, applications.tracking_digest).where(applications.id.in_(found)).limit(1)


def _view(session: Session, case: Application) -> TrackedView:
    pack = pack_of_version(session, case.version_id)
    around = (
        select(Unit, Person, Decision)
        .select_from(Case)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(Case.id == case.id)
    )
    unit, holder, decision = session.execute(around).one()
    due_at, is_paused = _deadline(session, case, pack)
    state = pack.state_by_key[case.state]
    is_asked = state.kind == "open" and state.responsible == "applicant"
    return TrackedView(
        case=case,
        pack=pack,
        unit=unit,
        holder=holder,
        decision=decision,
        due_at=due_at,
        is_paused=is_paused,
        happenings=happenings(session, case, OUTSIDE),
        opening=opening_of(session, pack, case) if is_asked else EVERYTHING,
        stuck=stuck_of(session, case),
    )


def _deadline(session: Session, case: Application, pack: Pack) -> tuple[datetime | None, bool]:
    """When whoever is on turn has to act, the authority by the promised day; and whether their clock stands still."""
    responsible = pack.state_by_key[case.state].responsible
    query = select(ClockRun).where(ClockRun.case_id == case.id, ClockRun.ended_at.is_(None))
    runs = [run for run in session.scalars(query) if run.responsible == responsible]
    mains = [run for run in runs if pack.clock_by_key[run.clock].is_main]
    dates = [promise_of(run) for run in mains or runs]
    known = [due for due in dates if due is not None]
    return min(known, default=None), bool(runs) and not known
