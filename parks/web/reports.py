"""Reports on parks as pages: indicators, drawings, the rows behind each figure, and all of it as a workbook."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from babel.numbers import format_decimal
from flask import render_template, request, send_file
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.actors import Actor
from foundation.apart import work_apart
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.exports import MEDIA_TYPES
from foundation.speech import current_language
from foundation.workdays import local_date
from parks.indicatorrules import IndicatorRules, indicator_rules_on
from parks.indicators import LATER, OVER, Sight
from parks.models import Park
from parks.queries.reports import sight_of
from parks.queries.reportsheets import SHEETS, Narrowing, Question, sheet_lines, sheet_page
from parks.queries.sight import parks_in_sight
from parks.reportcharts import draw_forecast, draw_ladder
from parks.reportfacts import by_park, indicator_facts
from parks.rules import READING_ROLES
from parks.web.blueprint import blueprint
from parks.web.leases import AGE_TITLES
from parks.web.names import KIND_TITLES, USE_TITLES
from parks.web.reportwords import COLUMNS, INDICATORS, SHEET_NOTES, SHEET_TITLES, STATE_TITLES, Column

READERS = roles(*READING_ROLES)
PROGRAM = Path(__file__).resolve().parents[1] / "reports.py"
ROWS = 100
NARROWED_BY = ("ends", "state", "age", "use")
ROLLED = ("use", "ends_on", "area_m2")
"""What the expiries by use are made of."""
WORDS_OF_COLUMNS: dict[str, Any] = {"use": USE_TITLES, "kind": KIND_TITLES, "age": AGE_TITLES}


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """What the address asks for: a park (or all that the reader sees), a day."""

    park: str
    on: date
    rules: IndicatorRules
    parks: list[Park]

    @property
    def kept(self) -> dict[str, str]:
        """The question as it stands in addresses."""
        is_other_day = self.on != local_date(now())
        return {"code": self.park} | ({"as_of": self.on.isoformat()} if is_other_day else {})

    @property
    def question(self) -> Question:
        return Question(current_actor(), self.on, self.rules, self.park)

    def sight(self) -> Sight:
        return sight_of(db.session(), current_actor(), self.on, self.rules, park=self.park)

    @property
    def found_park(self) -> Park | None:
        return next((park for park in self.parks if park.code == self.park), None)


def _question(code: str) -> ReportAsked:
    return question_of(db.session(), code, request.args.get("as_of", ""), actor=current_actor())


def question_of(session: Session, code: str, as_of: str, *, actor: Actor) -> ReportAsked:
    """Raises NotFound for a park of which the reader sees no tenants."""
    on = _day(as_of) or local_date(now())
    parks = parks_in_sight(session, actor)
    if code and all(park.code != code for park in parks):
        raise NotFound
    return ReportAsked(code, on, indicator_rules_on(on), parks)


def _day(text: str) -> date | None:
    """A day of our time; anything else is left out."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2150 else None


@blueprint.app_template_filter("short_m2")
def short_m2(area: Decimal | str) -> str:
    """Square metres for the marks of a drawing: hectares once they are many."""
    exact = Decimal(area)
    if exact >= 10_000:
        return f"{format_decimal(exact / 10_000, '#,##0.##', locale=current_language())} ha"
    return f"{format_decimal(exact, '#,##0.#', locale=current_language())} m²"


@blueprint.get("/park-reports", defaults={"code": ""})
@blueprint.get("/parks/<code>/reports")
@access(READERS)
def park_reports(code: str) -> str:
    """The indicators of a park, or of all that the reader sees, each with the rows behind it."""
    asked = _question(code)
    sight, rules = asked.sight(), asked.rules
    return render_template(
        "parks/reports.html",
        asked=asked,
        facts=indicator_facts(sight, rules),
        each=by_park(sight, rules) if not code and len(sight.parks) > 1 else [],
        names={park.code: park.name for park in asked.parks},
        ladder=draw_ladder(sight.ladder(rules.ladder_years)),
        forecast=draw_forecast(sight.forecast(rules.forecast_quarters)),
        rungs={OVER: gettext("Over, not handed back"), LATER: gettext("Later")},
        ages=AGE_TITLES,
        is_demonstration=any(park.is_demonstration for park in asked.parks if park.code in sight.parks),
    )


