"""The check before the form: public, without an account; its answers stand in the address and nowhere else."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from applications.forms import form_for, raw_answers, shown_answer
from applications.letters import render
from applications.packs.model import Outcome, Pack, Precheck
from applications.precheck import Reading, carried_answers, read_precheck, verdict_of
from applications.queries.desk import drafts_of, own_organisations
from applications.queries.procedures import KnownProcedure, open_procedure, unit_in_charge
from applications.settings import setting_of
from applications.visibility import REGISTERING_ROLES
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation import throttle
from foundation.access import EVERYONE, access, current_actor
from foundation.database import db, now
from foundation.errors import NotFound, TooMany
from foundation.workdays import local_date

SHEETS_PER_MINUTE = 20
"""Of one address: setting a sheet costs more than a page."""

KIND_TITLES = {
    "elsewhere": lazy_gettext("Another authority is competent"),
    "not_needed": lazy_gettext("No permission is needed"),
    "talk": lazy_gettext("Talk it over with the desk first"),
    "note": lazy_gettext("Keep in mind"),
    "go_on": lazy_gettext("You can go on"),
}


@blueprint.get("/procedures/<code>/precheck")
@access(EVERYONE)
def precheck(code: str) -> str:
    """The questions; with ``check``, also what is still to be answered."""
    found, asked = _asked(code)
    reading = _read(asked, request.args)
    faults = reading.faults if "check" in request.args else {}
    form = form_for(asked.questions, {**_typed(asked, request.args), **reading.answers}, faults, language())
    return render_template("applications/precheck.html", procedure=found, precheck=asked, form=form)


@blueprint.get("/procedures/<code>/precheck/answer")
@access(EVERYONE)
def precheck_answer(code: str) -> str | Response:
    """What the answers in the address lead to; back to the questions while some are open."""
    found, asked = _asked(code)
    reading = _read(asked, request.args)
    given = {name: values for name, values in request.args.lists() if name in {spec.key for spec in asked.questions}}
    if reading.faults:
        return redirect(url_for("applications.precheck", code=code, check=1, **given), 303)  # type: ignore[arg-type]  # answers
    session, actor = db.session(), current_actor()
    return render_template(
        "applications/precheck_answer.html",
        procedure=found,
        pack=found.pack,
        reading=reading,
        verdict=verdict_of(asked, reading.answers),
        kind_titles=KIND_TITLES,
        sheet_url=url_for("applications.precheck_sheet", code=code, **given),  # type: ignore[arg-type]  # answers
        change_url=url_for("applications.precheck", code=code, **given),  # type: ignore[arg-type]  # answers
        return_to=request.full_path,
        carried=request.query_string.decode(),
        carries=bool(carried_answers(found.pack, reading.answers)),
        unit=unit_in_charge(session, found.pack),
        checked_on=local_date(now()),
        organisations=own_organisations(session, actor),
        drafts=drafts_of(session, code, actor=actor),
        is_registrar=actor.holds(*REGISTERING_ROLES),
        language=language(),
    )


@blueprint.get("/procedures/<code>/precheck/answer.pdf")
@access(EVERYONE)
def precheck_sheet(code: str) -> Response:
    """The same on paper."""
    allowance = throttle.hit(db.engine, f"precheck:{request.remote_addr}", limit=SHEETS_PER_MINUTE, window_seconds=60)
    if not allowance.is_allowed:
        raise TooMany(allowance.reset_seconds)
    found, asked = _asked(code)
    reading = _read(asked, request.args)
    if reading.faults:
        raise NotFound
    facts = _sheet_facts(found.pack, reading, unit_in_charge(db.session(), found.pack).title(language()))
    pdf = render("precheck.typ", facts, language())
    return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{code}.pdf")


def _sheet_facts(pack: Pack, reading: Reading, unit: str) -> dict[str, Any]:
    assert pack.precheck is not None  # noqa: S101 - it was read
    verdict, spoken = verdict_of(pack.precheck, reading.answers), language()
    address = url_for("applications.precheck_answer", code=pack.code) + "?" + request.query_string.decode()
    told = [_told(outcome, pack) for outcome in (verdict.first, *verdict.others, *verdict.notes)]
    given = ((spec, reading.answers.get(spec.key)) for spec in reading.specs)
    return {
        "procedure": pack.title,
        "version": pack.version,
        "unit": unit,
        "checked_on": local_date(now()).isoformat(),
        "outcomes": told,
        "answers": [{"label": spec.label, "text": shown_answer(spec, value, spoken) or "–"} for spec, value in given],
        "address": current_app.config["KHUEVAN"].public_url + address,
    }


def _told(outcome: Outcome, pack: Pack) -> dict[str, Any]:
    source = pack.sources.get(outcome.source)
    return {
        "kind": str(KIND_TITLES[outcome.kind]),
        "title": outcome.title,
        "authority": outcome.authority,
        "text": outcome.text,
        "source": source.title if source else None,
    }


def answers_to_begin_with(pack: Pack, carried: str) -> dict[str, Any]:
    """The sound answers of a check, kept as they stood in its address, that a new draft begins with."""
    if pack.precheck is None or not carried:
        return {}
    reading = _read(pack.precheck, MultiDict(parse_qsl(carried, max_num_fields=200)))
    return carried_answers(pack, reading.answers)


def _asked(code: str) -> tuple[KnownProcedure, Precheck]:
    found = open_procedure(db.session(), code, local_date(now()))
    if found.pack.precheck is None:
        raise NotFound
    return found, found.pack.precheck


def _read(asked: Precheck, source: MultiDict[str, str]) -> Reading:
    typed = _typed(asked, source)
    setting = setting_of(db.session(), asked.questions, typed, at=now(), case_id=0)
    return read_precheck(asked, typed, setting)


def _typed(asked: Precheck, source: MultiDict[str, str]) -> Mapping[str, Any]:
    return raw_answers(source, asked.questions, language=language())
