"""Dossiers by their words: names, answers, messages and documents, as far as the reader may see each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY
from sqlalchemy.orm import Session

from applications.models import Case, CaseWords
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.codes import codes_meant
from applications.queries.lists import PROMISED, listing
from applications.visibility import READING_ROLES, own_cases, staff_cases
from applications.wordmarks import newest, of_organisations, stretches, within_grants
from foundation.actors import Actor
from foundation.paging import PAGE_SIZE, Order, Page, cursor_at, page_from, values_of
from foundation.prepared import Prepared, prepare
from foundation.searchtext import parted, query_terms

NEWEST_FIRST = Order((Case.id,), is_descending=True)
LONGEST_QUERY = 200
SOME_DIGIT = re.compile(r"\d")
"""No code is without one."""
FOLLOWED_BY = "<->"
PATIENCE = 0.5
"""Seconds for which one page of a phrase is searched."""
STATE = prepare(
    text(
        """
        SELECT coalesce((SELECT max(case_id) FROM case_words), 0) AS newest, words_beginning(:beginning)::text AS words
        """
    )
)


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
    """A page of the dossiers that hold all the words, newest first; ``None`` when nothing was asked.

    A phrase whose words stand in very many dossiers is searched for a while: a page may hold fewer rows, or none, and
    yet lead on to older dossiers.
    """
    terms = query_terms(_spelt(session, words[:LONGEST_QUERY].replace("\x00", "")))
    if terms is None:
        return None
    whole, beginning = parted(terms)
    state = STATE.rows(session, beginning=beginning)[0]
    if beginning:
        terms = " & ".join(filter(None, (whole, f"({state.words})")))
    below = values_of(cursor, NEWEST_FIRST)[0] if cursor else state.newest + 1
    asked = {"terms": terms, "below": below, "most": size + 1}
    sent, down_to = _sent(session, asked, actor)
    by_id = {row.id: row for row in (*sent, *_own(session, asked, actor)) if row.id >= down_to}
    page = page_from([by_id[case_id] for case_id in sorted(by_id, reverse=True)], NEWEST_FIRST, size=size)
    on = page.next_cursor or (cursor_at([down_to]) if down_to else None)
    return Page([_found(session, row, actor) for row in page.rows], on)


def _spelt(session: Session, words: str) -> str:
    """The words, or the code as its dossier keeps it where they may be one that was typed otherwise."""
    meant = codes_meant(session, words)[1:] if SOME_DIGIT.search(words) else ()
    if not meant:
        return words
    known = select(Case.code).where(Case.code.in_(meant)).union_all(select(Case.key).where(Case.key.in_(meant)))
    return session.scalar(known.limit(1)) or words


def _own(session: Session, asked: Mapping[str, Any], actor: Actor) -> Sequence[Any]:
    """The applicant's side finds by what stands in its own dossiers."""
    if not actor.organisation_ids:
        return ()
    return _newest_first(session, _own_query(actor), asked, of_organisations(actor.organisation_ids))


def _sent(session: Session, asked: Mapping[str, Any], actor: Actor) -> tuple[Sequence[Any], int]:
    """The house finds by what was sent; what reviewers read they read in the dossier: search finds nothing for them.

    Also down to which dossier was searched; 0 is all.
    """
    if not actor.holds(*READING_ROLES):
        return (), 0
    scope = within_grants(actor.scopes_of(READING_ROLES))
    if FOLLOWED_BY in asked["terms"]:
        return _phrases(session, asked, actor, scope)
    return _newest_first(session, _sent_query(actor), asked, scope), 0


def _newest_first(session: Session, query: Prepared, asked: Mapping[str, Any], scope: str | None) -> Sequence[Any]:
    """Words that every dossier holds fill the page from the newest dossiers; only for rare words is all time searched,
    so that neither meets more dossiers than a page or two.
    """
    rows: Sequence[Any] = ()
    for time in newest(asked["below"] - 1):
        marks = " & ".join(filter(None, (scope, time)))
        rows = query.rows(session, **asked, marks=marks)
        if len(rows) == asked["most"]:
            break
    return rows


def _phrases(session: Session, asked: Mapping[str, Any], actor: Actor, scope: str | None) -> tuple[Sequence[Any], int]:
    """The index knows words, not their order: each dossier that holds all of them is opened. So a stretch of time is
    searched after the other, until the page is full or ``PATIENCE`` is over.
    """
    rows: list[Any] = []
    end = monotonic() + PATIENCE
    for time, begins_at in stretches(asked["below"] - 1):
        marks = " & ".join(filter(None, (scope, time)))
        most = asked["most"] - len(rows)
        rows += _sent_query(actor).rows(session, **{**asked, "most": most}, marks=marks)
        if len(rows) == asked["most"]:
            break
        if monotonic() > end:
            return rows, begins_at
    return rows, 0


@lru_cache(maxsize=256)
def _own_query(actor: Actor) -> Prepared:
    held = or_(_hold(CaseWords.own), and_(CaseWords.own.is_(None), _hold(CaseWords.sent)))
    return prepare(_holding(held).add_columns(PROMISED).where(own_cases(actor)))


@lru_cache(maxsize=256)
def _sent_query(actor: Actor) -> Prepared:
    return prepare(_holding(_hold(CaseWords.sent)).where(staff_cases(actor, READING_ROLES), Case.state_kind != "draft"))


def _hold(column: Any) -> ColumnElement[bool]:
    """Whether these kept words hold the ``terms`` and the ``marks``."""
    terms = func.to_tsquery(literal_column("'simple'", REGCONFIG), bindparam("terms", None, type_=Text))
    asked = terms.bool_op("&&")(cast(bindparam("marks", None, type_=Text), TSQUERY))
    hold: ColumnElement[bool] = column.bool_op("@@")(asked)
    return hold


def _holding(hold: ColumnElement[bool]) -> Any:
    """Lines of the newest ``most`` dossiers ``below`` an id whose words hold what is asked.

    The dossiers are taken from the index of words before anything else is asked of them.
    """
    held = select(CaseWords.case_id).where(hold).cte("held").prefix_with("MATERIALIZED")
    below, most = bindparam("below", None, type_=BigInteger), bindparam("most", None, type_=Integer)
    query = listing().add_columns(Case.organisation_id).join(held, held.c.case_id == Case.id)
    return query.where(Case.id < below).order_by(Case.id.desc()).limit(most)


def _found(session: Session, row: Any, actor: Actor) -> Found:
    pack = pack_of_version(session, row.version_id)
    return Found(row, pack, pack.state_by_key[row.state], is_own=row.organisation_id in actor.organisation_ids)
