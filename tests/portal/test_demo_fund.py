"""The fund of the demonstration: five years that hold together."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.database import now
from foundation.workdays import local_date
from fund.books import Moment, books_of
from fund.capital import CHARTER, PAID, RECEIVABLE, Book
from fund.models import Fund, LedgerEntry
from tests.databases import FreshDatabase


@pytest.fixture
def session(demo_database: FreshDatabase) -> Iterator[Session]:
    with demo_database.session() as session:
        yield session


@pytest.fixture
def fund(session: Session) -> Fund:
    return session.scalars(select(Fund).where(Fund.is_demonstration)).one()


def test_all_calls_but_the_last_are_paid_and_the_ceilings_hold(session: Session, fund: Fund) -> None:
    before = books_of(session, fund, Moment(as_of=local_date(now() - timedelta(days=10)))).book
    book = books_of(session, fund).book

    assert not book.is_in_breach
    assert _owed(before) == 0
    assert before.total(PAID, is_city=True) + before.total(PAID, is_city=False) == 350_000_000_000
    assert (_owed(book), book.total(RECEIVABLE, is_city=True)) == (17_129_770_992, 11_404_580_152)
    assert book.total(CHARTER, is_city=True) == 249_000_000_000


def _owed(book: Book) -> int:
    return book.total(RECEIVABLE, is_city=False) + book.total(RECEIVABLE, is_city=True)


def test_its_past_holds_a_breach_that_was_healed(session: Session, fund: Fund) -> None:
    day = local_date(now() - timedelta(days=900))

    assert books_of(session, fund, Moment(as_of=day)).book.is_in_breach
    assert (session.scalar(select(func.count(LedgerEntry.id))) or 0) > 50


def test_it_was_known_as_it_happened(session: Session, fund: Fund) -> None:
    day = local_date(now() - timedelta(days=1000))

    assert books_of(session, fund, Moment(as_of=day)).book == books_of(session, fund, Moment(known_on=day)).book
