"""The calendar of deadlines that somebody reads in a program of their own, by a secret address."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Instant, Model, now


class CalendarFeed(Model):
    """One address per person; only the digest of its secret is kept. Revoking it deletes the row."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant] = mapped_column(default=now)
