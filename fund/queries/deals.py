"""The pipeline of a fund as its readers see it: as a board with its stages, and as a list by pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from accounts.queries.words import found_by_words, found_by_words_unfolded
from applications.models import Case
from applications.packs.model import Pack
from applications.queries.procedures import open_procedures, unit_in_charge
from applications.visibility import READING_ROLES, visible_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of_columns
from foundation.workdays import local_date
from fund.models import Deal, Fund
from fund.rules import may_read

DOMAIN = "fund"
CARDS = 6
"""So many cards stand in one column of the board; the rest is a page away."""

LATEST = Order((Deal.id,), is_descending=True)
FILTERS = ("stage", "field", "origin", "holder", "q")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The deals of a fund that somebody may see, and the procedure that they follow."""

    fund: Fund
    pack: Pack
    visible: ColumnElement[bool]
    reader: Actor


def pipeline_of(session: Session, code: str, *, actor: Actor) -> Pipeline:
    """Raises NotFound: there is no such fund, or its deals are not for this actor."""
    fund = session.scalar(select(Fund).where(Fund.code == code))
    found = None if fund is None else _pipeline(session, fund, actor)
    if found is None:
        raise NotFound
    return found


def fund_of_dossier(session: Session, case: Case) -> str:
    """The code of the fund of whose pipeline a dossier is. Raises NotFound: it is no deal."""
    code = session.scalar(select(Fund.code).join(Deal, Deal.fund_id == Fund.id).where(Deal.case_id == case.id))
    if code is None:
        raise NotFound
    return code


def visible_pipelines(session: Session, *, actor: Actor) -> list[Pipeline]:
    """Those of all funds whose deals this actor may see, by code."""
    funds = session.scalars(select(Fund).order_by(Fund.code)).all()
    return [found for fund in funds if (found := _pipeline(session, fund, actor)) is not None]


def _pipeline(session: Session, fund: Fund, actor: Actor) -> Pipeline | None:
    pack = deal_pack(session, fund)
    if pack is None:
        return None
    if may_read(actor, fund):
        return Pipeline(fund, pack, true(), actor)
    unit = unit_in_charge(session, pack)
    if not actor.has_role(*READING_ROLES, procedure=pack.code, unit_id=unit.id):
        return None
    return Pipeline(fund, pack, visible_cases(actor), actor)


def deal_pack(session: Session, fund: Fund) -> Pack | None:
    """The procedure in force by which one applies to this fund: the one that names it, else one that names none."""
    packs = [known.pack for known in open_procedures(session, local_date(now())) if known.pack.domain == DOMAIN]
    named = [pack for pack in packs if pack.parameters.get("fund") == fund.code]
    return next(iter([*named, *(pack for pack in packs if not pack.parameters.get("fund"))]), None)


def _rows(pipeline: Pipeline) -> Select[Any]:
    """One line for each deal: what a card and a row of the list show."""
    lines = (
        select(
            Deal.id,
            Case.key,
            Case.code,
            Case.title,
            Case.state,
            Case.state_since,
            Case.due_at,
            Deal.field,
            Deal.origin,
            func.coalesce(Deal.amount_vnd, Deal.asked_vnd).label("sought_vnd"),
            Organisation.name_vi.label("company"),
            Person.full_name.label("holder"),
        )
        .join(Case, Case.id == Deal.case_id)
        .join(Organisation, Organisation.id == Deal.organisation_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .where(Deal.fund_id == pipeline.fund.id, pipeline.visible)
    )
    return cast("Select[Any]", lines)


def _narrowed(query: Select[Any], pipeline: Pipeline, asked: Mapping[str, str]) -> Select[Any]:
    if stage := asked.get("stage"):
        query = query.where(Case.state == stage)
    if field := asked.get("field"):
        query = query.where(Deal.field == field)
    if origin := asked.get("origin"):
        query = query.where(Deal.origin == origin)
    if asked.get("holder") == "me":
        query = query.where(Case.holder_id == pipeline.reader.person_id)
    if words := asked.get("q", "").strip():
        named = found_by_words(Organisation.search_text, words)
        query = query.where(or_(found_by_words_unfolded(Case.title, words), named, Case.code == words.upper()))
    return query


def deals_page(
    session: Session, pipeline: Pipeline, asked: Mapping[str, str], *, after: str | None, size: int
) -> Page[Any]:
    """The deals that these filters leave, the latest first. Raises Invalid for a cursor of another list."""
    return page_of_columns(session, _narrowed(_rows(pipeline), pipeline, asked), LATEST, after=after, size=size)


@dataclass(frozen=True, slots=True)
class Column:
    """A stage on the board: its cards, and how many deals stand there with how much money."""

    stage: str
    number: int
    sought_vnd: int
    cards: list[Any]


def board_of(session: Session, pipeline: Pipeline, asked: Mapping[str, str]) -> list[Column]:
    """The stages in the order of the procedure, drafts left out; in each the deals that wait longest."""
    lines = _narrowed(_rows(pipeline), pipeline, asked).subquery()
    ranked = select(
        lines,
        func.row_number().over(partition_by=lines.c.state, order_by=(lines.c.state_since, lines.c.id)).label("place"),
        func.count().over(partition_by=lines.c.state).label("number"),
        func.sum(lines.c.sought_vnd).over(partition_by=lines.c.state).label("whole_vnd"),
    ).subquery()
    rows = session.execute(select(ranked).where(ranked.c.place <= CARDS).order_by(ranked.c.place)).all()
    stages = [state.key for state in pipeline.pack.states if state.kind != "draft"]
    return [_column(stage, [row for row in rows if row.state == stage]) for stage in stages]


def _column(stage: str, cards: list[Any]) -> Column:
    return Column(stage, cards[0].number if cards else 0, int(cards[0].whole_vnd) if cards else 0, cards)
