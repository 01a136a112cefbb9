"""Protected answers: left out of what others read, until they are revealed one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec


def masked(specs: Iterable[FieldSpec], answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The answers without the protected ones, and the keys of the questions of which something is left out."""
    known = {spec.key: spec for spec in specs}
    shown, hidden = {}, []
    for key, value in answers.items():
        spec = known.get(key)
        if spec is None or not is_answered(value):
            shown[key] = value
        elif spec.sensitive:
            hidden.append(key)
        else:
            shown[key] = _open_part(spec, value)
            hidden += [key] if shown[key] != value else []
    return shown, sorted(hidden)


def _open_part(spec: FieldSpec, value: Any) -> Any:
    """The answer without the protected columns of a table."""
    if spec.type != "table":
        return value
    protected = {column.key for column in spec.columns if column.sensitive}
    return [{key: cell for key, cell in row.items() if key not in protected} for row in value]
