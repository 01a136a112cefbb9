"""Which procedures are open, and their packs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.models import Procedure, ProcedureVersion
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from foundation.errors import NotFound
from foundation.revisions import kept
from foundation.wording import in_language


@dataclass(frozen=True, slots=True)
class KnownProcedure:
    """A procedure with the pack of one of its versions: that in force, or the latest."""

    id: int
    code: str
    version_id: int
    pack: Pack


def open_procedures(session: Session, on: date) -> list[KnownProcedure]:
    """The procedures that accept applications on this day, by code."""
    return kept(session, "procedures", ("open", on), lambda: _open_procedures(session, on))


def _open_procedures(session: Session, on: date) -> list[KnownProcedure]:
    query = (
        select(Procedure.id, Procedure.code, ProcedureVersion.id.label("version_id"))
        .join(ProcedureVersion, ProcedureVersion.procedure_id == Procedure.id)
        .where(
            ProcedureVersion.in_force_from <= on,
            or_(ProcedureVersion.in_force_to.is_(None), ProcedureVersion.in_force_to >= on),
        )
        .ext(distinct_on(Procedure.code))
        .order_by(Procedure.code, ProcedureVersion.in_force_from.desc(), ProcedureVersion.version.desc())
    )
    packs = [(row, pack_of_version(session, row.version_id)) for row in session.execute(query)]
    return [KnownProcedure(row.id, row.code, row.version_id, pack) for row, pack in packs if pack.is_open]


def known_procedures(session: Session) -> list[KnownProcedure]:
    """Every procedure that has dossiers, with its latest version, in force or not, by code."""
    return kept(session, "procedures", "known", lambda: _with_dossiers(session))


def _with_dossiers(session: Session) -> list[KnownProcedure]:
    return [known for known in published_procedures(session) if not known.pack.is_life]


def published_procedures(session: Session) -> list[KnownProcedure]:
    """Every pack with its latest version, those among them that move funds, commitments and calls."""
    return kept(session, "procedures", "published", lambda: _published_procedures(session))


def _published_procedures(session: Session) -> list[KnownProcedure]:
    query = (
        select(Procedure.id, Procedure.code, ProcedureVersion.id.label("version_id"))
        .join(ProcedureVersion, ProcedureVersion.procedure_id == Procedure.id)
        .ext(distinct_on(Procedure.code))
        .order_by(Procedure.code, ProcedureVersion.version.desc())
    )
    return [
        KnownProcedure(row.id, row.code, row.version_id, pack_of_version(session, row.version_id))
        for row in session.execute(query)
    ]


def open_procedure(session: Session, code: str, on: date) -> KnownProcedure:
    """One of them. Raises NotFound."""
    found = next((procedure for procedure in open_procedures(session, on) if procedure.code == code), None)
    if found is None:
        raise NotFound
    return found


def unit_in_charge(session: Session, pack: Pack) -> Unit:
    """The unit that receives dossiers of this procedure."""
    return session.scalars(select(Unit).where(Unit.code == pack.unit)).one()


def versions_of(session: Session, code: str) -> list[ProcedureVersion]:
    """Every published version of a procedure, newest first, without its words. Raises NotFound."""
    query = (
        select(ProcedureVersion)
        .join(Procedure, Procedure.id == ProcedureVersion.procedure_id)
        .where(Procedure.code == code)
        .order_by(ProcedureVersion.version.desc())
    )
    found = list(session.scalars(query))
    if not found:
        raise NotFound
    return found


def procedure_choices(session: Session, language: str) -> list[tuple[str, str]]:
    """Every procedure by code and title, to narrow a role with."""
    return [(known.code, in_language(known.pack.title, language)) for known in known_procedures(session)]
