"""Who stands behind a session, a token or a person's key: one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from accounts.digests import digest_of
from accounts.models import MembershipRole
from foundation.actors import PUBLIC, Actor, Grant
from foundation.notices import MOST_UNREAD
from foundation.prepared import prepare
from foundation.revisions import REVISIONS_SQL

_PERSON = """
  p.id AS person_id, p.full_name, p.email, p.language,
  (SELECT coalesce(json_agg(json_build_array(m.organisation_id, m.role)), '[]')
     FROM memberships m
    WHERE m.person_id = p.id AND (m.until_at IS NULL OR m.until_at > statement_timestamp())
  ) AS memberships,
  (SELECT coalesce(json_agg(json_build_object(
            'role', g.role, 'procedure', g.scope_procedure, 'park', g.scope_park, 'fund', g.scope_fund,
            'units', CASE WHEN g.scope_unit_id IS NOT NULL THEN (
               SELECT json_agg(below.id) FROM units top JOIN units below ON starts_with(below.path, top.path)
                WHERE top.id = g.scope_unit_id) END)), '[]')
     FROM role_grants g
    WHERE g.person_id = p.id AND g.revoked_at IS NULL
      AND (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
          BETWEEN g.starts_on AND coalesce(g.ends_on, 'infinity')
  ) AS grants
"""
_BY_SESSION = prepare(
    text(
        f"""SELECT s.id AS session_id, NULL AS token_id, NULL AS scopes, {_PERSON}, {REVISIONS_SQL} AS revisions,
               (SELECT count(*) FROM (SELECT FROM notices n WHERE n.person_id = p.id AND n.read_at IS NULL
                                       LIMIT {MOST_UNREAD}) unread) AS unread_notices
          FROM sign_in_sessions s JOIN people p ON p.id = s.person_id
         WHERE s.digest = :digest AND s.revoked_at IS NULL AND s.expires_at > statement_timestamp()
           AND p.disabled_at IS NULL
    """  # noqa: S608 - joined from constants
    )
)
_BY_TOKEN = prepare(
    text(
        f"""SELECT NULL AS session_id, t.id AS token_id, t.scopes, {_PERSON}
          FROM access_tokens t JOIN people p ON p.id = t.person_id
         WHERE t.digest = :digest AND t.revoked_at IS NULL AND t.expires_at > statement_timestamp()
           AND p.disabled_at IS NULL
    """  # noqa: S608 - joined from constants
    )
)
_BY_PERSON = prepare(
    text(
        f"""SELECT NULL AS session_id, NULL AS token_id, NULL AS scopes, {_PERSON}
          FROM people p WHERE p.id = :person_id AND p.disabled_at IS NULL"""  # noqa: S608 - joined from constants
    )
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who opens a page, with what every page needs to know: unread notices, and revisions of reference data."""

    actor: Actor = PUBLIC
    unread_notices: int = 0
    revisions: Mapping[str, str] = field(default_factory=dict)


def arrival_of_session(session: Session, cookie_token: str) -> Arrival:
    """The person signed in with this cookie; the public when the session ended or the person is disabled."""
    row = _one(_BY_SESSION.rows(session, digest=digest_of(cookie_token)))
    return Arrival() if row is None else Arrival(_actor(row), row.unread_notices, row.revisions or {})


def actor_of_session(session: Session, cookie_token: str) -> Actor:
    """The person signed in with this cookie, or the public."""
    return arrival_of_session(session, cookie_token).actor


def actor_of_token(session: Session, bearer: str) -> Actor:
    """The person for whom this access token acts; the public when it is unknown, expired or revoked."""
    row = _one(_BY_TOKEN.rows(session, digest=digest_of(bearer)))
    return PUBLIC if row is None else _actor(row)


def actor_of_person(session: Session, person_id: int) -> Actor:
    """A person as they act now, for commands, jobs and tests; the public when disabled or unknown."""
    row = _one(_BY_PERSON.rows(session, person_id=person_id))
    return PUBLIC if row is None else _actor(row)


def _one(rows: Sequence[Any]) -> Any:
    return rows[0] if rows else None


def _actor(row: Any) -> Actor:
    return Actor(
        kind="person",
        person_id=row.person_id,
        name=row.full_name,
        email=row.email,
        locale=row.language,
        grants=frozenset(_grant(facts) for facts in row.grants),
        organisation_ids=frozenset(organisation for organisation, _ in row.memberships),
        editing_organisation_ids=frozenset(
            organisation for organisation, role in row.memberships if role != MembershipRole.VIEWER
        ),
        token_scopes=None if row.scopes is None else frozenset(row.scopes),
        session_id=row.session_id,
        token_id=row.token_id,
    )


def _grant(facts: Mapping[str, Any]) -> Grant:
    units = facts["units"]
    return Grant(
        role=facts["role"],
        procedure=facts["procedure"],
        units=None if units is None else frozenset(units),
        park=facts["park"],
        fund=facts["fund"],
    )
