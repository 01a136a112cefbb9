"""A startup with a certifier, in a real browser: one writes and asks, a second certifies, the first sends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from applications.models import Application
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import pack_of_version, publish
from applications.packs.reading import load_file
from foundation.actors import SYSTEM
from tests.accounts.factories import actor_for, make_organisation, make_person, open_session
from tests.applications.answering import complete_dossier
from tests.applications.small_pack import words
from tests.browser.conftest import LiveServer

CODE = "certified-desk"
DESK = Path(__file__).resolve().parents[2] / "parks" / "procedures" / "innovation-desk.yaml"
PHONE = {"width": 375, "height": 812}


def certified_desk() -> dict[str, Any]:
    """The desk track, with a certificate demanded and no document."""
    pack = load_file(DESK)
    for document in pack["documents"]:
        document["required"] = False
    next(step for step in pack["steps"] if step["key"] == "register")["guards"].append("is_certified")
    statement = words("Tôi đã đọc hồ sơ và xác nhận.")
    return pack | {
        "code": CODE,
        "key_prefix": "CX",
        "title": words("Hồ sơ có người xác nhận"),
        "certification": {"statement": statement, "source": "internal"},
    }


def complete_draft(session: Session, writer: Person, organisation: Organisation) -> Application:
    actor = actor_for(session, writer)
    publish(session, certified_desk(), actor=SYSTEM)
    draft = create_draft(session, CODE, actor=actor, organisation_id=organisation.id)
    answers = complete_dossier(pack_of_version(session, draft.version_id))
    save_answers(session, draft, answers, actor=actor)
    return draft


@pytest.mark.parametrize(
    ("language", "is_scripted", "size"),
    [("vi", True, PHONE), ("en", True, PHONE), ("fr", False, PHONE)],
)
def test_a_second_person_certifies_and_the_first_sends(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    language: str,
    is_scripted: bool,
    size: dict[str, int],
) -> None:
    with live_server.database.session() as session:
        organisation = make_organisation(session)
        people = [make_person(session, organisation=organisation, language=language) for _ in range(2)]
        key = complete_draft(session, people[0], organisation).key
        secrets = [open_session(session, person) for person in people]
        names = [person.full_name for person in people]
        session.commit()

    def window(secret: str) -> Page:
        context = new_context(java_script_enabled=is_scripted, viewport=size)
        context.add_cookies([{"name": "khuevan_session", "value": secret, "url": live_server.url}])
        return context.new_page()

    def look(page: Page) -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        if is_scripted:
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    writer, certifier = window(secrets[0]), window(secrets[1])
    writer.goto(f"/dossiers/{key}/check")
    look(writer)
    expect(writer.locator(".check-send")).to_have_count(0)
    writer.locator("form[action$='/certifier'] button").click()
    expect(writer.locator("#certification")).to_contain_text(names[1])
    look(writer)

    certifier.goto("/notices")
    certifier.get_by_role("main").locator("a[href*='#certification'], form[action*='notices']").first.wait_for()
    certifier.goto(f"/dossiers/{key}/check#certification")
    certifier.locator("form[action$='/certificate'] button").click()
    expect(certifier.locator("#certification")).to_contain_text(names[1])
    expect(certifier.locator(".check-send")).to_have_count(0)
    look(certifier)

    writer.goto(f"/dossiers/{key}/check")
    look(writer)
    writer.locator(".check-send button[type=submit]").click()
    expect(writer.locator(".sent-number")).to_be_visible()
