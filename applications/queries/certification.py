"""Where the certification of a draft stands, for the page on which it is checked and sent."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, MembershipRole, Person
from applications.certification import Certificate, asked, content_digest, given, is_demanded
from applications.packs.model import Certification
from applications.queries.drafts import DraftView
from foundation.actors import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """``names`` are those of the organisation who may act; ``digest`` names what would be certified now."""

    demanded: Certification
    digest: str
    given: Certificate | None
    asked: Certificate | None
    names: dict[int, str]
    reader_id: int | None

    @property
    def is_valid(self) -> bool:
        return self.given is not None and self.given.digest == self.digest

    @property
    def is_by_reader(self) -> bool:
        return self.given is not None and self.given.person_id == self.reader_id

    @property
    def can_be_sent(self) -> bool:
        return self.is_valid and not self.is_by_reader

    @property
    def colleagues(self) -> list[tuple[int, str]]:
        return [(person_id, name) for person_id, name in self.names.items() if person_id != self.reader_id]


def certification_standing(session: Session, view: DraftView, *, actor: Actor) -> Standing | None:
    """Where it stands; nothing where the pack demands none or the dossier cannot be sent now."""
    application = view.application
    demanded = view.pack.certification
    if demanded is None or not is_demanded(view.pack, application) or not view.is_certified_before_sending:
        return None
    query = (
        select(Person.id, Person.full_name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == application.organisation_id,
            Membership.role != MembershipRole.VIEWER,
            Membership.until_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.full_name, Person.id)
    )
    return Standing(
        demanded,
        content_digest(view.pack, application, view.current_documents),
        given(application),
        asked(application),
        {row.id: row.full_name for row in session.execute(query)},
        actor.person_id,
    )
