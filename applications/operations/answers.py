"""Keeping answers one by one, as they are typed: cheap, never refused for being unfinished, never over another's.

Two statements suffice: one locks and reads the draft, one writes what changed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import bindparam, case, select, text
from sqlalchemy.orm import Session

from applications.corrections import require_open_fields
from applications.fields import check_answers
from applications.fields.calculated import calculated_answers
from applications.fields.types import Faults
from applications.models import Application, Case
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack
from applications.revisions import Edit, Seen, digest_of, edits_of, is_change, is_conflict, seen_text
from applications.settings import setting_of
from applications.visibility import written_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.prepared import Prepared, prepare
from foundation.reasons import register_reasons

CASES: Any = Case.__table__
APPLICATIONS: Any = Application.__table__
NOTHING_SEEN = Seen()
LOCKING = (
    select(
        *(CASES.c[name] for name in ("id", "version_id", "state", "state_kind", "organisation_id", "channel")),
        *(CASES.c[name] for name in ("created_by_id", "revision")),
        *(APPLICATIONS.c[name] for name in ("answers", "unsound", "edits")),
        case((CASES.c.state_kind == "open", APPLICATIONS.c.submitted)).label("submitted"),
    )
    .join(APPLICATIONS, APPLICATIONS.c.id == CASES.c.id)
    .with_for_update()
)
"""Reads of a draft what saving needs; built once, because it is asked hundreds of times a second."""

WRITE = prepare(
    text(
        """
    WITH touched AS (
      UPDATE cases SET revision = :revision, updated_at = :at, title = coalesce(CAST(:title AS text), title)
       WHERE id = :id
    )
    UPDATE applications
       SET answers = (answers - CAST(:gone AS text[])) || CAST(:sound AS jsonb),
           unsound = (unsound - CAST(:gone AS text[])) || CAST(:unsound AS jsonb),
           edits = edits || CAST(:edits AS jsonb)
     WHERE id = :id
    """
    )
)


@dataclass(frozen=True)
class Held:
    """A draft locked for its writer; ``row`` holds what stands there now.

    ``origins`` says of answers that are taken over from where they come, ``befores`` of tables what is kept for
    undoing.
    """

    row: Any
    pack: Pack
    specs: tuple[FieldSpec, ...]
    origins: Mapping[str, str] = field(default_factory=dict)
    befores: Mapping[str, list[Any]] = field(default_factory=dict)

    @cached_property
    def edits(self) -> dict[str, Edit]:
        return edits_of(self.row.edits)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The answers as a form shows them: what is no sound answer stands as it was typed."""
        return {**self.row.answers, **self.row.unsound}


