"""Files on their way: how much of each has arrived, so that a broken upload goes on where it stopped."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Words, now


class Upload(Model):
    """One file that a person sends for a slot, in pieces.

    ``folder`` names it to the outside and in the store, ``pieces`` are its parts there, in order. ``modified`` is
    the file's own date as the browser tells it (milliseconds): with name and size it tells that a file chosen
    again is the same. ``document_id`` is what became of it.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("uq_uploads_folder", "folder", unique=True),
        Index("ix_uploads_touched_at", "touched_at"),
        Index(
            "uq_uploads_same_file", "person_id", "case_id", "slot", "filename", "size", "modified", unique=True,
            postgresql_where=text("document_id IS NULL"),
        ),
        CheckConstraint("received BETWEEN 0 AND size AND size > 0", name="received"),
    )  # fmt: skip

    id: Mapped[Key]
    folder: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    slot: Mapped[Code]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    filename: Mapped[Words]
    media_type: Mapped[Code]
    size: Mapped[int]
    modified: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    started_at: Mapped[Instant] = mapped_column(default=now)
    touched_at: Mapped[Instant] = mapped_column(default=now)

    @property
    def is_whole(self) -> bool:
        return self.received == self.size
