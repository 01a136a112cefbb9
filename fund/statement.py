"""The capital of a fund as it is told to programs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foundation.wording import in_language
from fund.answers import ceiling_facts
from fund.books import Books, Member
from fund.capital import BASES, CHARTER, LEAVING, PAID, RECEIVABLE, UNCALLED, Book, Contributor
from fund.models import FundTerms, LedgerEntry

ACCOUNT_OF = {
    "committed": CHARTER,
    "uncalled": UNCALLED,
    "receivable": RECEIVABLE,
    "paid_in": PAID,
    "leaving": LEAVING,
}


def capital_facts(books: Books, language: str, book: Book | None = None) -> dict[str, Any]:
    """The capital by these books, or by another book of the same fund."""
    if book is not None:
        books = replace(books, book=book)
    return {
        "fund": books.fund.code,
        "is_in_breach": books.book.is_in_breach,
        "terms": terms_facts(books.terms, books.book, language),
        "bases": [_base(books.book, base) for base in BASES],
        "private_investors": books.book.private_investors(),
        "contributors": [
            {"code": one.code, "name": one.name, "is_city": one.is_city}
            | _position(books.book, Contributor(one.code, one.is_city))
            for one in books.contributors
        ],
    }


def _base(book: Book, base: str) -> dict[str, Any]:
    finding = book.finding(base)
    facts = ceiling_facts(finding)
    return {
        "base": base,
        "city": str(finding.city),
        "private": str(finding.private),
        "headroom": str(finding.headroom),
        **{name: facts[name] for name in ("share", "allowed", "city_max", "cure")},
    }


def _position(book: Book, one: Contributor) -> dict[str, str]:
    return {name: str(book.of(one, account)) for name, account in ACCOUNT_OF.items()}


def position_of(books: Books, one: Member) -> dict[str, Any]:
    """Where a contributor stands, in whole đồng."""
    amounts = {name: int(text) for name, text in _position(books.book, Contributor(one.code, one.is_city)).items()}
    return {"code": one.code, "name": one.name, "is_city": one.is_city, "state": one.state, **amounts}


def terms_facts(terms: FundTerms, book: Book, language: str) -> dict[str, Any]:
    return {
        "valid_from": terms.valid_from,
        "city_amount": None if terms.city_amount_vnd is None else str(terms.city_amount_vnd),
        "share": book.limits.ceiling.share,
        "private_investors": terms.private_investors,
        "notice_working_days": terms.notice_working_days,
        "calls_by_two": terms.calls_by_two,
        "loss_percent": terms.loss_percent,
        "concentration_percent": terms.concentration_percent,
        "company_share_percent": terms.company_share_percent,
        "source": in_language(terms.source, language),
    }


def entry_facts(entry: LedgerEntry, codes: Mapping[int, str]) -> dict[str, Any]:
    """An entry with its lines; ``codes`` of the contributors by their id."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "effective_on": entry.effective_on,
        "recorded_at": entry.recorded_at,
        "due_on": entry.due_on,
        "reference": entry.reference,
        "is_restated": entry.is_restated,
        "reverses": entry.reverses_id,
        "lines": [
            {"contributor": codes[line.contributor_id], "account": line.account, "amount": str(line.amount_vnd)}
            for line in entry.lines
        ],
    }
