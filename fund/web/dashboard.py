"""The page of a fund that is shown to a general meeting."""

from decimal import Decimal

from babel.numbers import format_decimal
from flask import render_template
from flask_babel import lazy_gettext as _

from foundation.access import access, current_actor
from foundation.database import db
from foundation.speech import current_language
from fund.capital import CHARTER, PAID, RECEIVABLE, UNCALLED
from fund.charts import draw_flows, draw_j_curve
from fund.figures import results_facts
from fund.operations.ledger import today
from fund.queries.dashboard import dashboard_of
from fund.queries.funds import find_fund
from fund.statement import capital_facts
from fund.titles import BASE_TITLES, CALL_TITLES
from fund.web.blueprint import blueprint
from fund.web.funds import READERS

COLUMNS = (
    ("committed", CHARTER, _("Committed")),
    ("uncalled", UNCALLED, _("Not called yet")),
    ("receivable", RECEIVABLE, _("Called, not paid")),
    ("paid_in", PAID, _("Paid in")),
)
"""Figures of a contributor, with the account whose entries they are made of."""


@blueprint.app_template_filter("billions")
def billions(amount: int) -> str:
    """An amount in billions, rounded only in what is drawn."""
    return str(format_decimal(Decimal(amount) / 10**9, "#,##0.##", locale=current_language()))


@blueprint.get("/funds/<code>/dashboard")
@access(READERS)
def dashboard(code: str) -> str:
    """Ceilings, calls and payments, results and what has to be seen to, each number with the rows behind it."""
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    found = dashboard_of(session, fund, today())
    course = found.found.quarters
    return render_template(
        "fund/dashboard.html",
        fund=fund,
        capital=capital_facts(found.books, current_language()),
        results=results_facts(found.found.results),
        calls=found.calls,
        call_states=CALL_TITLES,
        pipeline=found.pipeline,
        most_deals=max((stage.deals for stage in found.pipeline), default=1),
        alerts=found.alerts,
        course=course,
        j_curve=draw_j_curve(course),
        flows=draw_flows(course),
        bases=BASE_TITLES,
        columns=COLUMNS,
    )
