"""Administration on pages: for administrators, in three languages, at a fixed price in queries."""

import dataclasses

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person, RoleGrant, Unit
from accounts.places import ensure_units, ensure_wards
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from tests.accounts.factories import actor_for, make_organisation, make_person, make_unit, open_session, sign_in
from tests.accounts.pages import counted, secret_in_mail, text_of
from tests.applications.small_pack import small_pack

ADMIN_PAGES = [
    "/admin/people",
    "/admin/people/invite",
    "/admin/organisations",
    "/admin/roles",
    "/admin/units",
    "/admin/units/new",
    "/admin/outbox",
]


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_administration_is_for_administrators(client: FlaskClient, session: Session, lan: Person, page: str) -> None:
    ensure_units(session)
    officer = make_person(session, grants=["issuer", "auditor", "case_officer"])
    public = client.get(page).status_code
    sign_in(client, session, officer)
    staff = client.get(page).status_code
    sign_in(client, session, make_person(session, grants=["administrator"]))
    administrator = client.get(page).status_code

    assert (public, staff, administrator) == (302, 403, 200)


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_every_page_renders_in_every_language(
    client: FlaskClient, session: Session, lan: Person, administrator: Person, language: str
) -> None:
    ensure_units(session)
    ensure_wards(session)
    lan.language = administrator.language = language
    organisation = session.scalars(select(Organisation)).one()
    own = ["/account", "/account/email", "/account/password", "/account/sessions", "/account/tokens"]
    theirs = ["", "/edit", "/invite"]
    sign_in(client, session, lan)
    pages = [client.get(path) for path in [*own, "/organisation/new"]]
    pages += [client.get(f"/organisation/{organisation.code}{end}") for end in theirs]
    sign_in(client, session, administrator)
    unit = session.scalars(select(Unit)).first()
    assert unit is not None
    pages += [client.get(path) for path in [*ADMIN_PAGES, f"/admin/people/{lan.id}", f"/admin/units/{unit.code}"]]
    pages += [client.get(path) for path in ["/mail-sent/forgot", "/reset/x", "/confirm/x", "/invitation/x"]]

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert all(f'lang="{language}"' in page.text for page in pages)


def test_a_role_is_granted_and_revoked_on_the_page(
    client: FlaskClient, session: Session, lan: Person, administrator: Person
) -> None:
    ensure_units(session)
    unit = session.scalars(select(Unit).where(Unit.code == "000.00.10.H26")).one()
    sign_in(client, session, administrator)
    terms = {"role": "case_officer", "scope_unit_id": unit.id, "starts_on": "2026-01-01", "reason": "Quyết định 9"}

    granted = client.post(f"/admin/people/{lan.id}", data=terms, follow_redirects=True)
    held = actor_for(session, lan).has_role("case_officer", unit_id=unit.id)
    grant_id = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == lan.id)).one()
    elsewhere = client.post(f"/admin/people/{administrator.id}/grants/{grant_id}/revoke")
    client.post(f"/admin/people/{lan.id}/grants/{grant_id}/revoke")

    assert "Sở Khoa học và Công nghệ" in granted.text
    assert (held, elsewhere.status_code) == (True, 404)
    assert not actor_for(session, lan).is_staff


def test_wrong_terms_are_said_beside_their_fields(
    client: FlaskClient, session: Session, lan: Person, administrator: Person
) -> None:
    sign_in(client, session, administrator)

    answer = client.post(
        f"/admin/people/{lan.id}",
        data={"role": "reviewer", "starts_on": "2026-02-02", "ends_on": "2026-02-01", "reason": "x"},
    )

    assert answer.status_code == 422
    assert "Ngày cuối đứng trước ngày đầu." in answer.text


