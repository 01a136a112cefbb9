"""The public register of tests: what the permit and the applicant's consent make public, and nothing else."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Organisation
from applications.models import Application, Decision, Document
from foundation.database import now
from foundation.workdays import local_date
from sandbox.models import DisappliedProvision, TestRegulation
from tests.applications.visits import queries_of
from tests.pages import open_page
from tests.sandbox.play import Play, until_proposed

TODAY = local_date(now())
SECRET = "Thuật toán riêng của chúng tôi, không công khai cho bất kỳ ai ngoài cơ quan thẩm định hồ sơ"


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def permitted(play: Play, title: str, *, first: int = -10, last: int = 10, **answers: Any) -> TestRegulation:
    """A permit as the engine leaves it, written at once."""
    given = {
        "title": title,
        "summary": f"{title}: mô tả ngắn.",
        "sector": "health",
        "regime": "capital_law",
        "complaints_contact": "1900 0000",
        "accepts_publication": True,
        "objective": SECRET,
    } | answers
    draft = play.application
    case = Application(
        key=f"TN-TEST-{title}", title=title, procedure_id=draft.procedure_id, version_id=draft.version_id,
        state="permitted", state_kind="final", unit_id=draft.unit_id, organisation_id=draft.organisation_id,
        received_at=now(), submitted={"answers": given},
    )  # fmt: skip
    play.session.add(case)
    play.session.flush()
    document = Document(
        case_id=case.id, slot="", version=1, filename="qd.pdf", sha256="a" * 64, size=1, media_type="application/pdf",
        uploaded_by_id=play.actors["issuer"].person_id,
    )  # fmt: skip
    play.session.add(document)
    play.session.flush()
    decision = Decision(
        case_id=case.id, outcome="granted", number=f"{case.id}/QĐ-UBND", decided_on=day(-20), signatory="A",
        signatory_title="B", document_id=document.id,
    )  # fmt: skip
    play.session.add(decision)
    play.session.flush()
    regulation = TestRegulation(
        case_id=case.id, decision_id=decision.id, scope="Trong phạm vi trường học",
        is_published=given["accepts_publication"] is True, sector=given["sector"],
        area=[{"ward": "x", "place": "Cổng A"}],
        starts_on=day(first), ends_on=day(last), user_limit=120, value_at_risk_vnd=987_654_321, disclosures="",
        complaints="Trả lời trong 3 ngày", report_every_months=3,
        stop_thresholds=[{"indicator": SECRET, "threshold": "1", "action": "Dừng"}],
        conditions=[{"condition": "Có người giám sát", "justification": SECRET}],
        disapplied=[
            DisappliedProvision(
                rule="Nghị định mẫu", article="Điều 5", content="Điều kiện kinh doanh", reason=SECRET,
                from_on=day(first), to_on=day(last),
            )
        ],
    )  # fmt: skip
    play.session.add(regulation)
    play.session.commit()
    return regulation


def number(regulation: TestRegulation) -> str:
    return f"DKTN-{day(-20).year}-{regulation.id:04d}"


def titles(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/tests{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


def test_a_permit_stands_in_the_register_and_a_proposal_does_not(play: Play, client: FlaskClient) -> None:
    until_proposed(play, "permit")
    play.session.commit()
    assert titles(client) == []

    play.step("issue_permit", "issuer", {"number": "512/QĐ-UBND"})
    play.session.commit()

    (item,) = client.get("/api/v1/tests").json["items"]
    answers = play.application.submitted["answers"]
    assert (item["title"], item["decision"]) == (play.application.title, "512/QĐ-UBND")
    assert item["summary"] == answers["summary"]
    assert item["complaints_contact"] == answers["complaints_contact"]
    assert item["organisation"] == play.organisation.name_vi


def test_everybody_reads_who_tests_what_and_whom_to_turn_to(play: Play, client: FlaskClient) -> None:
    entry = permitted(play, "Robot giao thuốc")
    client.set_cookie("language", "en")

    page = open_page(client, open_page(client, "/tests").links["Robot giao thuốc"])

    assert page.address == f"/tests/{number(entry)}"
    for words in (
        play.organisation.name_en or play.organisation.name_vi,
        "Test running", "Health and medicines", "Capital Law", "120",
        "Cổng A", "Có người giám sát", "Nghị định mẫu, Điều 5", "1900 0000", "Trả lời trong 3 ngày",
    ):  # fmt: skip
        assert words in page.text, words


def test_what_is_not_public_leaves_by_no_door(play: Play, client: FlaskClient) -> None:
    entry = permitted(play, "Robot giao thuốc")

    for address in (
        "/tests",
        f"/tests/{number(entry)}",
        "/tests.csv",
        "/api/v1/tests",
        f"/api/v1/tests/{number(entry)}",
    ):
        with client.get(address) as answer:
            words = answer.get_data(as_text=True)
        assert "Robot giao thuốc" in words, address
        assert SECRET not in words, address
        amounts = re.findall(r"(?<![\w=/-])[\d.,]+", words)
        assert not any("987" in amount.replace(".", "").replace(",", "") for amount in amounts), address


def test_without_the_applicants_consent_nothing_is_shown(play: Play, client: FlaskClient) -> None:
    entry = permitted(play, "Robot giao thuốc", accepts_publication=False)

    assert titles(client) == []
    assert client.get(f"/tests/{number(entry)}").status_code == 404


def test_the_register_is_narrowed_by_words_sector_and_status(play: Play, client: FlaskClient) -> None:
    permitted(play, "Đã xong", first=-30, last=-1)
    permitted(play, "Đang chạy", first=0, last=0)
    permitted(play, "Sắp tới", first=1, last=30, sector="finance")

    assert titles(client) == ["Sắp tới", "Đang chạy", "Đã xong"]
    assert [titles(client, f"?status={one}") for one in ("planned", "running", "ended")] == [
        ["Sắp tới"],
        ["Đang chạy"],
        ["Đã xong"],
    ]
    assert titles(client, "?sector=finance") == ["Sắp tới"]
    for typed in ("đang", "dang", "CHAY", "dang chạ"):
        assert titles(client, f"?q={typed}") == ["Đang chạy"], typed
    assert titles(client, '?q="dang chay"') == ["Đang chạy"]
    assert titles(client, '?q="chay dang"') == []
    assert titles(client, "?q=chay dang xong") == []
    assert titles(client, "?q=100%25") == []
    assert "Tài chính" in open_page(client, "/tests?sector=finance").text
    with client.get("/tests.csv?status=ended") as answer:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Đã xong"]


def test_a_test_is_found_by_its_decision_and_its_organisation(play: Play, client: FlaskClient) -> None:
    regulation = permitted(play, "Đang chạy")
    permitted(play, "Riêng tư", accepts_publication=False)
    decision = play.session.get_one(Decision, regulation.decision_id)
    organisation = play.session.get_one(Organisation, play.application.organisation_id)

    for typed in (decision.number, organisation.name_vi, f"{organisation.name_vi} chạy"):
        assert titles(client, f"?q={quote(typed)}") == ["Đang chạy"], typed
    assert titles(client, "?q=riêng") == []


@pytest.mark.parametrize("address", ["/tests?status=paused", "/tests.csv?status=paused", "/tests?after=nonsense"])
def test_what_cannot_be_asked_is_refused(play: Play, client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    ["DKTN-1999-{id:04d}", "DKTN-{year}-{id}", "dktn-{year}-{id:04d}", "{id}", "DKTN-2026-99999999999999999999"],
)
def test_an_entry_has_one_number(play: Play, client: FlaskClient, wrong: str) -> None:
    entry = permitted(play, "Robot giao thuốc")

    assert client.get(f"/tests/{wrong.format(id=entry.id, year=day(-20).year)}").status_code == 404


def test_pages_follow_one_another_and_cost_the_same(play: Play, client: FlaskClient) -> None:
    permitted(play, "Một")
    one = queries_of(play.session, lambda: client.get("/tests"))
    permitted(play, "Hai")
    permitted(play, "Ba")

    first = client.get("/api/v1/tests?limit=2")
    rest = client.get(f"/api/v1/tests?limit=2&cursor={first.json['next_cursor']}")

    assert [item["title"] for item in first.json["items"] + rest.json["items"]] == ["Ba", "Hai", "Một"]
    assert rest.json["next_cursor"] is None
    assert queries_of(play.session, lambda: client.get("/tests")) == one


def test_the_welcome_page_counts_what_runs_today(play: Play, client: FlaskClient) -> None:
    permitted(play, "Đang chạy")
    permitted(play, "Đã xong", first=-30, last=-1)

    page = open_page(client, "/")

    assert page.links["Đang thử nghiệm"] == "/tests?status=running"
    (figure,) = [block for block in page.root.all("div") if block.text == "Đang thử nghiệm 1"]
    assert figure.one("dd").text == "1"


def test_all_demanded_answers_are_asked_by_the_procedure(play: Play) -> None:
    asked = set(play.pack.field_by_key)

    assert {"summary", "sector", "regime", "complaints_contact", "accepts_publication"} <= asked
    assert play.session.scalars(select(TestRegulation)).all() == []
