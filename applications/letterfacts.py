"""What a letter says, frozen when its step is made: names as they are now, dates, what the officer wrote."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts.models import Person
from applications.clockwork import announced_due
from applications.fields.inwords import in_all_languages, table_in_all_languages
from applications.firing import Firing
from applications.letteroutcomes import findings, remedies
from applications.models import Application, Decision
from applications.packs.model import LetterSpec, Signature
from applications.runs import Run
from foundation.wording import LANGUAGES
from foundation.workdays import HANOI, local_date

PLACE = {"vi": "Hà Nội", "en": "Hanoi", "fr": "Hanoï"}
WITHOUT_WORDS = {"file", "person"}

CAPACITIES = re.compile(r"^(?:(?:TM|KT)\.[^,;–]*?(?:[,;–]|\s-\s)\s*)+", re.IGNORECASE)

Facts = dict[str, Any]


def letter_facts(firing: Firing, spec: LetterSpec) -> Facts:
    """The facts of the step's letter, as :mod:`applications.letters` documents them."""
    runs, decision = firing.runs, _decision(firing)
    return {
        "number": _number(firing, spec),
        **_dossier(firing),
        **_parties(firing),
        **_dates(firing, runs),
        "place": PLACE,
        "step": dict(firing.step.title),
        "basis": _source(firing, firing.step.basis),
        "answers": list(_answers(firing)),
        "data": dict(firing.data),
        "decision": decision,
        "signature": _signature(firing, spec.signature, decision),
        "recipients": [dict(recipient) for recipient in spec.recipients],
        "findings": list(findings(firing, spec)),
        "remedies": list(remedies(firing, spec)),
    }


def _number(firing: Firing, spec: LetterSpec) -> str:
    """The dossier's code, or what stands for it before it has one, and the mark of the letter.

    A further letter of the kind takes a running number between them.
    """
    case = firing.case
    receipt = case.receipt_number if isinstance(case, Application) else None
    place = 1 + _written_before(firing, spec)
    whole = (case.code or receipt or case.key) + (f".{place}" if place > 1 else "")
    return f"{whole}/{spec.mark}" if spec.mark else whole


def _written_before(firing: Firing, spec: LetterSpec) -> int:
    """How many letters with this mark earlier steps of the case wrote."""
    if firing.case.steps_made <= 1:
        return 0
    marked = {letter.key for letter in firing.pack.letters if letter.mark == spec.mark}
    writing = {step.key for step in firing.pack.steps if step.letter in marked}
    return sum(event.step in writing for event in firing.events if event is not firing.event)


def _signature(firing: Firing, signature: Signature | None, decision: Facts | None) -> Facts | None:
    """In whose place, in which office, and who: the officer of the step, or the signatory of the decision."""
    if signature is None:
        return None
    if signature.by == "signatory" and decision is not None:
        lines = _lines_of_decision(signature, decision["signatory_title"])
        return {"lines": lines, "name": decision["signatory"], "signed": True}
    lines = [{"authority": signature.authority, "office": dict(signature.head)}] if signature.authority else []
    office = signature.office or signature.head
    officer = _officer(firing)
    name = officer or _in_charge(firing)
    return {"lines": [*lines, {"office": dict(office)}], "name": name, "signed": False, "is_automatic": officer is None}


def _lines_of_decision(signature: Signature, typed: str) -> list[Facts]:
    """For a body, and for its head where somebody else signed."""
    body, title = signature.on_behalf_of, _own_title(typed)
    lines: list[Facts] = [{"authority": "TM", "office": dict(body)}] if body else []
    if title.casefold() == signature.head["vi"].casefold():
        return [*lines, {"office": dict(signature.head)}]
    return [*lines, {"authority": "KT", "office": dict(signature.head)}, {"office": title}]


def _own_title(typed: str) -> str:
    """The signatory's own title, where the capacity was typed before it: "TM. Ủy ban nhân dân, Chủ tịch"."""
    title = typed.strip()
    return CAPACITIES.sub("", title) or title


def _dossier(firing: Firing) -> Facts:
    case = firing.case
    return {
        "key": case.key,
        "code": case.code,
        "receipt_number": case.receipt_number if isinstance(case, Application) else None,
        "title": case.title,
        "procedure": dict(firing.pack.title),
        "channel": case.channel,
        "external_code": case.external_code,
        "documents": [_document(firing, row) for row in firing.documents],
    }


def _document(firing: Firing, document: Any) -> Facts:
    spec = firing.pack.document_by_key.get(document.slot)
    label = dict(spec.label) if spec else document.slot
    return {"label": label, "filename": document.filename, "sha256": document.sha256}


def _parties(firing: Firing) -> Facts:
    unit, named = firing.unit, firing.organisation
    agency = firing.unit_of(unit.parent_id) if unit.parent_id else None
    return {
        "unit": dict(unit.name),
        "agency": dict(agency.name) if agency else None,
        "organisation": _in_each_language(*named) if named else None,
        "officer": _officer(firing),
    }


def _in_each_language(name_vi: str, name_en: str | None) -> Mapping[str, str]:
    return {language: name_vi if language == "vi" else name_en or name_vi for language in LANGUAGES}


def _officer(firing: Firing) -> str | None:
    is_officer = firing.actor.kind == "person" and firing.case.organisation_id not in firing.actor.organisation_ids
    return firing.actor.name if is_officer else None


def _in_charge(firing: Firing) -> str | None:
    """Who answers for the letter of a step that no officer made: by the clock, or by the applicant."""
    if firing.case.holder_id is None:
        return None
    name: str | None = firing.session.scalar(select(Person.full_name).where(Person.id == firing.case.holder_id))
    return name


def _dates(firing: Firing, runs: list[Run]) -> Facts:
    case, due = firing.case, announced_due(firing, runs)
    main = next((run for run in reversed(runs) if firing.pack.clock_by_key[run.clock].is_main), None)
    return {
        "issued_on": local_date(firing.at).isoformat(),
        "submitted_at": _moment(case.submitted_at) if isinstance(case, Application) else None,
        "received_at": _moment(case.pinned_at or case.received_at),
        "due_on": local_date(due).isoformat() if due else None,
        "original_due_on": local_date(case.original_due_at).isoformat() if case.original_due_at else None,
        "term": {"amount": main.length_amount, "unit": main.length_unit} if main else None,
        "term_source": _source(firing, main.source) if main else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(HANOI).isoformat(timespec="minutes") if at else None


def _source(firing: Firing, key: str) -> Mapping[str, str] | None:
    return dict(firing.pack.sources[key].title) if key in firing.pack.sources else None


def _answers(firing: Firing) -> Iterator[Facts]:
    for spec in firing.step.asks:
        value = firing.data.get(spec.key)
        if spec.type == "table":
            yield {"key": spec.key, "label": dict(spec.label), **table_in_all_languages(spec, value or [])}
        elif spec.type not in WITHOUT_WORDS:
            yield {"key": spec.key, "label": dict(spec.label), "text": in_all_languages(spec, value)}


def _decision(firing: Firing) -> Facts | None:
    if firing.case.decided_at is None:
        return None
    firing.session.flush()  # this very step may have recorded it
    found = firing.session.scalar(select(Decision).where(Decision.case_id == firing.case.id))
    if found is None:
        return None
    return {
        "number": found.number,
        "decided_on": found.decided_on.isoformat(),
        "signatory": found.signatory,
        "signatory_title": found.signatory_title,
        "reasons": found.reasons,
    }
