"""Public pages on city money in funds, and the page on which a manager decides what else is told."""

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from foundation.access import EVERYONE, access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.reasons import sentence_of
from fund.models import Fund
from fund.operations.publication import decide_publication
from fund.publication import is_told, publication_rules
from fund.queries.funds import find_fund
from fund.queries.public import choices_of, decisions_of, public_fund, public_funds
from fund.rules import FUND_MANAGER, may_keep_books
from fund.titles import LEGAL_FORM_TITLES
from fund.web.blueprint import blueprint
from fund.web.funds import READERS

RULE_TITLES = {
    "always": _("Told: the law asks for it"),
    "published": _("Told, unless decided otherwise"),
    "withheld": _("Withheld, unless decided otherwise"),
    "never": _("Never told: a business secret"),
}
AMOUNTS = frozenset(
    {
        "charter_capital",
        "city_committed",
        "city_paid_in",
        "city_ceiling",
        "city_distributed",
        "paid_in",
        "distributed",
        "value_left",
        "invested",
    }
)
SHARES = frozenset({"city_share", "xirr"})


@blueprint.get("/state-capital")
@access(EVERYONE)
def state_capital() -> str:
    """The funds in which the city has money."""
    return render_template("fund/state_capital.html", funds=public_funds(db.session()), forms=LEGAL_FORM_TITLES)


@blueprint.get("/state-capital/<code>")
@access(EVERYONE)
def state_capital_of(code: str) -> str:
    """What the public is told of one fund, and what is withheld."""
    found = public_fund(db.session(), code)
    rules = publication_rules()
    return render_template(
        "fund/state_capital_of.html",
        fund=found.fund,
        found=found,
        fields=[field for field in rules.fields if field.name in found.told],
        basis=rules.basis,
        legal_forms=LEGAL_FORM_TITLES,
        amounts=AMOUNTS,
        shares=SHARES,
        program_address=url_for("api_state_capital.read_state_capital", code=code),
    )


@blueprint.get("/funds/<code>/publication")
@access(READERS)
def publication(code: str) -> str:
    """Every field with its rule, what holds now, and who decided so."""
    return _publication(find_fund(db.session(), code, actor=current_actor()))


@blueprint.post("/funds/<code>/publication")
@access(roles(FUND_MANAGER))
def decide_on_publication(code: str) -> Response | tuple[str, int]:
    """Open a field to the public, or withhold it."""
    actor = current_actor()
    fund = find_fund(db.session(), code, actor=actor)
    field, is_published = request.form.get("field", ""), request.form.get("decision") == "publish"
    reason = request.form.get("reason", "")
    try:
        with transaction(db.session()) as session:
            decide_publication(session, code, field, is_published=is_published, reason=reason, actor=actor)
    except Invalid as refusal:
        said = [sentence_of(one) for reasons in refusal.fields.values() for one in reasons]
        return _publication(fund, field=field, said=" ".join(said)), 422
    return redirect(url_for("fund.publication", code=code, _anchor=field), 303)


def _publication(fund: Fund, *, field: str = "", said: str = "") -> str:
    session, rules = db.session(), publication_rules()
    choices = choices_of(session, fund)
    return render_template(
        "fund/publication.html",
        fund=fund,
        rules=rules,
        rule_titles=RULE_TITLES,
        told={one.name for one in rules.fields if is_told(one, choices)},
        decisions=decisions_of(session, fund),
        titles={one.name: one.title for one in rules.fields},
        may_decide=may_keep_books(current_actor(), fund),
        wrong=field,
        said=said,
    )
