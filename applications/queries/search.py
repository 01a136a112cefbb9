"""Dossiers by their words: names, answers, messages and documents, as far as the reader may see each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY
from sqlalchemy.orm import Session

from applications.models import Case, CaseWords
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.lists import listing
from applications.visibility import READING_ROLES, own_cases, staff_cases
from applications.wordmarks import newest, of_organisations, within_grants
from foundation.actors import Actor
from foundation.paging import PAGE_SIZE, Order, Page, page_from, values_of
from foundation.prepared import Prepared, prepare
from foundation.searchtext import query_terms

NEWEST_FIRST = Order((Case.id,), is_descending=True)
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier that holds the words, as this reader sees its state."""

    row: Any
    pack: Pack
    state: State
    is_own: bool


def found(
    session: Session, words: str, *, actor: Actor, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[Found] | None:
    """A page of the dossiers that hold all the words, newest first; ``None`` when nothing was asked."""
    terms = query_terms(words[:LONGEST_QUERY].replace("\x00", ""))
    if terms is None:
        return None
    below = values_of(cursor, NEWEST_FIRST)[0] if cursor else _newest(session) + 1
    asked = {"terms": terms, "below": below, "most": size + 1}
    by_id = {row.id: row for row in (*_own(session, asked, actor), *_sent(session, asked, actor))}
    page = page_from([by_id[case_id] for case_id in sorted(by_id, reverse=True)], NEWEST_FIRST, size=size)
    return Page([_found(session, row, actor) for row in page.rows], page.next_cursor)


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(CaseWords.case_id))) or 0


def _own(session: Session, asked: Mapping[str, Any], actor: Actor) -> Sequence[Any]:
    """The applicant's side finds by what stands in its own dossiers."""
    if not actor.organisation_ids:
        return ()
    return _own_query(actor).rows(session, **asked, marks=of_organisations(actor.organisation_ids))


def _sent(session: Session, asked: Mapping[str, Any], actor: Actor) -> Sequence[Any]:
    """The house finds by what was sent; what reviewers read they read in the dossier: search finds nothing for them.

    Words that every dossier holds fill the page from the newest dossiers; only for rare words is all time searched,
    so that neither meets more dossiers than a page or two.
    """
    if not actor.holds(*READING_ROLES):
        return ()
    scope = within_grants(actor.scopes_of(READING_ROLES))
    rows: Sequence[Any] = ()
    for time in newest(asked["below"] - 1):
        marks = " & ".join(filter(None, (scope, time)))
        rows = _sent_query(actor).rows(session, **asked, marks=marks)
        if len(rows) == asked["most"]:
            break
    return rows


@lru_cache(maxsize=256)
def _own_query(actor: Actor) -> Prepared:
    return prepare(_holding(CaseWords.own).where(own_cases(actor)))


@lru_cache(maxsize=256)
def _sent_query(actor: Actor) -> Prepared:
    return prepare(_holding(CaseWords.sent).where(staff_cases(actor, READING_ROLES), Case.state_kind != "draft"))


def _holding(column: Any) -> Any:
    """Lines of the newest ``most`` dossiers ``below`` an id whose words hold the ``terms`` and the ``marks``.

    The dossiers are taken from the index of words before anything else is asked of them.
    """
    terms = func.to_tsquery(literal_column("'simple'", REGCONFIG), bindparam("terms", None, type_=Text))
    asked = terms.bool_op("&&")(cast(bindparam("marks", None, type_=Text), TSQUERY))
    held = select(CaseWords.case_id).where(column.bool_op("@@")(asked)).cte("held").prefix_with("MATERIALIZED")
    below, most = bindparam("below", None, type_=BigInteger), bindparam("most", None, type_=Integer)
    query = listing().add_columns(Case.organisation_id).join(held, held.c.case_id == Case.id)
    return query.where(Case.id < below).order_by(Case.id.desc()).limit(most)


def _found(session: Session, row: Any, actor: Actor) -> Found:
    pack = pack_of_version(session, row.version_id)
    return Found(row, pack, pack.state_by_key[row.state], is_own=row.organisation_id in actor.organisation_ids)
