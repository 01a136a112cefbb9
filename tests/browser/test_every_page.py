"""Every page that anybody may open: axe finds nothing, the console is silent, and nothing is wider than a phone."""

import os
from collections.abc import Callable, Iterator
from logging import getLogger
from typing import Literal, TypeVar
from zlib import crc32

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, Person
from applications.models import Case, Letter
from foundation.wording import LANGUAGE_COOKIE, LANGUAGES
from portal.bootstrap.installation import Installation
from tests.accounts.factories import SESSION_COOKIE, open_session
from tests.browser.conftest import LiveServer, serving
from tests.browser.crawling import Crawl, Found, is_page
from tests.browser.wording import untranslated
from tests.databases import demonstration
from tests.portal.seeded import reader

LOG = getLogger(__name__)
WHOLE = "EVERY_PAGE"
"""Set, everybody's pages are looked at in each language, both themes and on a phone; see the README."""
IS_WHOLE = WHOLE in os.environ
PART = frozenset(os.environ.get(WHOLE, "").split())
"""Languages, themes and accounts named there: only these of the whole, so that it can be looked at in parts."""
IS_SWIFT = "swift" in PART
"""Everything but axe, which takes most of the time."""

PHONE, DESK = ViewportSize(width=375, height=800), ViewportSize(width=1280, height=900)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
Choice = TypeVar("Choice", bound=str)
PUBLIC = "public"
PEOPLE = (
    *(PUBLIC, "startup", "motcua", "chuyenvien", "chuyengia1", "soanthao", "banhanh", "kiemtra", "quantri"),
    *("quanlyquy", "quanlykhu", "thukyquy", "hoidong1", "daidienvon", "ketoanquy", "nhadautu"),
    *("hoalac", "banquanly", "sotaichinh"),
)
"""Accounts of the demonstration, one for each role, and the public."""

ELSEWHERE = {"api_document.reference"}
"""Pages whose own test takes the care that their length asks for."""
CHECKED = (
    "applicant_kind=organisation&test_setting=real&present_rules=silent&state_pilot=yes"
    "&regime=capital_law&several_provinces=yes&sector=transport"
)
"""Sound answers of the check before the form."""
PARTS = """() => {
  const whole = document.body.cloneNode(true), main = whole.querySelector("main");
  for (const input of whole.querySelectorAll("input[type=hidden]")) input.remove();
  main.remove();
  return [main.innerHTML, whole.innerHTML];
}"""
"""What stands on a page and what stands round it, without what a form says anew each time."""
UNREACHED = {
    "accounts.confirm": "by a secret in a mail",
    "accounts.invitation": "by a secret in a mail",
    "accounts.reset": "by a secret in a mail",
    "accounts.leave_digest": "by a secret in a mail",
    "accounts.leave_mails": "by a secret in a mail",
    "accounts.own_organisations_page": "leads on to the only organisation somebody belongs to",
    "applications.batch": "after a batch was done",
    "applications.compare_versions": "of a document that was sent twice",
    "applications.confirm_removal": "of a document that may be taken away",
    "applications.document": "a file",
    "applications.issuing_round": "after decisions were issued together",
    "applications.message_file": "a file",
    "applications.new_round": "after decisions were chosen",
    "applications.upload_standing": "for the script that sends a file in parts",
    "applications.exports": "of the lists that were ordered as files",
    "applications.list_export": "after a list was ordered as a file",
    "applications.queue_filter": "leads on to the queue",
    "applications.version": "of a draft whose procedure has a newer version",
    "fund.deal_of_dossier": "leads on to the deal",
    "fund.large_decision_file": "a file",
    "health.healthz": "for programs",
    "health.readyz": "for programs",
    "fund.pipelines": "leads on to the only fund",
    "parks.plan": "of a ground plan that was sent and waits to be taken over",
}
"""Pages that the demonstration does not lead to, and why; other tests open them."""


