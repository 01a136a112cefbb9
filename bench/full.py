"""``make bench-full``: measures the product over a large seeded world, at several sizes and numbers of connections."""

import argparse
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from bench import space, steps
from bench.chart import draw
from bench.crowd import copy_draft
from bench.exports import Exported, measure_exports
from bench.following import following
from bench.house import RunningHouse, running_house
from bench.load import Journey, Outcome, ensure_wrk, run
from bench.machine import machine
from bench.page import write_part
from bench.run import api_token, complete_draft, session_cookie, submission
from bench.start import Started, measure_start
from bench.world import await_rest, environment, seed_world

SIZES = (10_000, 100_000, 1_240_000)
CONNECTIONS = (1, 8, 32)
AS_MEASURED = 8
DRAFTS = 4_000
"""For each number of connections, since each is sent and accepted once."""
SUSTAINED = 300
"""Seconds that submissions go on in the largest world."""
MOST_A_SECOND = 220
"""Drafts laid ready for each of these seconds: each is sent once."""
DEEP = 40
"""Pages that are turned before the deep one."""

SLOWEST_PAGE, SLOWEST_SEARCH = 60, 100
LEAST = {"submit, with all checks": 150, steps.ONE: 300}
LEAST_ENDURED = 150
ENDURED = "submit, for five minutes on end"
GROWTH = 1.3
WORK = Path(__file__).resolve().parents[1] / "tests" / "portal" / "work.json"
PAGES_COUNTED = {
    "queue, first page": "queue",
    "queue, filtered": "queue, filtered",
    "queue, deep page": "queue",
    "search": "search",
    "dossier with reviews": "dossier",
    "applicant's desk": "desk",
    "register of tests": "tests",
}
REVIEWED = """
    SELECT key FROM cases WHERE state IN ('in_review', 'drafting_decision') AND unit_id = 4 ORDER BY md5(key) LIMIT 500
"""
OPEN_REVIEWS = """
    FROM review_assignments JOIN cases ON cases.id = case_id
    WHERE declared_at IS NOT NULL AND NOT has_conflict AND submitted_at IS NULL AND removed_at IS NULL
      AND state = 'in_review'
"""
BUSIEST = f"SELECT reviewer_id {OPEN_REVIEWS} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
REVIEWS = f"SELECT review_assignments.id {OPEN_REVIEWS} AND reviewer_id = %s LIMIT 200"


@dataclass(frozen=True, slots=True)
class Sized:
    """What was measured with so many dossiers."""

    total: int
    outcomes: Sequence[Outcome]
    memory: Sequence[str]
    started: Started
    seeded: str
    gigabytes: float
    jobs: dict[str, float]
    exported: Exported
    endured: Outcome | None


def main() -> None:
    arguments = _arguments()
    ensure_wrk()
    begun, runs = time.monotonic(), list[Sized]()
    for total in arguments.applications:
        sustained = arguments.sustained if total == arguments.applications[-1] else 0
        runs.append(_run(total, arguments, sustained=sustained))
        _write_down(runs, time.monotonic() - begun, arguments.seconds)


def _write_down(runs: Sequence[Sized], lasted: float, seconds: int) -> None:
    """Keep what is known so far: the largest world comes last and takes most of the time."""
    write_part("full", "\n".join(_lines(runs, lasted, seconds)))
    names = [o.journey for o in runs[0].outcomes if o.connections == AS_MEASURED]
    if names:
        p95 = {name: [_of(run, name).p95 for run in runs] for name in names}
        draw(p95, [run.total for run in runs], SLOWEST_PAGE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, nargs="+", default=list(SIZES), help="one run for each number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connections", type=int, nargs="+", default=list(CONNECTIONS))
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--sustained", type=int, default=SUSTAINED, help="seconds of submissions in the last world")
    return parser.parse_args()


def _run(total: int, arguments: argparse.Namespace, *, sustained: int) -> Sized:
    with running_house(DEMO="1", TRUSTED_PROXIES="1", API_REQUESTS_PER_MINUTE="1000000") as house:
        seeded = seed_world(house, total, arguments.seed)
        with psycopg.connect(house.database_url, autocommit=True) as connection:
            outcomes = list(_outcomes(house, connection, arguments))
            row = connection.execute("SELECT pg_database_size(current_database()) / 1e9").fetchone()
            jobs = _jobs(house)
            exported = measure_exports(house, connection, arguments.seconds)
            endured = _endured(house, connection, sustained) if sustained else None
            memory = house.resident_of_each()
            started = measure_start(house)
        size = float(row[0]) if row else 0
        return Sized(total, outcomes, memory, started, seeded, size, jobs, exported, endured)


