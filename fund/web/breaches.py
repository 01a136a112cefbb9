"""Pages of an exceeded ceiling, with its cure both ways, notice, plan and clocks, and of the stages of a fund."""

from flask import render_template
from flask_babel import gettext as _

from accounts.web.answers import Answer, go, page
from applications.lives import steps_offered
from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.speech import current_language
from foundation.wording import in_language
from fund.books import books_of
from fund.forms.calls import NoticedForm, PlanForm, StageForm
from fund.operations.breaches import file_plan, is_late, note_notice
from fund.operations.ledger import open_books
from fund.operations.moves import lead_fund
from fund.queries.breaches import breaches_of, moves_of_fund
from fund.queries.funds import find_fund
from fund.rules import FUND_MANAGER, READING_ROLES, may_keep_books
from fund.statement import capital_facts
from fund.titles import BASE_TITLES, FUND_TITLES, WAY_TITLES
from fund.web.blueprint import blueprint
from fund.web.posting import kept_books, refused_beside

READERS, KEEPERS = roles(*READING_ROLES), roles(FUND_MANAGER)


@blueprint.get("/funds/<code>/breach")
@access(READERS)
def breach(code: str) -> Answer:
    """The breach that lasts, or those of the past."""
    return _breach_page(code, None)


@blueprint.post("/funds/<code>/breach/notice")
@access(KEEPERS)
def note_breach_notice(code: str) -> Answer:
    """Note that the contributors were notified."""
    books, actor, form = kept_books(code), current_actor(), NoticedForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "") as session:
            note_notice(session, open_books(session, code, actor=actor).fund, actor=actor)
            return go("fund.breach", _("The notice is on file."), code=code)
    return _breach_page(code, form)


@blueprint.post("/funds/<code>/breach/plan")
@access(KEEPERS)
def file_breach_plan(code: str) -> Answer:
    """Put the plan for the cure on file."""
    books, actor, form = kept_books(code), current_actor(), PlanForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "plan") as session:
            fund = open_books(session, code, actor=actor).fund
            file_plan(session, fund, form.plan.data, way=form.way.data, actor=actor)
            return go("fund.breach", _("The plan is on file."), code=code)
    return _breach_page(code, form)


def _breach_page(code: str, sent: NoticedForm | PlanForm | None) -> Answer:
    session, actor = db.session(), current_actor()
    books = books_of(session, find_fund(session, code, actor=actor))
    found = breaches_of(session, books.fund)
    return page(
        "fund/breach.html",
        sent,
        fund=books.fund,
        capital=capital_facts(books, current_language()),
        breach=next((one for one in found if one.closed_at is None), None),
        earlier=[one for one in found if one.closed_at is not None],
        plan=sent if isinstance(sent, PlanForm) else PlanForm(),
        noticed=NoticedForm(),
        is_late=is_late,
        bases=BASE_TITLES,
        ways=WAY_TITLES,
        may_keep=may_keep_books(actor, books.fund),
    )


@blueprint.route("/funds/<code>/stages", methods=["GET"])
@access(READERS)
def stages(code: str) -> str:
    """The stages of a fund so far, and those that the general meeting may decide now."""
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    return render_template("fund/stages.html", **_stages(code), form=StageForm(), may_keep=may_keep_books(actor, fund))


@blueprint.post("/funds/<code>/stages/<step>")
@access(KEEPERS)
def enter_stage(code: str, step: str) -> Answer:
    """Enter another stage by a decision of the general meeting."""
    books, actor, form = kept_books(code), current_actor(), StageForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "reason") as session:
            fund = open_books(session, code, actor=actor).fund
            lead_fund(session, fund, step, reason=form.reason.data, actor=actor)
            return go("fund.stages", _("The fund has entered another stage."), code=code)
    return page("fund/stages.html", form, may_keep=True, **_stages(code))


def _stages(code: str) -> dict[str, object]:
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    return {
        "fund": fund,
        "moves": moves_of_fund(session, fund),
        "steps": [
            (step.key, in_language(step.title, current_language()))
            for step in steps_offered(session, fund, actor=actor)
        ],
        "states": FUND_TITLES,
    }
