"""Vacant spaces for anybody: a map and a list with filters, and the same as open data."""

from io import BytesIO
from typing import Any

from flask import Response, jsonify, render_template, request, send_file

from foundation.access import EVERYONE, access
from foundation.database import db
from foundation.decimals import write_decimal
from foundation.exports import MEDIA_TYPES, Format, write
from foundation.speech import current_language
from foundation.wording import in_language
from parks.indicatorrules import indicator_rules_on
from parks.models.spaces import KINDS, USES
from parks.opendata import columns, feature_collection, vacancy_facts
from parks.queries.spaces import all_parks, present
from parks.queries.vacancies import Vacant, all_vacancies, vacancies_by_park, vacancies_page
from parks.web.blueprint import blueprint
from parks.web.names import KIND_TITLES, TENURE_TITLES, USE_TITLES
from parks.web.spaces import area_asked

ROWS = 25


@blueprint.get("/vacancies")
@access(EVERYONE)
def vacant_spaces() -> str:
    """What is free today in all parks."""
    session, moment, sought = db.session(), present(), _sought()
    page = vacancies_page(session, moment, sought, after=request.args.get("after"), size=ROWS)
    return render_template(
        "parks/vacancies.html",
        parks={park.code: park for park in all_parks(session)},
        page=page,
        rows=[vacancy_facts(row) for row in page.rows],
        free=vacancies_by_park(session, moment, sought),
        sought=sought,
        kept=_kept(sought),
        on=moment.on,
        licence=indicator_rules_on(moment.on).licence,
        uses=USE_TITLES,
        kinds=KIND_TITLES,
        tenures=TENURE_TITLES,
    )


@blueprint.get("/vacancies.<any(csv, xlsx):extension>")
@access(EVERYONE)
def vacancies_file(extension: Format) -> Response:
    """The same as a file for spreadsheets and programs."""
    moment, out = present(), BytesIO()
    licence = in_language(indicator_rules_on(moment.on).licence, current_language())
    rows = (vacancy_facts(row) for row in all_vacancies(db.session(), moment, _sought()))
    write(extension, columns(moment.on, licence), rows, out)
    out.seek(0)
    name = f"vacancies-{moment.on.isoformat()}.{extension}"
    return _open(send_file(out, mimetype=MEDIA_TYPES[extension], as_attachment=True, download_name=name))


@blueprint.get("/vacancies.geojson")
@access(EVERYONE)
def vacancies_geojson() -> Response:
    """The same with outlines, for maps."""
    moment = present()
    rows = all_vacancies(db.session(), moment, _sought(), with_outlines=True)
    answer = jsonify(feature_collection(rows, moment.on, indicator_rules_on(moment.on).licence))
    answer.mimetype = "application/geo+json"
    return _open(answer)


def _open(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _sought() -> Vacant:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.args
    return Vacant(
        park=asked.get("park", "")[:120],
        use=asked["use"] if asked.get("use") in USES else "",
        kind=asked["kind"] if asked.get("kind") in KINDS else "",
        min_m2=area_asked(asked.get("min_m2", "")),
    )


def _kept(sought: Vacant) -> dict[str, Any]:
    area = "" if sought.min_m2 is None else write_decimal(sought.min_m2)
    asked = {"park": sought.park, "use": sought.use, "kind": sought.kind, "min_m2": area}
    return {name: text for name, text in asked.items() if text}
