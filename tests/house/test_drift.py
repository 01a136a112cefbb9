"""Pages made from the packs say what the packs say."""

from pathlib import Path

from flask import Flask


def test_the_page_on_workflows_is_up_to_date(app: Flask) -> None:
    checked = app.test_cli_runner().invoke(args=["procedures", "document", "--check"])

    assert checked.exit_code == 0, checked.output


def test_a_page_that_drifted_is_noticed(app: Flask, tmp_path: Path) -> None:
    page = tmp_path / "workflows.md"
    app.test_cli_runner().invoke(args=["procedures", "document", "--to", str(page)])
    page.write_text(page.read_text(encoding="utf-8") + "written by hand\n", encoding="utf-8")

    checked = app.test_cli_runner().invoke(args=["procedures", "document", "--to", str(page), "--check"])

    assert checked.exit_code == 1
