"""Pages made from packs and routes say what these say."""

from pathlib import Path

import pytest
from flask import Flask

PAGES = [("procedures", "workflows.md"), ("access", "access.md")]


@pytest.mark.parametrize(("command", "name"), PAGES)
def test_the_page_is_up_to_date(app: Flask, command: str, name: str) -> None:
    checked = app.test_cli_runner().invoke(args=[command, "document", "--check"])

    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize(("command", "name"), PAGES)
def test_a_page_that_drifted_is_noticed(app: Flask, tmp_path: Path, command: str, name: str) -> None:
    page = tmp_path / name
    app.test_cli_runner().invoke(args=[command, "document", "--to", str(page)])
    page.write_text(page.read_text(encoding="utf-8") + "written by hand\n", encoding="utf-8")

    checked = app.test_cli_runner().invoke(args=[command, "document", "--to", str(page), "--check"])

    assert checked.exit_code == 1
    assert f"{name} has drifted" in checked.output
