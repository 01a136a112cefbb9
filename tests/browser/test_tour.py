"""The tour of ``docs/tour.md``, walked with the demonstration's accounts through every role, in each language."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from applications.fields import visible_fields
from applications.models import Case
from applications.packs.model import Pack
from applications.queries.procedures import open_procedure
from foundation.database import now
from foundation.workdays import local_date
from portal.demo.people import world
from portal.statefolder import CHECKOUT
from tests.applications.answering import complete_dossier
from tests.applications.visits import pdf
from tests.browser.answering import answer, choose_language, fill_what_is_required
from tests.browser.conftest import LiveServer

OPEN = Callable[..., BrowserContext]
REVIEWERS = ("chuyengia1", "chuyengia2")
CODE = re.compile(r"000\.00\.10\.H26-\d{6}-\d{4}")
TITLES = {
    "vi": "Máy bay không người lái chở mẫu xét nghiệm",
    "en": "Drones that carry samples between clinics",
    "fr": "Des drones entre les centres de santé",
}


@dataclass
class Tour:
    """A guest with a browser who follows the tour in one language and remembers the words of every page."""

    context: BrowserContext
    language: str
    pack: Pack
    key: str = ""
    words: set[str] = field(default_factory=set)

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    @contextmanager
    def as_account(self, name: str) -> Iterator[Page]:
        """Sign in as one of the demonstration, and out again at the end."""
        page = self.page
        page.goto("/sign-in")
        page.fill("[name=email]", f"{name}@demo.example")
        page.fill("[name=password]", world()["password"])
        page.locator("main form button[type=submit]").click()
        self.look()
        yield page
        self.look()
        page.locator("details.menu summary").click()
        page.locator(".menu-panel form button").click()
        expect(page.locator(".btn-sign-in")).to_be_visible()

    def look(self) -> None:
        """Read the page: it is in the language of the tour."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.words.add(self.page.locator("body").inner_text())

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def follow(self, address: str) -> None:
        """Follow the link on the page that leads to an address with this ending."""
        self.page.locator(f"main a[href$='{address}']").first.click()
        self.look()

    def press(self, ending: str) -> None:
        """Send the form on the page that goes to an address with this ending."""
        self.page.locator(f"main form[action$='{ending}'] button[type=submit]:not([formaction])").last.click()
        expect(self.page.locator(".error-summary")).to_have_count(0)
        self.look()

    def step(self, key: str) -> None:
        """Make a step of the dossier from its page, with what it asks."""
        self.follow(f"/steps/{key}")
        fill_what_is_required(self.page)
        self.press(f"/steps/{key}")

    def open_dossier(self, address: str) -> None:
        """Find the dossier on a list, by its title where one can look for words, and open it."""
        self.go(address)
        words = self.page.locator("main input[name=q]")
        if words.count():
            words.fill(TITLES[self.language])
            words.press("Enter")
            self.page.wait_for_url("**?*q=*")
            self.look()
        self.follow(f"/dossiers/{self.key}")


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_the_tour_leads_from_a_draft_to_an_issued_permit(
    new_context: OPEN, live_server: LiveServer, language: str
) -> None:
    tour = begin(new_context, live_server, language)

    apply(tour)
    accept(tour)
    prepare_the_review(tour)
    for reviewer in REVIEWERS:
        review(tour, reviewer)
    with tour.as_account("chuyenvien"):
        tour.open_dossier("/queue")
        tour.step("close_review")
    advise(tour)
    with tour.as_account("soanthao"):
        tour.open_dossier("/queue")
        draft_the_decision(tour)
    issue_the_permit(tour)
    read_the_decision(tour)
    with tour.as_account("kiemtra"):
        tour.go("/admin/audit")

    if language == "en":
        unseen = [phrase for phrase in words_of_the_tour() if not any(phrase in page for page in tour.words)]
        assert unseen == [], unseen
    with live_server.database.session() as session:
        assert session.query(Case.state).filter_by(key=tour.key).scalar() == "permitted"


def words_of_the_tour() -> list[str]:
    """What the tour tells its readers to look for: the words in italics, from the first stop on."""
    text = (CHECKOUT / "docs" / "tour.md").read_text(encoding="utf-8").partition("\n1. ")[2]
    return [" ".join(phrase.split()) for phrase in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)]


def file(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(2)}


def begin(new_context: OPEN, live_server: LiveServer, language: str) -> Tour:
    with live_server.database.session() as session:
        pack = open_procedure(session, "controlled-test", local_date(now())).pack
    tour = Tour(new_context(viewport={"width": 1280, "height": 900}), language, pack)
    tour.context.new_page().goto("/")
    choose_language(tour.page, language)
    tour.look()
    return tour


