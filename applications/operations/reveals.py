"""Revealing protected answers: allowed to few, and always on the record."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from applications.models import Case
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack
from applications.visibility import reader_of
from foundation.actors import Actor
from foundation.audit import record_view
from foundation.errors import NotAllowed, NotFound


def is_protected(spec: FieldSpec) -> bool:
    """Whether an answer stays masked until somebody asks for it."""
    return spec.sensitive or any(column.sensitive for column in spec.columns)


def reveal_answer(session: Session, case: Case, field: str, *, actor: Actor) -> FieldSpec:
    """Write that the actor has one protected answer of a case, which they may see, revealed.

    Raises:
        NotFound: there is no such protected question.
        NotAllowed: the actor works on the case in no role that needs it.
    """
    pack = pack_of_version(session, case.version_id)
    spec = next((spec for spec in _protected(pack) if spec.key == field), None)
    if spec is None:
        raise NotFound
    if not reader_of(case, pack.code, actor).can_reveal:
        raise NotAllowed
    record_view(session, actor=actor, subject=("case", case.id), field=field)
    return spec


def _protected(pack: Pack) -> Iterator[FieldSpec]:
    return (spec for spec in pack.field_by_key.values() if is_protected(spec))
