"""Who was admitted to a park: by the confirmation of a project, or by taking up the offer of a desk."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Organisation
from applications.models import Case
from foundation.database import Code, Facts, Instant, Key, Model, Words, now
from parks.models.parks import Park

ADMISSION_KINDS = ("project", "desk")


class ParkAdmission(Model):
    """A right to be given a place in a park, born from one dossier; it counts until ``ended_at``.

    ``wish`` is what the dossier asked for: area, power and water of a project, the number of desks of a team.
    ``spaces`` is the most spaces that may stand on it, without a number as many as the project needs.
    """

    __tablename__ = "park_admissions"
    __table_args__ = (
        CheckConstraint("kind IN ('project', 'desk')", name="kind"),
        CheckConstraint("spaces > 0", name="spaces"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end"),
        Index("ix_park_admissions_park", "park_id", "id"),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'XN-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    kind: Mapped[Code]
    title: Mapped[Words]
    wish: Mapped[Facts]
    spaces: Mapped[int | None]
    admitted_at: Mapped[Instant] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[Words | None]

    park: Mapped[Park] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    case: Mapped[Case] = relationship(lazy="raise")
