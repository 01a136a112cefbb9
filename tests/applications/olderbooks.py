"""Sheets of an older register, as an officer sends them."""

import io
from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Application, Takeover

HEADINGS = ["Number in the older register", "How it ended", "Tax code of the applicant", "Received on", "Decided on",
            "Source (URL)", "Name", "Users"]  # fmt: skip
SOUND = ["HS-01", "granted", "", "2024-03-01", "2024-05-02", "https://cu.example/1", "Xe buýt tự lái", 40]
SECOND = ["HS-02", "withdrawn", "", "", "", "", "=1+1", ""]
WRONG = ["HS-03", "lost", "0101243150", "2024-05-02", "2024-03-01", "ftp://x", "", "many"]


def book_of(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    book, stream = Workbook(), io.BytesIO()
    for row in (headings, *rows):
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(stream)
    stream.seek(0)
    return stream


def send(client: FlaskClient, *rows: Sequence[Any], name: str = "cu.xlsx", **more: Any) -> Any:
    file = more.pop("file", None) or book_of(*rows, **more)
    data = {"procedure": "small-test", "register": "Sổ cũ 2024", "file": (file, name)}
    return client.post("/takeovers", data=data, content_type="multipart/form-data")


def taken_over(session: Session) -> dict[str, Application]:
    session.expire_all()
    query = select(Takeover.number, Application).join(Application, Application.id == Takeover.case_id)
    taken = dict(session.execute(query).all())
    session.commit()
    return taken
