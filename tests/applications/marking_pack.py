"""A pack whose supplement is requested part by part, and a dossier that was returned in that way."""

from copy import deepcopy
from typing import Any

from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from applications.operations.documents import Arrival, add_document
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from tests.applications.small_pack import World, make_world, words
from tests.applications.wide_pack import wide_pack

CODE = "marking-test"
PLAN = Arrival("ke-hoach.pdf", "a" * 64, 1200, "application/pdf", 1)
BETTER_PLAN = Arrival("ke-hoach-moi.pdf", "b" * 64, 1300, "application/pdf", 1)
ANSWERS = {"name": "Máy bay giao thuốc", "users": 7, "secret": "0912", "is_open": False, "is_true": True}

REASONS = [{"value": value, "label": words(f"Lý do {value}")} for value in ("missing", "unclear")]
MARKING: dict[str, Any] = {
    "key": "items",
    "type": "table",
    "label": words("Cần bổ sung"),
    "required": True,
    "columns": [
        {"key": "part", "type": "part", "label": words("Mục"), "required": True},
        {"key": "reason", "type": "choice", "label": words("Lý do"), "required": True, "choices": REASONS},
        {"key": "instruction", "type": "long_text", "label": words("Hướng dẫn"), "required": True},
    ],
}


def marking_pack(**changes: Any) -> dict[str, Any]:
    """The wide pack, with a request that marks parts and a second submission that is frozen like the first."""
    pack = deepcopy(wide_pack(code=CODE, key_prefix="MK"))
    for step in pack["steps"]:
        if step["key"] == "request_supplement":
            step |= {"asks": [MARKING], "letter": "form_02", "basis": "law"}
        if step["key"] == "resubmit":
            step |= {"effects": ["freeze_submission"], "guards": ["answers_are_complete", "documents_are_complete"]}
    letter = {"key": "form_02", "title": words("Yêu cầu bổ sung"), "template": "form_02.typ", "source": "law"}
    return pack | {"letters": [letter]} | changes


def make_marking_world(session: Session) -> World:
    """The small world, where this pack is published too and everybody reads English."""
    world = make_world(session)
    publish(session, marking_pack(), actor=SYSTEM)
    for person in world.people.values():
        person.language = "en"
    return world


def mark(part: str, reason: str = "unclear", instruction: str = "Viết rõ hơn") -> dict[str, str]:
    return {"part": part, "reason": reason, "instruction": instruction}


def sent(world: World, **answers: Any) -> Application:
    """A dossier of the applicant, submitted complete."""
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, draft, {**ANSWERS, **answers}, actor=world.applicant)
    add_document(world.session, draft, "plan", PLAN, actor=world.applicant)
    fire(world.session, draft, "submit", actor=world.applicant)
    return draft


def returned(world: World, *marks: dict[str, str], **answers: Any) -> Application:
    """A submitted dossier that was given back with these marks."""
    application = sent(world, **answers)
    data = {"items": list(marks)}
    fire(world.session, application, "request_supplement", actor=world.officer("intake_officer"), data=data)
    world.session.commit()
    return application
