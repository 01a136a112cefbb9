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
from tests.parks.test_plans import sheet
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
    return [
        "/leases",
        "/leases/new",
        f"/parks/{park}/prices",
        *below,
        "/rounds",
        f"/rounds/new/{park}",
        f"/rounds/{contest.key}",
    ]


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


def _decided_later(session: Session, park: str, space: str) -> str:
    """The address of a closed round for the space, with one firm in it."""
    terms = {"starts_on": local_date(now()), "ends_on": local_date(now()) + timedelta(days=364)}
    with as_of(now() - timedelta(days=20)):
        closed = stated(closes_on=local_date(now()) - timedelta(days=2), spaces={space: None}, **terms)
        contest = rounds.publish_round(session, park, closed, actor=SYSTEM)
        enter(session, contest, "Công ty Sao Khuê", 9, 1, [space])
    session.commit()
    return f"/rounds/{contest.key}"


def test_a_park_goes_from_its_plan_to_a_renewed_lease(
    new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    park = f"Z{next(_turns)}"
    unit = f"{park}-U9"
    with live_server.database.session() as session:
        make_park(session, park)
        secret = open_session(session, make_person(session, grants=["park_administrator"]))
        session.commit()
    context = new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    for name, value in (("khuevan_session", secret), ("language", "en")):
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()

    page.goto(f"/parks/{park}/plan")
    plan = sheet(("code", "kind", "parent", "net_m2", "usable_m2"), (unit, "unit", f"{park}-H1", 80, 80)).getvalue()
    page.set_input_files("input[type=file]", {"name": "plan.xlsx", "mimeType": "", "buffer": plan})
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Take all of it over").click()
    expect(page.get_by_text("1 space was taken over.")).to_be_visible()

    with live_server.database.session() as session:
        page.goto(_decided_later(session, park, unit))
    page.get_by_role("button", name="Decide as proposed").click()
    page.get_by_role("button", name="Accept").click()

    page.goto(f"/spaces/{unit}")
    page.get_by_role("link", name="Draft a lease").click()
    page.get_by_label("Rent", exact=True).fill("250.000")
    page.get_by_role("button", name="Write it down").click()
    _step(page, "Sign the lease and let the space", "Sign")
    expect(page.get_by_text("In effect", exact=True)).to_be_visible()

    with live_server.database.session() as session:
        issue_requests(session, local_date(now()))
        session.commit()
    page.reload()
    page.get_by_role("link", name="YC-").first.click()
    _step(page, "Note the e-invoice", "Note", {"Number of the licensed e-invoice": "1C26TAA-17"})
    expect(page.get_by_text("1C26TAA-17")).to_be_visible()
    page.get_by_role("link", name="Công ty Sao Khuê").click()
    paid = {"Amount": "20.000.000", "Reference of the bank": "FT26"}
    _step(page, "Record a payment", "Record", paid)
    expect(page.get_by_text("paid", exact=True)).to_be_visible()

    renewed = {"New last day": str(local_date(now()) + timedelta(days=700)), "New rent": "260.000"}
    _step(page, "Offer a renewal", "Draft the following lease", renewed)
    _step(page, "Sign the lease and let the space", "Sign")
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()


def _step(page: Page, title: str, button: str, answers: dict[str, str] | None = None) -> None:
    """Unfold what can be done, answer, and do it."""
    part = page.locator("details", has=page.get_by_text(title, exact=True))
    part.locator("summary").click()
    for label, answer in (answers or {}).items():
        part.get_by_label(label, exact=True).fill(answer)
    part.get_by_role("button", name=button, exact=True).click()
