"""A space locked and looked at in one statement: what it is, who runs it, and what is claimed of it now."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotAllowed, NotFound
from foundation.prepared import prepare
from foundation.revisions import REVISIONS_SQL, learn
from parks.allocation import Claim
from parks.rules import may_run

LOOK = prepare(
    text(
        f"""
        SELECT s.id, s.code, s.park_id, p.admission_from, s.usable_m2, s.is_divisible, s.condition, s.opened_on,
          s.closed_on, s.operator_id = p.operator_id AS is_main, p.code AS park, o.code AS operator,
          o.hold_working_days, o.reservation_days, s.claims,
          (SELECT before.claims FROM spaces before WHERE before.id = s.id) AS seen,
          {REVISIONS_SQL} AS revisions,
          (SELECT json_agg(json_build_array(lower(period), upper(period), area_m2::text, expires_at <= :at))
            FROM space_allocations a WHERE a.space_id = s.id AND a.released_at IS NULL) AS given,
          (SELECT json_agg(json_build_array(lower(t.period), upper(t.period), t.round_id, r.key))
            FROM round_spaces t JOIN allocation_rounds r ON r.id = t.round_id
            WHERE t.space_id = s.id AND t.settled_at IS NULL) AS promised
        FROM spaces s JOIN parks p ON p.id = s.park_id JOIN park_operators o ON o.id = s.operator_id
        WHERE s.code = :code FOR UPDATE OF s
        """  # noqa: S608 - our own words
    )
)
"""``seen`` is what the statement saw before it waited for the lock: where it differs, so may all that stands beside."""


MADE_OF_MANY = ("claims", "has_lapsed", "promised")


@dataclass(frozen=True, slots=True)
class Place:
    """A locked space, with how long its operator holds and reserves, and what is claimed and has not lapsed."""

    id: int
    code: str
    park_id: int
    admission_from: date | None
    usable_m2: Decimal | None
    is_divisible: bool
    condition: str
    opened_on: date
    closed_on: date | None
    hold_working_days: int
    reservation_days: int
    claims: list[Claim]
    has_lapsed: bool
    promised: list["Promise"]


@dataclass(frozen=True, slots=True)
class Promise:
    """That a round has the space for its term, until it has settled who gets it."""

    starts_on: date
    until: date
    round_id: int
    key: str


def lock_place(session: Session, code: str, *, actor: Actor) -> Place:
    """The space, locked until the transaction ends. Raises NotFound, or NotAllowed to all but its operator."""
    rows = _look(session, code, now())
    if not rows:
        raise NotFound
    row = rows[0]
    if not may_run(actor, row.park if row.is_main else f"{row.park}/{row.operator}"):
        raise NotAllowed
    learn(session, row.revisions)
    given = row.given or []
    return Place(
        claims=[_claim(one) for one in given if not one[3]],
        has_lapsed=any(one[3] for one in given),
        promised=[_promise(one) for one in row.promised or []],
        **{name: getattr(row, name) for name in Place.__slots__ if name not in MADE_OF_MANY},
    )


def _look(session: Session, code: str, at: datetime) -> list[Row[Any]]:
    """Once more where somebody wrote a claim while the lock was waited for."""
    rows = LOOK.rows(session, code=code, at=at)
    return LOOK.rows(session, code=code, at=at) if rows and rows[0].claims != rows[0].seen else rows


def _claim(given: tuple[str, str, str, bool | None]) -> Claim:
    first, until, area, _has_lapsed = given
    return Claim(date.fromisoformat(first), date.fromisoformat(until), Decimal(area))


def _promise(given: tuple[str, str, int, str]) -> Promise:
    return Promise(date.fromisoformat(given[0]), date.fromisoformat(given[1]), given[2], given[3])
