"""Procedures and their immutable versions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, append_only, now
from foundation.revisions import follow


@follow("procedures")
class Procedure(Model):
    """A kind of application that the city receives; what it says stands in its versions."""

    __tablename__ = "procedures"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    domain: Mapped[Code]
    title: Mapped[dict[str, Any]]


@follow("procedures")
@append_only
class ProcedureVersion(Model):
    """One published pack, word for word; nobody changes it, ever."""

    __tablename__ = "procedure_versions"
    __table_args__ = (
        UniqueConstraint("procedure_id", "version"),
        CheckConstraint("in_force_to IS NULL OR in_force_to >= in_force_from", name="in_force"),
    )

    id: Mapped[Key]
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    published_at: Mapped[Instant] = mapped_column(default=now)