def apply(tour: Tour) -> None:
    with tour.as_account("startup") as page:
        tour.go("/")
        tour.go("/procedures")
        tour.follow("/procedures/controlled-test")
        tour.press("/start")
        tour.key = page.url.split("/dossiers/")[1].partition("/")[0]
        answer_everything(tour)
        tour.follow("#test_scheme")
        page.set_input_files("#test_scheme-file", file("de-an.pdf"))
        expect(page.locator("#test_scheme .slot-file")).to_contain_text("de-an.pdf")
        tour.follow("/check")
        for declaration in page.locator(".question-declaration input").all():
            declaration.check()
        page.locator(".check-send button[type=submit]").click()
        expect(page.locator(".sent-number")).to_have_text(re.compile(r"BN-\d{4}-\d{7}"))


def answer_everything(tour: Tour) -> None:
    """Section by section, as the page leads on."""
    answers = complete_dossier(tour.pack, title=TITLES[tour.language])
    asked = [pair for pair in visible_fields(tour.pack.sections, answers) if pair[1].type != "declaration"]
    tour.page.locator(".task-line a").first.click()
    for section in dict.fromkeys(section.key for section, _ in asked):
        tour.page.wait_for_url(f"**/{section}")
        tour.look()
        for owner, spec in asked:
            if owner.key == section and spec.key in answers:
                answer(tour.page, spec, answers[spec.key])
        tour.page.locator("button[name=go][value=next]:not([aria-hidden])").click()
    tour.page.wait_for_url("**/draft")
    tour.look()


def accept(tour: Tour) -> None:
    with tour.as_account("motcua") as page:
        tour.open_dossier("/queue")
        tour.step("accept")
        expect(page.locator(".dossier-line .code")).to_have_text(CODE)
        tour.follow("/steps/assign_holder")
        page.select_option("select[name=holder]", label="Đỗ Văn Sơn")
        tour.press("/steps/assign_holder")


def prepare_the_review(tour: Tour) -> None:
    with tour.as_account("chuyenvien") as page:
        tour.open_dossier("/queue")
        tour.step("record_eligibility")
        tour.follow("/reviewers")
        for person in world()["people"]:
            if person["email"].partition("@")[0] in REVIEWERS:
                page.locator("label", has_text=person["name"]).click()
                tour.press("/reviewers")
        tour.follow(f"/dossiers/{tour.key}")
        tour.step("open_review")


def review(tour: Tour, account: str) -> None:
    with tour.as_account(account) as page:
        tour.go("/reviews")
        page.get_by_role("link", name=TITLES[tour.language]).first.click()
        tour.look()
        page.check("[name=has_conflict][value=no]")
        tour.press("/declaration")
        for scale in page.locator(".scale").all():
            scale.locator("input[value='4']").check()
        page.locator("button[name=do][value=submit]").click()
        tour.look()


def advise(tour: Tour) -> None:
    """The advisory panel of three: two of them are a quorum."""
    with tour.as_account("thukyhd") as page:
        tour.open_dossier("/queue")
        tour.follow("/steps/convene_panel")
        page.fill("[name=seats]", "3")
        fill_what_is_required(page)
        tour.press("/steps/convene_panel")
    for member in ("tuvan1", "chutichhd"):
        with tour.as_account(member) as page:
            tour.open_dossier("/queue")
            tour.follow("/steps/give_opinion")
            page.check("[name=opinion][value=for]")
            page.check("[name=no_interest]")
            tour.press("/steps/give_opinion")
    with tour.as_account("chutichhd") as page:
        tour.open_dossier("/queue")
        tour.follow("/steps/conclude_panel")
        page.check("[name=recommendation][value=permit]")
        page.set_input_files("main input[type=file]", file("bien-ban.pdf"))
        fill_what_is_required(page)
        tour.press("/steps/conclude_panel")
        expect(page.locator("section[aria-labelledby=panel] .list-group-item")).to_have_count(2)


def draft_the_decision(tour: Tour) -> None:
    tour.follow("/steps/draft_decision")
    tour.page.check("[name=outcome][value=permit]")
    fill_what_is_required(tour.page)
    tour.press("/steps/draft_decision")


def issue_the_permit(tour: Tour) -> None:
    with tour.as_account("banhanh") as page:
        tour.open_dossier("/queue")
        tour.follow("/steps/issue_permit")
        page.fill("[name=number]", f"{int.from_bytes(tour.key.encode()) % 10**8}/QĐ-UBND")
        page.fill("[name=decided_on]", local_date(now()).isoformat())
        page.set_input_files("main input[type=file]", file("quyet-dinh.pdf"))
        fill_what_is_required(page)
        tour.press("/steps/issue_permit")
        expect(page.locator("section[aria-labelledby=decision] .badge")).to_be_visible()


def read_the_decision(tour: Tour) -> None:
    with tour.as_account("startup") as page:
        tour.open_dossier("/desk")
        letter = page.locator(".happening a.btn").first.get_attribute("href")
        assert letter is not None
        assert page.request.get(letter).body().startswith(b"%PDF")
