"""Five years of a fund by its pages alone: from the first contract to the exit, with a default that has to be cured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from accounts.models import Person
from accounts.places import ensure_units, ensure_wards
from applications.packs.catalogue import pack_files, publish_files
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import as_of, now
from foundation.workdays import local_date
from fund.jobs import settle_funds
from fund.models import Fund
from tests.accounts.factories import actor_for, make_organisation, make_person, open_session
from tests.applications.answering import complete
from tests.databases import FreshDatabase, cloned_database
from tests.fund.dealplay import MEMBERS, REVIEWERS, ROLES, DealPlay, another
from tests.fund.funds import BILLION, SOURCE

CODE = "NAM"
BEGINS = datetime.now(UTC).replace(microsecond=0)
CHARTER = {
    "code": CODE,
    **{f"name_{language}": "Quỹ năm năm" for language in SOURCE},
    "legal_form": "contract",
    "valid_from": (local_date(BEGINS) - timedelta(days=1)).isoformat(),
    "city_amount_vnd": "600.000.000.000",
    "share": "49",
    "private_investors": "6",
    "loss_percent": "50",
    "late_interest_bps": "1000",
    **{f"source_{language}": words for language, words in SOURCE.items()},
}


@dataclass
class Clock:
    """The product, at the instant that the test has come to."""

    database: FreshDatabase
    instant: datetime = BEGINS

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with as_of(self.instant):
            return self.database.app(environ, start_response)

    def go_on(self, days: int) -> None:
        """Let days pass, with what the clock itself does in each night."""
        self.instant += timedelta(days=days)
        with as_of(self.instant), self.database.app.app_context(), Session(self.database.engine) as session:
            settle_funds.work(session)
            session.commit()

    @property
    def today(self) -> date:
        return local_date(self.instant)


@pytest.fixture
def clock(server_url: str, tmp_path: Path) -> Iterator[Clock]:
    with cloned_database(server_url, tmp_path) as database:
        database.app.config.update(TESTING=True)
        yield Clock(database)


@pytest.fixture
def address(clock: Clock) -> Iterator[str]:
    """The product answering from a thread of this process, which shares the test's idea of time."""
    server = make_server("127.0.0.1", 0, clock, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@dataclass
class Reader:
    """Somebody who is signed in, on pages without scripts."""

    page: Page
    clock: Clock

    def ask(self, address: str, expected: int, /, **answers: str) -> str:
        """Fill the form of a page, or of the part of it that posts to ``form``, and send it; the page that follows."""
        form = answers.pop("form", "")
        self.page.goto(address)
        asked = self.page.locator(f"main form[method=post][action*='{form}']" if form else "main form[method=post]")
        folded = asked.first.locator("xpath=ancestor::details[not(@open)]/summary")
        if folded.count():
            folded.click()
        for name, value in answers.items():
            _fill(asked.first, name, value)
        with self.page.expect_response(lambda response: response.request.method == "POST") as answered:
            asked.first.locator("button[type=submit]").first.click()
        assert answered.value.status == expected, self.page.locator("main").inner_text()[:1500]
        return self.page.locator("main").inner_text()

    def record(self, kind: str, expected: int = 303, /, **answers: str) -> str:
        effective_on = self.clock.today.isoformat()
        return self.ask(f"/funds/{CODE}/record/{kind}", expected, **{"effective_on": effective_on, **answers})

    def call(self, amount: int, issuer: "Reader") -> int:
        """Prepare a call, which somebody else issues; its number."""
        self.ask(f"/funds/{CODE}/calls/new", 303, investment=str(amount - 10), fee="10", reference="Đợt góp vốn")
        number = int(self.page.url.rsplit("/", 1)[1])
        issuer.ask(f"/funds/{CODE}/calls/{number}", 303, form="issue", decision="NQ ĐHNĐT")
        return number

    def see(self, address: str, *texts: str) -> None:
        self.page.goto(address)
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)


def _fill(form: Any, name: str, value: str) -> None:
    fields = form.locator(f"[name={name}]")
    kind = fields.first.evaluate("field => field.type || field.tagName")
    if kind == "radio":
        form.locator(f"[name={name}][value={value}]").check()
    elif kind == "checkbox":
        fields.first.check()
    elif kind == "select-one":
        fields.first.select_option(value)
    else:
        fields.first.fill(value)


def test_a_fund_is_led_through_five_years_by_its_pages(browser: Browser, clock: Clock, address: str) -> None:
    with clock.database.app.app_context(), Session(clock.database.engine, expire_on_commit=False) as session:
        people = _people(session)
        reader = cache(partial(_reader, browser, address, clock, session))
        fund = _founded(reader(people["manager"]), session)
        _first_year(reader(people["manager"]), reader(people["second"]), clock)
        play = _deal(session, fund, people, reader, clock)
        _second_and_third_year(reader(people["manager"]), clock, play)
        _default_and_cure(reader(people["manager"]), reader(people["second"]), clock)
        _exit_and_reports(reader(people["manager"]), clock, play)


