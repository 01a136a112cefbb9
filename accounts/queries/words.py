"""Finding rows by words of their folded search text."""

from sqlalchemy import ColumnElement, false, func, text
from sqlalchemy.orm import InstrumentedAttribute

from foundation.searchtext import query_terms


def found_by_words(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """The SQL condition that all typed words occur; what holds no word finds nothing."""
    terms = query_terms(typed)
    if terms is None:
        return false()
    config = text("'simple'")
    return func.to_tsvector(config, column).op("@@")(func.to_tsquery(config, terms))
