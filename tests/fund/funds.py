"""Funds for tests: terms as enacted, one city and some private contributors."""

from datetime import date

from sqlalchemy.orm import Session

from applications.packs.catalogue import pack_files, publish
from applications.packs.reading import load_file
from foundation.actors import SYSTEM
from fund.capital import call
from fund.models import Fund, LedgerEntry
from fund.operations.funds import StatedTerms, add_contributor, create_fund, set_terms
from fund.operations.ledger import Voucher, add_entry, contributor_of, open_books, post_commitment, record_payment

BILLION = 10**9
FIRST_DAY = date(2026, 1, 5)
SOURCE = {"vi": "Điều lệ", "en": "Charter", "fr": "Statuts"}


LIVES = [load_file(path) for path in pack_files() if path.stem in ("venture-fund", "fund-commitment", "capital-call")]


def publish_lives(session: Session) -> None:
    """The workflows by which a fund, its commitments and its calls move."""
    for content in LIVES:
        publish(session, content, actor=SYSTEM)


def make_fund(session: Session, code: str = "Q1", *, private: int = 3, most: int | None = 6) -> Fund:
    """A fund with the contributors ``city`` and ``P1`` … that have undertaken nothing yet."""
    publish_lives(session)
    name = {"vi": "Quỹ thử", "en": "Test fund", "fr": "Fonds d’essai"}
    fund = create_fund(session, code, name, legal_form="contract", is_demonstration=False, actor=SYSTEM)
    terms = StatedTerms(date(2025, 10, 10), 600 * BILLION, (49, 100), most, 10, 50, SOURCE)
    set_terms(session, fund, terms, actor=SYSTEM)
    add_contributor(session, fund, "city", "Thành phố", is_city=True, actor=SYSTEM)
    for number in range(1, private + 1):
        add_contributor(session, fund, f"P{number}", f"Nhà đầu tư {number}", is_city=False, actor=SYSTEM)
    return fund


def commit(
    session: Session, code: str, contributor: str, amount: int, day: date = FIRST_DAY, *, reference: str = ""
) -> LedgerEntry:
    books, voucher = open_books(session, code, actor=SYSTEM), Voucher("commitment", day, reference)
    return post_commitment(session, books, contributor, amount, voucher=voucher, actor=SYSTEM)


def pay(
    session: Session, code: str, contributor: str, amount: int, day: date = FIRST_DAY, *, reference: str = ""
) -> LedgerEntry:
    books, voucher = open_books(session, code, actor=SYSTEM), Voucher("payment", day, reference)
    return record_payment(session, books, contributor, amount, voucher=voucher, actor=SYSTEM)


def call_from(session: Session, code: str, contributor: str, amount: int, day: date = FIRST_DAY) -> LedgerEntry:
    """Called from one alone, whatever the notice."""
    books = open_books(session, code, actor=SYSTEM)
    lines = call({contributor_of(books, contributor): amount})
    return add_entry(session, books, lines, voucher=Voucher("call", day), actor=SYSTEM)
