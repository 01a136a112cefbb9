"""A pack with every kind of question, conditions, documents and declarations, for tests of the pages."""

from typing import Any

from sqlalchemy.orm import Session

from applications.models import Application
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from tests.applications.small_pack import World, make_world, small_pack, words

CODE = "wide-test"


def _field(key: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": type_, "label": words(f"Câu {key}"), **more}


FORM: list[dict[str, Any]] = [
    {
        "key": "about",
        "title": words("Giới thiệu"),
        "help": words("Về dự án"),
        "fields": [
            _field("name", "text", required=True, max_length=80, example=words("Máy bay giao thuốc")),
            _field("summary", "long_text", max_length=300, help=words("Ngắn gọn")),
            _field("users", "number", minimum=1, maximum=1000, unit=words("người")),
            _field("budget", "money"),
            _field("begins", "date"),
            _field("runs", "period", max_months=12),
            _field("run_months", "number", calculated={"months": "runs"}),
            _field("secret", "text", sensitive=True, once="secret_number"),
        ],
    },
    {
        "key": "place",
        "title": words("Địa điểm"),
        "fields": [
            _field("level", "choice", choices=[{"value": v, "label": words(f"Mức {v}")} for v in ("low", "high")]),
            _field("kinds", "choices", choices=[{"value": v, "label": words(f"Loại {v}")} for v in ("x", "y")]),
            _field("is_open", "yes_no", required=True),
            _field("why", "text", required=True, when={"field": "is_open", "is": True}),
            _field("ward", "ward", once="ward"),
            _field(
                "sites",
                "table",
                max_rows=3,
                columns=[
                    _field("site", "text", required=True),
                    _field("area", "number", decimals=2),
                    _field("where", "ward"),
                ],
            ),
            _field("whole_area", "number", decimals=2, unit=words("m²"), calculated={"sum": "sites.area"}),
        ],
    },
    {
        "key": "promises",
        "title": words("Cam kết"),
        "fields": [_field("is_true", "declaration", required=True)],
    },
]

DOCUMENTS: list[dict[str, Any]] = [
    {
        "key": "plan",
        "label": words("Phương án"),
        "source": "law",
        "copy": "plain_copy",
        "accept": ["pdf"],
        "max_mb": 1,
        "required": True,
        "once": "plan",
    },
    {
        "key": "others",
        "label": words("Tài liệu khác"),
        "source": "law",
        "copy": "plain_copy",
        "accept": ["pdf", "png"],
        "max_files": 2,
    },
]


def wide_pack(**changes: Any) -> dict[str, Any]:
    """The small pack with these questions and documents; its supplement is asked for by letter."""
    pack = small_pack(code=CODE, key_prefix="WT", form=FORM, documents=DOCUMENTS)
    return pack | changes


def make_wide_world(session: Session) -> World:
    """The small world, where the wide pack is published too and everybody reads English."""
    world = make_world(session)
    publish(session, wide_pack(), actor=SYSTEM)
    for person in world.people.values():
        person.language = "en"
    return world


def wide_draft(world: World, **answers: Any) -> Application:
    """A draft of the applicant with these answers."""
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    if answers:
        save_answers(world.session, draft, answers, actor=world.applicant)
    return draft


def stored(session: Session, draft: Application) -> Application:
    session.expire_all()
    return session.get_one(Application, draft.id)


def section(draft: Application, key: str) -> str:
    return f"/dossiers/{draft.key}/draft/{key}"
