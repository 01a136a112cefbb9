"""Pages of a fund's results: rates and multiples with the flows behind them, valuations, the report as a file."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from foundation.access import access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.reasons import sentence_of
from fund.books import Moment
from fund.charts import draw_flows, draw_j_curve
from fund.figures import results_facts
from fund.forms.valuations import BASIS_TITLES, METHOD_TITLES, ValuationForm
from fund.models import Fund
from fund.operations.ledger import today
from fund.operations.valuations import StatedValue, enter_valuation
from fund.queries.funds import find_fund
from fund.queries.positions import position_codes
from fund.queries.results import fund_results
from fund.queries.valuations import valuations_page
from fund.rules import FUND_MANAGER, may_keep_books
from fund.web.blueprint import blueprint
from fund.web.funds import READERS, ROWS

LATEST_DAYS = 60
"""Days on which money moved that stand on the page; the report holds all."""

Page = str | tuple[str, int] | Response


@blueprint.get("/funds/<code>/results")
@access(READERS)
def fund_results_page(code: str) -> str:
    """The results of a fund, now or at the moment that the address names."""
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    moment = moment_asked()
    found = fund_results(session, fund, today(), moment, index=request.args.get("index") or None)
    course = found.quarters
    return render_template(
        "fund/results.html",
        fund=fund,
        found=found,
        results=results_facts(found.results),
        may_keep=may_keep_books(current_actor(), fund),
        latest=found.days[: -LATEST_DAYS - 1 : -1],
        course=course,
        j_curve=draw_j_curve(course),
        flows=draw_flows(course),
    )


def moment_asked() -> Moment:
    """The moment that the address names; what is no day there is left out."""
    return Moment(_day_asked("as_of"), _day_asked("known_on"))


def _day_asked(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/funds/<code>/valuations")
@access(READERS)
def fund_valuations(code: str) -> str:
    """Everything that was entered on the value of a fund and its positions."""
    fund = find_fund(db.session(), code, actor=current_actor())
    return _valuations(fund, _form(fund))


@blueprint.post("/funds/<code>/valuations")
@access(roles(FUND_MANAGER))
def add_valuation(code: str) -> Page:
    """Enter a value."""
    fund = find_fund(db.session(), code, actor=current_actor())
    form = _form(fund)
    if form.validate() and _entered(fund, form):
        return redirect(url_for("fund.fund_valuations", code=code), 303)
    return _valuations(fund, form), 422


def _form(fund: Fund) -> ValuationForm:
    """With the positions of the fund to choose from."""
    form = ValuationForm()
    held = position_codes(db.session(), fund)
    form.position.choices = [*form.position.choices, *(SelectChoice(code, f"{code} · {name}") for code, name in held)]
    return form


def _entered(fund: Fund, form: ValuationForm) -> bool:
    stated = StatedValue(
        amount=form.amount.amount,
        valued_on=form.valued_on.data,
        method=form.method.data,
        source=form.source.data,
        basis=form.basis.data,
        position=form.position.data or "",
    )
    try:
        with transaction(db.session()) as session:
            enter_valuation(session, fund.code, stated, actor=current_actor())
    except Invalid as refusal:
        form.valued_on.errors = [sentence_of(reason) for reasons in refusal.fields.values() for reason in reasons]
        return False
    return True


def _valuations(fund: Fund, form: ValuationForm) -> str:
    page = valuations_page(db.session(), fund, Moment(), after=request.args.get("after"), size=ROWS)
    shown: dict[str, Any] = {"methods": METHOD_TITLES, "kinds": BASIS_TITLES}
    may_enter = may_keep_books(current_actor(), fund)
    return render_template("fund/valuations.html", fund=fund, page=page, form=form, may_enter=may_enter, **shown)
