"""Saved filters of the queue over HTTP: kept, shared with a unit, to begin with, changed by nobody else."""

from flask.testing import FlaskClient

from accounts.models import Person
from tests.accounts.factories import make_person, make_unit, sign_in
from tests.applications.small_pack import World
from tests.applications.visits import accepted, queries_of, submitted, visiting
from tests.pages import Page, follow, open_page

ADDRESS = "/queue?state=checking&holder=nobody"
LIST = "/queue/filters"


def save(client: FlaskClient, name: str = "Chưa ai thụ lý", **values: str) -> Page:
    form = Page(client.get(f"{LIST}?state=checking&holder=nobody")).form_to("?state=checking&holder=nobody")
    return follow(client, form.send(client, name=name, **values))


def saved_links(client: FlaskClient, address: str = "/queue?kind=open") -> dict[str, str]:
    page = open_page(client, address)
    return {
        link.text: link.attributes["href"]
        for nav in page.root.all("nav")
        if "saved-links" in nav.attributes.get("class", "")
        for link in nav.all("a")
    }


def colleague(world: World, **grant: object) -> Person:
    return make_person(world.session, grants=[{"role": "case_officer", **grant}])


def test_a_filter_is_kept_and_leads_back_to_the_same_rows(world: World, client: FlaskClient) -> None:
    waiting = submitted(world)
    accepted(world)
    visit = visiting(world, client, "case_officer")

    save(visit)
    ((name, address),) = saved_links(visit).items()

    page = visit.get(address).text
    assert name == "Chưa ai thụ lý"
    assert waiting.key in page
    assert page.count("data-row-link") == 1


def test_a_queue_opens_with_the_filter_chosen_for_it_until_all_are_wanted_again(
    world: World, client: FlaskClient
) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit, is_first="y")

    opened = visit.get("/queue")
    assert opened.status_code == 302
    assert "state=checking" in opened.location
    assert visit.get("/queue?kind=open").status_code == 200

    follow(visit, open_page(visit, LIST).form_to("/none-first").send(visit))
    assert visit.get("/queue").status_code == 200


def test_what_is_shared_with_a_unit_is_there_for_its_people_alone(world: World, client: FlaskClient) -> None:
    save(visiting(world, client, "case_officer"), unit=world.unit.code)

    here = saved_links(visiting(world, client, colleague(world, scope_unit_id=world.unit.id)))
    elsewhere = colleague(world, scope_unit_id=make_unit(world.session).id)
    there = saved_links(visiting(world, client, elsewhere))

    assert [name.split(" ")[0] for name in here] == ["Chưa"]
    assert there == {}


def test_a_filter_of_ones_own_is_nobody_elses(world: World, client: FlaskClient) -> None:
    save(visiting(world, client, "case_officer"))
    number = _number(client)

    other = visiting(world, client, colleague(world))

    assert saved_links(other) == {}
    for method, address in (
        ("GET", f"{LIST}/{number}"),
        ("POST", f"{LIST}/{number}/delete"),
        ("POST", f"{LIST}/{number}/first"),
    ):
        assert other.open(address, method=method).status_code == 404


def test_a_shared_filter_can_be_used_but_not_changed_by_others(world: World, client: FlaskClient) -> None:
    save(visiting(world, client, "case_officer"), unit=world.unit.code)
    number = _number(client)

    other = visiting(world, client, colleague(world))

    assert other.post(f"{LIST}/{number}/first").status_code == 303
    assert "state=checking" in other.get("/queue").location
    assert other.post(f"{LIST}/{number}", data={f"filter-{number}-name": "x"}).status_code == 404
    assert other.post(f"{LIST}/{number}/delete").status_code == 404


def test_whose_default_is_no_longer_shared_sees_all_again(world: World, client: FlaskClient) -> None:
    save(visiting(world, client, "case_officer"), unit=world.unit.code)
    number = _number(client)
    other = colleague(world)
    visiting(world, client, other).post(f"{LIST}/{number}/first")

    owner = visiting(world, client, "case_officer")
    follow(owner, open_page(owner, LIST).form_to(f"/{number}").send(owner, **{f"filter-{number}-unit": ""}))

    assert visiting(world, client, other).get("/queue").status_code == 200


def test_a_filter_is_renamed_and_deleted(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit)
    number = _number(visit)

    follow(visit, open_page(visit, LIST).form_to(f"/{number}").send(visit, **{f"filter-{number}-name": "Mới đến"}))
    assert list(saved_links(visit)) == ["Mới đến"]

    follow(visit, open_page(visit, LIST).form_to(f"/{number}/delete").send(visit))
    assert saved_links(visit) == {}


def test_a_name_is_needed_once_and_not_too_long(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit)
    form = Page(visit.get(f"{LIST}?state=checking")).form_to("?state=checking")

    for name in ("", "  ", "chưa AI thụ lý", "x" * 81):
        answer = form.send(visit, name=name)

        assert answer.status_code == 422
        assert "name" in Page(answer).errors


def test_what_cannot_be_asked_cannot_be_saved(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")

    assert visit.post(f"{LIST}?state=nothing", data={"name": "x"}).status_code == 422


def test_saved_filters_cost_the_queue_the_same_for_one_and_three(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit, name="1")
    one = queries_of(world.session, lambda: visit.get("/queue"))
    save(visit, name="2")
    save(visit, name="3")

    assert queries_of(world.session, lambda: visit.get("/queue")) == one


def _number(client: FlaskClient) -> str:
    """The number of the only filter."""
    page = open_page(client, LIST)
    (link,) = [link for link in page.root.all("a") if link.attributes.get("href", "").startswith(f"{LIST}/")]
    return link.attributes["href"].rsplit("/", 1)[1]


def file_of_filters(client: FlaskClient) -> str:
    with client.get(f"{LIST}.csv") as answer:
        return answer.data.decode("utf-8-sig")


def test_the_filters_one_can_use_come_as_a_file(world: World, client: FlaskClient) -> None:
    save(visiting(world, client, "case_officer"))

    own = file_of_filters(client)
    sign_in(client, world.session, colleague(world))
    world.session.commit()
    of_a_colleague = file_of_filters(client)

    assert [len(text.splitlines()) for text in (own, of_a_colleague)] == [2, 1]
    assert "Chưa ai thụ lý" in own
    assert "checking" in own


def test_the_file_of_filters_is_for_officers_alone(world: World, client: FlaskClient) -> None:
    assert visiting(world, client, "applicant").get(f"{LIST}.csv").status_code == 403
