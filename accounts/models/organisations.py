"""Organisations that apply, the people who act for them, and invitations to join."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, event, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.people import Person
from accounts.models.places import Ward, one_of
from foundation.database import Code, Instant, Key, Model, Words, now
from foundation.searchtext import fold

LEGAL_FORMS = (
    "joint_stock_company",
    "limited_company",
    "single_member_company",
    "partnership",
    "private_enterprise",
    "cooperative",
    "household_business",
    "university",
    "research_institute",
    "public_service_unit",
    "foreign_branch",
    "other",
)


class MembershipRole(StrEnum):
    """What a person may do for an organisation: an owner also manages its members."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


MEMBERSHIP_ROLES = tuple(role.value for role in MembershipRole)


class Organisation(Model):
    """A company, institute or other body; ``code`` is what people quote."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint(one_of("legal_form", LEGAL_FORMS), name="legal_form"),
        CheckConstraint("tax_code ~ '^[0-9]{10}([0-9]{3})?$'", name="tax_code_form"),
        CheckConstraint("name_vi <> ''", name="name_given"),
        Index("ix_organisations_in_order", "search_text", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(
        Computed("'TC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    name_vi: Mapped[Words]
    name_en: Mapped[str | None]
    search_text: Mapped[Words] = mapped_column(default="")
    tax_code: Mapped[str | None] = mapped_column(unique=True)
    legal_form: Mapped[Code] = mapped_column(default="other")
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("wards.code", ondelete="RESTRICT"), index=True)
    address: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    founded_on: Mapped[date | None]
    created_at: Mapped[Instant] = mapped_column(default=now)

    ward: Mapped[Ward | None] = relationship(lazy="raise", viewonly=True)

    def title(self, language: str) -> str:
        """The organisation's name for a reader of ``language``."""
        return self.name_vi if language == "vi" else self.name_en or self.name_vi


Index(
    "ix_organisations_search_text",
    func.to_tsvector(text("'simple'"), Organisation.search_text),
    postgresql_using="gin",
)


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
def _keep_search_text(mapper: object, connection: object, organisation: Organisation) -> None:
    names = (organisation.name_vi, organisation.name_en, organisation.tax_code)
    organisation.search_text = fold(" ".join(name for name in names if name))


class Membership(Model):
    """One person acting for one organisation, from ``since_at`` until ``until_at`` (open when empty)."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(one_of("role", MEMBERSHIP_ROLES), name="role"),
        CheckConstraint("until_at >= since_at", name="period"),
        Index(
            "uq_memberships_person_id_organisation_id",
            "person_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Code]
    since_at: Mapped[Instant] = mapped_column(default=now)
    until_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Invitation(Model):
    """A mailed wish that somebody join: an organisation, or only the product (``organisation_id`` empty)."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(one_of("role", MEMBERSHIP_ROLES), name="role"),
        CheckConstraint("(organisation_id IS NULL) = (role IS NULL)", name="role_in_organisation"),
    )

    id: Mapped[Key]
    digest: Mapped[Code] = mapped_column(unique=True)
    email: Mapped[Words]
    full_name: Mapped[str | None]
    language: Mapped[Code]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"), index=True)
    role: Mapped[str | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    created_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
