"""What is known of migrations without the tools that migrate is what these tools say."""

import subprocess
import sys

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from portal.revision import MIGRATIONS, is_at_head, newest_revision
from portal.settings import ROOT

SERVE = """
import os, sys
os.environ["SERVING"] = "1"
import wsgi
heavy = "alembic openpyxl numpy pandas shapely highspy portal.demo portal.seeding cryptography holidays".split()
heavy += "rustpy_xlsxwriter xlsxwriter pikepdf pypdfium2 lxml icalendar".split()
print([name for name in heavy if name in sys.modules])
"""


def test_the_newest_migration_is_the_one_alembic_names() -> None:
    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_a_database_is_at_head_until_it_is_another(connection: Connection) -> None:
    assert is_at_head(connection)
    connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not is_at_head(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    assert not is_at_head(connection)


def test_a_process_that_serves_does_without_what_takes_much_memory() -> None:
    answer = subprocess.run([sys.executable, "-c", SERVE], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
