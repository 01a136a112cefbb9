"""Tables filled from a spreadsheet: what is read, what is refused, what is written and how it is undone."""

import zipfile
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from applications.engine import fire
from applications.models import Application
from applications.operations.drafts import save_answers
from applications.packs.catalogue import pack_of_version
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.answering import complete_dossier
from tests.applications.small_pack import World
from tests.applications.visits import with_document
from tests.applications.wide_pack import make_wide_world, wide_draft
from tests.pages import Page, open_page


@pytest.fixture
def wide(session: Session) -> World:
    return make_wide_world(session)


@pytest.fixture
def applicant(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    sign_in(client, session, wide.people["applicant"])
    return client


def address(draft: Application) -> str:
    return f"/dossiers/{draft.key}/draft/place/sites/fill"


def sites(session: Session, draft: Application) -> list[dict[str, str]]:
    session.expire_all()
    return session.get_one(Application, draft.id).answers.get("sites", [])


def paste(client: FlaskClient, draft: Application, text: str) -> TestResponse:
    return open_page(client, address(draft)).form().send(client, text=text)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: FlaskClient, draft: Application, content: bytes, name: str) -> TestResponse:
    form = open_page(client, address(draft)).form()
    return form.send(client, text="", file=(BytesIO(content), name))


def test_pasted_cells_are_shown_and_written_only_when_confirmed(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    preview = Page(paste(applicant, draft, "cau WHERE\tCâu site\tArea\nBa Đình\t=cmd()\t1.25\nphuong ba dinh\t@b\t2\n"))

    assert sites(session, draft) == []
    assert "2 rows were read" in preview.text
    done = preview.form().send(applicant, press=("go", "fill"))
    assert done.location == f"/dossiers/{draft.key}/draft/place#sites"
    assert sites(session, draft) == [
        {"site": "=cmd()", "area": "1.25", "where": "00004"},
        {"site": "@b", "area": "2", "where": "00004"},
    ]


def test_without_headings_the_columns_count_in_their_order(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    preview = Page(paste(applicant, draft, "Kho A;12;00004\n"))
    preview.form().send(applicant, press=("go", "fill"))

    assert sites(session, draft) == [{"site": "Kho A", "area": "12", "where": "00004"}]


def test_every_wrong_cell_is_told_at_once_and_nothing_is_written(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    preview = Page(paste(applicant, draft, "site\tarea\twhere\nA\tmany\tNowhere\nB\t2\t\nC\t1,234567\t\n"))

    rows = [row.text for row in preview.root.one("table", class_="table fill-faults").all("tr")][1:]
    assert [row.split()[0] for row in rows] == ["2", "2", "4"]
    assert ("go", "fill") not in preview.form().buttons
    pressed = preview.form()
    pressed.values.add("go", "fill")
    assert pressed.send(applicant).status_code == 422
    assert sites(session, draft) == []


def test_the_sound_rows_alone_are_written_when_the_person_chooses_so(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    preview = Page(paste(applicant, draft, "site\tarea\nA\tmany\nB\t2\n"))
    preview.form().send(applicant, press=("go", "sound"))

    assert sites(session, draft) == [{"site": "B", "area": "2"}]


def test_columns_are_matched_by_hand_and_looked_at_again(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = Page(paste(applicant, draft, "12\tKho A\n")).form()

    again = Page(form.send(applicant, press=("go", "check"), **{"match-site": "1", "match-area": "0"}))
    again.form().send(applicant, press=("go", "fill"))

    assert sites(session, draft) == [{"site": "Kho A", "area": "12"}]


def test_a_column_that_fills_nothing_is_told_and_a_heading_may_be_longer(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    preview = Page(paste(applicant, draft, "site\tCâu area (m2)\tRemark\nA\t2\tkeep me\n"))

    assert "1 column of the sheet is not used: Remark." in preview.text
    preview.form().send(applicant, press=("go", "fill"))
    assert sites(session, draft) == [{"site": "A", "area": "2"}]


def test_new_rows_go_below_those_there_and_the_filling_can_be_undone(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, sites=[{"site": "First"}])
    session.commit()
    Page(paste(applicant, draft, "site\nSecond\n")).form().send(applicant, press=("go", "fill"))
    assert sites(session, draft) == [{"site": "First"}, {"site": "Second"}]

    section = open_page(applicant, f"/dossiers/{draft.key}/draft/place").form()
    section.send(applicant, press=("undo_fill", "sites"), is_open="no")

    assert sites(session, draft) == [{"site": "First"}]
    assert session.get_one(Application, draft.id).answers["is_open"] is False


def test_a_filling_is_not_undone_once_the_table_was_changed(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    Page(paste(applicant, draft, "site\nA\n")).form().send(applicant, press=("go", "fill"))
    section = open_page(applicant, f"/dossiers/{draft.key}/draft/place").form()

    section.send(applicant, press=("undo_fill", "sites"), **{"sites-0-site": "Changed"})

    assert sites(session, draft) == [{"site": "Changed"}]
    assert ("undo_fill", "sites") not in open_page(applicant, f"/dossiers/{draft.key}/draft/place").form().buttons


def test_what_stood_there_before_is_not_kept_once_the_dossier_is_sent(
    applicant: FlaskClient, session: Session, wide: World, app: Flask
) -> None:
    pack_answers = complete_dossier(pack_of_version(session, wide_draft(wide).version_id))
    draft = wide_draft(wide, **pack_answers)
    with_document(wide, app, draft)
    session.commit()
    Page(paste(applicant, draft, "site\nB\n")).form().send(applicant, press=("go", "fill"), mode="replace")
    session.expire_all()
    assert draft.edits["sites"]["before"] == pack_answers["sites"]

    fire(session, draft, "submit", actor=wide.applicant)

    assert "before" not in draft.edits["sites"]


def test_macros_are_refused(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    content = BytesIO(workbook(("site",), ("A",)))
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")

    answer = upload(applicant, draft, content.getvalue(), "sites.xlsm")

    assert answer.status_code == 422
    assert "macros" in Page(answer).text
    assert sites(session, draft) == []


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    preview = Page(paste(applicant, draft, "site\nMine\n")).form()
    colleague = make_person(session, organisation=wide.organisation, language="en")
    save_answers(session, draft, {"sites": [{"site": "Theirs"}]}, actor=actor_for(session, colleague))
    session.commit()

    answer = preview.send(applicant, press=("go", "fill"))

    assert answer.status_code == 409
    assert sites(session, draft) == [{"site": "Theirs"}]
    Page(answer).form().send(applicant, press=("go", "fill"), mode="add")
    assert sites(session, draft) == [{"site": "Theirs"}, {"site": "Mine"}]


@pytest.mark.parametrize("count", [4, 10_000])
def test_more_rows_than_the_table_takes_are_refused_with_the_limit(
    applicant: FlaskClient, session: Session, wide: World, count: int
) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = paste(applicant, draft, "site\n" + "A row\n" * count)

    assert answer.status_code == 422
    assert "at most 3 rows" in Page(answer).text
    assert sites(session, draft) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_csv_files_of_older_programs_are_read_too(
    applicant: FlaskClient, session: Session, wide: World, encoding: str
) -> None:
    draft = wide_draft(wide)
    session.commit()
    text = "site;area\r\nĐường Lê Lợi;1,5\r\n"
    content = text.replace("ợ", "ơ\u0323").replace("ờ", "ơ\u0300").encode(encoding)

    preview = Page(upload(applicant, draft, content, "Bảng.csv"))
    preview.form().send(applicant, press=("go", "fill"))

    assert sites(session, draft) == [{"site": "Đường Lê Lợi", "area": "1.5"}]


def test_a_workbook_is_read_with_numbers_as_numbers_and_formulas_as_text(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    content = workbook(("Câu site", "Câu area", "Câu where"), ("=1+1", 1.25, 4), (2026, 3, None))

    preview = Page(upload(applicant, draft, content, "sites.xlsx"))
    preview.form().send(applicant, press=("go", "fill"))

    assert sites(session, draft) == [
        {"site": "=1+1", "area": "1.25", "where": "00004"},
        {"site": "2026", "area": "3"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Paste the cells|empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old|protected|locked"),
        (b"PK\x03\x04broken", "not of a kind|damaged"),
        (b"%PDF-1.7 something", "PDF"),
    ],
)
def test_files_that_are_no_plain_sheets_are_refused_kindly(
    applicant: FlaskClient, session: Session, wide: World, content: bytes, said: str
) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = upload(applicant, draft, content, "sites.xlsx")

    assert answer.status_code == 422
    assert any(word in Page(answer).text for word in said.split("|"))


def test_a_carried_sheet_that_was_tampered_with_is_refused(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = Page(paste(applicant, draft, "site\nA\n")).form()

    answer = form.send(applicant, press=("go", "fill"), grid='[[{"a": 1}]]')

    assert answer.status_code == 422
    assert sites(session, draft) == []


def test_the_empty_sheet_has_the_headings_and_can_be_sent_back(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()

    sheet = applicant.get(f"/dossiers/{draft.key}/draft/place/sites/sheet.xlsx")

    book = load_workbook(BytesIO(sheet.data))
    assert [cell.value for cell in book.worksheets[0][1]] == ["Câu site", "Câu area", "Câu where"]
    answer = upload(applicant, draft, sheet.data, "sheet.xlsx")
    assert answer.status_code == 422
    assert "no rows" in Page(answer).text


def test_only_who_writes_the_dossier_fills_its_tables(client: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    sign_in(client, session, make_person(session, language="en"))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), data={"text": "site\nA\n"}).status_code in (400, 404)
