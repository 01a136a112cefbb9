"""People and organisations by program: oneself, one's own, and all for those who work on dossiers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts.factories import actor_for, make_organisation, make_person, make_unit
from tests.applications.programs import Program, program_of


@pytest.fixture
def asked(app: Flask, client: FlaskClient) -> Flask:
    return app


def test_a_token_tells_whom_it_acts_for(asked: Flask, session: Session) -> None:
    unit = make_unit(session)
    organisation = make_organisation(session, name_en="Trial Ltd")
    grant = {"role": "case_officer", "scope_procedure": "controlled-test", "scope_unit_id": unit.id}
    person = make_person(session, organisation=organisation, grants=[grant], membership_role="viewer")
    program = program_of(asked, session, actor_for(session, person), scopes=("read",))

    me = program.get("/me", headers={"Accept-Language": "en"}).json

    assert me is not None
    assert (me["id"], me["email"], me["token_scopes"]) == (person.id, person.email, ["read"])
    assert me["organisations"] == [
        {"code": organisation.code, "name_vi": organisation.name_vi, "name_en": "Trial Ltd", "role": "viewer"}
    ]
    (role,) = me["roles"]
    assert (role["role"], role["title"]) == ("case_officer", "Case officer")
    assert (role["procedure"], role["unit"], role["park"]) == ("controlled-test", unit.code, None)


def test_an_applicant_finds_its_own_organisations_only(asked: Flask, session: Session) -> None:
    own, other = make_organisation(session), make_organisation(session)
    program = program_of(asked, session, actor_for(session, make_person(session, organisation=own)))

    listed = program.get("/organisations").json

    assert listed is not None
    assert [item["code"] for item in listed["items"]] == [own.code]
    assert program.get(f"/organisations/{own.code}").status_code == 200
    assert program.get(f"/organisations/{other.code}").status_code == 404
    assert program.get("/organisations/TC-999999").status_code == 404


@pytest.mark.parametrize(
    ("role", "finds"),
    [("intake_officer", True), ("case_officer", True), ("auditor", True), ("administrator", True), ("reviewer", False)],
)
def test_those_who_work_on_dossiers_find_all(asked: Flask, session: Session, role: str, finds: bool) -> None:
    organisation = make_organisation(session, name="Công ty Cổ phần Sao Khuê", tax_code="0101243150")
    program = program_of(asked, session, actor_for(session, make_person(session, grants=[role])))

    found = program.get("/organisations?q=sao khue").json
    by_tax_code = program.get("/organisations?q=0101243150").json

    expected = [organisation.code] if finds else []
    assert found is not None
    assert by_tax_code is not None
    assert [item["code"] for item in found["items"]] == expected
    assert [item["code"] for item in by_tax_code["items"]] == expected
    assert program.get(f"/organisations/{organisation.code}").status_code == (200 if finds else 404)


def test_the_list_is_read_a_page_at_a_time(asked: Flask, session: Session) -> None:
    codes = [make_organisation(session).code for _ in range(3)]
    program = program_of(asked, session, actor_for(session, make_person(session, grants=["auditor"])))

    first = program.get("/organisations?limit=2")
    second = program.get(first.headers["Link"].removeprefix("<").partition(">")[0])

    assert first.json is not None
    assert second.json is not None
    assert [item["code"] for item in first.json["items"] + second.json["items"]] == codes


def test_nobody_is_told_without_a_token(asked: Flask) -> None:
    assert [Program(asked).get(path).status_code for path in ("/me", "/organisations")] == [401, 401]
