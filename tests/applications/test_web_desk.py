"""The desk, the public pages on procedures, and the counter where officers register dossiers."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, Organisation
from applications.engine import fire
from applications.models import Application
from applications.operations.drafts import create_draft
from applications.packs.catalogue import publish
from applications.queries.lists import PAGE_SIZE
from foundation.actors import SYSTEM
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.small_pack import World, small_pack
from tests.applications.wide_pack import CODE, make_wide_world, wide_draft
from tests.pages import Page, follow, open_page


@pytest.fixture
def wide(session: Session) -> World:
    return make_wide_world(session)


def test_everybody_reads_what_a_procedure_needs(client: FlaskClient, session: Session, wide: World) -> None:
    session.commit()
    client.set_cookie("language", "en")

    listing = open_page(client, "/procedures")
    page = open_page(client, f"/procedures/{CODE}")

    assert f"/procedures/{CODE}" in listing.links.values()
    for words in ("A small procedure", "Câu name", "Phương án", "A law", "Processing", "15 working days"):
        assert words in page.text
    assert "Only when “Câu is_open” is “Yes”." in page.text
    assert "10 working days when “Câu level” is “Mức high”" in page.text
    assert page.links["Sign in and begin"].endswith("?next=/procedures/wide-test")


def test_a_procedure_that_is_not_open_does_not_exist(client: FlaskClient, session: Session, wide: World) -> None:
    publish(
        session,
        small_pack(code="over-test", key_prefix="OV", in_force={"from": "2020-01-01", "to": "2020-12-31"}),
        actor=SYSTEM,
    )
    session.commit()

    assert client.get("/procedures/over-test").status_code == 404
    assert "over-test" not in client.get("/procedures").text


def test_the_desk_of_a_new_applicant_says_how_to_begin(client: FlaskClient, session: Session, wide: World) -> None:
    sign_in(client, session, wide.people["applicant"])

    page = open_page(client, "/desk")

    assert "No dossier yet" in page.text
    assert page.links["Choose a procedure"] == "/procedures"


def test_what_waits_for_the_applicant_comes_first(client: FlaskClient, session: Session, wide: World) -> None:
    sent = wide.draft(name="Đã nộp")
    fire(session, sent, "submit", actor=wide.applicant)
    owed = wide.draft(name="Cần bổ sung")
    fire(session, owed, "submit", actor=wide.applicant)
    fire(session, owed, "request_supplement", actor=wide.officer("intake_officer"), data={"missing": "x"})
    wide.draft(name="Bản nháp")
    sign_in(client, session, wide.people["applicant"])

    page = open_page(client, "/desk")

    waiting = page.root.one("section", aria_labelledby="owed")
    others = page.root.one("section", aria_labelledby="others")
    assert [link.text for link in waiting.all("a")] == ["Cần bổ sung", "Bản nháp"]
    assert [link.text for link in others.all("a")] == ["Đã nộp"]


def test_the_desk_shows_nothing_of_other_organisations(client: FlaskClient, session: Session, wide: World) -> None:
    wide_draft(wide, name="Của người khác")
    stranger = make_person(session, organisation=make_organisation(session), language="en")
    sign_in(client, session, stranger)

    assert "Của người khác" not in open_page(client, "/desk").text


def test_long_lists_go_on_page_by_page(client: FlaskClient, session: Session, wide: World) -> None:
    for number in range(PAGE_SIZE + 1):
        wide_draft(wide, name=f"Hồ sơ {number:02}")
    sign_in(client, session, wide.people["applicant"])

    first = open_page(client, "/desk")
    second = open_page(client, first.links["More that waits for you"])

    def titles(page: Page) -> set[str]:
        return {link.text for link in page.root.one("section", aria_labelledby="owed").all("a", class_="desk-title")}

    assert (len(titles(first)), len(titles(second)), titles(first) & titles(second)) == (PAGE_SIZE, 1, set())


def test_the_desk_needs_somebody_signed_in(client: FlaskClient, session: Session) -> None:
    answer = client.get("/desk")

    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_beginning_for_an_organisation_of_others_is_impossible(
    client: FlaskClient, session: Session, wide: World
) -> None:
    other = make_organisation(session)
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer", language="en")
    sign_in(client, session, wide.people["applicant"])
    foreign = client.post(f"/procedures/{CODE}/start", data={"organisation": other.id})
    unnamed = client.post(f"/procedures/{CODE}/start", data={"organisation": "x"})
    sign_in(client, session, viewer)
    looking = client.post(f"/procedures/{CODE}/start", data={"organisation": wide.organisation.id})

    assert [foreign.status_code, unnamed.status_code, looking.status_code] == [404, 422, 403]
    assert session.scalars(select(Application)).all() == []


def test_whoever_acts_for_several_organisations_chooses_one(client: FlaskClient, session: Session, wide: World) -> None:
    second = make_organisation(session, name="Tổ chức thứ hai")
    person = wide.people["applicant"]
    session.add(Membership(person_id=person.id, organisation_id=second.id, role="editor"))
    sign_in(client, session, person)

    form = open_page(client, f"/procedures/{CODE}").form_to("/start")
    follow(client, form.send(client, organisation=str(second.id)))

    session.expire_all()
    assert session.scalars(select(Application)).one().organisation_id == second.id


def test_an_officer_registers_a_dossier_from_the_national_portal(
    client: FlaskClient, session: Session, wide: World
) -> None:
    company = make_organisation(session, name="Công ty Cổ phần Đường Bay Xanh", tax_code="0100109106")
    sign_in(client, session, wide.people["intake_officer"])

    by_name = open_page(client, "/register?q=duong bay")
    by_code = open_page(client, "/register?q=0100 109 106")
    form = by_code.form()
    answer = form.send(
        client, organisation=str(company.id), procedure=CODE, channel="national_portal", external_code="G01.1 "
    )

    drafting = follow(client, answer)
    session.expire_all()
    draft = session.scalars(select(Application)).one()
    assert "Đường Bay Xanh" in by_name.text
    assert (draft.organisation_id, draft.channel, draft.external_code) == (company.id, "national_portal", "G01.1")
    assert drafting.status == 200
    assert draft.key in open_page(client, "/register").root.one("section", aria_labelledby="unsent").text


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"channel": ""}, {"channel": "Enter this."}),
        ({"channel": "direct"}, {"channel": "Choose one of the options."}),
        ({"channel": "national_portal", "external_code": " "}, {"external_code": "Enter this."}),
        ({"organisation": "9" * 40}, {"organisation": "Choose one that exists."}),
        ({"external_code": "x" * 65}, {"external_code": "Use at most 64 characters."}),
    ],
)
def test_what_is_wrong_with_a_registration_is_told_beside_the_input(
    client: FlaskClient, session: Session, wide: World, changes: dict[str, str], errors: dict[str, str]
) -> None:
    sign_in(client, session, wide.people["intake_officer"])
    facts = {
        "organisation": str(wide.organisation.id),
        "procedure": CODE,
        "channel": "post",
        "q": wide.organisation.name_vi,
    }

    answer = client.post("/register", data=facts | changes)

    assert answer.status_code == 422
    assert Page(answer).errors == errors


def test_an_applicant_without_an_account_is_entered_at_the_counter(
    client: FlaskClient, session: Session, wide: World
) -> None:
    sign_in(client, session, wide.people["intake_officer"])
    search = open_page(client, "/register?q=0100 109 106")
    form = open_page(client, search.links["The applicant is not listed: enter it"]).form()

    wrong = form.send(client, name_vi="Công ty Mới", legal_form="limited_company", tax_code="0100109107")
    found = follow(client, form.send(client, tax_code="0100109106"))

    session.expire_all()
    entered = session.scalars(select(Organisation).where(Organisation.tax_code == "0100109106")).one()
    assert wrong.status_code == 422
    assert "Công ty Mới" in found.text
    assert session.scalars(select(Membership).where(Membership.organisation_id == entered.id)).all() == []


def test_only_intake_officers_register(client: FlaskClient, session: Session, wide: World) -> None:
    sign_in(client, session, wide.people["applicant"])
    assert client.get("/register/organisation").status_code == 403

    assert client.get("/register").status_code == 403
    assert client.post("/register", data={}).status_code == 403


def test_what_one_officer_registered_another_does_not_write(client: FlaskClient, session: Session, wide: World) -> None:
    officer = wide.officer("intake_officer")
    draft = create_draft(session, CODE, actor=officer, organisation_id=wide.organisation.id, channel="counter")
    colleague = make_person(session, grants=["intake_officer"])
    sign_in(client, session, colleague)

    assert client.get(f"/dossiers/{draft.key}/draft").status_code == 404
    assert draft.key not in open_page(client, "/register").text