def _people(session: Session) -> dict[str, Person]:
    """The city's units and packs, and whoever takes part; everything else is done on pages."""
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    publish_files(session, pack_files(), actor=SYSTEM)
    make_organisation(session, name="Công ty An Bình", tax_code="0100233488")
    people = {role: make_person(session, grants=[role]) for role in ROLES}
    people |= {name: make_person(session, grants=["body_member"]) for name in MEMBERS}
    people |= {name: make_person(session, grants=["reviewer"]) for name in REVIEWERS}
    people |= {name: make_person(session, grants=["fund_manager"]) for name in ("manager", "second")}
    session.commit()
    return people


def _founded(manager: Reader, session: Session) -> Fund:
    """With the city as its first contributor."""
    manager.ask("/funds/new", 303, **CHARTER)
    manager.ask(f"/funds/{CODE}/contributors/new", 303, name="Thành phố Hà Nội", code="thanh-pho", is_city="y")
    return session.scalars(select(Fund).where(Fund.code == CODE)).one()


def _reader(browser: Browser, address: str, clock: Clock, session: Session, person: Person) -> Reader:
    with as_of(clock.instant + timedelta(days=2000)):  # a session that outlives the years
        secret = open_session(session, person)
    session.commit()
    context = browser.new_context(base_url=address, locale="vi-VN", java_script_enabled=False)
    context.add_cookies([{"name": "khuevan_session", "value": secret, "url": address}])
    for pictures in ("**/static/**", "**/pages/*.png*"):  # how pages look is not asked here
        context.route(pictures, lambda route: route.abort())
    return Reader(context.new_page(), clock)


