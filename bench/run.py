"""``make bench``: measures the running product and writes docs/performance.md."""

import argparse
import secrets
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

import psycopg

from accounts.digests import digest_of
from bench import autosave, contest, fund, paint, space, tenancies
from bench.crowd import copy_draft
from bench.house import RunningHouse, running_house
from bench.load import Journey, Outcome, ensure_wrk, run
from bench.machine import machine
from bench.page import write_part
from bench.uploads import SlowUpload, under_way
from bench.world import await_rest, seed_world
from foundation.database import now
from foundation.workdays import local_date

SESSION_COOKIE = "khuevan_session"
DRAFTS = 6000
LEAST_PER_SECOND = {"submit": 100, autosave.NAME: 300, fund.PAYMENT: 200, space.HOLD: 200}
SLOWEST_PAGE = 60
SLOWEST_LETTER = 50
OFFICER = "chuyenvien@demo.example"
MANAGER = "quanlyquy@demo.example"
PARK_MANAGER = "quanlykhu@demo.example"
LETTER = "letter"
SLOWEST_SEARCH = 100
SEARCH = "search"
WORDS = ("thu nghiem", "doi moi", "may bay", "tram sac", "an toan", "du lieu", "robot", "giao hang")


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured with so many dossiers."""

    total: int
    outcomes: list[Outcome]
    memory: dict[str, int]


def main() -> None:
    arguments = _arguments()
    ensure_wrk()
    runs = [_run(dossiers, arguments) for dossiers in arguments.dossiers]
    if set(arguments.parts) == set(PARTS):
        write_part("bench", _page(runs))
    print(_page(runs))


def _run(dossiers: int, arguments: argparse.Namespace) -> Run:
    with running_house(DEMO="1", API_REQUESTS_PER_MINUTE="1000000") as house:
        seed_world(house, dossiers)
        with psycopg.connect(house.database_url) as connection:
            parts = [PARTS[part](connection, house.url) for part in arguments.parts if part != DOSSIERS]
            ready = _made_ready(connection, house, arguments) if DOSSIERS in arguments.parts else None
        outcomes = _of_dossiers(house, ready, arguments) if ready else []
        for journeys in parts:
            await_rest(house)
            outcomes += [_measured(house, journey, arguments) for journey in journeys]
        if PARK in arguments.parts:
            outcomes += paint.measure(house.url)
            with psycopg.connect(house.database_url) as connection:
                outcomes.append(tenancies.measure(connection, house.database_url, local_date(now())))
                manager = session_cookie(connection, PARK_MANAGER, house.url)
            outcomes += [_measured(house, journey, arguments) for journey in tenancies.reports(manager)]
            outcomes.append(contest.measure())
        return Run(dossiers, outcomes, house.resident_megabytes())


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is asked of dossiers."""

    journeys: list[Journey]
    keys: list[str]
    submit: Journey
    author: str
    uploads: list[SlowUpload]


def _made_ready(connection: psycopg.Connection, house: RunningHouse, arguments: argparse.Namespace) -> _Ready:
    journeys = _journeys(connection, house.url)
    keys = copy_draft(connection, complete_draft(connection)[0], DRAFTS)
    submit = submission(connection, keys)
    author = session_cookie(connection, _email(connection, complete_draft(connection)[2]), house.url)
    return _Ready(journeys, keys, submit, author, _uploads(connection, house, arguments.seconds + 4))


def _of_dossiers(house: RunningHouse, ready: _Ready, arguments: argparse.Namespace) -> list[Outcome]:
    outcomes = [_measured(house, journey, arguments) for journey in ready.journeys]
    outcomes.append(_measured_beside(ready.uploads, house, ready.journeys[0], arguments))
    outcomes.append(_measured(house, autosave.typing(house.url, ready.author, ready.keys), arguments))
    outcomes.append(_measured(house, ready.submit, arguments))
    return outcomes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all are written down")
    parser.add_argument("--dossiers", type=int, nargs="+", default=[100_000], help="one run for each number")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=10)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return arguments


