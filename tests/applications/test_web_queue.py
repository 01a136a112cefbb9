"""The officer's queue over HTTP: filters in the address, scopes, lateness, a fixed number of queries."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from applications.models import Application
from applications.queries import urgency
from applications.queries.lists import Filters
from applications.wordindex import keep_some
from foundation.database import now
from foundation.prepared import Prepared
from tests.accounts.factories import make_organisation, make_person, make_unit
from tests.applications.small_pack import World
from tests.applications.visits import accepted, queries_of, submitted, text_of, visiting
from tests.pages import Page


def rows(client: FlaskClient, address: str = "/queue") -> list[str]:
    """The keys of the dossiers that a page of the queue lists, in order."""
    page = client.get(address)
    assert page.status_code == 200
    return [part.split('"')[0] for part in page.text.split('href="/dossiers/')[1:]]


def test_the_queue_lists_what_waits_with_its_facts(world: World, client: FlaskClient) -> None:
    application = accepted(world)

    page = text_of(visiting(world, client, "case_officer").get("/queue").text)

    assert application.code is not None
    for words in (application.code, "Máy bay giao hàng", world.organisation.name_vi, "working"):
        assert words in page


def test_drafts_of_applicants_are_nobodys_business(world: World, client: FlaskClient) -> None:
    world.draft()
    world.session.commit()

    assert rows(visiting(world, client, "intake_officer"), "/queue?kind=all") == []


@pytest.mark.parametrize("who", ["applicant", "reviewer"])
def test_the_queue_is_for_officers_alone(world: World, client: FlaskClient, who: str) -> None:
    person = world.people["applicant"] if who == "applicant" else make_person(world.session, grants=["reviewer"])

    assert visiting(world, client, person).get("/queue").status_code == 403


@pytest.mark.parametrize("scope", ["procedure", "unit"])
def test_a_grant_elsewhere_lists_nothing_from_here(world: World, client: FlaskClient, scope: str) -> None:
    accepted(world)
    elsewhere = (
        {"scope_procedure": "another"} if scope == "procedure" else {"scope_unit_id": make_unit(world.session).id}
    )
    officer = make_person(world.session, grants=[{"role": "case_officer", **elsewhere}])

    assert rows(visiting(world, client, officer)) == []


def test_filters_narrow_and_live_in_the_address(world: World, client: FlaskClient) -> None:
    waiting, working = submitted(world), accepted(world, name="Đèn đường thông minh")
    working.holder_id = world.officer("case_officer").person_id
    world.session.commit()
    visit = visiting(world, client, "case_officer")

    assert rows(visit, "/queue?state=checking") == [waiting.key]
    assert rows(visit, "/queue?holder=me") == [working.key]
    assert rows(visit, "/queue?holder=nobody") == [waiting.key]
    assert rows(visit, "/queue?q=đường") == [working.key]
    assert rows(visit, f"/queue?q={working.code}") == [working.key]
    assert set(rows(visit, f"/queue?q={world.organisation.name_vi.upper()}")) == {waiting.key, working.key}
    assert rows(visit, "/queue?q=another organisation") == []
    assert rows(visit, "/queue?kind=closed") == []
    assert set(rows(visit, f"/queue?procedure=small-test&unit={world.unit.code}")) == {waiting.key, working.key}


@pytest.mark.parametrize("scope", ["everywhere", "in this unit"])
def test_late_dossiers_are_marked_and_found(world: World, client: FlaskClient, scope: str) -> None:
    late, on_time = accepted(world), accepted(world)
    late.due_at = late.original_due_at = now() - timedelta(days=14)
    grant = {"role": "case_officer"} | ({} if scope == "everywhere" else {"scope_unit_id": world.unit.id})
    officer = make_person(world.session, grants=[grant])
    world.session.commit()
    visit = visiting(world, client, officer)

    assert rows(visit, "/queue?late=late") == [late.key]
    assert rows(visit, "/queue?late=on_time") == [on_time.key]
    assert rows(visit) == [late.key, on_time.key]
    assert visit.get("/queue").text.count("due-late") == 1


@pytest.mark.parametrize("asked", ["state=nothing", "unit=1", "holder=you", "late=soon", "kind=x", "procedure=x"])
def test_what_cannot_be_chosen_is_said(world: World, client: FlaskClient, asked: str) -> None:
    assert visiting(world, client, "case_officer").get(f"/queue?{asked}").status_code == 422


def test_a_long_queue_has_pages(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.queries.urgency.PAGE_SIZE", 2)
    keys = {accepted(world).key for _ in range(3)}
    visit = visiting(world, client, "case_officer")

    first = visit.get("/queue")
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert set(rows(visit)) | set(rows(visit, following)) == keys
    assert len(rows(visit, following)) == 1


def test_an_empty_queue_says_so(world: World, client: FlaskClient) -> None:
    assert 'class="empty"' in visiting(world, client, "case_officer").get("/queue").text


def test_the_queue_costs_the_same_for_one_row_and_three(world: World, client: FlaskClient, session: Session) -> None:
    accepted(world)
    visit = visiting(world, client, "case_officer")

    one = queries_of(session, lambda: visit.get("/queue"))
    _two_more(world)
    three = queries_of(session, lambda: visit.get("/queue"))

    assert one == three


def _two_more(world: World) -> list[Application]:
    world_of_others = make_organisation(world.session)
    more = [accepted(world), accepted(world)]
    more[0].organisation_id = world_of_others.id
    more[0].holder_id = world.officer("case_officer").person_id
    world.session.commit()
    return more


def facets_on(client: FlaskClient, address: str = "/queue") -> dict[str, str]:
    """The links with numbers, as words and address."""
    page = Page(client.get(address)).root
    return {link.text: link.attributes["href"] for link in page.all("a") if "facet" in link.attributes.get("class", "")}


def test_each_number_beside_a_filter_leads_to_so_many_rows(world: World, client: FlaskClient) -> None:
    submitted(world)
    held = accepted(world)
    accepted(world).state_kind = "final"
    held.holder_id = world.officer("intake_officer").person_id
    world.session.commit()
    visit = visiting(world, client, "case_officer")

    links = facets_on(visit)

    assert len(links) == 4
    for words, address in links.items():
        assert len(rows(visit, address)) == int(words.split()[-1])
    assert Page(visit.get("/queue")).root.one("p", class_="facets-total").text.startswith("2 ")


def test_a_chosen_filter_is_marked_and_taken_away_by_its_link(world: World, client: FlaskClient) -> None:
    submitted(world)
    accepted(world)
    visit = visiting(world, client, "case_officer")

    chosen = Page(visit.get("/queue?state=checking")).root.one("a", aria_current="true", class_="facet facet-chosen")

    assert len(rows(visit, chosen.attributes["href"])) == 2


def test_words_that_so_many_hold_are_not_counted_and_the_page_says_so(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.queries.facets.MOST_ROWS", 0)
    submitted(world)

    page = visiting(world, client, "case_officer").get("/queue?q=m%C3%A1y")

    assert 'class="facets-absent"' in page.text
    assert page.text.count("data-row-link") == 1


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("typed", ["den duong", "Đèn đường", "DEN thong", "duong"])
def test_words_without_their_marks_find_titles_at_once_and_for_good(
    world: World, client: FlaskClient, typed: str, is_kept: bool
) -> None:
    lamp, drone = accepted(world, name="Đèn đường thông minh"), accepted(world)
    while is_kept and keep_some(world.session):
        world.session.commit()

    visit = visiting(world, client, "case_officer")

    assert rows(visit, f"/queue?q={typed}") == [lamp.key]
    assert rows(visit, "/queue?q=may bay") == [drone.key]
    assert rows(visit, "/queue?q=thong duong minh bay") == []


def test_words_are_looked_up_in_an_index(world: World) -> None:
    actor = world.officer("case_officer")
    statement = urgency._statement(Filters(query="doi moi"), actor, None, 30)
    explained = Prepared(f"EXPLAIN {statement.words}", statement.values)

    world.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(row[0] for row in explained.rows(world.session, at=now()))

    assert "ix_case_words_names" in plan
    assert "ix_cases_words" in plan
    assert "Seq Scan on case" not in plan
