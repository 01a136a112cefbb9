"""Steps on dossiers that were just sent: each by a request of its own, and fifty by one press in the queue."""

import re
import urllib.request
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from bench.autosave import TOKEN
from bench.load import Journey

ONE, MANY = "step made", "steps made, fifty at once (dossiers/s)"
STEP = "accept"
AT_ONCE = 50


def waiting(connection: psycopg.Connection, keys: Sequence[str]) -> list[tuple[str, int]]:
    """Key and revision of those that wait for an officer."""
    query = "SELECT key, revision FROM cases WHERE key = ANY(%s) AND state = 'checking'"
    return connection.execute(query, [list(keys)]).fetchall()


def one_by_one(connection: psycopg.Connection, keys: Sequence[str], bearer: str) -> Journey:
    """Each dossier once, by program."""
    targets = [f"POST\t/api/v1/applications/{key}/steps/{STEP}\t{{}}" for key, _ in waiting(connection, keys)]
    return Journey(ONE, targets, bearer=bearer, is_once=True)


def fifty_at_once(connection: psycopg.Connection, keys: Sequence[str], cookie: str, url: str) -> Journey:
    """Each dossier once, fifty by one form; dossiers are counted, not forms."""
    found = waiting(connection, keys)
    token = _token(f"{url}/queue/batches/new?case={found[0][0]}", cookie)
    whole = range(0, len(found) - AT_ONCE + 1, AT_ONCE)
    targets = [f"POST\t/queue/batches\t{_form(token, found[first : first + AT_ONCE])}" for first in whole]
    return Journey(MANY, targets, cookie=cookie, is_once=True, things=AT_ONCE)


def made(connection: psycopg.Connection, keys: Sequence[str]) -> tuple[int, float]:
    """How many of them were moved on, and the seconds from the first to the last: forms pressed again move nothing."""
    query = """
        SELECT count(*), extract(epoch FROM max(at) - min(at)) FROM case_events JOIN cases ON cases.id = case_id
         WHERE key = ANY(%s) AND step = %s
    """
    number, seconds = connection.execute(query, [list(keys), STEP]).fetchone() or (0, 0)
    return number, max(float(seconds or 0), 0.001)


def _token(address: str, cookie: str) -> str:
    page = urllib.request.Request(address, headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(page) as answer:  # noqa: S310 - our own address
        token = re.search(TOKEN, answer.read().decode())
    if token is None:
        raise RuntimeError("the page of the batch carries no token")
    return token[1]


def _form(token: str, chosen: Sequence[tuple[str, int]]) -> str:
    """What the preview sends when the step is confirmed."""
    cases = [("case", key) for key, _ in chosen]
    looked_at = [(f"{key}-revision", str(revision)) for key, revision in chosen]
    return urlencode([("csrf_token", token), ("batch", str(uuid4())), ("step", STEP), *cases, *looked_at])