@dataclass(frozen=True, slots=True)
class Conflict:
    """An answer that somebody changed since the writer saw it: what was typed, what stands, by whom and when."""

    spec: FieldSpec
    typed: Any
    stored: Any
    edit: Edit

    @property
    def facts(self) -> dict[str, Any]:
        """The conflict as a program is told of it."""
        edit = self.edit
        return {"field": self.spec.key, "revision": edit.revision, "changed_at": edit.at, "value": self.stored}

    @property
    def seen(self) -> str:
        """What a writer carries along who has seen both answers."""
        return seen_text(self.spec.key, self.edit, self.stored)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the answers: how all of them stand now, what is wrong with them, what was not written."""

    revision: int
    at: datetime
    values: Mapping[str, Any]
    edits: Mapping[str, Edit]
    faults: Faults
    conflicts: tuple[Conflict, ...]

    def seen(self, key: str) -> str:
        """What a writer carries along who is shown the answer as it stands now."""
        return seen_text(key, self.edits.get(key), self.values.get(key))


def keep_seen_answers(
    session: Session, key: str, answers: Mapping[str, Any], revisions: Mapping[str, int], *, actor: Actor
) -> Kept:
    """Save sound answers, all or none; ``revisions`` says which change of each answer the writer had read.

    Raises:
        Invalid: answers that are not sound.
        Blocked: somebody else changed one of them since.
        NotFound, NotAllowed: see :func:`hold_draft`.
    """
    held = hold_draft(session, key, answers, actor=actor)
    seen = {name: Seen(revision) for name, revision in revisions.items()}
    kept = keep_answers(session, held, answers, seen, actor=actor)
    if kept.faults:
        raise Invalid(kept.faults)
    if kept.conflicts:
        raise Blocked(*(Reason("answer_changed", conflict.facts) for conflict in kept.conflicts))
    return kept


def hold_draft(session: Session, key: str, questions: Iterable[str], *, actor: Actor) -> Held:
    """Lock a draft to save answers to these questions.

    Raises:
        NotFound: no such dossier for this actor.
        NotAllowed, Blocked: see :func:`require_drafting`.
        Invalid: the dossier asks no such question.
    """
    row = _locked(session, key, actor)
    pack = pack_of_version(session, row.version_id)
    require_drafting(row, pack, actor)
    wanted = list(dict.fromkeys(questions))
    if unknown := [name for name in wanted if name not in pack.field_by_key]:
        raise Invalid({name: ["no_such_field"] for name in unknown})
    if calculated := [spec.key for spec in pack.calculated if spec.key in wanted]:
        raise Invalid({name: ["is_calculated"] for name in calculated})
    return Held(row, pack, tuple(pack.field_by_key[name] for name in wanted))


def _locked(session: Session, key: str, actor: Actor) -> Any:
    rows = _locking(actor).rows(session, key=key)
    if not rows:
        raise NotFound
    return rows[0]


@lru_cache(maxsize=1024)
def _locking(actor: Actor) -> Prepared:
    """People type for hours: composing takes longer than asking."""
    return prepare(LOCKING.where(CASES.c.key == bindparam("key", None), written_cases(actor)))


def keep_answers(
    session: Session, held: Held, typed: Mapping[str, Any], seen: Mapping[str, Seen], *, actor: Actor
) -> Kept:
    """Save what was typed, complete or not, sound or not; ``None`` takes an answer back.

    Written is what its writer changed. What somebody else changed since the writer saw it is left as it is
    and told as a conflict.

    Raises NotAllowed when the authority did not open one of these questions for correction.
    """
    setting = setting_of(session, held.specs, typed, at=now(), case_id=held.row.id)
    cleaned, faults = check_answers(held.specs, typed, setting)
    meant = {**typed, **cleaned}
    changed, conflicts = _sorted_out(held, meant, seen)
    touched = changed | {conflict.spec.key: conflict.typed for conflict in conflicts}
    require_open_fields(session, held.pack, held.row, touched, _roots(faults) & set(touched))
    changed |= _following(held, changed, wrong=_roots(faults)) if changed else {}
    edit = Edit(held.row.revision + bool(changed), actor.person_id, now())
    edits = {name: replace(edit, origin=held.origins.get(name, ""), before=held.befores.get(name)) for name in changed}
    if changed:
        _write(session, held, changed, wrong=_roots(faults), edits=edits)
    values = {**held.values, **changed}
    told = {path: found for path, found in faults.items() if _stands(_root(path), meant, values)}
    return Kept(edit.revision, edit.at, values, held.edits | edits, told, tuple(conflicts))


def _following(held: Held, changed: Mapping[str, Any], *, wrong: set[str]) -> dict[str, Any]:
    """The calculated answers that become others by these."""
    kept = {key: value for key, value in held.row.answers.items() if key not in changed}
    sound = {key: value for key, value in changed.items() if key not in wrong}
    follow = calculated_answers(held.pack.calculated, kept | sound)
    return {key: value for key, value in follow.items() if value != held.row.answers.get(key)}


def _sorted_out(
    held: Held, meant: Mapping[str, Any], seen: Mapping[str, Seen]
) -> tuple[dict[str, Any], list[Conflict]]:
    """The answers that their writer changed: those that can be written, and those that somebody else changed too."""
    changed: dict[str, Any] = {}
    conflicts = []
    for spec in held.specs:
        value, stored, edit = meant[spec.key], held.values.get(spec.key), held.edits.get(spec.key)
        saw = seen.get(spec.key, NOTHING_SEEN)
        if not is_change(value, stored, saw):
            continue
        if edit is not None and is_conflict(value, stored, edit, saw):
            conflicts.append(Conflict(spec, value, stored, edit))
        else:
            changed[spec.key] = value
    return changed, conflicts


def _root(path: str) -> str:
    return path.split(".")[0]


def _roots(faults: Faults) -> set[str]:
    return {_root(path) for path in faults}


def _stands(key: str, meant: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return digest_of(meant[key]) == digest_of(values.get(key))


def _write(
    session: Session, held: Held, changed: Mapping[str, Any], *, wrong: set[str], edits: Mapping[str, Edit]
) -> None:
    """One statement: the answers that changed, and on the case its title, time and revision."""
    sound = {key: value for key, value in changed.items() if key not in wrong and value is not None}
    unsound = {key: value for key, value in changed.items() if key in wrong}
    edit = next(iter(edits.values()))
    title = str(sound.get(held.pack.title_field) or "") if held.pack.title_field in changed else None
    values = {
        "id": held.row.id,
        "revision": edit.revision,
        "at": edit.at,
        "title": title,
        "gone": sorted(changed),
        "sound": json.dumps(sound),
        "unsound": json.dumps(unsound),
        "edits": json.dumps({name: one.stored() for name, one in edits.items()}),
    }
    WRITE.run(session, **values)
    _forget(session, held.row.id)


def _forget(session: Session, case_id: int) -> None:
    """Let what the session has read of the dossier be read again."""
    known = session.identity_map.get(Application.__mapper__.identity_key_from_primary_key((case_id,)))
    if known is not None:
        session.expire(known)


register_reasons(
    {"answer_changed": lazy_gettext("Somebody else changed the answer “%(field)s” meanwhile. Nothing was saved.")}
)