@blueprint.get("/park-reports/<sheet>", defaults={"code": ""})
@blueprint.get("/parks/<code>/reports/<sheet>")
@access(READERS)
def report_sheet(code: str, sheet: str) -> str:
    """The rows behind a figure, with their sums."""
    if sheet not in SHEETS:
        raise NotFound
    asked = _question(code)
    narrowing = {name: request.args[name] for name in NARROWED_BY if request.args.get(name)}
    after = request.args.get("after")
    found = sheet_page(db.session(), asked.question, sheet, Narrowing(**narrowing), after=after, size=ROWS)
    return render_template(
        "parks/reportsheet.html",
        asked=asked,
        sheet=sheet,
        title=SHEET_TITLES[sheet],
        note=SHEET_NOTES[sheet],
        columns=[column for column in COLUMNS[sheet] if column.name != "park" or not code],
        page=found.page,
        count=found.count,
        sums=found.sums,
        narrowing=narrowing,
        states=STATE_TITLES,
        words=WORDS_OF_COLUMNS,
        rungs={OVER: gettext("Over, not handed back"), LATER: gettext("Later")},
    )


@blueprint.get("/park-reports.xlsx", defaults={"code": ""})
@blueprint.get("/parks/<code>/reports.xlsx")
@access(READERS)
def report_workbook(code: str) -> Response:
    """The same indicators and rows as a workbook."""
    asked = _question(code)
    with TemporaryFile() as facts:
        facts.write(json.dumps(_workbook_facts(asked)).encode() + b"\n")
        for number, sheet in enumerate(SHEETS):
            names = tuple(column.name for column in COLUMNS[sheet])
            for line in sheet_lines(db.session(), asked.question, sheet, (number, names)):
                facts.write(line.encode() + b"\n")
        workbook = work_apart(PROGRAM, "", facts)
    name = f"{code or 'parks'}-{asked.on.isoformat()}.xlsx"
    answer = send_file(BytesIO(workbook), mimetype=MEDIA_TYPES["xlsx"], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _workbook_facts(asked: ReportAsked) -> dict[str, Any]:
    rolled = [column.name for column in COLUMNS["rent-roll"]]
    return {
        "titles": {
            "indicators": gettext("Indicators"),
            "indicator": gettext("Indicator"),
            "value": gettext("Value"),
            "expiries": gettext("Expiries by use"),
            "all": gettext("All"),
            "use": str(COLUMNS["rent-roll"][rolled.index("use")].title),
        },
        "indicators": list(_indicator_lines(indicator_facts(asked.sight(), asked.rules))),
        "sheets": [
            {"title": str(SHEET_TITLES[sheet]), "columns": [_column_facts(column) for column in COLUMNS[sheet]]}
            for sheet in SHEETS
        ],
        "roll": {"sheet": SHEETS.index("rent-roll"), **{name: rolled.index(name) for name in ROLLED}},
    }


def _indicator_lines(facts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Amounts and areas as numbers; shares and months as numbers too, or why there is none."""
    yield gettext("As of"), facts["as_of"].isoformat()
    for path, title in INDICATORS.items():
        value: Any = facts
        for name in path.split("."):
            value = value[name]
        yield str(title), _cell(value)


def spoken(column: Column, value: Any) -> Any:
    """A value of a sheet as a file of it holds it."""
    if column.kind == "word" and value is not None:
        return str(WORDS_OF_COLUMNS[column.name][value])
    if column.is_number:
        return _cell(value)
    return value.isoformat() if isinstance(value, date) else value


def _column_facts(column: Column) -> dict[str, Any]:
    words = {"words": _words(column.name)} if column.kind == "word" else {}
    return {"title": str(column.title), "kind": column.kind, **words}


def _words(name: str) -> dict[str, str]:
    return {code: str(word) for code, word in WORDS_OF_COLUMNS[name].items()}


def _cell(value: Any) -> Any:
    """A figure as the workbook holds it: whole đồng stay whole."""
    if value is None or isinstance(value, int):
        return value
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)