def _measured(house: RunningHouse, journey: Journey, arguments: argparse.Namespace) -> Outcome:
    connections = journey.connections or arguments.connections
    if not (journey.is_once or journey.name.startswith("submit")):
        run(journey, house.url, connections=connections, seconds=2)
    outcome = run(journey, house.url, connections=connections, seconds=arguments.seconds)
    rate, web = f"{outcome.per_second:.0f}/s, p95 {outcome.p95:.0f} ms", house.resident_megabytes()["web"]
    print(f"{outcome.journey}: {rate}, {outcome.errors} errors; web process {web} MB")
    if outcome.errors:
        sys.exit(f"{outcome.journey}: {outcome.errors} answers were errors; nothing was measured")
    return outcome


def session_cookie(connection: psycopg.Connection, email: str, url: str) -> str:
    """What a browser sends after its first page: the person's session, and the one that carries CSRF."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO sign_in_sessions (digest, person_id, created_at, last_seen_at, expires_at)"
        " SELECT %s, id, now(), now(), now() + interval '1 day' FROM people WHERE email = %s",
        [digest_of(secret), email],
    )
    connection.commit()
    cookie = f"{SESSION_COOKIE}={secret}"
    first_page = urllib.request.Request(f"{url}/account", headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(first_page) as answer:  # noqa: S310 - our own address
        given = [header.partition(";")[0] for header in answer.headers.get_all("Set-Cookie", [])]
    return "; ".join([cookie, *given])


def api_token(connection: psycopg.Connection, person_id: int) -> str:
    secret = secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO access_tokens (person_id, name, prefix, digest, scopes, created_at, expires_at)"
        " VALUES (%s, 'bench', 'bench', %s, ARRAY['read', 'write'], now(), now() + interval '1 day')",
        [person_id, digest_of(secret)],
    )
    connection.commit()
    return secret


def _journeys(connection: psycopg.Connection, url: str) -> list[Journey]:
    officer = session_cookie(connection, OFFICER, url)
    applicant = session_cookie(connection, "startup@demo.example", url)
    keys = connection.execute(
        "SELECT key FROM cases JOIN procedures ON procedures.id = procedure_id"
        " WHERE state_kind <> 'draft' AND procedures.code = 'controlled-test' AND cases.unit_id IN"
        " (SELECT scope_unit_id FROM role_grants JOIN people ON people.id = person_id WHERE email = %s)"
        " ORDER BY md5(key) LIMIT 500",
        [OFFICER],
    ).fetchall()
    return [
        Journey("officer's queue", ["GET\t/queue"], officer),
        Journey("officer's queue, filtered", ["GET\t/queue?procedure=controlled-test&holder=me"], officer),
        Journey("dossier page", [f"GET\t/dossiers/{key}" for (key,) in keys], officer),
        Journey("applicant's desk", ["GET\t/desk"], applicant),
        Journey(SEARCH, [f"GET\t/search?q={quote(words)}" for words in WORDS], officer),
        *_letters(connection, officer, [key for (key,) in keys]),
    ]


def _letters(connection: psycopg.Connection, officer: str, keys: list[str]) -> list[Journey]:
    """One reader at a time: a form that is rendered anew for each, and letters that were fetched before."""
    letters = connection.execute(
        "SELECT key, letters.id FROM letters JOIN cases ON cases.id = case_id WHERE key = ANY(%s) LIMIT 20", [keys]
    ).fetchall()
    fetched = [f"GET\t/dossiers/{key}/letters/{letter_id}.pdf" for key, letter_id in letters]
    return [
        Journey(f"{LETTER}, rendered anew", [f"GET\t/dossiers/{key}/slip.pdf" for key in keys], officer, connections=1),
        Journey(f"{LETTER}, as kept", fetched, officer, connections=1),
    ]


def complete_draft(connection: psycopg.Connection) -> tuple[int, str, int]:
    """Id, key and author of a draft that could be sent."""
    row = connection.execute(
        "SELECT cases.id, key, created_by_id FROM cases JOIN applications USING (id)"
        " WHERE state = 'draft' AND key LIKE 'TN-%%' AND answers ? 'participants_exit'"
        " AND EXISTS (SELECT FROM documents WHERE case_id = cases.id) ORDER BY id LIMIT 1"
    ).fetchone()
    if row is None:
        raise RuntimeError("no complete draft in the demonstration")
    return row[0], row[1], row[2]


def _email(connection: psycopg.Connection, person_id: int) -> str:
    row = connection.execute("SELECT email FROM people WHERE id = %s", [person_id]).fetchone()
    return str(row[0]) if row else ""


def submission(connection: psycopg.Connection, keys: list[str]) -> Journey:
    _, _, author_id = complete_draft(connection)
    targets = [f"POST\t/api/v1/applications/{key}/steps/submit\t{{}}" for key in keys]
    return Journey("submit, with all checks", targets, bearer=api_token(connection, author_id))


def _of_fund(connection: psycopg.Connection, url: str) -> list[Journey]:
    """What its manager asks of a large fund."""
    row = connection.execute("SELECT id FROM people WHERE email = %s", [MANAGER]).fetchone()
    if row is None:
        raise RuntimeError("no manager of funds in the demonstration")
    return fund.journeys(
        connection, cookie=session_cookie(connection, MANAGER, url), bearer=api_token(connection, row[0])
    )


def _of_park(connection: psycopg.Connection, _url: str) -> list[Journey]:
    """What everybody and its administrator ask of a large park."""
    row = connection.execute("SELECT id FROM people WHERE email = %s", [PARK_MANAGER]).fetchone()
    if row is None:
        raise RuntimeError("no administrator of parks in the demonstration")
    return space.journeys(connection, bearer=api_token(connection, row[0]))


DOSSIERS, PARK = "dossiers", "park"
PARTS: dict[str, Callable[[psycopg.Connection, str], list[Journey]]] = {
    DOSSIERS: _journeys,
    "fund": _of_fund,
    PARK: _of_park,
}
"""What can be measured alone: ``python -m bench.run fund``."""


def _uploads(connection: psycopg.Connection, house: RunningHouse, seconds: float) -> list[SlowUpload]:
    """Two of 50 MB, each over all of these seconds."""
    _, key, author_id = complete_draft(connection)
    address, bearer = f"/api/v1/applications/{key}/documents", api_token(connection, author_id)
    return [SlowUpload(house.url, address, bearer=bearer, slot="test_scheme", seconds=seconds) for _ in range(2)]


def _measured_beside(
    uploads: list[SlowUpload], house: RunningHouse, journey: Journey, arguments: argparse.Namespace
) -> Outcome:
    with under_way(uploads) as all_still_send:
        beside = replace(journey, name=f"{journey.name}, beside two slow 50 MB uploads")
        outcome = _measured(house, beside, arguments)
        if not all_still_send():
            sys.exit("The uploads ended before the measurement")
    return outcome


def _verdict(outcome: Outcome) -> str:
    """Whether the target of this journey is met: by rate for what writes, by p95 for pages."""
    least = next((rate for name, rate in LEAST_PER_SECOND.items() if outcome.journey.startswith(name)), None)
    others = {LETTER: SLOWEST_LETTER, SEARCH: SLOWEST_SEARCH, **fund.SLOWEST, **space.SLOWEST, **tenancies.SLOWEST}
    others |= paint.SLOWEST | contest.SLOWEST
    slowest = next((most for name, most in others.items() if outcome.journey.startswith(name)), None)
    targets = []
    if least is not None:
        targets.append((f"≥ {least}/s", outcome.per_second >= least))
    if slowest is not None or least is None:
        most = slowest or SLOWEST_PAGE
        targets.append((f"p95 ≤ {most} ms", outcome.p95 <= most))
    if outcome.journey == tenancies.RUN:
        targets = [(f"≤ {tenancies.LONGEST} s for all", outcome.seconds <= tenancies.LONGEST)]
    return "; ".join(f"{target}: {'met' if is_met else 'not met'}" for target, is_met in targets)


def _page(runs: list[Run]) -> str:
    tables = "\n".join(_table(run) for run in runs)
    return f"""Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}; do not edit by hand.

{machine()}

**Load**: closed loop over HTTP on loopback, real sessions, every answer checked for its status.
{tables}
A web process may take 200 MB. The number of queries of each page is fixed and tested by count.
"""


def _table(run: Run) -> str:
    rows = "\n".join(
        f"| {o.journey} | {o.connections} | {o.per_second:.0f} | {o.p50:.1f} | {o.p95:.1f} | {o.p99:.1f}"
        f" | {_verdict(o)} |"
        for o in run.outcomes
    )
    resident = ", ".join(f"{name} {megabytes} MB" for name, megabytes in sorted(run.memory.items()))
    return f"""
## {run.total:,} dossiers

| journey | connections | requests/s | p50 ms | p95 ms | p99 ms | target |
|---|---|---|---|---|---|---|
{rows}

Largest process of each kind after the run: {resident}.
"""


if __name__ == "__main__":
    main()
