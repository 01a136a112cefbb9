"""Precedents: tests that authorities elsewhere have run, as a sheet of an older register that can be taken over."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from applications.takeovercolumns import APPLICANT, END, NUMBER, SOURCE
from foundation.exports import FORMATS, Column, Format, write
from foundation.spreadsheets import Grid

FILE = Path(__file__).parent / "data" / "reference-tests.csv"
PROCEDURE = "reference-test"
REGISTER = "FCA regulatory sandbox"
LIST = "https://www.fca.org.uk/firms/project-innovate-innovation-hub/regulatory-sandbox"
"""Where the public list of the first cohort stands."""
AUTHORITIES = {"UK FCA": ("Financial Conduct Authority (FCA)", "United Kingdom")}
HEADINGS = (
    NUMBER, END, APPLICANT, SOURCE, "subject", "sector", "proposition", "country", "authority", "cohort", "year",
)  # fmt: skip

precedents = AppGroup("precedents", help="Reference tests of authorities elsewhere.")


def precedent_rows() -> Iterator[Mapping[str, Any]]:
    """Each precedent by heading. The list gives no numbers: cohort and firm name an entry."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            authority, country = AUTHORITIES[row["regulator"]]
            yield {
                NUMBER: f"{row['cohort']} / {row['firm']}",
                END: "recorded",
                APPLICANT: row["firm"],
                SOURCE: LIST,
                "subject": row["firm"],
                "sector": row["sector"],
                "proposition": row["proposition"],
                "country": country,
                "authority": authority,
                "cohort": int(row["cohort"]),
                "year": int(row["year"]),
            }


def precedent_grid() -> Grid:
    """The precedents as the cells of a sheet, headings first."""
    return [list(HEADINGS), *([row[name] for name in HEADINGS] for row in precedent_rows())]


@precedents.command("write")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True)
def write_precedents(target: Path) -> None:
    """Write the sheet of the precedents, XLSX or CSV by the ending of the file."""
    ending = target.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise click.ClickException("Name a file that ends in .xlsx or .csv.")
    columns = [Column(name, lambda row, name=name: row[name]) for name in HEADINGS]  # type: ignore[misc]
    format_: Format = "csv" if ending == "csv" else "xlsx"
    with target.open("wb") as file:
        write(format_, columns, precedent_rows(), file)
    click.echo(str(target))
