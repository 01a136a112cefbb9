"""The public register of tests as pages and as files."""

from collections.abc import Mapping

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from foundation.access import EVERYONE, access
from foundation.database import db, now
from foundation.downloads import all_rows, list_at
from foundation.errors import Invalid
from foundation.exports import Column
from foundation.listkinds import Asking, Listed
from foundation.speech import current_language
from foundation.workdays import local_date
from sandbox.queries.register import (
    ENDED,
    LONGEST_WORDS,
    PLANNED,
    RUNNING,
    STATUSES,
    RegisterFilters,
    registered_test,
    registered_tests,
    sectors_of_register,
)
from sandbox.web.blueprint import blueprint

STATUS_TITLES = {
    PLANNED: lazy_gettext("Not begun yet"),
    RUNNING: lazy_gettext("Test running"),
    ENDED: lazy_gettext("Period over"),
}


@blueprint.get("/tests")
@access(EVERYONE)
def tests() -> str:
    """The tests that were permitted, the newest first."""
    session, filters, language, today = db.session(), _asked(request.args), current_language(), local_date(now())
    page = registered_tests(session, filters, language=language, today=today, cursor=request.args.get("after"))
    return render_template(
        "sandbox/tests.html",
        page=page,
        filters=filters,
        asked={name: value for name, value in request.args.items() if name in {"q", "sector", "status"} and value},
        sectors=sectors_of_register(session, language),
        statuses=STATUS_TITLES,
    )


@blueprint.get("/tests/<number>")
@access(EVERYONE)
def test(number: str) -> str:
    """One test: who, what, where, until when, under which conditions, and who hears complaints."""
    found = registered_test(db.session(), number, language=current_language(), today=local_date(now()))
    return render_template("sandbox/test.html", test=found, statuses=STATUS_TITLES)


@list_at(blueprint, "/tests", EVERYONE, lazy_gettext("Register of tests"), asked=("q", "sector", "status"))
def tests_file(asking: Asking) -> Listed:
    """The register as a file, narrowed as its page is."""
    session, filters, language, today = asking.session, _asked(asking.asked), current_language(), local_date(now())
    rows = all_rows(
        lambda cursor, size: registered_tests(
            session, filters, language=language, today=today, cursor=cursor, size=size
        )
    )
    return Listed(_("register-of-tests"), _columns(), rows)


def _asked(named: Mapping[str, str]) -> RegisterFilters:
    """The filters in an address. Raises Invalid for a status that there is not."""
    status = named.get("status", "")
    if status and status not in STATUSES:
        raise Invalid({"status": ["not_a_choice"]})
    return RegisterFilters(named.get("q", "")[:LONGEST_WORDS], named.get("sector", ""), status)


def _columns() -> list[Column]:
    return [
        Column(_("Register number"), lambda row: row.number),
        Column(_("Project"), lambda row: row.title),
        Column(_("Applicant"), lambda row: row.organisation),
        Column(_("Short description"), lambda row: row.summary),
        Column(_("Sector"), lambda row: row.sector),
        Column(_("Test regime"), lambda row: row.regime),
        Column(_("Area of the test"), lambda row: "; ".join(f"{place}, {ward}" for ward, place in row.area)),
        Column(_("First day"), lambda row: row.starts_on),
        Column(_("Last day"), lambda row: row.ends_on),
        Column(_("Status"), lambda row: str(STATUS_TITLES[row.status])),
        Column(_("Participants at most"), lambda row: row.user_limit),
        Column(
            _("Provisions that do not apply"), lambda row: "; ".join(f"{p.rule}, {p.article}" for p in row.disapplied)
        ),
        Column(_("Conditions"), lambda row: "; ".join(row.conditions)),
        Column(_("Contact for complaints"), lambda row: row.complaints_contact),
        Column(_("Decision"), lambda row: row.decision),
        Column(_("Date of the decision"), lambda row: row.decided_on),
    ]
