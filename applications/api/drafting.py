"""Endpoints of drafts: certified by a second person, carried over to a newer version of the procedure."""

from typing import Any

from applications.api.facts import whole_case
from applications.certification import content_digest
from applications.dossier import current_documents
from applications.models import Application
from applications.operations.certification import certify
from applications.operations.succession import carry_over
from applications.packs.catalogue import pack_of_version
from applications.queries.cases import application_view, find_application
from applications.schemas.cases import CaseShape
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, changes_a_version, named_version, require_version
from foundation.database import db
from foundation.errors import Reason, Stale

blueprint = ApiBlueprint(
    "api_drafting", __name__, tag="Drafts", description="Drafts: certificates, newer versions of the procedure."
)

Answered = tuple[dict[str, Any], dict[str, str]]


def _answer(application: Application) -> Answered:
    view = application_view(db.session(), application, actor=current_actor())
    return whole_case(view), {"ETag": f'"{application.revision}"'}


@blueprint.post("/applications/<string:key>/certificate")
@access(SIGNED_IN)
@blueprint.response(200, CaseShape, headers={"ETag": "ETAG"})
@changes_a_version
def certify_application(key: str) -> Answered:
    """Certify a draft

    Where the procedure demands that a second person of the organisation stands for the dossier before somebody
    else sends it. `If-Match` names the version that was read; any later change makes the certificate void.
    """
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    require_version()
    expected = named_version(application.revision)
    if expected is not None and expected != application.revision:
        raise Stale(Reason("edited_meanwhile", {"revision": application.revision}))
    pack = pack_of_version(session, application.version_id)
    digest = content_digest(pack, application, current_documents(session, application.id))
    certify(session, application, actor=actor, digest=digest)
    return _answer(application)


@blueprint.post("/applications/<string:key>/carry-over")
@access(SIGNED_IN)
@blueprint.response(200, CaseShape, headers={"ETag": "ETAG"})
def carry_application_over(key: str) -> Answered:
    """Carry a draft over to the version of its procedure that is in force

    What the new version asks too is kept, what it no longer asks is set aside. A draft of an older version is
    not accepted by steps that send.
    """
    application = find_application(db.session(), key, actor=current_actor())
    carry_over(db.session(), application, actor=current_actor())
    return _answer(application)
