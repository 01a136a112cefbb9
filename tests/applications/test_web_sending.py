"""Checking and sending on pages without scripts: what is missing is told, what is sent is confirmed."""

import io

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from applications.operations.drafts import save_answers
from tests.accounts.factories import make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import make_wide_world, wide_draft
from tests.pages import Page, follow, open_page


@pytest.fixture
def wide(session: Session) -> World:
    return make_wide_world(session)


@pytest.fixture
def applicant(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    sign_in(client, session, wide.people["applicant"])
    return client


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def ready(client: FlaskClient, session: Session, wide: World) -> Application:
    """A draft to which only the declaration is missing."""
    draft = wide_draft(wide, name="Máy bay giao thuốc", is_open=False)
    session.commit()
    client.post(f"/dossiers/{draft.key}/documents", data={"slot": "plan", "file": (io.BytesIO(pdf()), "p.pdf")})
    return stored(session, draft)


def stored(session: Session, draft: Application) -> Application:
    session.expire_all()
    return session.get_one(Application, draft.id)


def check(draft: Application) -> str:
    return f"/dossiers/{draft.key}/check"


def test_what_is_missing_leads_to_where_it_is_put_right(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, sites=[{"area": 1}])
    save_answers(session, draft, {"users": "nhiều"}, actor=wide.applicant, keep_unsound=True)
    session.commit()

    page = open_page(applicant, check(draft))

    summary = page.root.one("div", class_="notice notice-warning")
    base = f"/dossiers/{draft.key}"
    assert {link.text: link.attributes["href"] for link in summary.all("a")} == {
        "Câu name": f"{base}/draft/about?check=1#name",
        "Câu users": f"{base}/draft/about?check=1#users",
        "Câu is_open": f"{base}/draft/place?check=1#is_open-1",
        "Câu sites, row 1: Câu site": f"{base}/draft/place?check=1#sites-0-site",
        "Phương án": f"{base}/documents#plan",
    }
    assert "Enter a number." in summary.text
    assert page.root.all("form", method="post", novalidate="") == []
    asked = open_page(applicant, f"{base}/draft/about?check=1")
    assert asked.errors == {"name": "Error: Enter this.", "users": "Error: Enter a number."}


def test_the_complete_dossier_is_sent_and_confirmed_with_its_number(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = ready(applicant, session, wide)
    page = open_page(applicant, check(draft))

    answer = page.form().send(applicant, is_true="yes")

    confirmation = follow(applicant, answer)
    sent = stored(session, draft)
    assert answer.location == f"/dossiers/{draft.key}/submitted"
    assert sent.state == "checking"
    assert sent.receipt_number is not None
    assert sent.receipt_number in confirmation.text
    assert sent.submitted is not None
    assert sent.submitted["answers"]["is_true"] is True


def test_nothing_is_sent_without_the_declaration(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = ready(applicant, session, wide)

    page = Page(open_page(applicant, check(draft)).form().send(applicant))

    assert page.status == 409
    assert page.errors == {"is_true": "Error: Confirm this declaration."}
    assert stored(session, draft).state == "draft"


def test_sending_an_incomplete_dossier_by_force_is_refused_with_the_list(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, is_open=False)
    session.commit()

    answer = applicant.post(check(draft), data={"is_true": "yes", "revision": str(draft.revision)})

    page = Page(answer)
    assert page.status == 409
    assert "Câu name" in page.root.one("div", role="alert").text
    assert (stored(session, draft).state, stored(session, draft).answers) == ("draft", {"is_open": False})


def test_what_was_changed_after_checking_is_checked_again(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = ready(applicant, session, wide)
    form = open_page(applicant, check(draft)).form()
    save_answers(session, draft, {"name": "Đổi lén"}, actor=wide.applicant)
    session.commit()

    page = Page(form.send(applicant, is_true="yes"))

    assert page.status == 409
    assert "Đổi lén" in page.text
    assert stored(session, draft).state == "draft"
    follow(applicant, page.form().send(applicant))
    assert stored(session, draft).state == "checking"


def test_pressing_send_twice_shows_the_confirmation_twice(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = ready(applicant, session, wide)
    form = open_page(applicant, check(draft)).form()
    first = form.send(applicant, is_true="yes")
    number = stored(session, draft).receipt_number

    second = form.send(applicant)

    assert (first.location, second.location) == (f"/dossiers/{draft.key}/submitted",) * 2
    assert stored(session, draft).receipt_number == number


def test_after_sending_the_pages_of_the_draft_are_read_only(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = ready(applicant, session, wide)
    form = open_page(applicant, f"/dossiers/{draft.key}/draft/about").form()
    open_page(applicant, check(draft)).form().send(applicant, is_true="yes")

    late = form.send(applicant, name="Quá muộn")

    assert late.status_code == 409
    assert stored(session, draft).answers["name"] == "Máy bay giao thuốc"
    assert open_page(applicant, f"/dossiers/{draft.key}/draft/about").root.all("textarea") == []
    assert open_page(applicant, f"/dossiers/{draft.key}/documents").root.all("input", type="file") == []


def test_a_supplement_shows_what_is_asked_and_is_sent_again(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = ready(applicant, session, wide)
    open_page(applicant, check(draft)).form().send(applicant, is_true="yes")
    officer = wide.officer("intake_officer")
    fire(session, stored(session, draft), "request_supplement", actor=officer, data={"missing": "Bản vẽ đường bay"})
    session.commit()

    desk = open_page(applicant, "/desk")
    drafting = open_page(applicant, f"/dossiers/{draft.key}/draft")
    form = open_page(applicant, f"/dossiers/{draft.key}/draft/about").form()
    form.send(applicant, summary="Đã bổ sung bản vẽ")
    follow(applicant, open_page(applicant, check(draft)).form().send(applicant))

    assert "Answer by" in desk.root.one("section", aria_labelledby="owed").text
    assert "Answer by" in drafting.text
    assert stored(session, draft).state == "checking"
    assert stored(session, draft).answers["summary"] == "Đã bổ sung bản vẽ"


def test_a_reader_of_the_organisation_cannot_send(
    client: FlaskClient, session: Session, wide: World, applicant: FlaskClient
) -> None:
    draft = ready(applicant, session, wide)
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer", language="en")
    sign_in(client, session, viewer)

    answer = client.post(check(draft), data={"is_true": "yes", "revision": str(draft.revision)})

    assert answer.status_code == 403
    assert stored(session, draft).state == "draft"


def test_there_is_no_confirmation_before_sending(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    assert applicant.get(f"/dossiers/{draft.key}/submitted").status_code == 404
