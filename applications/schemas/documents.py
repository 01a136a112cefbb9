"""Uploads, as programs send them."""

from flask_babel import lazy_gettext
from marshmallow import ValidationError, validates_schema

from applications.schemas.cases import DocumentShape
from foundation.reasons import register_reasons
from foundation.schemas import File, Shape, Text

__all__ = ["DocumentShape", "NewDocument"]


class NewDocument(Shape):
    """A file for a document that the procedure demands (`slot`), or for a question of a step (`step`, `field`)."""

    file = File(required=True)
    slot = Text(longest=120, metadata={"description": "Key of the demanded document"})
    step = Text(longest=120, metadata={"description": "Key of the step whose question the file answers"})
    field = Text(longest=120, metadata={"description": "Key of that question"})

    @validates_schema(skip_on_field_errors=True)
    def _has_one_place(self, data: dict[str, object], **rest: object) -> None:
        if "slot" in data and ("step" in data or "field" in data):
            raise ValidationError({"slot": ["one_place_only"]})
        if "slot" not in data and "step" not in data:
            raise ValidationError({"slot": ["required"]})
        if "step" in data and "field" not in data:
            raise ValidationError({"field": ["required"]})


register_reasons({"one_place_only": lazy_gettext("Name either the document or the step, not both.")})
