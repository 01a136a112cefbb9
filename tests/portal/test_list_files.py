"""Every list of the product can be had as a file, from the page that shows it."""

import re
from pathlib import Path

from flask import Flask

from foundation.listkinds import all_list_kinds

TEMPLATES = Path(__file__).parents[2] / "templates"
MACROS = TEMPLATES / "portal" / "forms.html"
OPEN_DATA = {"parks/vacancies.html"}
"""Pages that hand out their list in more kinds, by links of their own."""


def test_a_list_in_pages_can_be_had_whole() -> None:
    """What is shown a page at a time is nowhere whole but in a file."""
    paged = {file: file.read_text() for file in TEMPLATES.rglob("*.html") if file != MACROS}
    without = {
        str(file.relative_to(TEMPLATES))
        for file, text in paged.items()
        if "next_page(" in text and "list_files(" not in text
    }

    assert without == OPEN_DATA


def test_every_list_is_offered_by_a_page() -> None:
    texts = [file.read_text() for file in TEMPLATES.rglob("*.html")]
    offered = {name for text in texts for name in re.findall(r'list_files\("([\w.]+)"', text)}

    assert offered == {kind.name for kind in all_list_kinds()}


def test_every_list_comes_as_both_kinds_under_its_own_rule(app: Flask) -> None:
    for kind in all_list_kinds():
        (rule,) = app.url_map.iter_rules(kind.name)
        assert rule.rule.endswith(".<any(csv, xlsx):extension>"), kind.name
        assert set(app.view_functions[kind.name].__access__.name.split(" or ")) == set(kind.rule.name.split(" or "))
