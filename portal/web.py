"""The portal's own pages: welcome, home, the deadline calculator, choices of appearance."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from accounts.operations import people
from applications.queries.figures import public_figures, together
from applications.queries.procedures import open_procedures
from foundation.access import EVERYONE, SIGNED_IN, STAFF, access, access_table, current_actor
from foundation.actors import Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import db, now, transaction
from foundation.errors import Invalid
from foundation.register import DOMAINS, ROLES, Domain, NavigationEntry, public_page, register_domain
from foundation.returning import page_to_return_to
from foundation.revisions import ask
from foundation.speech import current_language
from foundation.wording import LANGUAGE_COOKIE, LANGUAGES, in_language
from foundation.workdays import local_date
from portal.forms import DeadlineForm
from portal.language import THEME_COOKIE, THEMES, remember
from portal.tasks import tasks_of
from sandbox.queries.register import running_tests

RULE_TITLES = {
    EVERYONE.name: lazy_gettext("Everyone"),
    SIGNED_IN.name: lazy_gettext("Whoever is signed in"),
    STAFF.name: lazy_gettext("Staff"),
}

blueprint = Blueprint("portal", __name__)

register_domain(
    Domain(
        name="portal",
        blueprints=[blueprint],
        navigation=[
            NavigationEntry(
                endpoint="portal.home",
                title=lazy_gettext("Home"),
                icon="home",
                is_for=lambda actor: True,
                order=1,
            ),
            public_page("portal.deadline", lazy_gettext("Deadline calculator"), "calendar", order=50),
            public_page("api_document.reference", lazy_gettext("For programs: the API"), "api", order=90),
        ],
    )
)


@blueprint.get("/")
@access(EVERYONE)
def home() -> str | Response:
    """The welcome page of the public, the tasks of whoever is signed in, the desk of who has but one."""
    session, actor = db.session(), current_actor()
    if desk := _front_page(actor):
        return redirect(url_for(desk))
    if not actor.is_signed_in:
        ask(session)
    procedures = open_procedures(session, local_date(now()))
    if not actor.is_signed_in:
        figures = public_figures(session, [procedure.id for procedure in procedures])
        return render_template(
            "portal/welcome.html",
            procedures=procedures,
            figures=figures,
            everything=together(figures.values()),
            running=running_tests(session, local_date(now())),
        )
    return render_template("portal/desk.html", procedures=procedures, tasks=tasks_of(session, actor))


def _front_page(actor: Actor) -> str | None:
    """Where somebody begins whose work lies in one domain alone."""
    pages = [domain.front_page for domain in DOMAINS.values() if domain.front_page]
    return next((page.endpoint for page in pages if page.is_for(actor)), None)


@blueprint.get("/calendar")
@access(EVERYONE)
def deadline() -> tuple[str, int]:
    """The deadline calculator: a question in the address, so that an answer can be shared."""
    form = DeadlineForm(request.args if request.args.get("start") else None)
    if not request.args.get("start") or not form.validate():
        return render_template("portal/deadline.html", form=form), 422 if form.errors else 200
    calendar = load_calendar(db.session(), HANOI_CALENDAR)
    start, length = form.start.data, form.working_days.data
    due = calendar.add_working_days(start, length)
    page = render_template(
        "portal/deadline.html",
        form=form,
        due=due,
        skipped=calendar.skipped(start, due),
        is_covered=calendar.covers(due),
    )
    return page, 200


@blueprint.post("/language")
@access(EVERYONE)
def choose_language() -> Response:
    """Keep the reader's language and go back to the page it was chosen on."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise Invalid({"language": ["not_a_choice"]})
    if current_actor().is_signed_in:
        with transaction(db.session()) as session:
            people.choose_language(session, current_actor(), language)
    response = redirect(page_to_return_to(request.form.get("next", "")), 303)
    remember(response, LANGUAGE_COOKIE, language)
    return response


@blueprint.post("/theme")
@access(EVERYONE)
def choose_theme() -> Response:
    """Keep the reader's theme and go back to the page it was chosen on."""
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        raise Invalid({"theme": ["not_a_choice"]})
    response = redirect(page_to_return_to(request.form.get("next", "")), 303)
    remember(response, THEME_COOKIE, theme)
    return response


@blueprint.get("/about/access")
@access(EVERYONE)
def about_access() -> str:
    """Who may call which address, generated from the routes themselves."""
    rows = [(address, methods.replace(",", ", "), _who(rule)) for address, methods, rule in access_table(current_app)]
    return render_template("portal/access_table.html", rows=rows)


def _who(rule: str) -> str:
    """A rule of the access table in the reader's language."""
    if rule in RULE_TITLES:
        return str(RULE_TITLES[rule])
    return ", ".join(in_language(ROLES[code].title, current_language()) for code in rule.split(" or ") if code in ROLES)
