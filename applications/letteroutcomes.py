"""What a letter tells of an outcome: what was found on each criterion, and how to seek review until when."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from applications.clock import due_at
from applications.fields.inwords import DECIMAL_MARKS, in_all_languages
from applications.firing import Firing
from applications.packs.model import Criterion, LetterSpec, Remedy
from foundation.calendars import load_calendar
from foundation.wording import LANGUAGES
from foundation.workdays import local_date, start_of_day

Facts = dict[str, Any]

SCORED = {
    "vi": "{mean}/{highest} điểm (số phiếu: {count})",
    "en": "{mean} of {highest} (reviews: {count})",
    "fr": "{mean} sur {highest} (évaluations : {count})",
}


def findings(firing: Firing, spec: LetterSpec) -> Iterator[Facts]:
    """Criterion by criterion: what the officers chose for the questions that the letter names, then the mean scores."""
    for named in spec.findings:
        key, _, question = named.partition(".")
        event, asked = firing.last(key), firing.pack.step_by_key[key].asked(question)
        if event is not None and asked is not None and event.data.get(question):
            yield {"criterion": dict(asked.label), "outcome": in_all_languages(asked, event.data[question])}
    if spec.tells_scores:
        yield from _scores(firing)


def _scores(firing: Firing) -> Iterator[Facts]:
    rubric = firing.pack.rubric
    submitted = [found for found in firing.assignments if found.submitted_at is not None]
    for criterion in rubric.criteria if rubric is not None else ():
        given = [
            row.score
            for assignment in submitted
            for row in assignment.scores
            if row.criterion == criterion.key and row.score is not None
        ]
        if given and rubric is not None:
            yield _score(criterion, given, rubric.highest)


def _score(criterion: Criterion, given: list[int], highest: int) -> Facts:
    mean = (Decimal(sum(given)) / len(given)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    outcome = {
        language: SCORED[language].format(
            mean=str(mean).replace(".", DECIMAL_MARKS[language]), highest=highest, count=len(given)
        )
        for language in LANGUAGES
    }
    return {"criterion": dict(criterion.title), "outcome": outcome}


def remedies(firing: Firing, spec: LetterSpec) -> Iterator[Facts]:
    """The ways to seek review, each with its last day for whoever receives the letter on the day of its issue."""
    for remedy in spec.remedies:
        source = firing.pack.sources.get(remedy.source)
        yield {
            "title": dict(remedy.title),
            "term": {"amount": remedy.within.amount, "unit": remedy.within.unit},
            "until": _until(firing, remedy).isoformat(),
            "source": dict(source.title) if source is not None else None,
        }


def _until(firing: Firing, remedy: Remedy) -> date:
    day = local_date(firing.at)
    calendar = load_calendar(firing.session, firing.pack.calendar)
    due = due_at(day, start_of_day(day), remedy.within, calendar=calendar)
    assert due is not None  # noqa: S101 - nothing pauses it
    return local_date(due)
