"""The desk of a park: what waits stands there with its rows, it costs the same however full, and it is the home."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.allocation import Wanted
from parks.models import Space
from parks.operations.allocations import hold_space
from parks.operations.billing import issue_requests
from parks.operations.spaces import add_operator
from parks.operations.waiting import join_queue
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.visits import queries_of
from tests.pages import open_page
from tests.parks.grounds import make_park
from tests.parks.leases import make_lease

TODAY = local_date(now())
DAY = timedelta(days=1)


def fill(session: Session, park: str = "P1", *, tenant: str = "Công ty Cũ") -> None:
    """One lease about to expire with a request overdue, one space held until soon, somebody waiting for it."""
    begins = TODAY - 200 * DAY
    make_lease(session, f"{park}-U1", first=str(begins), last=str(TODAY + 60 * DAY), tenant=tenant)
    with as_of(now() - 80 * DAY):
        issue_requests(session, TODAY - 80 * DAY)
    wanted = Wanted(TODAY + 30 * DAY, TODAY + 90 * DAY, f"{tenant} giữ chỗ")
    hold_space(session, f"{park}-U2", wanted, actor=SYSTEM).expires_at = now() + 2 * DAY
    join_queue(session, f"{park}-U2", Wanted(wanted.starts_on, wanted.ends_on, f"{tenant} đợi"), actor=SYSTEM)
    session.commit()


@pytest.fixture
def runner(client: FlaskClient, session: Session) -> FlaskClient:
    make_park(session)
    fill(session)
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def test_the_desk_is_the_first_page_and_opens_what_it_counts(runner: FlaskClient) -> None:
    assert runner.get("/").headers["Location"] == "/park-desk"

    page = open_page(runner, "/park-desk")

    assert page.links["Công ty Cũ"].startswith("/leases/HD-")
    assert page.links["Công ty Cũ giữ chỗ"] == "/spaces/P1-U2"
    assert page.links["Công ty Cũ đợi"] == "/spaces/P1-U2"
    for section, name in (("lapsing", "Công ty Cũ giữ chỗ"), ("waiting", "Công ty Cũ đợi"), ("rounds", "No round")):
        assert name in runner.get(f"/park-desk/{section}?park=P1").text
    assert "Công ty Cũ" in runner.get("/parks/P1/reports/rent-roll?state=expiring").text
    assert "Công ty Cũ" not in runner.get("/parks/P1/reports/rent-roll?state=over").text
    assert runner.get("/park-desk/nothing").status_code == 404


def test_another_operators_tenants_are_on_no_desk(runner: FlaskClient, session: Session) -> None:
    make_park(session, "P2")
    fill(session, "P2", tenant="ZZCANARY")
    other = add_operator(session, "other", {"vi": "K", "en": "O", "fr": "A"}, kind="company", actor=SYSTEM)
    session.execute(update(Space).where(Space.code == "P1-U2").values(operator_id=other.id))
    session.commit()

    own = runner.get("/park-desk").text

    assert "ZZCANARY" not in own
    assert "giữ chỗ" not in own
    assert "Công ty Cũ" in own
    assert runner.get("/park-desk?park=P2").status_code == 404


def test_a_fuller_desk_costs_no_more_queries(runner: FlaskClient, session: Session) -> None:
    few = queries_of(session, lambda: runner.get("/park-desk"))
    make_lease(session, "P1-U3", first=str(TODAY - 100 * DAY), last=str(TODAY + 50 * DAY))
    issue_requests(session, TODAY)
    hold_space(session, "P1-U4", Wanted(TODAY, TODAY + 9 * DAY, "A"), actor=SYSTEM)
    session.commit()

    assert queries_of(session, lambda: runner.get("/park-desk")) == few <= 20


def test_who_does_more_than_run_a_park_keeps_the_common_home(client: FlaskClient, session: Session) -> None:
    make_park(session)
    firm = make_organisation(session)
    sign_in(client, session, make_person(session, grants=["park_administrator", "auditor"], organisation=firm))
    session.commit()
    client.set_cookie("language", "en")

    page = open_page(client, "/")

    assert page.status == 200
    assert page.links["Park desk"] == "/park-desk"
    assert page.links["Your contributions to funds"] == "/investments"
