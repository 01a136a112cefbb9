"""What happens in the sandbox when a case moves: the test regulation becomes rows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from applications.firing import Firing
from applications.models import Application, Decision
from applications.registry import effect, needs
from foundation.errors import Invalid, Reason
from foundation.reasons import register_reasons
from sandbox.models import DisappliedProvision, TestRegulation


@effect
@needs(
    scope="long_text",
    period="period",
    user_limit="number",
    value_at_risk_vnd="money",
    disclosures="long_text",
    complaints="long_text",
    report_every_months="number",
    stop_thresholds="table",
)
def record_test_regulation(firing: Firing) -> None:
    """Record the regulation issued with the permit, with every provision that does not apply meanwhile.

    Raises Invalid when a provision would be set aside outside the period of the test.
    """
    data = firing.data
    starts_on, ends_on = (date.fromisoformat(data["period"][end]) for end in ("from", "to"))
    provisions = [_provision(row) for row in data.get("disapplied_provisions", [])]
    _require_within(provisions, starts_on, ends_on)
    firing.session.flush()
    decision_id = firing.session.scalars(select(Decision.id).where(Decision.case_id == firing.case.id)).one()
    firing.session.add(
        TestRegulation(
            case_id=firing.case.id,
            decision_id=decision_id,
            **_for_the_register(firing),
            scope=data["scope"],
            area=data.get("area", []),
            starts_on=starts_on,
            ends_on=ends_on,
            user_limit=data["user_limit"],
            transaction_limit=data.get("transaction_limit"),
            value_at_risk_vnd=data["value_at_risk_vnd"],
            disclosures=data["disclosures"],
            complaints=data["complaints"],
            report_every_months=data["report_every_months"],
            stop_thresholds=data["stop_thresholds"],
            conditions=data.get("conditions", []),
            disapplied=provisions,
        )
    )
    firing.facts["disapplied"] = [f"{row.rule}, {row.article}" for row in provisions]


def _for_the_register(firing: Firing) -> dict[str, Any]:
    """Whether and where the test stands in the public register, by what was sent."""
    sent = firing.case.submitted if isinstance(firing.case, Application) else None
    answers = (sent or {}).get("answers", {})
    return {"is_published": answers.get("accepts_publication") is True, "sector": str(answers.get("sector") or "")}


def _provision(row: Mapping[str, Any]) -> DisappliedProvision:
    return DisappliedProvision(
        rule=row["rule"],
        article=row["article"],
        content=row["content"],
        reason=row["reason"],
        from_on=date.fromisoformat(row["from_on"]),
        to_on=date.fromisoformat(row["to_on"]),
    )


def _require_within(provisions: list[DisappliedProvision], starts_on: date, ends_on: date) -> None:
    faults: dict[str, list[Reason | str]] = {}
    for number, row in enumerate(provisions):
        if row.from_on < starts_on:
            faults[f"disapplied_provisions.{number}.from_on"] = ["outside_the_test"]
        if not row.from_on <= row.to_on <= ends_on:
            faults[f"disapplied_provisions.{number}.to_on"] = ["outside_the_test"]
    if faults:
        raise Invalid(faults)


register_reasons(
    {
        "outside_the_test": lazy_gettext(
            "A provision can be set aside only within the period of the test, from its first to its last day."
        )
    }
)
