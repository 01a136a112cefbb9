"""The precedents: a procedure in which nobody applies, and a sheet made by a command that is taken over as it is."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from applications.models import Application, Takeover
from applications.operations.drafts import create_draft
from applications.queries.procedures import known_procedures, open_procedures
from foundation.database import now
from foundation.errors import Blocked
from foundation.spreadsheets import grid_of_file
from foundation.workdays import local_date
from portal.demo.precedents import take_over_precedents
from sandbox.precedents import PROCEDURE, precedent_grid
from tests.foundation.speaking import able_to_word
from tests.sandbox.play import Play


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_command_writes_the_sheet(app: Flask, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"precedents.{ending}"
    written = app.test_cli_runner().invoke(args=["precedents", "write", "--to", str(target)])

    assert written.exit_code == 0, written.output
    grid = grid_of_file(io.BytesIO(target.read_bytes()), target.name)
    assert [[str(cell) for cell in row] for row in grid] == [[str(cell) for cell in row] for row in precedent_grid()]
    assert len(grid) == 18


def test_seventeen_precedents_come_in_as_what_they_are(app: Flask, play: Play) -> None:
    officer = play.actors["intake_officer"]
    with able_to_word(app).app_context():
        written = [take_over_precedents(play.session, officer) for _ in range(2)]

    assert written == [17, 0]
    query = select(Application, Takeover).join(Takeover, Takeover.case_id == Application.id)
    cases = {origin.applicant: (case, origin) for case, origin in play.session.execute(query)}
    case, origin = cases["SETL"]
    assert (case.state, case.code, case.organisation_id, case.decided_at) == ("recorded", None, None, None)
    assert case.answers["country"] == "United Kingdom"
    assert case.answers["year"] == 2016
    assert origin.source == "https://www.fca.org.uk/firms/project-innovate-innovation-hub/regulatory-sandbox"


def test_nobody_applies_for_a_precedent(play: Play) -> None:
    session, applicant = play.session, play.actors["applicant"]
    (organisation,) = applicant.editing_organisation_ids

    assert PROCEDURE in {found.code for found in known_procedures(session)}
    assert PROCEDURE not in {found.code for found in open_procedures(session, local_date(now()))}
    with pytest.raises(Blocked):
        create_draft(session, PROCEDURE, actor=applicant, organisation_id=organisation)
