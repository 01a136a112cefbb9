"""The page of a fund that is shown to a general meeting."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from flask import render_template
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from foundation.access import access, current_actor
from foundation.database import db
from foundation.speech import current_language
from fund.capital import CHARTER, PAID, RECEIVABLE, UNCALLED
from fund.charts import draw_flows, draw_j_curve
from fund.figures import results_facts
from fund.operations.ledger import today
from fund.queries.dashboard import Mark, dashboard_of, mark_of
from fund.queries.funds import find_fund
from fund.rules import may_found
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """The content of a dashboard in one language, with the mark under which it was made."""

    mark: Mark
    name: dict[str, str]
    content: Markup


_shown: dict[tuple[str, str], _Shown] = {}
"""By code of the fund and language; the content is the same for all who may read it."""


@blueprint.get("/funds/<code>/dashboard")
@access(READERS)
def dashboard(code: str) -> str:
    """Ceilings, calls and payments, results and what has to be seen to, each number with the rows behind it."""
    session, key = db.session(), (code, current_language())
    mark = mark_of(session, code, today(), actor=current_actor())
    shown = _shown.get(key)
    if shown is None or shown.mark != mark:
        shown = _made(code, mark)
        if mark == mark_of(session, code, today(), actor=current_actor()):
            _shown[key] = shown
    return render_template("fund/dashboard.html", shown=shown, may_found=may_found(current_actor()))


def _made(code: str, mark: Mark) -> _Shown:
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    found = dashboard_of(session, fund, today())
    course = found.found.quarters
    content = render_template(
        "fund/dashboard_content.html",
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
    return _Shown(mark, fund.name, Markup(content))  # noqa: S704 - made by a template, which escapes
