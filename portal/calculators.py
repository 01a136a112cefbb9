"""The calculators as public pages: an answer in the address where it is short enough to be shared."""

from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from foundation import throttle
from foundation.access import EVERYONE, access
from foundation.calculators import PublicCalculator
from foundation.calculators.sheet import Column, Sheet, input_type, shown
from foundation.database import db, now
from foundation.errors import Invalid, NotFound, TooMany
from foundation.reasons import sentence_of
from foundation.register import DOMAINS, Domain, public_page, register_domain
from foundation.schemas import reasons_by_path
from foundation.speech import current_language
from foundation.workdays import local_date

Page = tuple[str, int] | Response
LONGEST_ADDRESS = 1_800
"""Longer addresses do not survive being sent around."""

SHEETS_PER_MINUTE = 60
"""From one network address, of sheets that are too long for an address."""

blueprint = Blueprint("calculators", __name__)

register_domain(
    Domain(
        name="calculators",
        blueprints=[blueprint],
        navigation=[
            public_page(
                "calculators.calculators",
                lazy_gettext("Calculators"),
                "calculator",
                order=60,
                active_prefix="/calculators",
            )
        ],
    )
)

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


@cache
def known() -> dict[str, PublicCalculator]:
    """What the domains offer, by code."""
    return {one.page.code: one for domain in DOMAINS.values() for one in domain.calculators}


@blueprint.get("/calculators")
@access(EVERYONE)
def calculators() -> str:
    """All calculators."""
    return render_template("portal/calculators.html", calculators=[one.page for one in known().values()])


@blueprint.get("/calculators/<code>")
@access(EVERYONE)
def calculator(code: str) -> Page:
    """A calculator, with its answer when the address holds the questions."""
    found = _calculator(code)
    sheet = found.page.questions.linked(request.args)
    return _page(found, sheet, None if sheet.is_empty else _answered(found, sheet))


@blueprint.post("/calculators/<code>")
@access(EVERYONE)
def calculate(code: str) -> Page:
    """Answer what was typed: at an address of its own where it is short, else here."""
    found = _calculator(code)
    sheet = found.page.questions.typed(request.form, current_language())
    if request.form.get("more"):
        return _page(found, sheet, None)
    address = url_for("calculators.calculator", code=code, **found.page.questions.address(sheet))
    if len(address) > LONGEST_ADDRESS:
        _count()
        return _page(found, sheet, _answered(found, sheet), is_long=True)
    answer = _answered(found, sheet)
    return _page(found, sheet, answer) if answer is None else redirect(f"{address}#answer", 303)


def _calculator(code: str) -> PublicCalculator:
    if code not in known():
        raise NotFound
    return known()[code]


def _answered(found: PublicCalculator, sheet: Sheet) -> dict[str, Any] | None:
    """The answer, or nothing and the faults in the sheet."""
    try:
        asked = found.question().load(found.page.questions.body(sheet))
        return found.answer(asked, local_date(now()))
    except ValidationError as fault:
        sheet.faults = found.page.questions.place(reasons_by_path(fault.messages))
    except Invalid as refusal:
        sheet.faults = found.page.questions.place(refusal.fields)
    return None


def _page(found: PublicCalculator, sheet: Sheet, answer: dict[str, Any] | None, *, is_long: bool = False) -> Page:
    page = render_template(
        found.template,
        calculator=found.page,
        sheet=sheet,
        answer=answer,
        is_long=is_long,
        **found.facts(local_date(now())),
    )
    return page, 422 if sheet.faults else 200


def _count() -> None:
    key = f"calculators:address:{request.remote_addr}"
    allowance = throttle.hit(db.engine, key, limit=SHEETS_PER_MINUTE, window_seconds=60)
    if not allowance.is_allowed:
        raise TooMany(allowance.reset_seconds)
