"""The report of a fund as a workbook to keep."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import send_file
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from foundation.access import access, current_actor
from foundation.apart import work_apart
from foundation.database import db
from foundation.exports import MEDIA_TYPES
from fund.books import Moment
from fund.figures import results_facts
from fund.forms.valuations import BASIS_TITLES, METHOD_TITLES
from fund.models import Fund, FundContributor
from fund.operations.ledger import today
from fund.queries.cash import cash_by_contributor
from fund.queries.funds import find_fund
from fund.queries.results import FundResults, fund_results
from fund.web.blueprint import blueprint
from fund.web.funds import READERS
from fund.web.results import moment_asked

PROGRAM = Path(__file__).resolve().parents[1] / "reports.py"


@blueprint.get("/funds/<code>/report.xlsx")
@access(READERS)
def fund_report(code: str) -> Response:
    """Results, quarters, contributions, flows and valuations of a fund, as the results page shows them."""
    session = db.session()
    found_fund = find_fund(session, code, actor=current_actor())
    moment = moment_asked()
    facts = _facts(found_fund, fund_results(session, found_fund, today(), moment), moment)
    workbook = work_apart(PROGRAM, "", BytesIO(json.dumps(facts).encode()))
    name = f"{code}-{(moment.as_of or today()).isoformat()}.xlsx"
    answer = send_file(BytesIO(workbook), mimetype=MEDIA_TYPES["xlsx"], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _facts(found_fund: Fund, found: FundResults, moment: Moment) -> dict[str, Any]:
    return {
        "titles": _titles(),
        "figures": _figures(found),
        "quarters": [
            {
                _("Up to"): quarter.ends_on.isoformat(),
                _("Paid in"): quarter.paid_in,
                _("Distributed"): quarter.distributed,
                _("Money out and in since the beginning"): quarter.net,
                _("Value left"): quarter.nav,
            }
            for quarter in found.quarters
        ],
        "flows": _flows(found_fund, moment),
        "valuations": [
            {
                _("Valued on"): one.valued_on.isoformat(),
                _("Of what"): one.position or _("The whole fund"),
                _("Value"): one.amount_vnd,
                _("Kind of value"): str(BASIS_TITLES[one.basis]),
                _("Method"): str(METHOD_TITLES[one.method]),
                _("Source"): one.source,
            }
            for one in found.valuations
        ],
    }


def _titles() -> dict[str, str]:
    return {
        "figures": _("Results"),
        "figure": _("Figure"),
        "value": _("Value"),
        "quarters": _("By quarter"),
        "contributions": _("Contributions"),
        "flows": _("Flows"),
        "valuations": _("Valuations"),
        "day": _("Day"),
        "contributor": _("Contributor"),
        "paid_in": _("Paid in"),
        "all": _("All"),
    }


def _figures(found: FundResults) -> list[tuple[str, str | int | None]]:
    """Amounts as numbers; rates and quotients as exact text, or why there is none."""
    facts = results_facts(found.results)
    names = {
        "paid_in": _("Paid in"),
        "distributed": _("Distributed"),
        "nav": _("Value left"),
        "xirr": _("Rate of return (XIRR)"),
        "dpi": _("Distributed to paid-in (DPI)"),
        "rvpi": _("Value left to paid-in (RVPI)"),
        "tvpi": _("Value to paid-in (TVPI)"),
        "pic": _("Paid-in to committed (PIC)"),
        "ks_pme": "KS-PME",
        "ln_pme": "LN-PME",
        "pme_plus": "PME+",
        "direct_alpha": _("Direct alpha"),
    }
    notes = {"xirr": facts["xirr_note"], "nav": facts["nav_note"], "ks_pme": facts["pme_note"]}
    return [
        (title, facts[name] if facts[name] is not None else notes.get(name) or "–") for name, title in names.items()
    ]


def _flows(found_fund: Fund, moment: Moment) -> list[dict[str, Any]]:
    session = db.session()
    named = select(FundContributor.id, FundContributor.name).where(FundContributor.fund_id == found_fund.id)
    names: dict[int, str] = dict(session.execute(named).all())
    return [
        {
            _("Day"): day.on.isoformat(),
            _("Contributor"): names[one],
            _("Paid in"): day.paid_in,
            _("Distributed"): day.distributed,
        }
        for one, day in cash_by_contributor(session, found_fund, moment)
    ]
