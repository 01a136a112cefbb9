"""A company's page shows dossiers, tests, money and space together, and each reader what they may open."""

import re

import pytest
from sqlalchemy import select

from accounts.models import Membership, Organisation, Person
from applications.models import Case, Decision
from fund.models import FundContributor, Position
from parks.models import Lease
from sandbox.models import TestRegulation
from tests.databases import FreshDatabase
from tests.pages import open_page
from tests.portal.seeded import reader

PANELS = {
    "Dossiers": select(Case.organisation_id),
    "Controlled tests": select(Case.organisation_id)
    .join(TestRegulation, TestRegulation.case_id == Case.id)
    .join(Decision, Decision.id == TestRegulation.decision_id)
    .where(TestRegulation.is_published, Decision.outcome == "granted"),
    "Money": select(Position.organisation_id).union(
        select(FundContributor.organisation_id).where(FundContributor.organisation_id.is_not(None))
    ),
    "Space in the parks": select(Lease.organisation_id).where(Lease.organisation_id.is_not(None)),
}


def page_of(database: FreshDatabase, name: str, code: str) -> tuple[int, list[str], dict[str, str]]:
    """What somebody gets to see: the answer, the panels, and where their lines lead to."""
    client = reader(database, f"{name}@demo.example")
    client.set_cookie("language", "en")
    page = open_page(client, f"/organisation/{code}")
    panels = page.root.all("section", class_="card")
    links = {link.text: link.attributes["href"] for panel in panels for link in panel.all("a")}
    for address in links.values():
        assert client.get(address, follow_redirects=True).status_code == 200, (name, address)
    return page.status, [panel.one("h2").text for panel in panels], links


@pytest.mark.parametrize("title", PANELS)
def test_its_own_people_find_each_part_of_the_city_that_knows_the_company(
    demo_database: FreshDatabase, title: str
) -> None:
    with demo_database.session() as session:
        whose = Organisation.id.in_(PANELS[title])
        query = select(Person.email, Organisation.code).join(Membership, Membership.person_id == Person.id)
        query = query.join(Organisation, Organisation.id == Membership.organisation_id).where(whose)
        email, code = session.execute(query.order_by(Organisation.id)).first() or ("", "")

    status, titles, links = page_of(demo_database, email.partition("@")[0], code)

    assert status == 200
    assert title in titles
    assert links


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("chuyenvien", {"Dossiers", "Controlled tests"}),
        ("kiemtra", set(PANELS)),
        ("quanlykhu", {"Space in the parks", "Controlled tests"}),
        ("nhadautu", set()),
    ],
)
def test_the_city_sees_of_a_company_what_it_works_on(demo_database: FreshDatabase, name: str, may: set[str]) -> None:
    seen: set[str] = set()
    with demo_database.session() as session:
        others = select(Membership.organisation_id).join(Person).where(Person.email == f"{name}@demo.example")
        codes = session.scalars(select(Organisation.code).where(Organisation.id.not_in(others))).all()

    for code in codes[:12]:
        status, titles, _links = page_of(demo_database, name, code)
        assert status == (200 if titles else 404), code
        seen |= set(titles)

    assert seen <= may
    assert bool(seen) == bool(may)


def test_how_to_reach_a_company_is_for_its_own_people(demo_database: FreshDatabase) -> None:
    with demo_database.session() as session:
        query = select(Organisation.code, Organisation.email).join(Membership).join(Person)
        code, email = session.execute(query.where(Person.email == "startup@demo.example")).one()

    own, officer = (
        reader(demo_database, f"{name}@demo.example").get(f"/organisation/{code}").text
        for name in ("startup", "chuyenvien")
    )

    assert email
    assert email in own
    assert email not in officer
    assert not re.search(r"/members/\d+", officer)
