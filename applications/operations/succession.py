"""Carrying a draft over to the version of its procedure that is in force now; nothing that was given is lost."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.drafting import shown_values
from applications.engine import lock
from applications.fields import check_answers
from applications.models import Application, Document
from applications.models.documents import STEP_SLOT
from applications.operations.drafts import require_drafting, with_calculated
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.packs.model import Pack
from applications.settings import setting_of
from applications.succession import newer_version
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Reason
from foundation.reasons import register_reasons


def carry_over(session: Session, application: Application, *, actor: Actor) -> None:
    """Let a draft follow the version in force: what it asks too is kept, what it no longer asks set aside.

    An answer that is unsound by the new version stays as it was typed, to be corrected.

    Raises:
        NotAllowed, Blocked: see :func:`require_drafting`; Blocked also when there is no newer version.
    """
    locked = lock(session, application)
    assert isinstance(locked, Application)  # noqa: S101 - the same row
    old = pack_of_version(session, locked.version_id)
    require_drafting(locked, old, actor)
    version_id = newer_version(session, locked)
    if version_id is None:
        raise Blocked("version_is_in_force_already")
    new = pack_of_version(session, version_id)
    if locked.state not in new.state_by_key:
        raise Blocked(Reason("rules_have_changed", {"version": new.version}))
    _carry_answers(session, locked, new, actor)
    _set_documents_aside(session, locked, new)
    locked.unit_id = session.scalars(select(Unit.id).where(Unit.code == new.unit)).one()
    locked.version_id = version_id
    locked.certification = {}
    audit.append(
        session,
        locked.stream,
        actor=actor,
        action="applications:case:carry",
        subject=("case", locked.id),
        facts={"from": old.version, "to": new.version},
    )


def _carry_answers(session: Session, application: Application, new: Pack, actor: Actor) -> None:
    values = {key: value for key, value in shown_values(application).items() if is_answered(value)}
    asked = {key: value for key, value in values.items() if _is_asked(new, key)}
    specs = [new.field_by_key[key] for key in asked]
    setting = setting_of(session, specs, asked, at=now(), case_id=application.id)
    sound, faults = check_answers(specs, asked, setting)
    wrong = {path.split(".")[0] for path in faults}
    application.carried = {
        "from": application.version_id,
        "at": now().isoformat(),
        "person": actor.person_id,
        "answers": {key: value for key, value in values.items() if key not in new.field_by_key},
    }
    application.answers = with_calculated(new, {key: value for key, value in sound.items() if value is not None})
    application.unsound = {key: value for key, value in asked.items() if key in wrong}
    application.edits = {key: edit for key, edit in application.edits.items() if key in new.field_by_key}
    _touch(application, new, application.answers)


def _is_asked(new: Pack, key: str) -> bool:
    spec = new.field_by_key.get(key)
    return spec is not None and spec.calculated is None


def _touch(application: Application, new: Pack, answers: Mapping[str, Any]) -> None:
    application.title = str(answers.get(new.title_field) or application.title)
    application.updated_at = now()
    application.revision += 1


def _set_documents_aside(session: Session, application: Application, new: Pack) -> None:
    """Documents that the new version does not ask for leave the dossier; their record stays."""
    slots = [*new.document_by_key, STEP_SLOT]
    left = update(Document).where(Document.case_id == application.id, Document.removed_at.is_(None))
    session.execute(left.where(Document.slot.not_in(slots)).values(removed_at=now()))


audit.register_actions({"applications:case:carry": lazy_gettext("The draft was carried over to a newer version.")})
register_reasons(
    {"version_is_in_force_already": lazy_gettext("This draft follows the version that is in force already.")}
)
