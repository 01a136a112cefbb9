"""Dossiers by their words: names, answers, messages and documents, as far as the reader may see each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from applications.models import Case, CaseWords
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.lists import listing
from applications.visibility import READING_ROLES, own_cases, staff_cases
from foundation.actors import Actor
from foundation.paging import PAGE_SIZE, Order, Page, page_of_columns
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
    asked = func.to_tsquery("simple", terms)
    query = (
        listing()
        .add_columns(Case.organisation_id)
        .join(CaseWords, CaseWords.case_id == Case.id)
        .where(_seen(actor, asked))
    )
    page = page_of_columns(session, query, NEWEST_FIRST, after=cursor, size=size)
    return Page([_found(session, row, actor) for row in page.rows], page.next_cursor)


def _seen(actor: Actor, asked: Any) -> ColumnElement[bool]:
    """The house finds by what was sent, the applicant's side by what stands in its own dossiers. What reviewers
    read they read in the dossier: search finds nothing for them."""
    conditions = []
    if actor.organisation_ids:
        conditions.append(and_(CaseWords.own.bool_op("@@")(asked), own_cases(actor)))
    if actor.holds(*READING_ROLES):
        sent = and_(CaseWords.sent.bool_op("@@")(asked), staff_cases(actor, READING_ROLES), Case.state_kind != "draft")
        conditions.append(sent)
    return or_(False, *conditions)


def _found(session: Session, row: Any, actor: Actor) -> Found:
    pack = pack_of_version(session, row.version_id)
    return Found(row, pack, pack.state_by_key[row.state], is_own=row.organisation_id in actor.organisation_ids)
