"""What a step makes the product write: letters with frozen facts, and notices to the people concerned."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, Person, Unit
from accounts.queries.holders import people_holding
from accounts.roles import CONSULTED_ROLES, PANEL_ROLES, PANEL_SECRETARY
from applications.clockwork import announced_due
from applications.fields.inwords import day_in_words
from applications.firing import Firing
from applications.letterfacts import letter_facts
from applications.models import Case, ReviewAssignment
from applications.noticetopics import LAWFUL, NEWS, TASKS, UNIT
from applications.numbers import new_check_code
from applications.packs.catalogue import pack_of_version
from applications.packs.model import NoticeSpec
from applications.recording import Record
from applications.visibility import BODY_ROLES
from foundation.database import now
from foundation.notices import NoticeKind, register_notice
from foundation.revisions import kept
from foundation.wording import in_language
from foundation.workdays import local_date

BLANK = re.compile(r"\{(title|code|due|holder)\}")
OFFICERS = {
    "unit": ("intake_officer", "case_officer"),
    "intake": ("intake_officer",),
    "drafters": ("decision_drafter",),
    "issuers": ("issuer",),
    "body": BODY_ROLES,
    "panel": PANEL_ROLES,
    "panel_secretaries": (PANEL_SECRETARY,),
    "treasurers": ("treasurer",),
    "consulted": CONSULTED_ROLES,
}
"""The roles in the unit that a notice goes to."""


def notify_people(firing: Firing, record: Record) -> None:
    """Tell the people whom the step names, with everything else that it leaves; never who made it."""
    if not firing.step.notices:
        return
    due = announced_due(firing, firing.runs)
    for number, notice in enumerate(firing.step.notices):
        people = set(_addressees(firing, notice)) - {firing.actor.person_id}
        if people:
            record.tell(sorted(people), _kind_for(notice), _notice_facts(firing, number, due))


def link_of(case: Case) -> str:
    """Where a notice on a step leads."""
    return f"/dossiers/{case.key}"


def letters(firing: Firing) -> Iterator[Mapping[str, Any]]:
    """The letter that the step writes, if it writes one, with its facts as they are now."""
    if not firing.step.letter:
        return
    spec = firing.pack.letter_by_key[firing.step.letter]
    facts = letter_facts(firing, spec)
    named = {"letter": spec.key, "template": spec.template, "number": facts["number"], "code": new_check_code()}
    yield {**named, "facts": facts}


def _addressees(firing: Firing, notice: NoticeSpec) -> Iterator[int]:
    case, session = firing.case, firing.session
    if notice.to == "applicant":
        yield from firing.members
    elif notice.to == "holder" and case.holder_id is not None:
        yield case.holder_id
    elif notice.to == "previous_holder" and firing.facts.get("previous_holder") is not None:
        yield firing.facts["previous_holder"]
    elif notice.to == "reviewers":
        query = select(ReviewAssignment.reviewer_id).where(
            ReviewAssignment.case_id == case.id, ReviewAssignment.removed_at.is_(None)
        )
        yield from session.scalars(query)
    elif notice.to in OFFICERS:
        yield from officers_of(session, firing.unit, firing.pack.code, OFFICERS[notice.to])


def people_of(session: Session, case: Case) -> Iterator[int]:
    """The people who act for the applicant."""
    query = select(Membership.person_id).where(
        Membership.organisation_id == case.organisation_id, Membership.until_at.is_(None)
    )
    yield from session.scalars(query)


def people_by_organisation(session: Session, organisations: Iterable[int | None]) -> dict[int, list[int]]:
    """The people who act for each of these organisations."""
    query = select(Membership.organisation_id, Membership.person_id).where(
        Membership.organisation_id.in_({number for number in organisations if number is not None}),
        Membership.until_at.is_(None),
    )
    found: dict[int, list[int]] = {}
    for organisation, person in session.execute(query):
        found.setdefault(organisation, []).append(person)
    return found


def officers_of(session: Session, unit: Unit, procedure: str, roles: Sequence[str]) -> Iterator[int]:
    """The people who hold one of these roles on dossiers of this procedure in this unit, by the grants in force."""
    day = local_date(now())
    yield from kept(
        session,
        "grants",
        (tuple(roles), procedure, unit.id, unit.path, day),
        lambda: session.scalars(people_holding(roles, procedure=procedure, unit=unit).distinct()).all(),
    )


def _notice_facts(firing: Firing, number: int, due: datetime | None) -> dict[str, Any]:
    case = firing.case
    return {
        "version_id": case.version_id,
        "step": firing.step.key,
        "number": number,
        "title": case.title,
        "code": case.code or case.key,
        "due": local_date(due).isoformat() if due else "",
        "holder": _holder_named(firing, number),
    }


def _holder_named(firing: Firing, number: int) -> str:
    """The name of the person in charge, where the words of the notice want it."""
    notice = firing.step.notices[number]
    if firing.case.holder_id is None or not any("{holder}" in text for text in notice.body.values()):
        return ""
    return firing.session.scalar(select(Person.full_name).where(Person.id == firing.case.holder_id)) or ""


def moved_words(session: Session, facts: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Subject and body of a notice on a step, from the pack's words, in the reader's language."""
    step = pack_of_version(session, facts["version_id"]).step_by_key[facts["step"]]
    notice = step.notices[facts["number"]]
    due = day_in_words(facts["due"], language) if facts["due"] else ""
    named = {"title": facts["title"], "code": facts["code"], "due": due, "holder": facts.get("holder", "")}
    return _fill(in_language(notice.subject, language), named), _fill(in_language(notice.body, language), named)


def _fill(words: str, named: Mapping[str, str]) -> str:
    """Replace ``{title}``, ``{code}``, ``{due}`` and ``{holder}``, once: what is filled in is never read again."""
    return BLANK.sub(lambda blank: named[blank[1]], words)


def _kind_for(notice: NoticeSpec) -> NoticeKind:
    """What the law has the applicant told is a kind of its own: nobody can leave it out."""
    if notice.to == "applicant":
        return MOVED if notice.required else MOVED_BESIDES
    return MOVED_IN_UNIT if notice.to in ("unit", "intake") else MOVED_ON_DESK


MOVED = register_notice(NoticeKind("dossier_moved", words=moved_words, topic=LAWFUL))
MOVED_BESIDES = register_notice(NoticeKind("dossier_moved_besides", words=moved_words, topic=NEWS))
MOVED_IN_UNIT = register_notice(NoticeKind("dossier_moved_in_unit", words=moved_words, topic=UNIT))
MOVED_ON_DESK = register_notice(NoticeKind("dossier_moved_on_desk", words=moved_words, topic=TASKS))
