"""Forms 06 and 07: what staff print of a dossier's way and of a unit's month, and who may."""

import io
import unicodedata
from datetime import timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import Unit
from applications.queries import registers
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import make_person, sign_in
from tests.sandbox.play import Play, until_accepted, until_proposed
from tests.sandbox.test_pages import NUMBER, page_of, visiting


def text_of(answer: TestResponse) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return unicodedata.normalize("NFC", " ".join(" ".join(pages).split()))


def asked(play: Play, **changes: str) -> dict[str, str]:
    today = local_date(now()).isoformat()
    unit = play.session.get_one(Unit, play.application.unit_id)
    return {"unit": unit.code, "from_on": today, "to_on": today} | changes


def test_the_slip_tells_each_hand_and_whether_it_was_in_time(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "refuse")
    play.step("issue_refusal", "issuer", {"number": NUMBER})
    session.commit()

    text = text_of(visiting(play, client, "case_officer").get(page_of(play, "/slip.pdf")))

    assert "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ" in text
    assert f"{play.application.code}/KSHS" in text
    for step in ("submit", "accept", "assign_holder", "record_eligibility", "draft_decision", "issue_refusal"):
        assert play.pack.step_by_key[step].title["vi"] in text
    assert play.actors["intake_officer"].name in text
    assert play.organisation.name_vi in text
    assert "Trước hạn" in text
    assert "Quá hạn" not in text


@pytest.mark.parametrize("who", ["applicant", "reviewer_1"])
def test_the_slip_is_for_the_house(play: Play, client: FlaskClient, session: Session, who: str) -> None:
    until_accepted(play)
    session.commit()

    assert visiting(play, client, who).get(page_of(play, "/slip.pdf")).status_code in (403, 404)


def test_the_register_lists_what_was_received_in_its_days(play: Play, client: FlaskClient, session: Session) -> None:
    until_accepted(play)
    session.commit()
    visit = visiting(play, client, "case_officer")
    yesterday = (local_date(now()) - timedelta(days=1)).isoformat()

    page = visit.get("/queue/register", query_string=asked(play))
    text = text_of(visit.get("/queue/register.pdf", query_string=asked(play)))
    before = text_of(visit.get("/queue/register.pdf", query_string=asked(play, from_on=yesterday, to_on=yesterday)))

    assert "1 hồ sơ" in page.text
    assert play.application.code is not None
    assert play.application.code in text
    assert play.organisation.name_vi in text
    assert "Tổng số: 1 hồ sơ." in text
    assert play.application.code not in before
    assert "Không có hồ sơ nào được tiếp nhận trong kỳ." in before


def test_somebody_elses_unit_cannot_be_chosen(play: Play, client: FlaskClient, session: Session) -> None:
    until_accepted(play)
    stranger = make_person(session, grants=[{"role": "case_officer", "scope_unit_id": play.application.unit_id}])
    sign_in(client, session, stranger)

    page = client.get("/queue/register", query_string=asked(play, unit="000.00.99.H26"))
    pdf = client.get("/queue/register.pdf", query_string=asked(play, unit="000.00.99.H26"))

    assert (page.status_code, pdf.status_code) == (422, 404)


def test_a_period_that_ends_before_it_begins_is_refused(play: Play, client: FlaskClient, session: Session) -> None:
    session.commit()

    answer = visiting(play, client, "case_officer").get(
        "/queue/register", query_string=asked(play, from_on="2026-12-01", to_on="2026-11-01")
    )

    assert answer.status_code == 422
    assert "Ngày kết thúc trước ngày bắt đầu." in answer.text


def test_a_register_too_long_to_print_asks_for_shorter_periods(
    play: Play, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_accepted(play)
    session.commit()
    monkeypatch.setattr(registers, "LONGEST", 0)
    visit = visiting(play, client, "case_officer")

    assert visit.get("/queue/register.pdf", query_string=asked(play)).status_code == 409
    assert "register.pdf" not in visit.get("/queue/register", query_string=asked(play)).text
