"""Saved searches over HTTP: kept under a name, one press away, nobody else's."""

from flask.testing import FlaskClient

from tests.accounts.factories import make_person
from tests.applications.small_pack import World
from tests.applications.visits import visiting
from tests.pages import Page, follow, open_page


def saved(client: FlaskClient) -> dict[str, str]:
    return {
        link.text: link.attributes["href"]
        for found in open_page(client, "/search").root.all("ul")
        if "saved-searches" in found.attributes.get("class", "")
        for link in found.all("a")
    }


def save(client: FlaskClient, words: str, name: str) -> Page:
    page = open_page(client, f"/search?q={words}")
    return Page(page.form_to("/search/saved").send(client, name=name))


def test_a_search_is_kept_and_forgotten_again(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, world.people["applicant"])

    assert save(visit, "đèn đường", "Đèn").status == 303
    ((name, address),) = saved(visit).items()
    page = open_page(visit, address)

    assert name == "Đèn"
    assert page.root.one("input", id="q").attributes["value"] == "đèn đường"
    assert "Lưu tìm kiếm này" not in page.text
    follow(visit, page.form_to("/delete").send(visit))
    assert saved(visit) == {}


def test_names_are_demanded_and_told_apart(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit, "den", "Đèn")

    nameless, twice = save(visit, "xe", " "), save(visit, "xe", "đèn")

    assert (nameless.status, twice.status) == (422, 422)
    assert len(saved(visit)) == 1
    assert visit.post("/search/saved", data={"q": " ", "name": "x"}).status_code == 422


def test_a_search_is_shared_with_everybody_of_a_unit(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    page = open_page(visit, "/search?q=den")
    form = page.form_to("/search/saved")
    units = [option.attributes["value"] for option in page.root.one("select", id="unit").all("option")]

    assert form.send(visit, name="Đèn", unit=units[1]).status_code == 303

    colleague = visiting(world, client, make_person(world.session, grants=["case_officer"]))
    assert list(saved(colleague)) == [f"Đèn · {world.people['case_officer'].full_name}"]
    assert not [
        form
        for form in open_page(colleague, "/search").root.all("form")
        if form.attributes["action"].endswith("/delete")
    ]
    applicant = visiting(world, client, "applicant")
    assert saved(applicant) == {}
    assert form.send(applicant, name="Đèn", unit=units[1]).status_code == 422


def test_a_saved_search_is_nobody_elses_and_no_filter_of_the_queue(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    save(visit, "den", "Đèn")
    delete = open_page(visit, "/search?q=den").form_to("/delete").action

    assert "Đèn" not in open_page(visit, "/queue/filters").text
    other = visiting(world, client, make_person(world.session, grants=["case_officer"]))
    assert saved(other) == {}
    assert other.post(delete).status_code == 404
