"""One deal with all that its decision rests on: terms, limits, diligence, votes, conditions, position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from applications.correspondence import officers_of
from applications.engine import Offer, offers
from applications.firing import Known
from applications.models import Application, Case, CaseEvent, Conflict, Decision, Document, ReviewAssignment
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.procedures import unit_in_charge
from applications.visibility import BODY_ROLES
from applications.voting import Ballot, Tally, share_of, tally
from foundation.errors import NotFound
from fund.books import Books, books_of
from fund.limits import Finding
from fund.models import Deal, DealCondition, DealVote, Position
from fund.queries.deals import Pipeline
from fund.standing import limits_of_deal

Of = TypeVar("Of", CaseEvent, ReviewAssignment, Document)
OfDeal = TypeVar("OfDeal", DealVote, DealCondition)


@dataclass(frozen=True, slots=True)
class DealFile:
    """Read at once; ``names`` are those of the people, ``files`` the documents by id."""

    deal: Deal
    case: Application
    pack: Pack
    organisation: Organisation
    books: Books
    limits: Sequence[Finding]
    events: Sequence[CaseEvent]
    votes: Sequence[DealVote]
    tally: Tally
    conflicts: Sequence[Conflict]
    conditions: Sequence[DealCondition]
    reviews: Sequence[ReviewAssignment]
    position: Position | None
    decision: Decision | None
    names: Mapping[int, str]
    files: Mapping[int, Document]

    def last(self, *steps: str) -> CaseEvent | None:
        return next((event for event in reversed(self.events) if event.step in steps), None)

    def diligence(self) -> Mapping[str, CaseEvent]:
        """The latest finding of each strand."""
        return {event.data["strand"]: event for event in self.events if event.step == "record_diligence"}

    def offers(self, session: Session, actor: Any) -> list[Offer]:
        """What the reader may do with the deal now."""
        known = Known(events=list(self.events))
        known.found |= {
            "deal": self.deal,
            "books": self.books,
            "limits": list(self.limits),
            "conditions": list(self.conditions),
            "votes": [vote for vote in self.votes if vote.round == self.deal.round],
            "conflicted": {row.person_id for row in self.conflicts},
        }
        return offers(session, self.case, actor=actor, known=known)


def deal_file(session: Session, pipeline: Pipeline, key: str) -> DealFile:
    """Raises NotFound: this fund has no such deal, or it is not for this reader."""
    found = session.execute(
        select(Deal, Application, Organisation, Position, Decision)
        .join(Application, Application.id == Deal.case_id)
        .join(Organisation, Organisation.id == Deal.organisation_id)
        .outerjoin(Position, Position.deal_id == Deal.id)
        .outerjoin(Decision, Decision.case_id == Deal.case_id)
        .where(Deal.fund_id == pipeline.fund.id, Case.key == key, pipeline.visible)
    ).one_or_none()
    if found is None:
        raise NotFound
    deal, case, organisation, position, decision = found
    pack, books = pack_of_version(session, case.version_id), books_of(session, pipeline.fund)
    events = _of_case(session, CaseEvent, case)
    reviews = _of_case(session, ReviewAssignment, case)
    votes = _of_deal(session, DealVote, deal)
    conflicts = session.scalars(select(Conflict).where(Conflict.organisation_id == deal.organisation_id)).all()
    return DealFile(
        deal=deal,
        case=case,
        pack=pack,
        organisation=organisation,
        books=books,
        limits=limits_of_deal(session, deal, books),
        events=events,
        votes=votes,
        tally=_tally(session, pack, deal, votes, {row.person_id for row in conflicts}),
        conflicts=conflicts,
        conditions=_of_deal(session, DealCondition, deal),
        reviews=[row for row in reviews if row.removed_at is None or row.has_conflict],
        position=position,
        decision=decision,
        names=_names(session, [*events, *votes, *conflicts], reviews),
        files={row.id: row for row in _of_case(session, Document, case) if row.removed_at is None},
    )


def deal_in(session: Session, pipeline: Pipeline, key: str) -> Deal:
    """Raises NotFound: this fund has no such deal, or it is not for this reader."""
    of_case = select(Deal).join(Case, Case.id == Deal.case_id).where(Deal.fund_id == pipeline.fund.id, Case.key == key)
    found = session.scalar(of_case.where(pipeline.visible))
    if found is None:
        raise NotFound
    return found


def _of_case(session: Session, model: type[Of], case: Case) -> Sequence[Of]:
    """In the order in which they came."""
    return session.scalars(select(model).where(model.case_id == case.id).order_by(model.id)).all()


def _of_deal(session: Session, model: type[OfDeal], deal: Deal) -> Sequence[OfDeal]:
    return session.scalars(select(model).where(model.deal_id == deal.id).order_by(model.id)).all()


def _tally(session: Session, pack: Pack, deal: Deal, votes: Sequence[DealVote], conflicted: set[int]) -> Tally:
    unit = unit_in_charge(session, pack)
    ballots = [Ballot(one.person_id, one.vote, one.is_for_city) for one in votes if one.round == deal.round]
    entitled = set(officers_of(session, unit, pack.code, BODY_ROLES))
    quorum, majority = (share_of(pack, name) for name in ("quorum", "majority"))
    return tally(ballots, entitled, conflicted, quorum=quorum, majority=majority)


def _names(session: Session, acting: Sequence[Any], reviews: Sequence[ReviewAssignment]) -> dict[int, str]:
    ids = {row.person_id for row in acting} | {row.reviewer_id for row in reviews}
    rows = session.execute(select(Person.id, Person.full_name).where(Person.id.in_(ids - {None})))
    return {row.id: row.full_name for row in rows}
