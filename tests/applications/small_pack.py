"""A small pack for tests of the engine, and the people around a case of it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import Organisation, Person, Unit
from applications.models import Application
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM, Actor
from foundation.calendars import ensure_calendars
from tests.accounts.factories import actor_for, make_organisation, make_person, make_unit

ROLES = ("intake_officer", "case_officer", "decision_drafter", "issuer", "administrator", "auditor")


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text, "fr": text}


def _state(key: str, kind: str, responsible: str) -> dict[str, Any]:
    return {"key": key, "title": words(key), "kind": kind, "responsible": responsible}


def _step(key: str, sources: list[str], to: str | None, who: str, **more: Any) -> dict[str, Any]:
    step = {"key": key, "title": words(key), "from": sources, "who": who, "basis": "internal", **more}
    return step | ({"to": to} if to else {})


PACK: dict[str, Any] = {
    "code": "small-test",
    "version": 1,
    "domain": "applications",
    "title": words("Small"),
    "summary": words("A small procedure"),
    "in_force": {"from": "2020-01-01"},
    "unit": "999.00.00.H26",
    "calendar": "vn-hanoi",
    "key_prefix": "ST",
    "title_field": "name",
    "sources": {"law": {"title": words("A law"), "certainty": "text"}},
    "form": [
        {
            "key": "about",
            "title": words("About"),
            "fields": [
                {"key": "name", "type": "text", "label": words("Name"), "required": True, "max_length": 80},
                {"key": "users", "type": "number", "label": words("Users"), "minimum": 1, "maximum": 1000},
                {
                    "key": "level",
                    "type": "choice",
                    "label": words("Level"),
                    "choices": [{"value": value, "label": words(value)} for value in ("low", "high")],
                },
                {"key": "phone", "type": "text", "label": words("Phone"), "sensitive": True},
            ],
        }
    ],
    "documents": [
        {
            "key": "plan",
            "label": words("Plan"),
            "source": "law",
            "copy": "plain_copy",
            "accept": ["pdf"],
            "required": True,
            "when": {"field": "level", "is": "high"},
        }
    ],
    "rubric": {
        "lowest": 0,
        "highest": 5,
        "comment_at": [0, 1, 2, 5],
        "minimum_reviews": 2,
        "criteria": [
            {"key": "novel", "title": words("Novel"), "question": words("?"), "weight": 2, "source": "internal"},
            {"key": "safe", "title": words("Safe"), "question": words("?"), "weight": 1, "source": "internal"},
        ],
    },
    "states": [
        _state("draft", "draft", "applicant"),
        _state("checking", "open", "unit"),
        _state("owed", "open", "applicant"),
        _state("working", "open", "unit"),
        _state("proposed", "open", "unit"),
        _state("granted", "final", "nobody"),
        _state("withdrawn", "final", "nobody"),
    ],
    "steps": [
        _step(
            "submit",
            ["draft"],
            "checking",
            "applicant | registrar",
            guards=["answers_are_complete", "documents_are_complete"],
            effects=["number_receipt", "freeze_submission"],
            clocks={"check": "start"},
        ),
        _step(
            "request_supplement",
            ["checking", "working"],
            "owed",
            "intake_officer",
            guards=["supplement_is_first", "supplement_is_in_time"],
            effects=["unpin_rules"],
            clocks={"check": "stop", "processing": "stop", "answer": "start"},
            asks=[{"key": "missing", "type": "long_text", "label": words("Missing"), "required": True}],
        ),
        _step("resubmit", ["owed"], "checking", "applicant", clocks={"answer": "stop", "check": "restart"}),
        _step(
            "accept",
            ["checking"],
            "working",
            "intake_officer",
            effects=["pin_rules", "number_dossier"],
            clocks={"check": "stop", "processing": "restart"},
        ),
        _step("hold", ["working"], None, "case_officer", clocks={"processing": "pause"}),
        _step("go_on", ["working"], None, "case_officer", clocks={"processing": "resume"}),
        _step(
            "draft_decision",
            ["working"],
            "proposed",
            "decision_drafter",
            effects=["record_draft_decision"],
            asks=[
                {
                    "key": "outcome",
                    "type": "choice",
                    "label": words("Outcome"),
                    "required": True,
                    "choices": [{"value": value, "label": words(value)} for value in ("permit", "refuse")],
                }
            ],
        ),
        _step("issue", ["proposed"], "granted", "issuer", apart_from=["draft_decision"]),
        _step("withdraw", ["checking", "owed", "working", "proposed"], "withdrawn", "applicant"),
        _step(
            "apologise",
            ["working", "proposed"],
            None,
            "case_officer",
            guards=["apology_is_first", "apology_is_in_time"],
            clocks={"processing": "reappoint"},
            asks=[{"key": "new_due_on", "type": "date", "label": words("New date"), "required": True}],
        ),
        _step("lapse", ["owed"], "withdrawn", "system", expires="answer"),
        _step(
            "override",
            ["checking", "owed", "working", "proposed"],
            None,
            "administrator",
            effects=["move_to_chosen_state"],
            asks=[
                {"key": "to_state", "type": "text", "label": words("State"), "required": True},
                {"key": "reason", "type": "long_text", "label": words("Reason"), "required": True},
            ],
        ),
    ],
    "clocks": [
        {
            "key": "check",
            "title": words("Check"),
            "length": {"working_days": 3},
            "source": "law",
            "responsible": "unit",
        },
        {
            "key": "processing",
            "title": words("Processing"),
            "length": {"working_days": 15},
            "source": "law",
            "responsible": "unit",
            "is_main": True,
            "variants": [{"when": {"field": "level", "is": "high"}, "length": {"working_days": 10}, "source": "law"}],
        },
        {
            "key": "answer",
            "title": words("Answer"),
            "length": {"days": 10},
            "source": "internal",
            "responsible": "applicant",
        },
    ],
}


def small_pack(**changes: Any) -> dict[str, Any]:
    """The pack with some of its top-level parts exchanged."""
    return deepcopy(PACK) | changes


@dataclass(frozen=True)
class World:
    """A unit with one officer for each role, an applicant, and the published small pack."""

    session: Session
    unit: Unit
    organisation: Organisation
    applicant: Actor
    officers: Mapping[str, Actor]
    people: Mapping[str, Person]

    def officer(self, role: str) -> Actor:
        return self.officers[role]

    def draft(self, **answers: Any) -> Application:
        """A draft of the applicant with these answers; ``name`` is given unless said otherwise."""
        application = create_draft(
            self.session, "small-test", actor=self.applicant, organisation_id=self.organisation.id
        )
        save_answers(self.session, application, {"name": "Máy bay giao hàng", **answers}, actor=self.applicant)
        return application


def make_world(session: Session) -> World:
    """Publish the pack and make the people around it."""
    ensure_calendars(session, actor=SYSTEM)
    unit = make_unit(session, code="999.00.00.H26")
    publish(session, small_pack(), actor=SYSTEM)
    organisation = make_organisation(session)
    founder = make_person(session, organisation=organisation)
    people = {role: make_person(session, grants=[role]) for role in ROLES}
    return World(
        session=session,
        unit=unit,
        organisation=organisation,
        applicant=actor_for(session, founder),
        officers={role: actor_for(session, person) for role, person in people.items()},
        people=people | {"applicant": founder},
    )
