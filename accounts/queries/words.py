"""Finding rows by words: of their folded search text, or of a short text that is folded on the way."""

from typing import Any

from sqlalchemy import ColumnElement, false, func, text
from sqlalchemy.orm import InstrumentedAttribute

from foundation.searchtext import query_terms


def found_by_words(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """The SQL condition that all typed words occur; what holds no word finds nothing."""
    return _holds(column, typed)


def found_by_words_unfolded(column: InstrumentedAttribute[Any], typed: str) -> ColumnElement[bool]:
    """The same for a column that is kept as it was written: for lists so short that no index is needed."""
    small = func.replace(func.lower(column), "đ", "d")
    plain = func.regexp_replace(func.normalize(small, text("NFKD")), "[\u0300-\u036f]", "", "g")
    return _holds(func.regexp_replace(plain, "[^[:alnum:]]+", " ", "g"), typed)


def _holds(folded: ColumnElement[Any] | InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    terms = query_terms(typed)
    if terms is None:
        return false()
    config = text("'simple'")
    return func.to_tsvector(config, folded).op("@@")(func.to_tsquery(config, terms))
