"""The published packs: publishing a new version, finding the one in force, reading a pinned one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVarTuple

from flask_babel import lazy_gettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.models.procedures import Procedure, ProcedureVersion
from applications.packs.checking import pack_faults
from applications.packs.model import Pack
from applications.packs.reading import PackError, digest_of, load_file, read_pack
from foundation import audit
from foundation.actors import Actor
from foundation.calendars import CalendarTable
from foundation.errors import NotFound
from foundation.register import DOMAINS
from foundation.revisions import kept

audit.register_actions({"applications:procedure:publish": lazy_gettext("A procedure version was published.")})

Found = TypeVarTuple("Found")
_parsed: dict[int, Pack] = {}
"""Packs by version id; versions never change, so neither does this, in any process."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a pack did: a new version, or nothing because it was there word for word."""

    pack: Pack
    is_new: bool


def pack_files() -> list[Path]:
    """The packs that the domains ship, by name, in whichever order the domains were imported."""
    folders = [domain.packs_folder for domain in DOMAINS.values() if domain.packs_folder is not None]
    return sorted((file for folder in folders for file in folder.glob("*.yaml")), key=lambda file: file.name)


def check_file(path: Path) -> Pack:
    """The pack in a file, read and checked. Raises PackError with every fault."""
    return check_content(load_file(path))


def check_content(content: Mapping[str, Any]) -> Pack:
    """The pack that ``content`` describes, checked. Raises PackError with every fault."""
    pack = read_pack(content)
    if faults := pack_faults(pack):
        raise PackError([f"{pack.code}: {fault}" for fault in faults])
    return pack


def publish(session: Session, content: Mapping[str, Any], *, actor: Actor) -> Publication:
    """Publish a pack as an immutable version, unless the same version is published word for word.

    Raises PackError: faults, or a published version with other words.
    """
    pack = check_content(content)
    procedure = _procedure(session, pack)
    known = session.scalar(
        select(ProcedureVersion).where(
            ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.version == pack.version
        )
    )
    if known is not None:
        if known.digest != digest_of(content):
            raise PackError([f"{pack.code}: version {pack.version} is published with other words; raise the version"])
        return Publication(pack, is_new=False)
    _demand_surroundings(session, pack)
    _add_version(session, procedure, pack, content)
    audit.append(
        session,
        f"procedure:{pack.code}",
        actor=actor,
        action="applications:procedure:publish",
        facts={"version": pack.version, "digest": digest_of(content).hex()},
    )
    return Publication(pack, is_new=True)


def _demand_surroundings(session: Session, pack: Pack) -> None:
    """The unit and the calendar that a pack names are rows of this installation, not of the pack; a life has none."""
    if pack.is_life:
        return
    faults = []
    if session.scalar(select(Unit.id).where(Unit.code == pack.unit)) is None:
        faults.append(f"{pack.code}: unit: no unit {pack.unit!r}")
    if session.scalar(select(CalendarTable.id).where(CalendarTable.code == pack.calendar)) is None:
        faults.append(f"{pack.code}: calendar: no calendar {pack.calendar!r}")
    if faults:
        raise PackError(faults)


def publish_files(session: Session, paths: Iterable[Path], *, actor: Actor) -> list[Publication]:
    """Publish several pack files; see :func:`publish`."""
    return [publish(session, load_file(path), actor=actor) for path in paths]


def _procedure(session: Session, pack: Pack) -> Procedure:
    procedure = session.scalar(select(Procedure).where(Procedure.code == pack.code).with_for_update())
    if procedure is None:
        procedure = Procedure(code=pack.code, domain=pack.domain, title=dict(pack.title))
        session.add(procedure)
    procedure.title = dict(pack.title)
    session.flush()
    return procedure


def _add_version(session: Session, procedure: Procedure, pack: Pack, content: Mapping[str, Any]) -> None:
    session.add(
        ProcedureVersion(
            procedure_id=procedure.id,
            version=pack.version,
            content=dict(content),
            digest=digest_of(content),
            in_force_from=pack.in_force_from,
            in_force_to=pack.in_force_to,
        )
    )
    session.flush()


def pack_of_version(session: Session, version_id: int) -> Pack:
    """The pack of a pinned version; read from the database once per process."""
    if version_id not in _parsed:
        content = session.scalar(select(ProcedureVersion.content).where(ProcedureVersion.id == version_id))
        if content is None:
            raise NotFound
        _parsed[version_id] = read_pack(content)
    return _parsed[version_id]


def version_id_in_force(session: Session, procedure_id: int, on: date) -> int | None:
    """The id of the version in force on this day, from memory while no version was published."""

    def read() -> int | None:
        return session.scalar(_in_force(select(ProcedureVersion.id), procedure_id, on))

    return kept(session, "procedures", ("version in force", procedure_id, on), read)


def version_in_force(session: Session, procedure_id: int, on: date) -> ProcedureVersion | None:
    """The version that the law applies to what is complete and received on this day."""
    return session.scalar(_in_force(select(ProcedureVersion), procedure_id, on))


def _in_force(query: Select[*Found], procedure_id: int, on: date) -> Select[*Found]:
    return (
        query.where(
            ProcedureVersion.procedure_id == procedure_id,
            ProcedureVersion.in_force_from <= on,
            or_(ProcedureVersion.in_force_to.is_(None), ProcedureVersion.in_force_to >= on),
        )
        .order_by(ProcedureVersion.in_force_from.desc(), ProcedureVersion.version.desc())
        .limit(1)
    )
