"""Proofs of who somebody is: sign-in sessions, access tokens and mailed links, all stored as digests."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models.places import one_of
from foundation.database import Code, Instant, Key, Model, Words, now

TOKEN_SCOPES = ("read", "write")
MAIL_PURPOSES = ("confirm_email", "reset_password")


class SignInSession(Model):
    """A browser that somebody signed in with.

    ``last_seen_at`` moves with changes only: reading writes nothing.
    """

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        Index(
            "ix_sign_in_sessions_person_id",
            "person_id",
            "expires_at",
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    digest: Mapped[Code] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[Instant] = mapped_column(default=now)
    last_seen_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str | None]
    user_agent: Mapped[str | None]


class AccessToken(Model):
    """A token with which a program acts for a person. ``prefix`` is the part that may be shown again.

    ``last_used_on`` is the last day on which the token changed something: reading writes nothing.
    """

    __tablename__ = "access_tokens"
    __table_args__ = (CheckConstraint("scopes <@ ARRAY['read', 'write'] AND cardinality(scopes) > 0", name="scopes"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[Words]
    prefix: Mapped[Code]
    digest: Mapped[Code] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]


class MailedToken(Model):
    """A link mailed to a person, good once and for a while; ``email`` is the address it went to."""

    __tablename__ = "mailed_tokens"
    __table_args__ = (CheckConstraint(one_of("purpose", MAIL_PURPOSES), name="purpose"),)

    id: Mapped[Key]
    digest: Mapped[Code] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Code]
    email: Mapped[Words]
    created_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
