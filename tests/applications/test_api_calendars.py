"""The deadline calculator, open to everybody."""

import pytest
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from tests.applications.programs import Program


@pytest.fixture
def public(app: Flask, connection: Connection, session: Session) -> Program:
    ensure_calendars(session, actor=SYSTEM)
    session.commit()
    return Program(app)


def test_a_term_over_a_holiday(public: Program) -> None:
    answer = public.get("/calendars/vn-hanoi/due?start=2026-11-20&working_days=15", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    reason = {"date": "2026-11-24", "reason": "Vietnam Culture Day"}
    assert answer.json == {"due": "2026-12-14", "skipped": [reason]}


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("vi", "Ngày Văn hóa Việt Nam"),
        ("en", "Vietnam Culture Day"),
        ("fr", "Journée de la culture vietnamienne"),
        ("de", "Ngày Văn hóa Việt Nam"),
    ],
)
def test_the_reason_is_in_the_language_of_the_request(public: Program, language: str, reason: str) -> None:
    answer = public.get(
        "/calendars/vn-hanoi/due?start=2026-11-20&working_days=15", headers={"Accept-Language": language}
    )

    assert answer.json is not None
    assert [day["reason"] for day in answer.json["skipped"]] == [reason]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("working_days=15", "start", "required"),
        ("start=2026-02-30&working_days=15", "start", "not_a_date"),
        ("start=9999-12-31&working_days=15", "start", "not_a_date"),
        ("start=2026-11-20&working_days=0", "working_days", "too_small"),
        ("start=2026-11-20&working_days=10001", "working_days", "too_large"),
        ("start=2026-11-20&working_days=1.5", "working_days", "not_a_number"),
        ("start=2026-11-20&working_days=15&days=2", "days", "no_such_field"),
        ("start=%00&working_days=15", "start", "not_a_date"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(public: Program, query: str, field: str, code: str) -> None:
    answer = public.get(f"/calendars/vn-hanoi/due?{query}")

    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["code"] for error in answer.json["errors"][field]] == [code]


@pytest.mark.parametrize("code", ["vn-saigon", "%00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_an_unknown_calendar_is_not_found(public: Program, code: str) -> None:
    assert public.get(f"/calendars/{code}/due?start=2026-11-20&working_days=15").status_code == 404
