"""Forms 06 and 07 of Circular 03/2025, printed for the house: the slip of a dossier, the register of a unit."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from accounts.models import Unit
from applications.forms.period import PeriodForm
from applications.letters import render
from applications.pageimages import PDF
from applications.queries import registers, slips
from applications.queries.queue import queue_choices
from applications.queries.registers import Period, received_count, register_facts
from applications.visibility import READING_ROLES
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import access, current_actor, roles
from foundation.actors import Actor
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.workdays import local_date

STAFF_WITH_CASES = roles(*READING_ROLES)


@blueprint.get("/dossiers/<key>/slip.pdf")
@access(STAFF_WITH_CASES)
def slip(key: str) -> Response:
    """Form 06: who had the dossier and when, as it stands now."""
    session = db.session()
    facts = slips.slip_facts(session, key, actor=current_actor())
    session.rollback()
    return _pdf(slips.TEMPLATE, facts, f"{facts['code'] or key}-{slips.MARK}")


@blueprint.get("/queue/register")
@access(STAFF_WITH_CASES)
def dossier_register() -> tuple[str, int]:
    """Form 07: which unit and days to print, and how many dossiers that is."""
    form = _form()
    is_asked = bool(request.args)
    period = _period(form, _units()) if is_asked and form.validate() else None
    count = received_count(db.session(), period, actor=current_actor()) if period else None
    page = render_template(
        "applications/register_of_dossiers.html", form=form, period=period, count=count, longest=registers.LONGEST
    )
    return page, 422 if is_asked and form.errors else 200


@blueprint.get("/queue/register.pdf")
@access(STAFF_WITH_CASES)
def dossier_register_pdf() -> Response:
    """Form 07 as it is printed."""
    session = db.session()
    facts = register_facts(session, asked_period(), actor=current_actor())
    session.rollback()
    return _pdf(registers.TEMPLATE, facts, facts["number"].replace("/", "-"))


def asked_period() -> Period:
    """The unit and days that the address says. Raises NotFound."""
    return period_of(db.session(), request.args, actor=current_actor())


def period_of(session: Session, asked: Mapping[str, str], *, actor: Actor) -> Period:
    """The unit and days that are named, by default those of this month. Raises NotFound."""
    units = queue_choices(session, actor=actor).units
    form = _filled(asked, units)
    period = _period(form, units) if form.validate() else None
    if period is None:
        raise NotFound
    return period


def _form() -> PeriodForm:
    """The form with what the address says, or with this month."""
    return _filled(request.args, _units())


def _units() -> Sequence[Unit]:
    return queue_choices(db.session(), actor=current_actor()).units


def _filled(asked: Mapping[str, str], units: Sequence[Unit]) -> PeriodForm:
    today = local_date(now())
    form = PeriodForm(MultiDict(asked) if asked else None, from_on=today.replace(day=1), to_on=today)
    form.offer(units, language())
    return form


def _period(form: PeriodForm, units: Sequence[Unit]) -> Period | None:
    unit = next((unit for unit in units if unit.code == form.unit.data), None)
    return Period(unit, form.from_on.data, form.to_on.data) if unit else None


def _pdf(template: str, facts: Mapping[str, Any], name: str) -> Response:
    response = make_response(render(template, facts, language()))
    response.mimetype = PDF
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{language()}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response
