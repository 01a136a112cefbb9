"""Taking over the dossiers of an older register: one run for the trial and for the real thing; only the end differs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.fields import check_answers, completeness_faults
from applications.fields.calculated import calculated_answers
from applications.fields.types import Faults
from applications.models import TAKEN_OVER, Application, Procedure, Takeover, TakeoverSheet
from applications.numbers import new_key
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack
from applications.settings import setting_of
from applications.takeovercolumns import APPLICANT, DECIDED, END, NUMBER, RECEIVED, SOURCE, TAX_CODE, takeover_table
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Reason
from foundation.facts import plain
from foundation.reasons import register_reasons
from foundation.workdays import HANOI

TOLD_EVERY = 50
Progress = Callable[[int], None]


@dataclass(slots=True)
class Row:
    """A row of the sheet while it is judged."""

    line: int
    given: Mapping[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    known_key: str = ""
    organisation_id: int | None = None


def run_sheet(
    session: Session, sheet: TakeoverSheet, *, actor: Actor, is_real: bool, tell: Progress = lambda rows: None
) -> dict[str, Any]:
    """Take over all rows of the sheet, or none; a trial does the same and takes it back.

    The report says how many are ``new``, which are ``known`` from an earlier time, and every fault by line.
    """
    attempt = session.begin_nested()
    rows = _judged(session, sheet)
    new = [row for row in rows if not row.known_key]
    has_faults = any(row.faults for row in rows)
    if not has_faults:
        _write(session, sheet, new, actor=actor, tell=tell)
    if is_real and not has_faults:
        attempt.commit()
    else:
        attempt.rollback()
    return {
        "new": len(new),
        "known": [_already_there(row) for row in rows if row.known_key],
        "faults": [fault for row in rows for fault in _told(row)],
    }


def _already_there(row: Row) -> dict[str, Any]:
    return {"line": row.line, "key": row.known_key, "number": row.answers[NUMBER]}


def _judged(session: Session, sheet: TakeoverSheet) -> list[Row]:
    """Every row with its sound answers, all that is wrong in it, and whether it was taken over before."""
    session.execute(select(Procedure.id).where(Procedure.id == sheet.procedure_id).with_for_update(key_share=True))
    table = takeover_table(pack_of_version(session, sheet.version_id))
    rows = [Row(row["line"], row["answers"]) for row in sheet.rows]
    given = {table.key: [row.given for row in rows]}
    setting = setting_of(session, [table], given, at=now(), case_id=0)
    for row in rows:
        cleaned, faults = check_answers(table.columns, row.given, setting)
        row.answers = {key: value for key, value in cleaned.items() if value is not None}
        missing = completeness_faults([spec for spec in table.columns if spec.required], row.given)
        row.faults = {**missing, **faults}
    _judge_dates(rows)
    _judge_numbers(session, sheet, rows)
    _judge_tax_codes(session, rows)
    return rows


def _judge_dates(rows: Sequence[Row]) -> None:
    for row in rows:
        received, decided = row.answers.get(RECEIVED), row.answers.get(DECIDED)
        if received and decided and decided < received:
            row.faults[DECIDED] = [Reason("decided_before_received")]


def _judge_numbers(session: Session, sheet: TakeoverSheet, rows: Sequence[Row]) -> None:
    """A number stands once in a sheet; one that was taken over before is left alone, whatever the row says now."""
    first: dict[str, int] = {}
    for row in rows:
        number = row.answers.get(NUMBER)
        if number in first:
            row.faults[NUMBER] = [Reason("twice_in_sheet", {"line": first[number]})]
        elif number:
            first[number] = row.line
    query = (
        select(Takeover.number, Application.key)
        .join(Application, Application.id == Takeover.case_id)
        .where(Takeover.procedure_id == sheet.procedure_id, Takeover.register == sheet.register)
        .where(Takeover.number.in_(list(first)))
    )
    known = dict(session.execute(query).all())
    for row in rows:
        row.known_key = known.get(row.answers.get(NUMBER, ""), "") if NUMBER not in row.faults else ""
        if row.known_key:
            row.faults = {}


def _judge_tax_codes(session: Session, rows: Sequence[Row]) -> None:
    wanted = [row for row in rows if row.answers.get(TAX_CODE) and not row.known_key]
    codes = {row.answers[TAX_CODE] for row in wanted}
    found = select(Organisation.tax_code, Organisation.id).where(Organisation.tax_code.in_(codes))
    known = dict(session.execute(found).all()) if codes else {}
    for row in wanted:
        if row.answers[TAX_CODE] in known:
            row.organisation_id = known[row.answers[TAX_CODE]]
        else:
            row.faults[TAX_CODE] = [Reason("no_such_tax_code")]


def _told(row: Row) -> Iterator[dict[str, Any]]:
    """The faults of a row as they are kept: line, question, reason, and what stands there."""
    for path, reasons in row.faults.items():
        column = path.split(".")[0]
        for reason in reasons:
            value, facts = row.given.get(column), plain(reason.facts)
            yield {"line": row.line, "column": column, "code": reason.code, "facts": facts, "value": value}


def _write(session: Session, sheet: TakeoverSheet, rows: Sequence[Row], *, actor: Actor, tell: Progress) -> None:
    """Write dossiers, where they came from, and the beginning of their audit chains."""
    pack = pack_of_version(session, sheet.version_id)
    for start in range(0, len(rows), TOLD_EVERY):
        part = rows[start : start + TOLD_EVERY]
        cases = [_dossier(sheet, pack, row, actor) for row in part]
        session.add_all(cases)
        session.flush()
        session.add_all(_origin(sheet, row, case) for row, case in zip(part, cases, strict=True))
        for row, case in sorted(zip(part, cases, strict=True), key=lambda pair: pair[1].stream):
            _note(session, sheet, row, case, actor)
        session.flush()
        tell(start + len(part))


def _dossier(sheet: TakeoverSheet, pack: Pack, row: Row, actor: Actor) -> Application:
    """The dossier in the state in which it ended. Nothing was decided here: it is pinned to no version."""
    said = {key: value for key, value in row.answers.items() if key in pack.field_by_key}
    calculated = calculated_answers(pack.calculated, said)
    received, decided = _instant(row.answers.get(RECEIVED)), _instant(row.answers.get(DECIDED))
    at = now()
    return Application(
        key=new_key(pack.key_prefix),
        title=str(said[pack.title_field]),
        procedure_id=sheet.procedure_id,
        version_id=sheet.version_id,
        state=row.answers[END],
        state_kind="final",
        state_since=decided or received or at,
        unit_id=sheet.unit_id,
        organisation_id=row.organisation_id,
        created_by_id=actor.person_id,
        channel=TAKEN_OVER,
        external_code=row.answers[NUMBER],
        received_at=received,
        decided_at=decided,
        created_at=at,
        updated_at=at,
        answers=said | {key: value for key, value in calculated.items() if value is not None},
        unsound={},
        edits={},
        certification={},
        carried={},
    )


def _instant(day: str | None) -> datetime | None:
    """Noon in Hanoi: the older register tells days, no hours."""
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=HANOI) if day else None


def _origin(sheet: TakeoverSheet, row: Row, case: Application) -> Takeover:
    return Takeover(
        case_id=case.id,
        procedure_id=sheet.procedure_id,
        register=sheet.register,
        number=row.answers[NUMBER],
        applicant=row.answers.get(APPLICANT) or None,
        source=row.answers.get(SOURCE) or None,
        sheet_id=sheet.id,
        line=row.line,
    )


def _note(session: Session, sheet: TakeoverSheet, row: Row, case: Application, actor: Actor) -> None:
    audit.append(
        session,
        case.stream,
        actor=actor,
        action="applications:case:take_over",
        subject=("case", case.id),
        facts={
            "register": sheet.register,
            "number": row.answers[NUMBER],
            "source": row.answers.get(SOURCE) or "",
            "state": case.state,
            "sheet": sheet.id,
            "line": row.line,
        },
    )


def column_of(table: FieldSpec, key: str) -> FieldSpec | None:
    """The question of a fault."""
    return next((spec for spec in table.columns if spec.key == key), None)


def lines_with_faults(report: Mapping[str, Any]) -> int:
    """How many rows of a report are wrong."""
    return len(Counter(fault["line"] for fault in report.get("faults", ())))


audit.register_actions(
    {"applications:case:take_over": lazy_gettext("The dossier was taken over from an older register.")}
)
register_reasons(
    {
        "decided_before_received": lazy_gettext("The decision cannot be older than the receipt."),
        "twice_in_sheet": lazy_gettext("This number stands in row %(line)s already."),
        "no_such_tax_code": lazy_gettext(
            "No organisation with this tax code is registered here. Leave it empty, or register the organisation first."
        ),
    }
)
