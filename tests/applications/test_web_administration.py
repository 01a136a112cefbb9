"""Procedures, calendars, the audit trail and notices over HTTP: who reads, who changes, what a change does."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from applications.engine import fire
from foundation.audit import AuditEntry
from foundation.auditarchive import archive_before
from foundation.auditmonths import month_of
from foundation.calendars import load_calendar
from foundation.database import as_of, now
from foundation.notices import Notice
from foundation.searchtext import fold
from foundation.workdays import local_date
from tests.accounts.factories import make_organisation, make_person
from tests.applications.small_pack import World
from tests.applications.visits import accepted, asked_reviewer, queries_of, submitted, text_of, visiting

DAY = {
    "kind": "off",
    "title_vi": "Nghỉ theo quyết định",
    "title_en": "Day off by decision",
    "title_fr": "Jour chômé par décision",
    "source": "1/QĐ-UBND",
    "is_confirmed": "y",
    "reason": "Theo văn bản mới",
}


def test_procedures_are_read_by_staff(world: World, client: FlaskClient) -> None:
    for who, status in (("auditor", 200), ("case_officer", 200), ("applicant", 403)):
        visit = visiting(world, client, who)
        assert visit.get("/admin/procedures").status_code == status
        assert visit.get("/admin/procedures/small-test/1").status_code == status


def test_a_version_shows_all_that_its_pack_says(world: World, client: FlaskClient) -> None:
    page = visiting(world, client, "administrator").get("/admin/procedures/small-test/1")

    words = text_of(page.text)
    for expected in ("draft_decision", "Processing", "A law", "Novel", "Plan", "Users", "granted"):
        assert expected in words
    assert page.text.count('class="flow-state') == 7


@pytest.mark.parametrize("address", ["small-test/2", "another/1"])
def test_what_was_never_published_is_not_there(world: World, client: FlaskClient, address: str) -> None:
    assert visiting(world, client, "administrator").get(f"/admin/procedures/{address}").status_code == 404


def test_a_day_off_moves_open_deadlines_and_is_recorded(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    assert application.due_at is not None
    first = local_date(application.due_at)

    answer = visiting(world, client, "administrator").post(
        "/admin/calendars/vn-hanoi", data={**DAY, "day": first.isoformat()}
    )
    session.expire_all()

    assert answer.status_code == 303
    assert load_calendar(session, "vn-hanoi").days[first].source == "1/QĐ-UBND"
    assert local_date(application.due_at) > first
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "foundation:calendar:change")).one()
    assert (entry.person_id, entry.facts["reason"]) == (world.people["administrator"].id, "Theo văn bản mới")


def test_an_unfinished_day_is_refused_beside_its_fields(world: World, client: FlaskClient) -> None:
    answer = visiting(world, client, "administrator").post(
        "/admin/calendars/vn-hanoi", data={**DAY, "day": "hôm nay", "source": ""}
    )

    assert answer.status_code == 422
    assert 'id="day-error"' in answer.text
    assert 'id="source-error"' in answer.text
    assert "Nghỉ theo quyết định" in answer.text


def test_only_administrators_change_days(world: World, client: FlaskClient, session: Session) -> None:
    form = {**DAY, "day": "2026-12-15"}

    for who in ("auditor", "case_officer", "applicant"):
        assert visiting(world, client, who).post("/admin/calendars/vn-hanoi", data=form).status_code == 403
    assert "set-day" not in visiting(world, client, "auditor").get("/admin/calendars/vn-hanoi").text
    assert date(2026, 12, 15) not in load_calendar(session, "vn-hanoi").days


def test_a_calendar_shows_the_days_of_a_year(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "auditor")

    assert "24/11/2026" in text_of(visit.get("/admin/calendars/vn-hanoi?year=2026").text)
    assert visit.get("/admin/calendars").status_code == 200
    assert visit.get("/admin/calendars/nowhere").status_code == 404


def entries(client: FlaskClient, asked: str = "") -> int:
    page = client.get(f"/admin/audit{asked}")
    assert page.status_code == 200
    return page.text.count('class="audit-facts"')


def test_the_trail_is_searched_by_dossier_act_person_and_time(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    submitted(world)
    visit = visiting(world, client, "auditor")
    officer = world.people["intake_officer"]
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days of slack

    assert entries(visit, f"?stream={application.key}") == 3
    assert entries(visit, f"?stream={application.code}") == 3
    assert entries(visit, f"?stream=case:{application.id}") == 3
    assert entries(visit, "?action=applications:case:move") == 3
    assert entries(visit, f"?person={officer.email}") == 1
    assert entries(visit, f"?person={fold(officer.full_name)}&action=applications:case:move") == 1
    assert entries(visit, f"?person={officer.full_name}&action=applications:case:open") == 0
    assert entries(visit, f"?stream={application.key}&since={tomorrow}") == 0
    assert visit.get("/admin/audit?since=x").status_code == 422


def test_where_the_trail_ends_it_says_what_is_archived(world: World, client: FlaskClient, tmp_path: Path) -> None:
    with as_of(now() - timedelta(days=62)):
        old = accepted(world)
    accepted(world)
    visit = visiting(world, client, "auditor")
    before = text_of(visit.get("/admin/audit").text)

    list(archive_before(world.session, month_of(now()), tmp_path))

    said = f"Các mục ghi trước ngày {month_of(now()):%d/%m/%Y} đã được lưu trữ"
    assert "Các mục ghi trước" not in before
    assert said in text_of(visit.get("/admin/audit").text)
    assert entries(visit, f"?stream={old.key}") == 0
    assert said in text_of(visit.get(f"/admin/audit?stream={old.key}").text)
    assert str(old.code) in visit.get(f"/dossiers/{old.key}").text


def test_an_auditor_of_one_procedure_supervises_its_dossiers_alone(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    here = make_person(world.session, grants=[{"role": "auditor", "scope_procedure": "small-test"}])
    elsewhere = make_person(world.session, grants=[{"role": "auditor", "scope_procedure": "another"}])

    assert entries(visiting(world, client, here), f"?stream={application.key}") == 3
    assert entries(visiting(world, client, here), "?stream=procedure:small-test") == 0
    assert entries(visiting(world, client, elsewhere)) == 0


@pytest.mark.parametrize("who", ["applicant", "case_officer", "issuer"])
def test_the_trail_is_for_supervisors(world: World, client: FlaskClient, who: str) -> None:
    assert visiting(world, client, who).get("/admin/audit").status_code == 403


def test_the_trail_costs_the_same_for_one_dossier_and_three(
    world: World, client: FlaskClient, session: Session
) -> None:
    accepted(world)
    visit = visiting(world, client, "auditor")

    one = queries_of(session, lambda: visit.get("/admin/audit"))
    for _ in range(2):
        accepted(world)
    three = queries_of(session, lambda: visit.get("/admin/audit"))

    assert one == three


def told(world: World) -> Notice:
    """A notice for a reviewer who was just asked."""
    reviewer, _ = asked_reviewer(world, accepted(world), declared=False)
    return world.session.scalars(select(Notice).where(Notice.person_id == reviewer.id)).one()


def test_a_notice_is_read_by_its_button_only(world: World, client: FlaskClient, session: Session) -> None:
    notice = told(world)
    visit = visiting(world, client, session.get_one(type(world.people["applicant"]), notice.person_id))

    page = visit.get("/notices")
    session.refresh(notice)
    unread = notice.read_at
    answer = visit.post(f"/notices/{notice.id}")
    session.refresh(notice)

    assert "Máy bay giao hàng" in text_of(page.text)
    assert unread is None
    assert (answer.status_code, answer.location) == (303, notice.link)
    assert notice.read_at is not None


def test_all_notices_are_read_at_once_but_ones_own_only(world: World, client: FlaskClient, session: Session) -> None:
    first, second = told(world), told(world)
    visit = visiting(world, client, session.get_one(type(world.people["applicant"]), first.person_id))

    answer = visit.post("/notices/read")
    strange = visit.post(f"/notices/{second.id}")
    session.expire_all()

    assert (answer.status_code, strange.status_code) == (303, 404)
    assert (first.read_at is not None, second.read_at) == (True, None)


def test_notices_cost_the_same_for_one_and_three(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    officer = world.officer("case_officer")
    reviewer, _ = asked_reviewer(world, application, declared=False)
    visit = visiting(world, client, reviewer)

    one = queries_of(session, lambda: visit.get("/notices"))
    row = session.scalars(select(Notice).where(Notice.person_id == reviewer.id)).one()
    for _ in range(2):
        values = {name: getattr(row, name) for name in ("person_id", "kind", "facts", "link", "case_id", "created_at")}
        session.add(Notice(**values))
    session.commit()
    three = queries_of(session, lambda: visit.get("/notices"))

    assert one == three
    assert officer.person_id != reviewer.id


def test_the_page_of_a_fault_asks_the_database_for_nothing(
    world: World, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visiting(world, client, "auditor")
    monkeypatch.setitem(client.application.config, "TESTING", False)
    monkeypatch.setattr("applications.web.audit_trail.search_trail", _broken)
    monkeypatch.setattr("applications.web.notices.unread_count", _broken)

    answer = visit.get("/admin/audit")

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text


def _broken(session: Session, *args: object, **more: object) -> None:
    session.execute(text("SELECT nonsense"))


def test_another_organisation_is_told_nothing(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    world.session.commit()
    stranger = make_person(world.session, organisation=make_organisation(world.session))

    assert "Máy bay giao hàng" not in visiting(world, client, stranger).get("/notices").text
