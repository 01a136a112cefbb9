"""Documents of a case, each version kept; the bytes stand once in the store under their digest."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Words, now

STEP_SLOT = "step"
"""The slot of a file that belongs to a step (a signed original, say) and not to the pack's documents."""


class Document(Model):
    """One uploaded file in one slot of the pack. A new version leaves the old one, marked as removed.

    ``scanned_at`` is empty until a scanner has looked at it; ``infection`` names what was found then.
    ``reused_from_id`` is the same file in an earlier dossier, where it was taken over from there.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_case", "case_id", "slot", "id"),
        Index("ix_documents_sha256", "sha256"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("infection IS NULL OR scanned_at IS NOT NULL", name="infection"),
        Index("ix_documents_unscanned", "id", postgresql_where=text("scanned_at IS NULL")),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index(
            "uq_documents_current", "case_id", "slot", "number", unique=True,
            postgresql_where=text("removed_at IS NULL AND slot <> 'step'"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    slot: Mapped[Code]
    number: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    filename: Mapped[Words]
    media_type: Mapped[Code]
    pages: Mapped[int | None]
    uploaded_at: Mapped[Instant] = mapped_column(default=now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]
    step: Mapped[str | None]
    scanned_at: Mapped[datetime | None]
    infection: Mapped[str | None]
    reused_from_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))


class DocumentText(Model):
    """The words of a document as they are searched: folded by :func:`foundation.searchtext.fold`, perhaps none."""

    __tablename__ = "document_texts"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[Words]
    at: Mapped[Instant] = mapped_column(default=now)
