"""The questions of the calculators of tenancies, and an example to begin with."""

from flask_babel import lazy_gettext as _

from foundation.calculators import Calculator
from foundation.calculators.sheet import Column, Questions, Table

ESCALATIONS = (
    ("none", _("Stays as it is")),
    ("percent", _("By a percentage each time")),
    ("fixed", _("By an amount each time")),
    ("stepped", _("In agreed steps")),
    ("index", _("With the consumer price index")),
    ("review", _("By open review")),
)
RELIEFS = (("statutory", _("By law")), ("programme", _("By a programme")))
MONTHLY_HINT = _("In đồng, such as 30.000.000")
PER_CENT = _("In per cent")

RENT = Calculator(
    code="rent",
    title=_("Rent schedule"),
    lead=_("The rent of a whole term, line by line: to the day, with steps, reliefs and tax."),
    icon="calendar-dollar",
    questions=Questions(
        fields=[
            Column("starts_on", _("First day"), "day"),
            Column("ends_on", _("Last day"), "day"),
            Column("monthly_vnd", _("Monthly rent at the beginning"), "number", MONTHLY_HINT),
            Column("service_vnd", _("Monthly service charge"), "number", MONTHLY_HINT, is_optional=True),
            Column("vat", _("Value added tax"), "percent", PER_CENT, is_optional=True),
            Column("escalation.kind", _("How the rent changes"), "option", choices=ESCALATIONS, default="none"),
            Column("escalation.every_months", _("Every so many months"), "count", is_optional=True),
            Column("escalation.rate", _("By per cent"), "percent", PER_CENT, is_optional=True),
            Column("escalation.amount_vnd", _("By amount"), "amount", MONTHLY_HINT, is_optional=True),
        ],
        tables=[
            Table(
                "reliefs",
                _("Reliefs"),
                [
                    Column("kind", _("Kind"), "option", choices=RELIEFS, default="statutory"),
                    Column("rate", _("Per cent of the rent"), "percent"),
                    Column("from", _("Valid from"), "day", is_optional=True),
                    Column("to", _("Valid to"), "day", is_optional=True),
                ],
                hint=_("They take from the rent of the premises, not from service. The one by law comes first."),
                rows=2,
            ),
            Table(
                "escalation.agreed",
                _("Agreed rents"),
                [Column("on", _("From"), "day"), Column("monthly_vnd", _("Monthly rent"), "amount")],
                hint=_("For agreed steps, and for reviews that are over."),
                rows=1,
            ),
            Table(
                "escalation.index",
                _("Consumer price index"),
                [Column("on", _("Published on"), "day"), Column("value", _("Value"), "number")],
                hint=_("For rents that follow it. The latest value before each day counts."),
                rows=1,
            ),
        ],
    ),
    example={
        "starts_on": "2026-03-17",
        "ends_on": "2028-03-16",
        "monthly_vnd": "30000000",
        "service_vnd": "4500000",
        "vat": "0.1",
        "escalation.kind": "percent",
        "escalation.every_months": "12",
        "escalation.rate": "0.05",
        "reliefs": ["statutory~0.5~2026-03-17~2027-03-16"],
    },
)

WALE = Calculator(
    code="wale",
    title=_("Average remaining term (WALE)"),
    lead=_("How long tenants are still bound on average, weighted by area or by rent."),
    icon="hourglass",
    questions=Questions(
        fields=[Column("on", _("Counted from"), "day", _("Without it, today."), is_optional=True)],
        tables=[
            Table(
                "leases",
                _("Leases"),
                [
                    Column("weight", _("Area or rent"), "number"),
                    Column("months", _("Months left"), "number", is_optional=True),
                    Column("ends_on", _("or last day"), "day", is_optional=True),
                ],
                hint=_("Leave vacant units out. Take the last day of the term, or the first break, for all alike."),
            )
        ],
    ),
    example={"leases": ["1000~12", "5000~36", "4000~48"]},
)

CALCULATORS = {one.code: one for one in (RENT, WALE)}
