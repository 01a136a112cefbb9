"""How often and until when is said by the pack, not by the program."""

from datetime import timedelta
from typing import Any

import pytest

from applications.engine import fire, offers
from applications.models import Application
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from foundation.workdays import local_date
from tests.applications.small_pack import World, small_pack


def accepted_under(world: World, **parameters: Any) -> Application:
    """A dossier accepted under a second version of the small pack with these parameters."""
    content = small_pack(version=2, in_force={"from": "2020-02-01"})
    content["parameters"] = {key: {"value": value, "source": "law"} for key, value in parameters.items()}
    publish(world.session, content, actor=SYSTEM)
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    return application


def reasons(world: World, application: Application, step: str, role: str) -> list[str]:
    found = offers(world.session, application, actor=world.officer(role))
    return [reason.code for offer in found if offer.step.key == step for reason in offer.reasons]


@pytest.mark.parametrize(("allowed", "expected"), [(1, ["supplement_already_requested"]), (2, [])])
def test_supplements_are_requested_as_often_as_the_pack_allows(world: World, allowed: int, expected: list[str]) -> None:
    application = accepted_under(world, supplement_requests_allowed=allowed)
    officer = world.officer("intake_officer")

    fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    fire(world.session, application, "resubmit", actor=world.applicant)

    assert reasons(world, application, "request_supplement", "intake_officer") == expected


@pytest.mark.parametrize(("allowed", "expected"), [(1, ["apology_already_made"]), (2, [])])
def test_a_date_is_put_off_as_often_as_the_pack_allows(world: World, allowed: int, expected: list[str]) -> None:
    application = accepted_under(world, apologies_allowed=allowed)

    fire(
        world.session, application, "apologise", actor=world.officer("case_officer"), data={"new_due_on": "2200-01-01"}
    )

    assert reasons(world, application, "apologise", "case_officer") == expected


@pytest.mark.parametrize(("to_spare", "expected"), [(0, []), (-1, ["apology_too_late"])])
def test_an_apology_comes_as_early_as_the_pack_demands(world: World, to_spare: int, expected: list[str]) -> None:
    application = accepted_under(world, apology_days_before_due=5)
    assert application.original_due_at is not None
    assert application.received_at is not None
    today = local_date(application.received_at)
    last = local_date(application.original_due_at) - timedelta(days=5)

    application.original_due_at -= last - today + timedelta(days=-to_spare)
    world.session.flush()

    assert reasons(world, application, "apologise", "case_officer") == expected
