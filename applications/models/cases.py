"""Cases: whatever has a state and a pinned workflow version; applications are the first kind."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, now

REGISTERED = ("national_portal", "counter", "post")
"""The ways by which an officer writes a dossier for its applicant."""
ARRIVING = ("direct", *REGISTERED)
TAKEN_OVER = "older_register"
CHANNELS = (*ARRIVING, TAKEN_OVER)
"""How a dossier came in; what was taken over from an older register never came in here."""
NOT_DRAFT = "state_kind <> 'draft'"
FAR = "'9999-12-31 00:00:00+00'::timestamp with time zone"
STATE_KINDS = ("draft", "open", "final")


class Case(Model):
    """The spine that every case shares. Only ``applications.engine.fire`` changes ``state``.

    ``key`` is the readable name in addresses; ``code`` is the dossier code given at acceptance.
    ``urgent_at`` is ``due_at``, or far away, so that lists have a place for cases without a due date.
    ``words_at`` is the change up to which its words are kept for search.
    ``due_at`` is the nearest end of a running clock of the unit; ``original_due_at`` is what late means.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"state_kind IN {STATE_KINDS}", name="state_kind"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint("code IS NULL OR received_at IS NOT NULL", name="coded_when_received"),
        Index("ix_cases_queue", "unit_id", "state_kind", "urgent_at", "id", postgresql_where=text(NOT_DRAFT)),
        Index("ix_cases_unit_state", "unit_id", "state", "urgent_at", "id", postgresql_where=text(NOT_DRAFT)),
        Index("ix_cases_urgent", "state_kind", "urgent_at", "id", postgresql_where=text(NOT_DRAFT)),
        Index("ix_cases_state", "procedure_id", "state", "id", postgresql_where=text("state_kind <> 'draft'")),
        Index("ix_cases_holder", "holder_id", "urgent_at", "id", postgresql_where=text("state_kind = 'open'")),
        Index("ix_cases_organisation", "organisation_id", "updated_at", "id"),
        Index("ix_cases_registered", "created_by_id", "updated_at", "id", postgresql_where=text("channel <> 'direct'")),
        Index("ix_cases_register", "unit_id", "received_at", "id", postgresql_where=text("code IS NOT NULL")),
        Index("ix_cases_words", "id", postgresql_where=text("words_at IS NULL OR words_at < updated_at")),
        Index(
            "ix_cases_late",
            "unit_id",
            "original_due_at",
            postgresql_include=["procedure_id", "state", "holder_id"],
            postgresql_where=text("state_kind = 'open'"),
        ),
        Index(
            "ix_cases_awaited", "procedure_id", "state", "urgent_at", "id", postgresql_where=text("state_kind = 'open'")
        ),
        Index(
            "ix_cases_owed",
            *("organisation_id", "state"),
            postgresql_include=["version_id", "state_kind", "updated_at", "id"],
            postgresql_where=text("state_kind <> 'final'"),
        ),
        Index("ix_cases_recent", "id", postgresql_where=text("state_kind <> 'draft'")),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    key: Mapped[Code] = mapped_column(unique=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_versions.id"))
    pinned_at: Mapped[datetime | None]
    state: Mapped[Code]
    state_kind: Mapped[Code]
    state_since: Mapped[Instant] = mapped_column(default=now)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[Code] = mapped_column(default="direct")
    external_code: Mapped[str | None]
    received_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    original_due_at: Mapped[datetime | None]
    urgent_at: Mapped[Instant] = mapped_column(Computed(f"coalesce(due_at, {FAR})", persisted=True))
    created_at: Mapped[Instant] = mapped_column(default=now)
    updated_at: Mapped[Instant] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)
    steps_made: Mapped[int] = mapped_column(default=0)
    words_at: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "case"}

    @property
    def stream(self) -> str:
        """The name of this case's chain in the audit trail."""
        return f"case:{self.id}"


class Application(Case):
    """A dossier in which somebody asks for something, answering a pack's questions.

    ``unsound`` keeps, by field path, what was typed but is no answer of its kind, so that nothing typed is lost.
    ``edits`` says for each question who changed its answer last, when, and by which revision of the dossier.
    ``certification`` says who was ``asked`` to certify the draft and by whom the certificate was ``given``.
    ``carried`` says from which version of the procedure the draft came, and keeps the answers no longer asked.
    ``submitted`` is the frozen copy of what was sent: answers, documents with digests, pack version.
    ``tracking_digest`` is all that is kept of the secret by which anybody who holds it follows the dossier.
    """

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    unsound: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    edits: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    certification: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    carried: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    submitted: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    submitted_at: Mapped[datetime | None]
    receipt_number: Mapped[str | None] = mapped_column(unique=True)
    tracking_digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    __mapper_args__ = {"polymorphic_identity": "application"}


class EarlierSubmission(Model):
    """What was sent before it was corrected and sent again, frozen as it was; ``number`` counts from one."""

    __tablename__ = "earlier_submissions"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    replaced_at: Mapped[Instant]


class CaseEvent(Model):
    """One step of a case: who, by which role or rule, when, from where to where, on which basis, with which data.

    The audit row of the same instant proves it and holds the digest of ``data``; the data themselves stay
    here, where the law on personal data can have them erased.
    """

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_case_events_step", "case_id", "step"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    step: Mapped[Code]
    from_state: Mapped[Code]
    to_state: Mapped[Code]
    at: Mapped[Instant]
    actor_kind: Mapped[Code]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str | None]
    basis: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_versions.id"))


class DossierCounter(Model):
    """The last serial number that a unit gave on a day; the row is locked last, so for an instant only."""

    __tablename__ = "dossier_counters"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
