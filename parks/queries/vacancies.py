"""What is free to let in all parks, for anybody: no tenant and no price is read here."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from foundation.paging import Order, Page, page_of_columns
from parks.models import Park, Space
from parks.queries.spaces import Moment, spaces_as_they_stand

IN_ORDER = Order((Space.code,))
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Vacant:
    """What somebody looks for; empty is anything."""

    park: str = ""
    use: str = ""
    kind: str = ""
    min_m2: Decimal | None = None


def vacancies(moment: Moment, sought: Vacant, *, with_outlines: bool = False) -> Select[Any]:
    """Rows of spaces of which some is free from the day on without end, each with its park's code."""
    found = spaces_as_they_stand(moment, with_outlines=with_outlines)
    free, status = found.selected_columns["free_m2"], found.selected_columns["status"]
    found = found.join(Park, Park.id == Space.park_id).add_columns(Park.code.label("park"))
    found = found.where(Space.usable_m2.is_not(None), _plain(status) == "available")
    for column, wanted in ((Park.code, sought.park), (Space.use, sought.use), (Space.kind, sought.kind)):
        if wanted:
            found = found.where(column == wanted)
    return found if sought.min_m2 is None else found.where(_plain(free) >= sought.min_m2)


def _plain(labelled: Any) -> Any:
    return labelled.element


def vacancies_page(session: Session, moment: Moment, sought: Vacant, *, after: str | None, size: int) -> Page[Any]:
    """By code. Raises Invalid for a cursor of another list."""
    return page_of_columns(session, vacancies(moment, sought), IN_ORDER, after=after, size=size)


def all_vacancies(session: Session, moment: Moment, sought: Vacant, *, with_outlines: bool = False) -> Iterator[Any]:
    """By code, no more than :data:`MOST`."""
    found = vacancies(moment, sought, with_outlines=with_outlines).order_by(Space.code).limit(MOST)
    yield from session.execute(found)


def vacancies_by_park(session: Session, moment: Moment, sought: Vacant) -> dict[str, tuple[int, Decimal]]:
    """Per park how many spaces are free, and how much in square metres."""
    rows = vacancies(moment, sought).subquery()
    counted = select(rows.c.park, func.count(), func.sum(rows.c.free_m2)).group_by(rows.c.park)
    return {park: (number, area) for park, number, area in session.execute(counted)}