def _first_year(manager: Reader, second: Reader, clock: Clock) -> None:
    """Contracts, commitments, a call with its notice, payments: full, in part, late, and one of the city held back."""
    contract = {"contract_number": "01/HĐGV", "signed_on": clock.today.isoformat()}
    new = f"/funds/{CODE}/contributors/new"
    manager.ask(new, 303, name="An Bình", code="an-binh", tax_code="0100233488", **contract)
    manager.ask(new, 303, name="Bảo Việt Tín", code="bao", **contract)
    manager.record("commitment", contributor="an-binh", amount=str(300 * BILLION), reference="01/HĐGV")
    manager.record("commitment", contributor="bao", amount=str(300 * BILLION), reference="02/HĐGV")
    refused = manager.record("commitment", 422, contributor="thanh-pho", amount=str(590 * BILLION))
    assert "576.470.588.235" in refused
    manager.record("commitment", contributor="thanh-pho", amount=str(400 * BILLION), reference="03/HĐGV")
    number = manager.call(100 * BILLION, second)
    notice = manager.page.request.get(f"/funds/{CODE}/calls/{number}/notice/an-binh.pdf")
    assert "30.000.000.000" in pypdfium2.PdfDocument(notice.body())[0].get_textpage().get_text_range()
    clock.go_on(10)
    manager.record("payment", contributor="an-binh", amount=str(30 * BILLION), reference="CK 1")
    manager.record("payment", contributor="bao", amount=str(10 * BILLION), reference="CK 2")
    held_back = manager.record("payment", 422, contributor="thanh-pho", amount=str(40 * BILLION))
    assert "38.431.372.549" in held_back
    clock.go_on(20)
    manager.see(f"/funds/{CODE}/calls/{number}", "Quá hạn")
    manager.record("payment", contributor="bao", amount=str(20 * BILLION), reference="CK 3, chậm")
    manager.record("late_interest", contributor="bao", amount=str(BILLION // 10), reference="Lãi chậm nộp")
    manager.record("payment", contributor="thanh-pho", amount=str(40 * BILLION), reference="CK 4")
    manager.see(f"/funds/{CODE}/calls/{number}", "Đã nộp")


@dataclass
class PagePlay(DealPlay):
    """A deal each step of which is made on its page once; the application, reviews and a table come without pages."""

    reader: Callable[[Person], Reader]
    people: Mapping[str, Person]
    clock: Clock
    walked: set[str] = field(default_factory=set)

    def step(self, key: str, who: str, /, **given: Any) -> None:
        asks = self.pack.step_by_key[key].asks
        if key in self.walked or who not in self.people or any(spec.type == "table" for spec in asks):
            super().step(key, who, **given)
            return
        self.walked.add(key)
        self.session.commit()
        self.clock.instant = now()
        page = self.reader(self.people[who]).page
        page.goto(f"/dossiers/{self.application.key}/steps/{key}")
        form = page.locator("main form[method=post]").first
        for name, answer in complete(asks, given).items():
            _fill(form, name, "yes" if answer is True else "no" if answer is False else str(answer))
        for spec in asks:
            if spec.type == "file" and spec.required:
                form.locator(f"input[type=file][name^='{spec.key}']").set_input_files(_proof())  # type: ignore[arg-type]  # a payload
        if form.locator("[name=confirmed]").count():
            form.locator("[name=confirmed]").check()
        with page.expect_response(lambda response: response.request.method == "POST") as answered:
            form.locator("button[type=submit]:not([name])").first.click()
        assert answered.value.status == 303, page.locator("main").inner_text()[:1500]
        self.session.expire_all()


def _proof() -> dict[str, object]:
    pdf, document = BytesIO(), pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.save(pdf)
    return {"name": "chung-tu.pdf", "mimeType": "application/pdf", "buffer": pdf.getvalue()}


def _deal(
    session: Session, fund: Fund, people: Mapping[str, Person], reader: Callable[[Person], Reader], clock: Clock
) -> DealPlay:
    """From a company's application to the second signature, which posts the payment to the ledger."""
    closed_at = clock.instant + timedelta(days=60)
    with as_of(closed_at):
        actors = {name: actor_for(session, person) for name, person in people.items()}
        made = another(session, fund, actors)
        known = {one.name: getattr(made, one.name) for one in fields(DealPlay)}
        play = PagePlay(**known, reader=reader, people=people, clock=clock)
        play.until_prepared(40 * BILLION)
        play.close()
    clock.instant = closed_at
    return play


def _second_and_third_year(manager: Reader, clock: Clock, play: DealPlay) -> None:
    """Values of the fund and of its position, money returned of which part can be called again."""
    clock.go_on(300)
    value = {"valued_on": clock.today.isoformat(), "method": "cost", "source": "Tổ định giá", "basis": "fair"}
    manager.ask(f"/funds/{CODE}/valuations", 303, amount="110.000.000.000", **value)
    coded = play.application.code or play.application.key
    manager.ask(f"/funds/{CODE}/valuations", 303, amount="55.000.000.000", position=coded, **value)
    manager.see(f"/funds/{CODE}/dashboard", "110.000.000.000", "1,10")
    clock.go_on(365)
    manager.record("distribution", amount=str(10 * BILLION), is_recallable="yes", reference="NQ 5/ĐHNĐT")
    manager.see(f"/funds/{CODE}", "40,0000")


def _default_and_cure(manager: Reader, second: Reader, clock: Clock) -> None:
    """A private contributor does not pay: not a default at once, then a breach with its clocks, and its cure."""
    clock.go_on(365)
    number = manager.call(200 * BILLION, second)
    clock.go_on(20)
    manager.record("payment", contributor="an-binh", amount=str(60 * BILLION), reference="CK 5")
    assert "15" in manager.record("default", 422, contributor="bao", reference="Quá hạn")
    clock.go_on(25)
    manager.record("default", contributor="bao", reference="Biên bản vi phạm")
    manager.see(f"/funds/{CODE}/dashboard", "vượt")
    breach = f"/funds/{CODE}/breach"
    manager.ask(breach, 303, form="notice")
    manager.ask(breach, 303, form="plan", way="new_investor", plan="Mời thêm nhà đầu tư trước ngày 30")
    manager.ask(f"/funds/{CODE}/contributors/new", 303, name="Cường Thịnh", code="cuong", contract_number="04/HĐGV")
    manager.record("commitment", contributor="cuong", amount=str(120 * BILLION), reference="04/HĐGV")
    manager.page.goto(breach)
    expect(manager.page.locator("main form[method=post]")).to_have_count(0)
    manager.see(f"/funds/{CODE}/calls/{number}", "Bảo Việt Tín")


def _exit_and_reports(manager: Reader, clock: Clock, play: DealPlay) -> None:
    """The position is sold, its proceeds are returned, and the fund tells of every year since it began."""
    clock.go_on(600)
    stated = {"kind": "exit", "way": "competitive_sale", "exited_on": clock.today.isoformat()}
    why = {"decision": "NQ 9/QĐT", "justification": "Ba bên chào giá; cao nhất được chọn."}
    page = f"/funds/{CODE}/positions/{play.application.key}/exit"
    manager.ask(page, 303, proceeds="100.000.000.000", **stated, **why)
    manager.record("distribution", amount=str(100 * BILLION), is_recallable="no", reference="NQ 10/ĐHNĐT")
    manager.see(f"/funds/{CODE}/results", "60.000.000.000", "kết thúc ngày")
    assert clock.instant - BEGINS > timedelta(days=4 * 365)
    for years in range(1, 6):
        day = min(clock.today, local_date(BEGINS) + timedelta(days=365 * years)).isoformat()
        manager.see(f"/funds/{CODE}/results?as_of={day}", "DPI")
    assert manager.page.request.get(f"/funds/{CODE}/report.xlsx?as_of={clock.today}").status == 200
    manager.ask(f"/funds/{CODE}/stages", 303, form="review", reason="NQ 11/ĐHNĐT")
    manager.see(f"/funds/{CODE}/dashboard", "110.000.000.000")
