"""Drafting a dossier: creating it, saving answers as they come, keeping its documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Unit
from applications.corrections import require_open_fields
from applications.drafting import is_with_applicant, may_draft, shown_values
from applications.engine import lock
from applications.fields import check_answers
from applications.fields.calculated import calculated_answers
from applications.fields.types import Faults
from applications.models import ARRIVING, Application, Case, Procedure
from applications.numbers import new_key
from applications.packs.catalogue import pack_of_version, version_in_force
from applications.packs.model import Pack
from applications.revisions import Edit, digest_of
from applications.settings import setting_of
from applications.visibility import REGISTERING_ROLES
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason, Stale
from foundation.reasons import register_reasons
from foundation.workdays import local_date

LONGEST_CODE = 64
"""Characters of a code that another system gave a dossier."""


def create_draft(
    session: Session,
    procedure_code: str,
    *,
    actor: Actor,
    organisation_id: int,
    channel: str = "direct",
    external_code: str | None = None,
) -> Application:
    """Open a draft, for one's own organisation or, as an intake officer, for somebody else's.

    Raises:
        NotFound: no such procedure or organisation.
        Blocked: no version of the procedure is in force.
        NotAllowed: neither a member with the right to edit nor an intake officer of the unit.
        Invalid: no such channel, or no external code where the channel gives one.
    """
    external_code = _checked_channel(channel, external_code)
    procedure = session.scalar(select(Procedure).where(Procedure.code == procedure_code))
    if procedure is None:
        raise NotFound
    pack, version_id = _pack_in_force(session, procedure, local_date(now()))
    unit = session.scalars(select(Unit).where(Unit.code == pack.unit)).one()
    _may_open(session, pack, unit.id, actor, organisation_id, channel)
    application = _empty(
        pack,
        actor,
        procedure_id=procedure.id,
        version_id=version_id,
        unit_id=unit.id,
        organisation_id=organisation_id,
        channel=channel,
        external_code=external_code,
    )
    session.add(application)
    session.flush()
    audit.append(
        session,
        application.stream,
        actor=actor,
        action="applications:case:open",
        subject=("case", application.id),
        facts={"procedure": pack.code, "version": pack.version, "channel": channel},
    )
    return application


def _empty(pack: Pack, actor: Actor, **known: Any) -> Application:
    """A draft in which nothing is answered yet."""
    return Application(
        key=new_key(pack.key_prefix),
        state=pack.initial.key,
        state_kind="draft",
        created_by_id=actor.person_id,
        answers={},
        unsound={},
        edits={},
        certification={},
        carried={},
        **known,
    )


def _pack_in_force(session: Session, procedure: Procedure, on: date) -> tuple[Pack, int]:
    version = version_in_force(session, procedure.id, on)
    if version is None:
        raise Blocked("no_version_in_force")
    pack = pack_of_version(session, version.id)
    if not pack.is_open:
        raise Blocked("takes_no_applications")
    return pack, version.id


def _checked_channel(channel: str, external_code: str | None) -> str | None:
    code = " ".join((external_code or "").replace("\x00", "").split())
    if channel not in ARRIVING:
        raise Invalid({"channel": ["not_a_choice"]})
    if channel == "national_portal" and not code:
        raise Invalid({"external_code": ["required"]})
    if len(code) > LONGEST_CODE:
        raise Invalid({"external_code": [Reason("too_long", {"limit": LONGEST_CODE})]})
    return code or None


def _may_open(session: Session, pack: Pack, unit_id: int, actor: Actor, organisation_id: int, channel: str) -> None:
    if channel == "direct":
        if organisation_id not in actor.organisation_ids:
            raise NotFound
        if organisation_id not in actor.editing_organisation_ids:
            raise NotAllowed
        return
    if not actor.has_role(*REGISTERING_ROLES, procedure=pack.code, unit_id=unit_id):
        raise NotAllowed
    if session.get(Organisation, organisation_id) is None:
        raise NotFound


def require_drafting(case: Case, pack: Pack, actor: Actor) -> None:
    """Raise unless the actor may change the answers now.

    Raises NotAllowed (somebody else's) or Blocked (no longer with the applicant).
    """
    if not may_draft(case, actor):
        raise NotAllowed
    if not is_with_applicant(case, pack):
        raise Blocked("not_with_applicant")


def save_answers(
    session: Session,
    application: Application,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    expected_revision: int | None = None,
    keep_unsound: bool = False,
) -> Faults:
    """Save what was answered; questions not named stay as they are, ``None`` takes an answer back.

    With ``keep_unsound`` (pages) what is no sound answer is kept as typed and returned as faults; without
    (programs) it refuses the whole.

    Raises:
        Invalid: unsound answers, without ``keep_unsound``; unknown questions always.
        Stale: the revision is not the expected one.
        Blocked: not with the applicant.
        NotAllowed: somebody else's dossier, or a part that the authority did not mark for correction.
    """
    application = _locked(session, application)
    pack = pack_of_version(session, application.version_id)
    require_drafting(application, pack, actor)
    if expected_revision is not None and expected_revision != application.revision:
        raise Stale(Reason("edited_meanwhile", {"revision": application.revision}))
    specs = list(pack.field_by_key.values())
    setting = setting_of(session, specs, answers, at=now(), case_id=application.id)
    cleaned, faults = check_answers(specs, answers, setting)
    faults |= {spec.key: [Reason("is_calculated")] for spec in pack.calculated if answers.get(spec.key) is not None}
    require_open_fields(session, pack, application, cleaned, _roots(faults))
    if faults and (not keep_unsound or not _roots(faults) <= set(pack.field_by_key)):
        raise Invalid(faults)
    before = shown_values(application)
    _store(application, pack, answers, cleaned, faults)
    _note_edits(application, before, actor)
    session.flush()
    return faults


def _locked(session: Session, application: Application) -> Application:
    locked = lock(session, application)
    assert isinstance(locked, Application)  # noqa: S101 - the same row
    return locked


def _roots(faults: Faults) -> set[str]:
    return {path.split(".")[0] for path in faults}


def _store(
    application: Application, pack: Pack, answers: Mapping[str, Any], cleaned: Mapping[str, Any], faults: Faults
) -> None:
    kept = {key: value for key, value in application.answers.items() if key not in answers}
    sound = {key: value for key, value in cleaned.items() if value is not None}
    application.answers = with_calculated(pack, kept | sound)
    unsound = {key: value for key, value in application.unsound.items() if key not in answers}
    application.unsound = unsound | {key: answers[key] for key in _roots(faults)}
    application.title = str(application.answers.get(pack.title_field) or "")
    application.updated_at = now()
    application.revision += 1


def with_calculated(pack: Pack, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with those that follow from them."""
    follow = calculated_answers(pack.calculated, answers)
    typed = {key: value for key, value in answers.items() if key not in follow}
    return typed | {key: value for key, value in follow.items() if value is not None}


def _note_edits(application: Application, before: Mapping[str, Any], actor: Actor) -> None:
    """Note for each answer that is another now who changed it."""
    after = shown_values(application)
    edit = Edit(application.revision, actor.person_id, application.updated_at).stored()
    changed = [key for key in {*before, *after} if digest_of(before.get(key)) != digest_of(after.get(key))]
    application.edits = {**application.edits, **dict.fromkeys(sorted(changed), edit)}


audit.register_actions(
    {
        "applications:case:open": lazy_gettext("The draft was opened."),
        "applications:document:add": lazy_gettext("A document was added."),
        "applications:document:remove": lazy_gettext("A document was removed."),
    }
)
register_reasons(
    {
        "not_with_applicant": lazy_gettext("The dossier is with the authority now; its answers cannot be changed."),
        "edited_meanwhile": lazy_gettext("Somebody else changed this dossier meanwhile. Load it again."),
        "takes_no_applications": lazy_gettext("Nobody applies in this procedure; it keeps what older registers hold."),
        "is_calculated": lazy_gettext("This is calculated from other answers and cannot be set."),
        "needs_correction": lazy_gettext("Correct this answer."),
    }
)
