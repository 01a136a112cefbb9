"""The calculators as public pages: an answer in the address where it is short enough to be shared."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from foundation import throttle
from foundation.access import EVERYONE, access
from foundation.database import db, now
from foundation.errors import Invalid, NotFound, TooMany
from foundation.reasons import sentence_of
from foundation.schemas import reasons_by_path
from foundation.speech import current_language
from foundation.workdays import local_date
from fund.forms.calculators import CALCULATORS, Calculator
from fund.forms.sheet import Column, Sheet, input_type, shown
from fund.reckoning import ANSWERS
from fund.schemas.calculators import QUESTIONS
from fund.statute import ceiling_on
from fund.web.blueprint import blueprint

Page = tuple[str, int] | Response
LONGEST_ADDRESS = 1_800
"""Longer addresses do not survive being sent around."""

SHEETS_PER_MINUTE = 60
"""From one network address, of sheets that are too long for an address."""

blueprint.add_app_template_global(input_type, "input_type")
blueprint.add_app_template_global(sentence_of, "sentence_of")


@blueprint.app_template_global("in_field")
def in_field(column: Column, text: str) -> str:
    """A plain answer as the reader's language writes it in a field."""
    return shown(column, text, current_language())


@blueprint.app_template_filter("exact")
def exact(text: str | None, places: int | None = None) -> str:
    """A number that came as text, in the reader's language; with ``places`` so many decimals."""
    if text is None:
        return "–"
    pattern = None if places is None else "#,##0." + "0" * places
    return str(
        format_decimal(Decimal(text), pattern, locale=current_language(), decimal_quantization=places is not None)
    )


@blueprint.app_template_filter("share_percent")
def share_percent(text: str | None, places: int = 2) -> str:
    """A fraction that came as text, in per cent."""
    if text is None:
        return "–"
    pattern = "#,##0." + "0" * places + "%"
    return str(format_percent(Decimal(text), pattern, locale=current_language()))


@blueprint.get("/calculators")
@access(EVERYONE)
def calculators() -> str:
    """All calculators."""
    return render_template("fund/calculators.html", calculators=CALCULATORS.values())


@blueprint.get("/calculators/<code>")
@access(EVERYONE)
def calculator(code: str) -> Page:
    """A calculator, with its answer when the address holds the questions."""
    found = _calculator(code)
    sheet = found.questions.linked(request.args)
    return _page(found, sheet, None if sheet.is_empty else _answered(found, sheet))


@blueprint.post("/calculators/<code>")
@access(EVERYONE)
def calculate(code: str) -> Page:
    """Answer what was typed: at an address of its own where it is short, else here."""
    found = _calculator(code)
    sheet = found.questions.typed(request.form, current_language())
    if request.form.get("more"):
        return _page(found, sheet, None)
    address = url_for("fund.calculator", code=code, **found.questions.address(sheet))
    if len(address) > LONGEST_ADDRESS:
        _count()
        return _page(found, sheet, _answered(found, sheet), is_long=True)
    answer = _answered(found, sheet)
    return _page(found, sheet, answer) if answer is None else redirect(f"{address}#answer", 303)


def _calculator(code: str) -> Calculator:
    if code not in CALCULATORS:
        raise NotFound
    return CALCULATORS[code]


def _answered(found: Calculator, sheet: Sheet) -> dict[str, Any] | None:
    """The answer, or nothing and the faults in the sheet."""
    try:
        asked = QUESTIONS[found.code]().load(found.questions.body(sheet))
        return ANSWERS[found.code](asked, local_date(now()))
    except ValidationError as fault:
        sheet.faults = found.questions.place(reasons_by_path(fault.messages))
    except Invalid as refusal:
        sheet.faults = found.questions.place(refusal.fields)
    return None


def _page(found: Calculator, sheet: Sheet, answer: dict[str, Any] | None, *, is_long: bool = False) -> Page:
    page = render_template(
        f"fund/{found.code}.html",
        calculator=found,
        sheet=sheet,
        answer=answer,
        is_long=is_long,
        enacted=ceiling_on(local_date(now())),
    )
    return page, 422 if sheet.faults else 200


def _count() -> None:
    key = f"calculators:address:{request.remote_addr}"
    allowance = throttle.hit(db.engine, key, limit=SHEETS_PER_MINUTE, window_seconds=60)
    if not allowance.is_allowed:
        raise TooMany(allowance.reset_seconds)
