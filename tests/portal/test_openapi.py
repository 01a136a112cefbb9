"""The OpenAPI document: sound in itself, true of the answers whatever is sent, and told rightly in the guide."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.operations.reviews import assign_reviewer, declare_conflict
from foundation.register import DOMAINS
from portal.api import document_of
from portal.factory import create_app
from portal.settings import ROOT
from tests.accounts.factories import actor_for, make_person
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World, make_world
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
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
EXAMPLES = 20


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, method and description of each operation."""
    for path, item in DOCUMENT["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]


def test_it_is_openapi_3_1() -> None:
    SCHEMA.validate()

    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_endpoint_is_in_it(app: Flask) -> None:
    names = {blueprint.name for domain in DOMAINS.values() for blueprint in domain.api_blueprints}
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule), method.lower())
        for route in app.url_map.iter_rules()
        if route.endpoint.partition(".")[0] in names
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, method, _ in operations()} == routes


def test_every_operation_has_its_own_name_words_and_refusals() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))
    for path, method, operation in operations():
        answers = {int(status) for status in operation["responses"]}
        assert operation["summary"], path
        assert 429 in answers, path
        assert ({"bearer": []} in operation["security"]) is True, path
        assert ({} in operation["security"]) is (operation["x-access"] == "everyone"), path
        assert (401 in answers) is ({} not in operation["security"]), path
        assert (404 in answers) is ("{" in path), path
        is_repeatable = "IDEMPOTENCY_KEY" in json.dumps(operation.get("parameters", []))
        assert is_repeatable is (method == "post"), path


def test_every_refusal_is_a_problem_document() -> None:
    for name, response in DOCUMENT["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_no_word_of_older_versions_is_left() -> None:
    text = json.dumps(DOCUMENT)

    assert '"nullable"' not in text
    assert not re.search(r'"exclusive(Minimum|Maximum)": (true|false)', text)
    assert '"x-m' not in text


def test_numbers_with_decimals_are_text() -> None:
    assert '"type": "number"' not in json.dumps(DOCUMENT)


def schemas_with_examples(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every schema that shows an example, with the example."""
    if isinstance(node, dict):
        if "type" in node and isinstance(node.get("examples"), list):
            yield from ((node, example) for example in node["examples"])
        if "schema" in node and "example" in node:
            yield node["schema"], node["example"]
        for inner in node.values():
            yield from schemas_with_examples(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas_with_examples(inner)


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator of a schema whose references lead into the document."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_schemas_are_sound_and_examples_fit_them() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    shown = list(schemas_with_examples(DOCUMENT))

    assert shown
    for schema, example in shown:
        validator(schema).validate(example)


@dataclass(frozen=True, slots=True)
class Stage:
    """An application without limits that so many requests would reach, who asks it, and what there is."""

    programs: dict[str, Program]
    places: dict[str, dict[str, Any]]
    body: dict[str, Any]


def set_up(app: Flask, session: Session) -> Stage:
    world = make_world(session)
    draft, sent, accepted = world.draft(), world.draft(), world.draft()
    for application in (sent, accepted):
        fire(session, application, "submit", actor=world.applicant)
    fire(session, accepted, "accept", actor=world.officer("intake_officer"))
    reviewer = actor_for(session, make_person(session, grants=["reviewer"]))
    assignment = assign_reviewer(session, accepted, reviewer, actor=world.officer("case_officer"))
    declare_conflict(session, assignment, actor=reviewer, has_conflict=False)
    return Stage(
        programs={name: program_of(app, session, actor) for name, actor in _actors(world, reviewer).items()},
        places={
            "applications": {"key": [draft.key, sent.key, accepted.key], "step": ["submit", "accept", "withdraw"]},
            "reviews": {"review_id": [assignment.id]},
            "procedures": {"code": ["small-test"]},
            "organisations": {"code": [world.organisation.code]},
            "calendars": {"code": ["vn-hanoi"]},
        },
        body={"procedure": "small-test", "organisation": world.organisation.code},
    )


def _actors(world: World, reviewer: Any) -> dict[str, Any]:
    staff = {role: world.officer(role) for role in ("intake_officer", "case_officer", "auditor")}
    return {"applicant": world.applicant, "reviewer": reviewer, **staff}


@pytest.fixture
def stage(app: Flask, connection: Connection, session: Session) -> Iterator[Stage]:
    usual = app.config["KHUEVAN"]
    app.config["KHUEVAN"] = replace(usual, api_requests_per_minute=10**6, api_public_requests_per_minute=10**6)
    LINE.app = app
    yield set_up(app, session)
    app.config["KHUEVAN"] = usual


@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_keep_to_the_document(stage: Stage, label: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(stage.programs)))
        if data.draw(st.integers(0, 3)):
            _lead_to_what_is_there(case, stage, data)
        case.call_and_validate(
            headers={"Authorization": f"Bearer {stage.programs[who].token}"},
            # Only a procedure says which answers are sound, and only a list which cursors lead on.
            excluded_checks=[positive_data_acceptance],
        )

    ask()


def _lead_to_what_is_there(case: Any, stage: Stage, data: st.DataObject) -> None:
    """Let the address, and the first fields of a body, name what exists."""
    known = stage.places.get(case.path.split("/")[3], {})
    found = {name: data.draw(st.sampled_from(known[name])) for name in case.path_parameters or {} if name in known}
    case.path_parameters = {**(case.path_parameters or {}), **found}
    if isinstance(case.body, dict) and set(stage.body) <= set(case.body):
        case.body = {**case.body, **stage.body}


GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl (?:.*\\\n)*.*$", GUIDE, flags=re.MULTILINE)


def test_the_guide_shows_commands() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("command", COMMANDS)
def test_the_guide_speaks_of_what_there_is(command: str) -> None:
    words = shlex.split(command.replace("\\\n", " "))
    (address,) = [word for word in words if word.startswith("$KHUEVAN")]
    method = words[words.index("-X") + 1].lower() if "-X" in words else "get"
    path = address.removeprefix("$KHUEVAN").partition("?")[0]

    operation = _operation(path, method)

    if "-d" in words:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        validator(schema).validate(json.loads(words[words.index("-d") + 1]))


def _operation(path: str, method: str) -> Mapping[str, Any]:
    """The operation that an address of the guide leads to."""
    found = [
        operation
        for template, known, operation in operations()
        if known == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    assert len(found) == 1, f"{method} {path}"
    return found[0]
