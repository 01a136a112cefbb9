"""The precedents of the demonstration: an officer takes them over from the register of an authority elsewhere."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.forms.takeovers import read_sheet
from applications.models import TakeoverSheet
from applications.operations.takeovers import send_sheet, take_over
from applications.queries.takeovers import importable
from applications.takeovercolumns import takeover_table
from foundation.actors import Actor
from sandbox.precedents import PROCEDURE, REGISTER, precedent_grid


def take_over_precedents(session: Session, officer: Actor) -> int:
    """Take the precedents over, unless they are there; how many were written."""
    if session.scalar(select(TakeoverSheet.id).where(TakeoverSheet.register == REGISTER)) is not None:
        return 0
    found, unit = importable(session, PROCEDURE, actor=officer)
    read = read_sheet(takeover_table(found.pack), precedent_grid(), "en")
    sheet = TakeoverSheet(
        procedure_id=found.id,
        version_id=found.version_id,
        unit_id=unit.id,
        register=REGISTER,
        filename="reference-tests.csv",
        letters=dict(read.letters),
    )
    send_sheet(session, sheet, read.rows, actor=officer)
    take_over(session, sheet, actor=officer)
    written: int = sheet.report["new"]
    return written
