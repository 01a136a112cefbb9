"""The API keeps to its own document, whatever it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from applications.engine import fire
from portal.api import document_of
from portal.factory import create_app
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import make_world
from tests.databases import settings_for


class Line:
    """A line to whichever application a test has; it is asked as a WSGI application."""

    app: Flask

    def __call__(self, environment: Any, start_response: Any) -> Any:
        return self.app(environment, start_response)


LINE = Line()
DOCUMENT = document_of(create_app(settings_for("postgresql:///unused", Path("unused"))))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig())
SCHEMA.app = LINE
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
EXAMPLES = 25


@dataclass(frozen=True, slots=True)
class Stage:
    """An application without limits that so many requests would reach, who asks it, and what there is."""

    app: Flask
    programs: dict[str, Program]
    places: dict[str, Any]


@pytest.fixture
def stage(app: Flask, connection: Connection, session: Session) -> Iterator[Stage]:
    usual = app.config["KHUEVAN"]
    app.config["KHUEVAN"] = replace(usual, api_requests_per_minute=10**6, api_public_requests_per_minute=10**6)
    world = make_world(session)
    application = world.draft()
    fire(session, application, "submit", actor=world.applicant)
    programs = {
        "applicant": program_of(app, session, world.applicant),
        "intake_officer": program_of(app, session, world.officer("intake_officer")),
    }
    LINE.app = app
    yield Stage(app, programs, {"key": application.key, "step": "accept"})
    app.config["KHUEVAN"] = usual


@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_keep_to_the_document(stage: Stage, label: str) -> None:
    operation = OPERATIONS[label]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), who=st.sampled_from(sorted(stage.programs)), there=st.booleans())
    def ask(case: Any, who: str, there: bool) -> None:
        if there:
            places = {**case.path_parameters, **{k: v for k, v in stage.places.items() if k in case.path_parameters}}
            case.path_parameters = places
        case.call_and_validate(
            headers={"Authorization": f"Bearer {stage.programs[who].token}"},
            # Only a procedure says which answers are sound, and only a list which cursors lead on.
            excluded_checks=[positive_data_acceptance],
        )

    ask()
