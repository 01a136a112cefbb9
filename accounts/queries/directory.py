"""Organisations as far as each actor may find them: one's own, and all for those who work on dossiers."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Organisation
from accounts.queries.words import found_by_words
from accounts.roles import (
    ADMINISTRATOR,
    AUDITOR,
    CASE_OFFICER,
    DECISION_DRAFTER,
    INTAKE_OFFICER,
    ISSUER,
)
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of

FINDING_ROLES = (INTAKE_OFFICER, CASE_OFFICER, DECISION_DRAFTER, ISSUER, AUDITOR, ADMINISTRATOR)
"""Reviewers are not among them: they learn of an applicant when they are asked for a review."""

BY_CODE = Order((Organisation.id,))


def findable_organisations(
    session: Session, actor: Actor, *, words: str, after: str | None, size: int
) -> Page[Organisation]:
    """The organisations that the actor may find, in the order of their codes, by words of names or tax code."""
    query = select(Organisation)
    if not actor.holds(*FINDING_ROLES):
        query = query.where(Organisation.id.in_(sorted(actor.organisation_ids)))
    if words.strip():
        query = query.where(found_by_words(Organisation.search_text, words))
    return page_of(session, query, BY_CODE, after=after, size=size)


def findable_organisation(session: Session, actor: Actor, code: str) -> Organisation:
    """One of them with its ward. Raises NotFound."""
    query = select(Organisation).where(Organisation.code == code).options(joinedload(Organisation.ward))
    organisation = session.scalar(query)
    if organisation is None:
        raise NotFound
    if organisation.id not in actor.organisation_ids and not actor.holds(*FINDING_ROLES):
        raise NotFound
    return organisation
