"""``flask audit``: says whether the trail is whole, by its words and its exit code."""

from sqlalchemy import text

from foundation.actors import SYSTEM
from foundation.audit import append
from tests.databases import FreshDatabase


def test_the_command_verifies_the_trail(fresh_database: FreshDatabase) -> None:
    runner = fresh_database.app.test_cli_runner()
    with fresh_database.session() as session:
        append(session, "case:1", actor=SYSTEM, action="foundation:field:reveal")
        session.commit()
    anchored = runner.invoke(args=["audit", "anchor"])
    whole = runner.invoke(args=["audit", "verify"])

    with fresh_database.session() as session:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        session.execute(text("UPDATE audit_entries SET role = 'x' WHERE stream = 'case:1'"))
        session.commit()
    broken = runner.invoke(args=["audit", "verify"])

    assert anchored.exit_code == 0
    assert (whole.exit_code, whole.stdout) == (0, "The audit trail is whole.\n")
    assert (broken.exit_code, broken.stderr) == (1, "case:1: entry 1 was changed after it was written\n")