def test_people_are_found_by_words_without_marks(
    client: FlaskClient, session: Session, lan: Person, administrator: Person
) -> None:
    make_person(session, full_name="Đặng Văn Bình", email="binh@co-quan.example")
    sign_in(client, session, administrator)

    by_name = client.get("/admin/people?q=dang+binh").text
    by_address = client.get("/admin/people?q=co-quan").text
    by_nothing = client.get("/admin/people?q=%3F%3F").text

    assert "Đặng Văn Bình" in by_name
    assert "Nguyễn Lan" not in by_name
    assert "Đặng Văn Bình" in by_address
    assert "Đặng Văn Bình" not in by_nothing


@pytest.mark.parametrize("page", ["/admin/people", "/admin/organisations", "/admin/units", "/admin/roles"])
def test_lists_cost_the_same_for_one_row_and_for_three(
    client: FlaskClient, connection: Connection, session: Session, administrator: Person, page: str
) -> None:
    sign_in(client, session, administrator)
    client.get(page)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_person(session, grants=["auditor"], organisation=make_organisation(session))
        session.commit()
        with counted(connection) as asked:
            client.get(page)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_member_lists_cost_the_same_for_one_row_and_for_three(
    client: FlaskClient, connection: Connection, session: Session, lan: Person
) -> None:
    organisation = session.scalars(select(Organisation)).one()
    sign_in(client, session, lan)
    paths = [f"/organisation/{organisation.code}", "/account/sessions", "/account/tokens"]
    counts: list[list[int]] = []
    for more in (0, 2):
        for _ in range(more):
            make_person(session, organisation=organisation)
            open_session(session, lan)
            client.post("/account/tokens", data={"name": "x", "scope": "read", "days": "30"})
        session.commit()
        counts.append([])
        for path in paths:
            with counted(connection) as asked:
                client.get(path)
            counts[-1].append(len(asked))

    assert counts[0] == counts[1]


def test_the_outbox_shows_mails_of_a_demonstration_only(
    client: FlaskClient, session: Session, app: Flask, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, session, administrator)
    client.post("/admin/people/invite", data={"full_name": "Lê Hoa", "email": "hoa@vi-du.example", "language": "en"})
    secret = secret_in_mail(session, "hoa@vi-du.example")

    shown = client.get("/admin/outbox")
    monkeypatch.setitem(app.config, "KHUEVAN", dataclasses.replace(app.config["KHUEVAN"], is_demo=False))
    hidden = client.get("/admin/outbox")

    assert f"/invitation/{secret}" in shown.text
    assert hidden.status_code == 404


def test_a_grant_can_be_narrowed_to_a_procedure(
    client: FlaskClient, session: Session, lan: Person, administrator: Person
) -> None:
    ensure_calendars(session, actor=SYSTEM)
    make_unit(session, code="999.00.00.H26")
    title = {"vi": "Thử nghiệm", "en": "Trial", "fr": "Essai"}
    publish(session, small_pack(code="trial", title=title), actor=SYSTEM)
    sign_in(client, session, administrator)
    terms = {"role": "reviewer", "scope_procedure": "trial", "starts_on": "2026-01-01", "reason": "Quyết định 9"}

    offered = client.get(f"/admin/people/{lan.id}").text
    client.post(f"/admin/people/{lan.id}", data=terms)
    unknown = client.post(f"/admin/people/{lan.id}", data=terms | {"scope_procedure": "other"})

    assert '<option value="trial">Thử nghiệm</option>' in offered
    assert actor_for(session, lan).has_role("reviewer", procedure="trial")
    assert not actor_for(session, lan).has_role("reviewer", procedure="other")
    assert unknown.status_code == 422


def test_people_stand_in_the_order_of_the_alphabet(
    client: FlaskClient, session: Session, administrator: Person
) -> None:
    for name in ["Vũ Yến", "Đặng Bình", "Ân Tâm", "Dương An"]:
        make_person(session, full_name=name)
    sign_in(client, session, administrator)

    listed = text_of(client.get("/admin/people").text)

    places = [listed.index(name) for name in ["Ân Tâm", "Đặng Bình", "Dương An", "Vũ Yến"]]
    assert places == sorted(places)
