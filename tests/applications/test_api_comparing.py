"""Two files side by side by program: what differs is told, what is hidden stays hidden."""

import io

from applications.operations.documents import add_document, receive_file
from tests.applications.programs import Program, codes
from tests.applications.small_pack import World
from tests.applications.visits import pdf, submitted


def test_two_dossiers_stand_side_by_side(officer: Program, world: World) -> None:
    first = submitted(world, name="Xe buýt", users=7, phone="0901234567")
    second = submitted(world, name="Xe buýt", users=9, phone="0907654321")

    found = officer.get(f"/compare?first={first.key}&second={second.key.lower()}").json

    answers = {answer["key"]: answer for section in found["sections"] for answer in section["answers"]}
    assert [case["key"] for case in found["dossiers"]] == [first.key, second.key]
    assert (answers["users"]["values"], answers["users"]["is_different"]) == ([7, 9], True)
    assert answers["name"]["is_different"] is False
    assert (answers["phone"]["values"], answers["phone"]["is_different"]) == ([None, None], None)
    assert "0901234567" not in str(found)


def test_a_dossier_that_one_may_not_see_is_like_none(applicant: Program, stranger: Program, world: World) -> None:
    first, second = submitted(world), submitted(world)

    assert applicant.get(f"/compare?first={first.key}&second={second.key}").status_code == 200
    assert codes(stranger.get(f"/compare?first={first.key}&second=TN-0000-0000")) == {
        "first": ["does_not_exist"],
        "second": ["does_not_exist"],
    }
    assert codes(applicant.get(f"/compare?first={first.key}&second={first.key}")) == {"second": ["not_a_choice"]}
    assert applicant.get(f"/compare?first={first.key}").status_code == 422


def test_versions_of_a_document_are_told_apart(applicant: Program, stranger: Program, world: World) -> None:
    draft = world.draft(level="high")
    with applicant.app.app_context():
        for pages in (1, 2):
            stream = io.BytesIO(pdf(pages))
            arrival = receive_file(stream, f"{pages}.pdf", "application/pdf", accept=["pdf"], max_mb=5)
            row = add_document(world.session, draft, "plan", arrival, actor=world.applicant)
    world.session.commit()
    address = f"/applications/{draft.key}/documents/{row.id}/comparison"

    found = applicant.get(address).json

    assert [version["filename"] for version in found["versions"]] == ["1.pdf", "2.pdf"]
    assert (found["passages"], found["is_cut"]) == (None, False)
    assert applicant.get(f"{address}?with_id={row.id}").status_code == 404
    assert stranger.get(address).status_code == 404
