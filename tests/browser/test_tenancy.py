"""Who runs a park, in a real browser: leases with payment codes and rounds, each page whole and accessible."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.operations import rounds
from parks.operations.billing import issue_requests
from parks.operations.frames import find_operator, set_account
from parks.queries.leases import account_of_lease
from tests.accounts.factories import make_person, open_session
from tests.browser.conftest import LiveServer
from tests.parks.grounds import make_park
from tests.parks.leases import make_lease
from tests.parks.test_rounds import enter, stated

_turns = count(1)
"""A test that is tried again founds another park."""


def _tenancies(session: Session, park: str) -> list[str]:
    """Addresses of a lease with a request, and of a round that is closed."""
    make_park(session, park)
    set_account(
        session, find_operator(session, park, None, actor=SYSTEM), ("970999", "Bank"), "0071", "Board", actor=SYSTEM
    )
    lease = make_lease(session, f"{park}-U3")
    issue_requests(session, local_date(now()))
    request = account_of_lease(session, lease).requests[0]
    begins = local_date(now()) + timedelta(days=60)
    terms = {"starts_on": begins, "ends_on": begins + timedelta(days=365), "spaces": {f"{park}-U1": None}}
    with as_of(now() - timedelta(days=20)):
        contest = rounds.publish_round(
            session, park, stated(closes_on=local_date(now()) - timedelta(days=2), **terms), actor=SYSTEM
        )
        for name, points in (("Công ty A", 9), ("Công ty B", 5)):
            enter(session, contest, name, points, 1, [f"{park}-U1"])
    session.commit()
    below = [f"/leases/{lease.key}{rest}" for rest in ("", "/schedule", f"/requests/{request.key}")]
    return ["/leases", "/leases/new", *below, "/rounds", f"/rounds/new/{park}", f"/rounds/{contest.key}"]


@pytest.mark.parametrize(("width", "theme"), [(375, "light"), (1280, "dark")])
def test_pages_of_tenancies_fit_and_are_accessible(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    width: int,
    theme: str,
) -> None:
    with live_server.database.session() as session:
        addresses = _tenancies(session, f"W{width}-{next(_turns)}")
        secret = open_session(session, make_person(session, grants=["park_administrator"]))
        session.commit()
    context = new_context(viewport={"width": width, "height": 812})
    for name, value in (("khuevan_session", secret), ("theme", theme)):
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()

    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

    page.goto(addresses[-1])
    page.get_by_role("button", name="Quyết định theo đề xuất").click()
    expect(page.get_by_role("button", name="Nhận lời")).to_be_visible()
    axe(page)
