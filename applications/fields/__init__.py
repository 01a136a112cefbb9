"""The kinds of question a pack may ask, each with one truth on what an answer looks like."""

from applications.fields.answers import check_answers, completeness_faults, visible_fields
from applications.fields.types import FIELD_TYPES, FieldType, Setting, field_type

__all__ = [
    "FIELD_TYPES",
    "FieldType",
    "Setting",
    "check_answers",
    "completeness_faults",
    "field_type",
    "visible_fields",
]
