"""A day is Hanoi's: nothing asks the server's clock which day it is, in Python or in SQL."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("foundation", "accounts", "applications", "sandbox", "fund", "parks", "portal")
SERVERS_DAY = re.compile(r"\bcurrent_date\b|\bnow\(\)::date|\bnow\(\)\.date\(|\bdate\.today\(|[._]at\.date\(")


def lines_that_ask_the_server(*folders: Path) -> list[str]:
    return [
        f"{path.relative_to(HOUSE)}:{number}"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if SERVERS_DAY.search(line)
    ]


def test_no_day_is_the_servers() -> None:
    assert lines_that_ask_the_server(*(HOUSE / room for room in ROOMS)) == []
