"""The start page of each kind of reader: its tasks, at a fixed number of questions to the database."""

from typing import Any

import pytest
from sqlalchemy import select

from applications.engine import fire
from applications.models import Case
from tests.applications.visits import asked_reviewer, queries_of, submitted
from tests.pages import Page, open_page
from tests.portal.readers import READERS, Readers

OFFICE = {"Hồ sơ chờ xử lý", "Quá hạn", "Tôi đang thụ lý"}
TASKS: dict[str, set[str]] = {
    "public": set(),
    "applicant": {"Hồ sơ của tôi"},
    "reviewer": {"Đánh giá"},
    "intake_officer": OFFICE,
    "case_officer": OFFICE,
    "issuer": OFFICE | {"Quyết định chờ ban hành"},
    "auditor": set(),
    "administrator": set(),
}


def cards(page: Page) -> dict[str, str]:
    """The number on each task card, by the card's title."""
    found = page.root.all("a", class_="task")
    return {card.one("span", class_="task-title").text: card.one("span", class_="task-count").text for card in found}


def one_more(readers: Readers) -> None:
    """Another dossier under review, as good as the first."""
    application = submitted(readers.world)
    fire(readers.world.session, application, "accept", actor=readers.world.officer("intake_officer"))
    readers.world.session.commit()


@pytest.mark.parametrize("who", READERS)
def test_each_reader_starts_from_own_tasks(readers: Readers, who: str) -> None:
    page = open_page(readers.browser(who), "/")

    assert page.status == 200
    assert set(cards(page)) == TASKS[who]


@pytest.mark.parametrize("who", READERS)
def test_the_start_page_asks_as_often_with_one_dossier_as_with_three(readers: Readers, who: str) -> None:
    browser = readers.browser(who)

    few = queries_of(readers.world.session, lambda: browser.get("/"))
    one_more(readers)
    one_more(readers)

    assert queries_of(readers.world.session, lambda: browser.get("/")) == few


def test_cards_count_what_waits(readers: Readers) -> None:
    one_more(readers)

    assert cards(open_page(readers.browser("case_officer"), "/"))["Hồ sơ chờ xử lý"] == "2"
    assert cards(open_page(readers.browser("applicant"), "/"))["Hồ sơ của tôi"] == "2"
    assert cards(open_page(readers.browser("reviewer"), "/"))["Đánh giá"] == "1"


def test_a_reviewer_asked_for_another_dossier_does_not_count_here(readers: Readers) -> None:
    case: Any = readers.world.session.scalars(select(Case)).first()
    asked_reviewer(readers.world, case)

    assert cards(open_page(readers.browser("reviewer"), "/"))["Đánh giá"] == "1"


def test_cards_lead_to_pages_that_the_reader_may_open(readers: Readers) -> None:
    for who in TASKS:
        browser = readers.browser(who)
        addresses = [card.attributes["href"] for card in open_page(browser, "/").root.all("a", class_="task")]
        assert [browser.get(address).status_code for address in addresses] == [200] * len(addresses)
