"""A fund as data: its legal form, its terms by the day from which they hold, and who contributes."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from applications.models import Life
from foundation.database import Code, Facts, Instant, Key, Model, Words, append_only, now
from fund.states import COMMITMENT_STATES, FUND_STATES

LEGAL_FORMS = ("contract", "enterprise")
KNOWN_STATES = ", ".join(f"'{state}'" for state in FUND_STATES)
KNOWN_COMMITMENT_STATES = ", ".join(f"'{state}'" for state in COMMITMENT_STATES)


class Fund(Life):
    """A fund; its row is the lock under which its ledger grows. ``last_recorded_at`` is that of its last entry.

    ``entries`` and ``figures`` count what was ever recorded: as long as both stand still, nothing told of it changes.
    Into and out of the state ``cap_breach`` leads the ledger's trigger alone; ``told_move_id`` is the last of these
    steps that the trail tells. On ``judged_on`` the terms of that day were held against the balances.
    """

    __tablename__ = "funds"
    __table_args__ = (
        CheckConstraint("legal_form IN ('contract', 'enterprise')", name="legal_form"),
        CheckConstraint(f"state IN ({KNOWN_STATES})", name="state"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Facts]
    legal_form: Mapped[Code]
    state: Mapped[Code] = mapped_column(default="preparing", server_default="preparing")
    is_demonstration: Mapped[bool]
    created_at: Mapped[Instant] = mapped_column(default=now)
    entries: Mapped[int] = mapped_column(default=0, server_default="0")
    figures: Mapped[int] = mapped_column(default=0, server_default="0")
    told_move_id: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    judged_on: Mapped[date | None]
    last_recorded_at: Mapped[Instant] = mapped_column(default=now, server_default=func.now())

    PROCEDURE = "venture-fund"

    @property
    def stream(self) -> str:
        return f"fund:{self.id}"

    @property
    def scope(self) -> dict[str, str]:
        return {"fund": self.code}

    contributors: Mapped[list["FundContributor"]] = relationship(lazy="raise", order_by="FundContributor.id")


@append_only
class FundTerms(Model):
    """Ceilings and limits from a day on, with their source; of one day the version recorded last counts.

    ``loss_percent`` of charter capital may be lost over one cycle, ``concentration_percent`` of it may be in one
    company, of which the fund may then own ``company_share_percent``; ``None`` in a limit is no limit.
    ``late_interest_bps`` is per year. Under ``calls_by_two`` who prepared a call does not issue it.
    """

    __tablename__ = "fund_terms"
    __table_args__ = (
        CheckConstraint("0 < share_numerator AND share_numerator < share_denominator", name="share"),
        CheckConstraint("city_amount_vnd > 0", name="city_amount"),
        CheckConstraint("private_investors > 0", name="private_investors"),
        CheckConstraint("notice_working_days >= 0", name="notice"),
        CheckConstraint("loss_percent BETWEEN 0 AND 100", name="loss"),
        CheckConstraint("concentration_percent BETWEEN 1 AND 100", name="concentration"),
        CheckConstraint("company_share_percent BETWEEN 1 AND 100", name="company_share"),
        CheckConstraint("late_interest_bps BETWEEN 0 AND 10000", name="late_interest"),
        CheckConstraint(
            "least(default_working_days, breach_notice_working_days, breach_plan_working_days, breach_cure_days) > 0",
            name="clocks",
        ),
        Index("ix_fund_terms_fund", "fund_id", "valid_from", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    valid_from: Mapped[date]
    city_amount_vnd: Mapped[int | None]
    share_numerator: Mapped[int]
    share_denominator: Mapped[int]
    private_investors: Mapped[int | None]
    notice_working_days: Mapped[int]
    loss_percent: Mapped[int | None]
    concentration_percent: Mapped[int | None]
    company_share_percent: Mapped[int | None]
    late_interest_bps: Mapped[int | None]
    default_working_days: Mapped[int] = mapped_column(default=15, server_default="15")
    breach_notice_working_days: Mapped[int] = mapped_column(default=1, server_default="1")
    breach_plan_working_days: Mapped[int] = mapped_column(default=10, server_default="10")
    breach_cure_days: Mapped[int] = mapped_column(default=90, server_default="90")
    calls_by_two: Mapped[bool] = mapped_column(default=False, server_default="false")
    review_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[Facts]
    recorded_at: Mapped[Instant] = mapped_column(default=now)


class LifeInFund(Life):
    """What lives in a fund: told in the fund’s chain of the audit trail, led by those who lead the fund."""

    __abstract__ = True

    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))

    @property
    def stream(self) -> str:
        return f"fund:{self.fund_id}"

    @property
    def scope(self) -> dict[str, str]:
        session = object_session(self)
        return {} if session is None else {"fund": session.get_one(Fund, self.fund_id).code}


class FundContributor(LifeInFund):
    """One who contributes to a fund by contract; an organisation of the platform where it is one."""

    __tablename__ = "fund_contributors"
    __table_args__ = (
        UniqueConstraint("fund_id", "code"),
        UniqueConstraint("fund_id", "id"),
        CheckConstraint(f"state IN ({KNOWN_COMMITMENT_STATES})", name="state"),
    )

    PROCEDURE = "fund-commitment"

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Words]
    is_city: Mapped[bool]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[Code] = mapped_column(default="proposed", server_default="proposed")
    contract_number: Mapped[Words] = mapped_column(default="", server_default="")
    signed_on: Mapped[date | None]
