"""Asking a colleague to certify a dossier, and certifying it."""

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, MembershipRole
from applications.certification import Certificate, content_digest, is_demanded
from applications.dossier import current_documents, document_faults, dossier_faults
from applications.engine import lock
from applications.models import Application
from applications.noticetopics import CERTIFICATION
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed
from foundation.notices import NoticeKind, notify, register_notice
from foundation.reasons import register_reasons


def ask_certifier(session: Session, application: Application, person_id: int | None, *, actor: Actor) -> None:
    """Ask a colleague who may act for the organisation.

    Raises Invalid (no such colleague), NotAllowed, Blocked (nothing to certify now).
    """
    locked, _ = _certifiable(session, application, actor)
    if person_id == actor.person_id or not _may_act_for(session, person_id, locked.organisation_id):
        raise Invalid({"certifier": ["does_not_exist"]})
    locked.certification = {**locked.certification, "asked": Certificate(person_id or 0, now()).stored()}
    notify(
        session,
        [person_id or 0],
        ASKED,
        facts={"title": locked.title, "code": locked.key, "name": actor.name},
        link=f"/dossiers/{locked.key}/check#certification",
        case_id=locked.id,
        exclude=actor,
    )


def certify(session: Session, application: Application, *, actor: Actor, digest: str) -> None:
    """Stand for the dossier as it was shown; ``digest`` names what was shown.

    Raises NotAllowed, Blocked (nothing to certify now, incomplete, changed since it was shown).
    """
    locked, pack = _certifiable(session, application, actor)
    documents = current_documents(session, locked.id)
    faults = {path for path in dossier_faults(pack, locked) if pack.field_by_key[_root(path)].type != "declaration"}
    if faults or document_faults(pack, locked, documents):
        raise Blocked("certify_when_complete")
    if digest != content_digest(pack, locked, documents):
        raise Blocked("changed_since_shown")
    certificate = Certificate(actor.person_id or 0, now(), digest)
    locked.certification = {**locked.certification, "given": certificate.stored()}
    audit.append(
        session,
        locked.stream,
        actor=actor,
        action="applications:case:certify",
        subject=("case", locked.id),
        facts={"digest": digest},
    )
    _tell_writers(session, locked, actor)


def _root(path: str) -> str:
    return path.split(".")[0]


def _certifiable(session: Session, application: Application, actor: Actor) -> tuple[Application, Pack]:
    locked = lock(session, application)
    assert isinstance(locked, Application)  # noqa: S101 - the same row
    pack = pack_of_version(session, locked.version_id)
    require_drafting(locked, pack, actor)
    if locked.organisation_id not in actor.editing_organisation_ids:
        raise NotAllowed
    if not is_demanded(pack, locked):
        raise Blocked("certificate_not_demanded")
    return locked, pack


def _may_act_for(session: Session, person_id: int | None, organisation_id: int | None) -> bool:
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        Membership.role != MembershipRole.VIEWER,
        Membership.until_at.is_(None),
    )
    return session.scalar(query) is not None


def _tell_writers(session: Session, application: Application, actor: Actor) -> None:
    """Those who wrote the answers hear that it can be sent."""
    writers = {edit["person"] for edit in application.edits.values() if edit["person"] is not None}
    notify(
        session,
        writers,
        CERTIFIED,
        facts={"title": application.title, "code": application.key, "name": actor.name},
        link=f"/dossiers/{application.key}/check",
        case_id=application.id,
        exclude=actor,
    )


ASKED = register_notice(
    NoticeKind(
        "certification_asked",
        subject=lazy_gettext("Please certify: %(title)s"),
        body=lazy_gettext(
            "%(name)s asks you to read the dossier %(code)s, “%(title)s”, and to certify it before it is sent."
        ),
        topic=CERTIFICATION,
    )
)
CERTIFIED = register_notice(
    NoticeKind(
        "dossier_certified",
        subject=lazy_gettext("Certified: %(title)s"),
        body=lazy_gettext(
            "%(name)s certified the dossier %(code)s, “%(title)s”. It can be sent now; a change makes it void."
        ),
        topic=CERTIFICATION,
    )
)
audit.register_actions({"applications:case:certify": lazy_gettext("The draft was certified.")})
register_reasons(
    {
        "certificate_not_demanded": lazy_gettext("This dossier needs no certification."),
        "certify_when_complete": lazy_gettext("Only a complete dossier can be certified."),
        "changed_since_shown": lazy_gettext("The dossier changed since you read it. Read it again, then certify."),
    }
)