@pytest.fixture(scope="module")
def untouched(
    server_url: str, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """The demonstration as it is made: what other tests leave behind would change which pages are found first."""
    folder = tmp_path_factory.mktemp("untouched")
    with demonstration(server_url, folder) as database, serving(database, folder, installation) as url:
        yield LiveServer(url, database)


def test_axe_finds_nothing_on_any_page_of_anybody(
    new_context: Callable[..., BrowserContext], axe: Callable[..., None], untouched: LiveServer
) -> None:
    crawl = Crawl(untouched.database.app.url_map, each=3, apart=IS_WHOLE)
    looked_at: set[str] = set()
    faults: list[str] = []
    known: set[int] = set()
    people = chosen(PEOPLE)
    for name in people:
        found = [one for one in pages_of(untouched, crawl, name) if one.kind not in ELSEWHERE]
        found = [one for one in found if IS_WHOLE or one.kind not in looked_at]
        if not IS_WHOLE:
            found = list({one.kind: one for one in found}.values())
        looked_at |= {one.kind for one in found}
        page, complaints = entered(new_context(base_url=untouched.url, viewport=DESK), untouched, name)
        for one in found:
            said = [f"{name}: {words}" for words in (*look_at(page, axe, one, untouched.url, known), *complaints)]
            complaints.clear()
            LOG.info("%s %s", one.address, " ".join(said))
            faults += said
        page.context.close()

    every = {rule.endpoint for rule in untouched.database.app.url_map.iter_rules() if is_page(rule)}
    assert faults == [], "\n".join(faults)
    assert people != PEOPLE or every - crawl.endpoints - set(UNREACHED) == set(), (
        "no link leads there: link it, or say why not"
    )


def chosen(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Those of the languages, themes or accounts that are asked for, or all."""
    return tuple(choice for choice in choices if choice in PART) or choices


def pages_of(server: LiveServer, crawl: Crawl, name: str) -> list[Found]:
    """The pages that somebody reaches by links, and those that stand behind a form or a code."""
    client = reader(server.database, None if name == PUBLIC else f"{name}@demo.example")
    with server.database.session() as session:
        starts = ["/", *behind_forms(session, name)]

    def fetch(address: str) -> tuple[str, str]:
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{name} is led to {address}: {answer.status_code}"
        html = answer.text if answer.mimetype == "text/html" else ""
        answer.close()
        return answer.request.full_path.rstrip("?"), html

    return list(crawl.walk(fetch, starts))


def behind_forms(session: Session, name: str) -> list[str]:
    """Addresses that a form, an answer or a letter leads to rather than a link."""
    dossiers = select(Case.key).where(Case.state_kind != "draft").order_by(Case.id)
    match name:
        case "public":
            letter = session.scalars(select(Letter.code).order_by(Letter.id)).first()
            return [
                f"/verify/{letter}",
                f"/procedures/controlled-test/precheck/answer?{CHECKED}",
                "/mail-sent/forgot",
                "/sign-in",
            ]
        case "startup":
            mine = Case.organisation_id.in_(
                select(Membership.organisation_id).join(Person).where(Person.email == f"{name}@demo.example")
            )
            sent = session.scalars(dossiers.where(mine)).first()
            draft = session.scalars(select(Case.key).where(mine, Case.state_kind == "draft")).first()
            return [
                f"/dossiers/{sent}/submitted",
                f"/dossiers/{sent}/tracking",
                f"/dossiers/{draft}/draft/test_plan/hypotheses/fill",
            ]
        case "chuyenvien":
            first, second = session.scalars(dossiers.limit(2)).all()
            return [f"/queue/batches/new?case={first}&case={second}"]
        case "motcua":
            return ["/register/organisation"]
    return []


def entered(context: BrowserContext, server: LiveServer, name: str) -> tuple[Page, list[str]]:
    """A page of somebody who is signed in, and what its console says."""
    if name != PUBLIC:
        with server.database.session() as session:
            person = session.scalars(select(Person).where(Person.email == f"{name}@demo.example")).one()
            secret = open_session(session, person)
            session.commit()
        context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": server.url}])
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url} {error}"))
    return page, complaints


def look_at(page: Page, axe: Callable[..., None], found: Found, address: str, known: set[int]) -> Iterator[str]:
    """What is wrong with a page: in one of the languages and themes, or in each where the whole is looked at.

    What stands on it and round it is ``known`` from then on, and not asked about again for another person.
    """
    chance = crc32(found.kind.encode())
    for language in chosen(LANGUAGES) if IS_WHOLE else (LANGUAGES[chance % 3],):
        page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": address}])
        page.goto(f"{address}{found.address}")
        for words in untranslated(page, language):
            yield f"{found.address} ({found.kind}, {language}) is not translated: {words}"
        parts = {hash((language, part)) for part in page.evaluate(PARTS)}
        asks = not IS_SWIFT and not parts <= known
        known |= parts
        for theme in chosen(THEMES) if IS_WHOLE else (THEMES[chance // 3 % 2],):
            page.emulate_media(color_scheme=theme)
            for words in faults_of(page, axe if asks else None):
                yield f"{found.address} ({found.kind}, {language}, {theme}): {words}"


def faults_of(page: Page, axe: Callable[..., None] | None) -> Iterator[str]:
    """On a phone it is enough that nothing is wider, unless the whole is looked at."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            yield f"{wide} px wide on a screen of {size['width']}"
        if axe and (IS_WHOLE or size is DESK):
            try:
                axe(page)
            except AssertionError as fault:
                yield f"at {size['width']} px: {fault}"
