"""Pages of those who contribute to funds: their own account and nothing of others."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from fund.capital import CHARTER, PAID, RECEIVABLE, UNCALLED
from fund.figures import results_facts
from fund.queries.calls import calls_on
from fund.queries.investors import own_holding, own_lines, own_places
from fund.titles import ACCOUNT_TITLES, CALL_TITLES, KIND_TITLES
from fund.web.blueprint import blueprint
from fund.web.funds import ROWS

SHOWN = (CHARTER, UNCALLED, RECEIVABLE, PAID)


@blueprint.get("/investments")
@access(SIGNED_IN)
def investments() -> str | Response:
    """The funds to which one's organisations contribute; a lone one opens at once."""
    found = own_places(db.session(), current_actor())
    if len(found) == 1:
        fund, one = found[0]
        return redirect(url_for("fund.investment", code=fund.code, contributor=one.code))
    return render_template("fund/investments.html", found=found)


@blueprint.get("/investments/<code>/<contributor>")
@access(SIGNED_IN)
def investment(code: str, contributor: str) -> str:
    """One's own account in a fund."""
    session = db.session()
    found = own_holding(session, code, contributor, actor=current_actor())
    return render_template(
        "fund/investment.html",
        fund=found.fund,
        one=found.contributor,
        balances=[(account, found.of(account)) for account in SHOWN],
        results=results_facts(found.results),
        calls=calls_on(session, found.fund, found.contributor.id),
        call_states=CALL_TITLES,
        page=own_lines(session, found, after=request.args.get("after"), size=ROWS),
        accounts=ACCOUNT_TITLES,
        kinds=KIND_TITLES,
    )
