"""The questions of each calculator, and an example to begin with."""

from flask_babel import lazy_gettext as _

from foundation.calculators import Calculator
from foundation.calculators.sheet import Column, Questions, Table

AMOUNT_HINT = _("In đồng, such as 600.000.000.000")
PER_CENT_HINT = _("In per cent")
PARTIES = (("private", _("Private")), ("public", _("City or State")))

CEILING = Calculator(
    code="ceiling",
    title=_("Ceilings of city money"),
    lead=_("May the city give this much beside the others? Amount and share are tested exactly, to the đồng."),
    icon="scale",
    questions=Questions(
        fields=[Column("city", _("Money of the city"), "amount", AMOUNT_HINT)],
        tables=[
            Table(
                "private",
                _("Money of the other contributors"),
                [Column("amount", _("Amount"), "amount")],
                is_plain=True,
            )
        ],
    ),
    example={"city": "600000000000", "private": ["300000000000", "200000000000", "100000000000"]},
)

CALL = Calculator(
    code="call",
    title=_("Divide a capital call"),
    lead=_("Each contributor’s part to the đồng. The part of the city or the State is always rounded down."),
    icon="chart-pie",
    questions=Questions(
        fields=[Column("amount", _("Amount called"), "amount", AMOUNT_HINT)],
        tables=[
            Table(
                "commitments",
                _("Commitments"),
                [
                    Column("name", _("Contributor"), "text"),
                    Column("amount", _("Committed"), "amount"),
                    Column("public", _("Kind"), "choice", choices=PARTIES, default="private"),
                ],
            )
        ],
    ),
    example={
        "amount": "100000000000",
        "commitments": [
            "TP Hà Nội~600000000000~public",
            "A~300000000000~private",
            "B~200000000000~private",
            "C~124489795919~private",
        ],
    },
)

WATERFALL = Calculator(
    code="waterfall",
    title=_("Waterfall of a fund"),
    lead=_("Who gets what of the proceeds: capital back, preferred return, catch-up, carried interest."),
    icon="stairs-down",
    questions=Questions(
        fields=[
            Column("contributed", _("Capital paid in"), "number"),
            Column("proceeds", _("Proceeds to share"), "number"),
            Column("years", _("Years between"), "number"),
            Column("hurdle", _("Preferred return a year"), "percent", PER_CENT_HINT),
            Column("catch_up", _("Catch-up of the manager"), "percent", PER_CENT_HINT),
            Column("carry", _("Carried interest"), "percent", PER_CENT_HINT),
        ],
        tables=[],
    ),
    example={
        "contributed": "100",
        "proceeds": "160",
        "years": "5",
        "hurdle": "0.08",
        "catch_up": "1",
        "carry": "0.20",
    },
)

PERFORMANCE = Calculator(
    code="performance",
    title=_("Return of an investment"),
    lead=_("Rate of return, multiples, and the comparison with an index. Every rate is searched; none is made up."),
    icon="chart-line",
    questions=Questions(
        fields=[
            Column("nav", _("Value left"), "number", is_optional=True),
            Column(
                "nav_on",
                _("Day of that value"),
                "day",
                _("Without it, the day of the last flow."),
                is_optional=True,
            ),
            Column("commitment", _("Committed"), "number", is_optional=True),
        ],
        tables=[
            Table(
                "flows",
                _("Flows"),
                [
                    Column("on", _("Day"), "day", is_optional=True),
                    Column("amount", _("Amount"), "number", _("Paid in with a minus")),
                ],
                hint=_("Paid in with a minus. Leave all days empty where the flows are of equal periods."),
                rows=6,
            ),
            Table(
                "index",
                _("Index to compare with"),
                [Column("on", _("Day"), "day", is_optional=True), Column("value", _("Value"), "number")],
                hint=_("Optional. Between its days the latest value counts."),
                rows=3,
            ),
        ],
    ),
    example={
        "flows": [
            "2008-01-01~-10000",
            "2008-03-01~2750",
            "2008-10-30~4250",
            "2009-02-15~3250",
            "2009-04-01~2750",
        ]
    },
)

CALCULATORS = {one.code: one for one in (CEILING, CALL, WATERFALL, PERFORMANCE)}
