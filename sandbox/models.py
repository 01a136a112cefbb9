"""What a permit brings: the test regulation of one project and the provisions that do not apply to it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, event, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Organisation
from applications.models import Case, Decision
from foundation.database import Code, Key, Model, Words
from foundation.revisions import follow
from foundation.searchtext import fold


@follow("regulations")
class TestRegulation(Model):
    """The regulation that the People's Committee issues with a permit (Capital Law 02/2026 art. 19(2)).

    ``is_published`` says whether the applicant agreed to stand in the public register, ``sector`` where there; both as
    the dossier said when it was decided, so that the register reads no dossiers to count.

    ``area`` holds rows of ward code and place, ``conditions`` rows of condition and justification,
    ``stop_thresholds`` rows as the pack asks them.
    """

    __test__ = False
    __tablename__ = "test_regulations"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("user_limit > 0", name="user_limit"),
        CheckConstraint("value_at_risk_vnd >= 0", name="value_at_risk"),
        Index("ix_test_regulations_period", "starts_on", "ends_on", postgresql_where=text("is_published")),
        Index("ix_test_regulations_sector", "sector", "case_id", postgresql_where=text("is_published")),
        Index("ix_test_regulations_words", "words", postgresql_using="gin", postgresql_where=text("is_published")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    is_published: Mapped[bool] = mapped_column(server_default=text("false"))
    sector: Mapped[Code] = mapped_column(server_default=text("''"))
    words: Mapped[Any] = mapped_column(TSVECTOR, server_default=text("''"))
    scope: Mapped[Words]
    area: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    user_limit: Mapped[int]
    transaction_limit: Mapped[int | None]
    value_at_risk_vnd: Mapped[int]
    disclosures: Mapped[Words]
    complaints: Mapped[Words]
    report_every_months: Mapped[int]
    stop_thresholds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    disapplied: Mapped[list["DisappliedProvision"]] = relationship(
        order_by="DisappliedProvision.id", lazy="selectin", cascade="all"
    )


@event.listens_for(TestRegulation, "before_insert")
def _keep_words(mapper: object, connection: Connection, regulation: TestRegulation) -> None:
    named = (
        select(Case.title, Decision.number, Organisation.search_text)
        .join(Decision, Decision.case_id == Case.id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .where(Decision.id == regulation.decision_id)
    )
    words = " ".join(name for name in connection.execute(named).one() if name)
    regulation.words = func.to_tsvector(text("'simple'"), fold(words))


class DisappliedProvision(Model):
    """A provision that does not apply to one project for a while; never longer than the test."""

    __tablename__ = "disapplied_provisions"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="period"),)

    id: Mapped[Key]
    regulation_id: Mapped[int] = mapped_column(ForeignKey("test_regulations.id"), index=True)
    rule: Mapped[Words]
    article: Mapped[Words]
    content: Mapped[Words]
    reason: Mapped[Words]
    from_on: Mapped[date]
    to_on: Mapped[date]
