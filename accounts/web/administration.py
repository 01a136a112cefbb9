"""Administration of organisations, units and roles."""

from flask import render_template, request
from flask_babel import gettext as _

from accounts.forms.administration import NewUnitForm, UnitForm
from accounts.identifiers import show_tax_code
from accounts.models import Unit
from accounts.operations.units import create_unit, update_unit
from accounts.queries.organisations import organisations_page
from accounts.queries.people import holder_counts
from accounts.queries.units import unit_tree, unit_with_code
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from accounts.web.entrance import language
from accounts.web.people import ADMINISTRATORS
from accounts.wording import LEGAL_FORM_TITLES, SCOPE_TITLES, UNIT_KIND_TITLES
from foundation.access import access, current_actor
from foundation.database import db
from foundation.register import ROLES
from foundation.wording import LANGUAGES


@blueprint.get("/admin/organisations")
@access(ADMINISTRATORS)
def admin_organisations() -> str:
    """Every organisation by name, found by words of its name or by tax code."""
    search = request.args.get("q", "")
    found = organisations_page(db.session(), current_actor(), search=search, after=request.args.get("after"))
    return render_template(
        "accounts/admin/organisations.html",
        page=found,
        search=search,
        legal_forms=LEGAL_FORM_TITLES,
        show_tax_code=show_tax_code,
    )


@blueprint.get("/admin/roles")
@access(ADMINISTRATORS)
def admin_roles() -> str:
    """Every role that can be granted, what can narrow it, and how many hold it today."""
    holders = holder_counts(db.session(), current_actor())
    return render_template("accounts/admin/roles.html", roles=ROLES.values(), scopes=SCOPE_TITLES, holders=holders)


@blueprint.get("/admin/units")
@access(ADMINISTRATORS)
def admin_units() -> str:
    """The tree of units."""
    return render_template("accounts/admin/units.html", units=unit_tree(db.session()), kinds=UNIT_KIND_TITLES)


@blueprint.route("/admin/units/new", methods=["GET", "POST"])
@access(ADMINISTRATORS)
def admin_new_unit() -> Answer:
    """Where a unit is added."""
    form = NewUnitForm(parent_id=request.args.get("parent"))
    form.offer_parents(unit_tree(db.session()), language())
    if form.validate_on_submit():
        with shown_on(form) as session:
            create_unit(session, current_actor(), form.facts(), parent_id=int(form.parent_id.data))
            return go("accounts.admin_units", _("The unit is added."))
    return page("accounts/admin/unit.html", form, unit=None)


@blueprint.route("/admin/units/<code>", methods=["GET", "POST"])
@access(ADMINISTRATORS)
def admin_unit(code: str) -> Answer:
    """Where a unit is changed."""
    unit = unit_with_code(db.session(), code)
    form = UnitForm(obj=unit, **_names(unit))
    if form.validate_on_submit():
        with shown_on(form) as session:
            update_unit(session, current_actor(), unit.id, form.facts())
            return go("accounts.admin_units", _("The unit is saved."))
    return page("accounts/admin/unit.html", form, unit=unit)


def _names(unit: Unit) -> dict[str, str]:
    return {f"name_{language}": unit.name[language] for language in LANGUAGES}
