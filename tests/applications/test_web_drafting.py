"""Writing a dossier on pages without scripts: what is kept, what is said, who may."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from applications.models import Application
from applications.operations.drafts import save_answers
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import CODE, make_wide_world, wide_draft
from tests.pages import Page, follow, open_page


@pytest.fixture
def wide(session: Session) -> World:
    return make_wide_world(session)


@pytest.fixture
def applicant(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    """The applicant's browser."""
    sign_in(client, session, wide.people["applicant"])
    return client


def stored(session: Session, draft: Application) -> Application:
    session.expire_all()
    return session.get_one(Application, draft.id)


def section(draft: Application, key: str) -> str:
    return f"/dossiers/{draft.key}/draft/{key}"


def test_a_dossier_is_begun_from_the_page_of_its_procedure(applicant: FlaskClient, wide: World) -> None:
    page = open_page(applicant, f"/procedures/{CODE}")

    drafting = follow(applicant, page.form_to("/start").send(applicant))

    assert drafting.address.startswith("/dossiers/WT-")
    assert "Giới thiệu" in drafting.text


def test_every_kind_of_answer_is_kept_and_shown_again(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    wide.people["applicant"].language = "vi"
    session.commit()
    about = {
        "name": "Máy bay giao thuốc",
        "summary": "may bay khong dau",
        "users": "1.000",
        "budget": "2.500.000.000 đ",
    }
    dates = {"begins": "2027-01-01", "runs-from": "2027-01-01", "runs-to": "2027-06-30", "secret": "0123"}
    place = {"level": "high", "kinds": ["x", "y"], "is_open": "no", "ward": "00004"}

    open_page(applicant, section(draft, "about")).form().send(applicant, **about, **dates)
    rows = {"sites-0-site": "=cmd()", "sites-0-area": "1,25", "sites-0-where": "00004"}
    open_page(applicant, section(draft, "place")).form().send(applicant, **place, **rows)

    assert stored(session, draft).answers == {
        "name": "Máy bay giao thuốc",
        "summary": "may bay khong dau",
        "users": 1000,
        "budget": 2_500_000_000,
        "begins": "2027-01-01",
        "runs": {"from": "2027-01-01", "to": "2027-06-30"},
        "secret": "0123",
        "level": "high",
        "kinds": ["x", "y"],
        "is_open": False,
        "ward": "00004",
        "sites": [{"site": "=cmd()", "area": "1.25", "where": "00004"}],
        "run_months": 6,
        "whole_area": "1.25",
    }
    again = open_page(applicant, section(draft, "about")).form()
    before = dict(stored(session, draft).answers)
    again.send(applicant)
    assert stored(session, draft).answers == before


def test_saving_leads_on_and_an_unfinished_section_is_kept(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()

    onwards = form.send(applicant, press=("go", "next"), summary="Chưa xong")

    assert onwards.location == section(draft, "place")
    assert stored(session, draft).answers == {"summary": "Chưa xong"}
    assert "Incomplete" in open_page(applicant, f"/dossiers/{draft.key}/draft").text


def test_the_task_list_says_who_wrote_each_section_last_and_leads_there(
    client: FlaskClient, session: Session, wide: World
) -> None:
    colleague = make_person(session, organisation=wide.organisation, language="en")
    draft = wide_draft(wide, name="Tên")
    save_answers(session, draft, {"level": "low"}, actor=actor_for(session, colleague))
    sign_in(client, session, wide.people["applicant"])

    page = open_page(client, f"/dossiers/{draft.key}/draft")

    lines = [line.text for line in page.root.all("li", class_="task-line")]
    assert wide.people["applicant"].full_name in lines[0]
    assert colleague.full_name in lines[1]
    assert page.links["Go on there"] == section(draft, "place")


def test_what_is_unsound_is_kept_as_typed_and_told_beside_the_input(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, users=5)
    session.commit()

    answer = open_page(applicant, section(draft, "about")).form().send(applicant, name="Tên", users="năm mươi")

    page = Page(answer)
    assert page.status == 422
    assert page.errors == {"users": "Error: Enter a number."}
    assert page.root.one("input", id="users").attributes["value"] == "năm mươi"
    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({"name": "Tên"}, {"users": "năm mươi"})
    reopened = open_page(applicant, section(draft, "about"))
    assert reopened.errors == {"users": "Error: Enter a number."}
    assert reopened.root.one("input", id="users").attributes["value"] == "năm mươi"


def test_a_correction_puts_an_unsound_answer_right(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = Page(open_page(applicant, section(draft, "about")).form().send(applicant, users="năm mươi"))

    page.form().send(applicant, users="50")

    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({"users": 50}, {})


def test_a_row_is_added_and_removed_without_a_script(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(applicant, section(draft, "place")).form()
    form.values["sites-0-site"] = "Một"

    page = follow(applicant, form.send(applicant, press=("add_row", "sites")))
    form = page.form()
    form.values["sites-1-site"] = "Hai"
    after = follow(applicant, form.send(applicant, press=("remove_row", "sites-0")))

    assert page.form().values.getlist("sites-row") == ["0", "1"]
    assert stored(session, draft).answers["sites"] == [{"site": "Hai"}]
    assert after.form().values["sites-0-site"] == "Hai"


def test_a_question_that_an_answer_opens_is_asked_after_saving(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(applicant, section(draft, "place"))

    answer = page.form().send(applicant, press=("go", "next"), is_open="yes")

    opened = follow(applicant, answer)
    assert "hidden" in page.root.one("div", data_question="why").attributes
    assert answer.location == section(draft, "place") + "?opened=1#why"
    assert "hidden" not in opened.root.one("div", data_question="why").attributes
    assert follow(applicant, opened.form().send(applicant, press=("go", "next"))).address.endswith("/draft")


def test_somebody_elses_change_is_shown_beside_mine_and_all_else_is_saved(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, name="Cũ", users=1)
    colleague = make_person(session, organisation=wide.organisation)
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Của đồng nghiệp"}, actor=actor_for(session, colleague))
    session.commit()

    conflict = Page(form.send(applicant, name="Của tôi", users="2"))

    assert conflict.status == 409
    sides = conflict.root.one("section", data_conflict="name").text
    told = ("Của đồng nghiệp", "Của tôi", colleague.full_name)
    assert [words for words in told if words not in sides] == []
    assert conflict.form().values["name"] == "Của tôi"
    assert stored(session, draft).answers == {"name": "Của đồng nghiệp", "users": 2}


def test_a_conflict_stands_until_it_is_settled_by_choosing(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, name="Cũ")
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Của đồng nghiệp"}, actor=wide.applicant)
    session.commit()
    conflict = Page(form.send(applicant, name="Của tôi"))

    unsettled = Page(conflict.form().send(applicant, press=("go", "next")))
    kept = unsettled.root.one("button", name="take").attributes["value"]
    theirs = unsettled.form().send(applicant, take=kept)
    assert (unsettled.status, theirs.status_code) == (409, 303)
    assert stored(session, draft).answers == {"name": "Của đồng nghiệp"}

    mine = unsettled.root.one("button", name="mine").attributes["value"]
    assert unsettled.form().send(applicant, mine=mine).status_code == 303
    assert stored(session, draft).answers == {"name": "Của tôi"}


def test_choosing_mine_overwrites_no_third_answer(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Cũ")
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Thứ hai"}, actor=wide.applicant)
    session.commit()
    conflict = Page(form.send(applicant, name="Của tôi"))
    save_answers(session, draft, {"name": "Thứ ba"}, actor=wide.applicant)
    session.commit()

    mine = conflict.root.one("button", name="mine").attributes["value"]
    again = Page(conflict.form().send(applicant, mine=mine))

    assert again.status == 409
    assert "Thứ ba" in again.root.one("section", data_conflict="name").text
    assert stored(session, draft).answers == {"name": "Thứ ba"}


def test_an_answer_left_as_it_was_shown_undoes_nothing(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Cũ", users=1)
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()
    save_answers(session, draft, {"users": 5}, actor=wide.applicant)
    session.commit()

    answer = form.send(applicant, name="Mới")

    assert answer.status_code == 303
    assert stored(session, draft).answers == {"name": "Mới", "users": 5}


def test_a_change_in_another_section_is_no_conflict(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(applicant, section(draft, "about")).form()
    save_answers(session, draft, {"level": "low"}, actor=wide.applicant)
    session.commit()

    answer = form.send(applicant, name="Tên")

    assert answer.status_code == 303
    assert stored(session, draft).answers == {"level": "low", "name": "Tên"}


def test_the_dossier_of_somebody_else_does_not_exist(client: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Bí mật của người khác")
    stranger = make_person(session, organisation=make_organisation(session), language="en")
    sign_in(client, session, stranger)
    pages = ["/draft", "/draft/about", "/documents", "/check", "/submitted"]

    answers = [client.get(f"/dossiers/{draft.key}{page}") for page in pages]
    saved = client.post(section(draft, "about"), data={"name": "Chiếm"})

    assert [answer.status_code for answer in answers] == [404] * 5
    assert all("Bí mật" not in answer.text for answer in answers)
    assert saved.status_code == 404
    assert stored(session, draft).answers == {"name": "Bí mật của người khác"}


def test_officers_see_no_draft_of_an_applicant(client: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Chưa nộp")
    sign_in(client, session, wide.people["intake_officer"])

    assert client.get(f"/dossiers/{draft.key}/draft").status_code == 404


def test_a_member_who_may_only_look_reads_and_changes_nothing(
    client: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, name="Tên dự án")
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer", language="en")
    sign_in(client, session, viewer)

    page = open_page(client, section(draft, "about"))
    saved = client.post(section(draft, "about"), data={"name": "Khác"})

    assert "Tên dự án" in page.text
    assert page.root.all("form", method="post", action=section(draft, "about")) == []
    assert saved.status_code == 403
    assert stored(session, draft).answers == {"name": "Tên dự án"}


def test_sensitive_answers_are_masked_for_those_who_only_read(
    client: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, secret="ma-bi-mat")
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer", language="en")
    sign_in(client, session, viewer)

    assert "ma-bi-mat" not in open_page(client, section(draft, "about")).text
    assert "ma-bi-mat" not in open_page(client, f"/dossiers/{draft.key}/check").text


@pytest.mark.parametrize(
    "typed",
    ["=cmd()", "\x00\x01", "<script>alert(1)</script>", "’ OR 1=1 --", "\ud7ff\u202e", "%(limit)s", "{{ 7*7 }}"],
)
def test_hostile_text_is_kept_as_text(applicant: FlaskClient, session: Session, wide: World, typed: str) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = open_page(applicant, section(draft, "about")).form().send(applicant, name=typed)

    again = open_page(applicant, section(draft, "about"))
    expected = typed.replace("\x00", "")
    assert answer.status_code == 303
    assert stored(session, draft).answers["name"] == expected
    assert again.root.one("input", id="name").attributes["value"] == expected
    assert "<script>alert" not in applicant.get(section(draft, "about")).text


def test_text_in_another_encoding_breaks_nothing(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    content_type = "application/x-www-form-urlencoded"

    answer = applicant.post(section(draft, "about"), data=b"name=\xff\xfeT%FFn&shown=name", content_type=content_type)

    assert answer.status_code in (303, 409)


def test_too_much_text_is_refused_beside_its_input(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = open_page(applicant, section(draft, "about")).form().send(applicant, summary="x" * 301)

    assert Page(answer).errors == {"summary": "Error: Use at most 300 characters."}


def test_unknown_sections_and_dossiers_do_not_exist(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    assert applicant.get(section(draft, "nothing")).status_code == 404
    assert applicant.get(section(draft, "promises")).status_code == 404
    assert applicant.get("/dossiers/WT-AAAA-BBBB/draft").status_code == 404


class Counter:
    """How many statements a connection executed."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.statements = connection, list[str]()

    def __enter__(self) -> "Counter":
        event.listen(self.connection, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.connection, "before_cursor_execute", self._note)

    def _note(self, *arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)


@pytest.fixture
def counted(connection: Connection) -> Iterator[Counter]:
    with Counter(connection) as counter:
        yield counter


@pytest.mark.parametrize("address", ["/desk", "/procedures", f"/procedures/{CODE}"])
def test_a_page_costs_the_same_for_one_dossier_and_for_three(
    applicant: FlaskClient, session: Session, wide: World, counted: Counter, address: str
) -> None:
    wide_draft(wide, name="Một")
    session.commit()
    open_page(applicant, address)
    counted.statements.clear()
    open_page(applicant, address)
    for_one = len(counted.statements)
    wide_draft(wide, name="Hai")
    wide_draft(wide, name="Ba")
    session.commit()
    counted.statements.clear()

    page = open_page(applicant, address)

    assert page.status == 200
    assert len(counted.statements) == for_one


def test_the_pages_of_a_draft_cost_a_fixed_number_of_queries(
    applicant: FlaskClient, session: Session, wide: World, counted: Counter
) -> None:
    small = wide_draft(wide)
    large = wide_draft(wide, name="Lớn", level="high", kinds=["x"], sites=[{"site": str(n)} for n in range(3)])
    session.commit()
    pages = ["/draft", "/draft/about", "/draft/place", "/documents", "/check"]

    costs = {}
    for draft in (small, large):
        for page in pages:
            open_page(applicant, f"/dossiers/{draft.key}{page}")
            counted.statements.clear()
            assert open_page(applicant, f"/dossiers/{draft.key}{page}").status == 200
            costs[draft.key, page] = len(counted.statements)

    assert [costs[small.key, page] for page in pages] == [costs[large.key, page] for page in pages]
