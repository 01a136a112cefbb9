"""A list read page by page shows every row once, and a forged cursor is refused."""

import base64
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from foundation.errors import Invalid
from foundation.paging import Order, page_of
from tests.accounts.factories import make_organisation

BY_NAME = Order((Organisation.name_vi, Organisation.id))
NEWEST_FIRST = Order((Organisation.created_at, Organisation.id), is_descending=True)


def _walk(session: Session, order: Order, size: int) -> list[str]:
    names, cursor = [], None
    while True:
        page = page_of(session, select(Organisation), order, after=cursor, size=size)
        names += [organisation.name_vi for organisation in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return names


@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_every_row_appears_once_in_order(session: Session, size: int) -> None:
    for name in ["Cỏ", "An", "An", "Bình", "Đá"]:
        make_organisation(session, name=name)

    names = _walk(session, BY_NAME, size)

    assert sorted(names) == sorted(["An", "An", "Bình", "Cỏ", "Đá"])
    assert names[:3] == ["An", "An", "Bình"]


def test_instants_lead_backwards(session: Session) -> None:
    made = [make_organisation(session).name_vi for _ in range(4)]

    assert _walk(session, NEWEST_FIRST, 3) == made[::-1]


def _forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "?",
        "a",
        "ÿÿÿÿ",
        _forged({}),
        _forged(["An"]),
        _forged([1, 1]),
        _forged(["An", 2**63]),
        _forged(["\x00", 1]),
    ],
)
def test_a_forged_cursor_is_refused(session: Session, cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        page_of(session, select(Organisation), BY_NAME, after=cursor)

    assert list(refusal.value.fields) == ["cursor"]
