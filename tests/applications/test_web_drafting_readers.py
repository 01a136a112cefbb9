"""Who may read and change a draft on its pages, and what the pages cost."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import CODE, section, stored, wide_draft
from tests.pages import open_page


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


def test_unknown_sections_and_dossiers_do_not_exist(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    assert writer.get(section(draft, "nothing")).status_code == 404
    assert writer.get(section(draft, "promises")).status_code == 404
    assert writer.get("/dossiers/WT-AAAA-BBBB/draft").status_code == 404


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
    writer: FlaskClient, session: Session, wide: World, counted: Counter, address: str
) -> None:
    wide_draft(wide, name="Một")
    session.commit()
    open_page(writer, address)
    counted.statements.clear()
    open_page(writer, address)
    for_one = len(counted.statements)
    wide_draft(wide, name="Hai")
    wide_draft(wide, name="Ba")
    session.commit()
    counted.statements.clear()

    page = open_page(writer, address)

    assert page.status == 200
    assert len(counted.statements) == for_one


def test_the_pages_of_a_draft_cost_a_fixed_number_of_queries(
    writer: FlaskClient, session: Session, wide: World, counted: Counter
) -> None:
    small = wide_draft(wide)
    large = wide_draft(wide, name="Lớn", level="high", kinds=["x"], sites=[{"site": str(n)} for n in range(3)])
    session.commit()
    pages = ["/draft", "/draft/about", "/draft/place", "/documents", "/check"]

    costs = {}
    for draft in (small, large):
        for page in pages:
            open_page(writer, f"/dossiers/{draft.key}{page}")
            counted.statements.clear()
            assert open_page(writer, f"/dossiers/{draft.key}{page}").status == 200
            costs[draft.key, page] = len(counted.statements)

    assert [costs[small.key, page] for page in pages] == [costs[large.key, page] for page in pages]