def _endured(house: RunningHouse, connection: psycopg.Connection, seconds: int) -> Outcome:
    """Submissions without a pause, while the worker does what each of them causes."""
    keys = copy_draft(connection, complete_draft(connection)[0], seconds * MOST_A_SECOND)
    await_rest(house)
    sent = replace(submission(connection, keys), name=ENDURED, is_once=True, connections=AS_MEASURED)
    return _measured(house, sent, seconds)


def _jobs(house: RunningHouse) -> dict[str, float]:
    """Seconds that each job takes which looks at everything."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.jobs"], env=environment(house), check=True, capture_output=True, text=True
    )
    return {name: float(seconds) for name, seconds in json.loads(done.stdout).items()}


def _outcomes(house: RunningHouse, connection: psycopg.Connection, arguments: argparse.Namespace) -> Iterator[Outcome]:
    for journey in _pages(house, connection):
        for connections in [journey.connections] if journey.connections else arguments.connections:
            yield _measured(house, replace(journey, connections=connections), arguments.seconds)
    for connections in arguments.connections:
        yield from _sent_and_accepted(house, connection, connections, arguments.seconds)


def _sent_and_accepted(
    house: RunningHouse, connection: psycopg.Connection, connections: int, seconds: int
) -> Iterator[Outcome]:
    """What can be done with each dossier once: sent, and accepted by itself or with others."""
    officer = "motcua@demo.example"
    keys = copy_draft(connection, complete_draft(connection)[0], DRAFTS)
    yield _measured(house, replace(submission(connection, keys), is_once=True, connections=connections), seconds)
    keys = _sent(house, connection, seconds)
    one_by_one = steps.one_by_one(connection, keys, api_token(connection, _person(connection, officer)))
    yield _moved(house, connection, replace(one_by_one, connections=connections), keys, seconds)
    keys = _sent(house, connection, seconds)
    together = steps.fifty_at_once(connection, keys, session_cookie(connection, officer, house.url), house.url)
    yield _moved(house, connection, replace(together, connections=connections), keys, seconds)


def _sent(house: RunningHouse, connection: psycopg.Connection, seconds: int) -> list[str]:
    """Drafts, of which as many are sent as can be in three times as long as steps are made on them."""
    keys = copy_draft(connection, complete_draft(connection)[0], DRAFTS)
    run(replace(submission(connection, keys), is_once=True), house.url, connections=AS_MEASURED, seconds=3 * seconds)
    return keys


def _moved(
    house: RunningHouse, connection: psycopg.Connection, journey: Journey, keys: Sequence[str], seconds: int
) -> Outcome:
    """A step on each: dossiers that were moved on are counted, not requests, since some come when none is left."""
    asked = _measured(house, journey, seconds)
    await_rest(house)
    number, lasted = steps.made(connection, keys)
    return replace(asked, requests=number, seconds=lasted, things=1)


def _measured(house: RunningHouse, journey: Journey, seconds: int) -> Outcome:
    connections = journey.connections or AS_MEASURED
    if not journey.is_once:
        run(journey, house.url, connections=connections, seconds=2)
    outcome = run(journey, house.url, connections=connections, seconds=seconds)
    text = f"{outcome.journey} ({connections}): {outcome.per_second:.0f}/s, p95 {outcome.p95:.0f} ms"
    print(f"{text}, {outcome.errors} errors", flush=True)
    return outcome


def _pages(house: RunningHouse, connection: psycopg.Connection) -> Iterator[Journey]:
    officer = session_cookie(connection, "chuyenvien@demo.example", house.url)
    applicant = session_cookie(connection, "startup@demo.example", house.url)
    officers = api_token(connection, _person(connection, "chuyenvien@demo.example"))
    words = ("thu nghiem", "du lieu", "phuong ba dinh", "cam bien", "ha dong", "robot giao hang")
    reviewed = [f"GET\t/dossiers/{key}" for (key,) in connection.execute(REVIEWED)]
    yield Journey("queue, first page", ["GET\t/queue"], officer)
    yield Journey("queue, filtered", ["GET\t/queue?procedure=controlled-test&holder=me"], officer)
    yield Journey("queue, deep page", [f"GET\t{_deep(house, officer)}"], officer)
    yield Journey("search", [f"GET\t/search?q={word.replace(' ', '+')}" for word in words], officer)
    yield Journey("dossier with reviews", reviewed, officer)
    yield Journey("applicant's desk", ["GET\t/desk"], applicant)
    yield Journey("register of tests", ["GET\t/tests"])
    yield following(house.url, connection)
    yield Journey("API list", ["GET\t/api/v1/applications"], bearer=officers)
    yield _reviewing(connection)
    manager = session_cookie(connection, "quanlyquy@demo.example", house.url)
    yield Journey("fund dashboard", ["GET\t/funds/QMH/dashboard"], manager)
    of_park = space.journeys(connection, bearer=api_token(connection, _person(connection, "quanlykhu@demo.example")))
    yield from (replace(journey, connections=None) for journey in of_park if journey.name == space.MAP)


def _person(connection: psycopg.Connection, email: str) -> int:
    row = connection.execute("SELECT id FROM people WHERE email = %s", [email]).fetchone()
    assert row is not None
    return int(row[0])


def _reviewing(connection: psycopg.Connection) -> Journey:
    """The reviewer who has most to write writes again and again."""
    row = connection.execute(BUSIEST).fetchone()
    assert row is not None
    said = json.dumps({"scores": {}, "summary": "Đề nghị xem xét theo các ý kiến trên."})
    targets = [f"PUT\t/api/v1/reviews/{number}\t{said}" for (number,) in connection.execute(REVIEWS, row)]
    return Journey("review kept", targets, bearer=api_token(connection, row[0]))


def _deep(house: RunningHouse, cookie: str) -> str:
    """The address of a page of the queue far behind the first."""
    address = "/queue"
    for _ in range(DEEP):
        request = urllib.request.Request(f"{house.url}{address}", headers={"Cookie": cookie})  # noqa: S310 - our own
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
            found = re.search(r'rel="next" href="([^"]+)"', answer.read().decode())
        if found is None:
            break
        address = found[1].replace("&amp;", "&")
    return address


def _of(run: Sized, journey: str) -> Outcome:
    return next(o for o in run.outcomes if o.journey == journey and o.connections == AS_MEASURED)


def _lines(runs: Sequence[Sized], lasted: float, seconds: int) -> Iterator[str]:
    """The page's part, in Markdown."""
    yield f"## A large world\n\nWritten by `make bench-full` in {lasted / 60:.0f} minutes; do not edit by hand.\n"
    yield f"**Load**: closed loop by wrk, {seconds} seconds a journey, begun when neither job nor vacuum was at work.\n"
    yield f"{machine()}\n"
    yield "![p95 by journey and number of dossiers](img/performance.svg)\n"
    queries = json.loads(WORK.read_text(encoding="utf-8"))
    for run_ in runs:
        yield f"### {run_.total:,} dossiers\n\n{run_.seeded} The database has {run_.gigabytes:.1f} GB.\n"
        yield "| journey | connections | requests/s | p50 ms | p95 ms | p99 ms | errors | queries | target |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for o in run_.outcomes:
            asked = queries.get(PAGES_COUNTED.get(o.journey, ""), {}).get("queries", "")
            numbers = f"{o.per_second:.0f} | {o.p50:.1f} | {o.p95:.1f} | {o.p99:.1f} | {o.errors}"
            yield f"| {o.journey} | {o.connections} | {numbers} | {asked} | {_verdict(o, runs[0])} |"
        if run_.endured is not None:
            o = run_.endured
            yield (
                f"\n{ENDURED.capitalize()} ({o.seconds:.0f} s, {o.connections} connections): {o.per_second:.0f}/s,"
                f" p95 {o.p95:.1f} ms, {o.errors} errors (target: ≥ 150/s: {_met(o.per_second >= LEAST_ENDURED)})."
            )
        yield f"\nResident memory of each process after the run, in MB: {'; '.join(run_.memory)}.\n"
        yield run_.started.line()
        yield run_.exported.line()
        yield (
            "Jobs over everything: " + ", ".join(f"{n} {s:.1f} s" for n, s in run_.jobs.items()) + " (target: 60 s).\n"
        )


def _verdict(outcome: Outcome, smallest: Sized) -> str:
    """Rates of what writes; p95 of pages, and how it grew since the smallest world."""
    if outcome.connections != AS_MEASURED:
        return ""
    least = LEAST.get(outcome.journey)
    if least is not None:
        return f"≥ {least}/s: {_met(outcome.per_second >= least)}"
    most = {"search": SLOWEST_SEARCH, **space.SLOWEST}.get(outcome.journey, SLOWEST_PAGE)
    growth = outcome.p95 / (_of(smallest, outcome.journey).p95 or outcome.p95 or 1)
    return f"≤ {most} ms: {_met(outcome.p95 <= most)}; {growth:.2f} × the smallest: {_met(growth <= GROWTH)}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"


if __name__ == "__main__":
    main()
