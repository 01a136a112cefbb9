"""One dossier as the API gives it: facts, answers, documents and decision, without the page's surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Unit
from applications.dossier import current_documents
from applications.models import Application, Decision, Document
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.visibility import Reader, find_case, find_case_for_change, reader_of
from foundation.actors import Actor
from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """A dossier with what belongs to it, already narrowed to its reader."""

    application: Application
    pack: Pack
    reader: Reader
    organisation: Organisation | None
    unit: Unit
    documents: Sequence[Document]
    decision: Decision | None


def find_application(session: Session, key: str, *, actor: Actor, for_change: bool = False) -> Application:
    """The application with this key, if the actor may see it; ``for_change`` holds it until the transaction ends.

    Raises NotFound, whichever is missing.
    """
    find = find_case_for_change if for_change else find_case
    case = find(session, key, actor=actor)
    if not isinstance(case, Application):
        raise NotFound
    return case


def application_view(session: Session, application: Application, *, actor: Actor) -> ApplicationView:
    """What surrounds an application that the actor may see."""
    query = (
        select(Organisation, Unit, Decision)
        .select_from(Unit)
        .outerjoin(Organisation, Organisation.id == application.organisation_id)
        .outerjoin(Decision, Decision.case_id == application.id)
        .where(Unit.id == application.unit_id)
    )
    organisation, unit, decision = session.execute(query).one()
    pack = pack_of_version(session, application.version_id)
    return ApplicationView(
        application=application,
        pack=pack,
        reader=reader_of(application, pack.code, actor),
        organisation=organisation,
        unit=unit,
        documents=current_documents(session, application.id),
        decision=decision,
    )
