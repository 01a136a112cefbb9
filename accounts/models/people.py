"""People, and the sign-ups of those who have not yet shown that an address is theirs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, event, func, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models.places import one_of
from foundation.database import Code, Facts, Instant, Key, Model, Words, now
from foundation.searchtext import fold
from foundation.wording import DEFAULT_LANGUAGE, LANGUAGES


class Person(Model):
    """Somebody with an account. No password hash: the person was invited and has not chosen one yet."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint(one_of("language", LANGUAGES), name="language"),
        CheckConstraint("position('@' in email) > 1", name="email_form"),
        CheckConstraint("full_name <> ''", name="full_name_given"),
    )

    id: Mapped[Key]
    email: Mapped[Words]
    full_name: Mapped[Words]
    search_text: Mapped[Words] = mapped_column(default="")
    password_hash: Mapped[str | None]
    language: Mapped[Code] = mapped_column(default=DEFAULT_LANGUAGE)
    phone: Mapped[str | None]
    email_confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[Instant] = mapped_column(default=now)


Index("uq_people_email", func.lower(Person.email), unique=True)
Index("ix_people_in_order", Person.search_text, Person.id)
Index("ix_people_search_text", func.to_tsvector(text("'simple'"), Person.search_text), postgresql_using="gin")


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_search_text(mapper: object, connection: object, person: Person) -> None:
    person.search_text = fold(f"{person.full_name} {person.email}")


class SignUp(Model):
    """A wish to open an account with an organisation; it becomes both when the mailed link is confirmed.

    Nothing is created before, so that what the page answers never tells whether an address is known.
    """

    __tablename__ = "sign_ups"

    id: Mapped[Key]
    digest: Mapped[Code] = mapped_column(unique=True)
    email: Mapped[Words]
    full_name: Mapped[Words]
    password_hash: Mapped[Words]
    language: Mapped[Code]
    phone: Mapped[str | None]
    organisation: Mapped[Facts]
    created_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
