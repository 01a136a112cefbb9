"""``make soak``: mixed work for half an hour while processes are killed; then nothing accepted may be missing.

The product runs as in production. Submissions and pages come at a steady pace, below what the machine can carry. Web
processes and the worker are killed at random, the database once. Afterwards every answer is compared with the database.
"""

import argparse
import http.client
import queue
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psutil
import psycopg

from bench.crowd import copy_draft
from bench.faults import faults_after
from bench.house import RunningHouse, running_house
from bench.machine import machine
from bench.page import write_part
from bench.run import api_token, complete_draft, session_cookie
from bench.world import seed_world

DOSSIERS = 10_000
PAGES = ("/queue", "/queue?procedure=controlled-test", "/search?q=giao+hang", "/desk")
THREADS = 8
EVERYTHING_HOLDS = (
    "each accepted submission is there with its one receipt, event, clock and letter; none is there twice or in part;"
    " the audit trail verifies; no job is stuck or failed."
)
PATIENCE = 60
"""Seconds for which a client asks again before it gives up."""


@dataclass(slots=True)
class Told:
    """What the clients were told, and how large the processes were."""

    accepted: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    memory: list[dict[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clients:
    """Who asks: an officer with a page, a program that submits drafts."""

    url: str
    cookie: str
    bearer: str
    drafts: "queue.SimpleQueue[str]"
    told: Told
    end: threading.Event


def main() -> None:
    arguments = _arguments()
    seconds = arguments.minutes * 60
    with running_house(DEMO="1", API_REQUESTS_PER_MINUTE="1000000") as house:
        clients = _clients(house, round(seconds * arguments.submissions) + 100)
        threads = [
            *_paced(clients, _submit_next, arguments.submissions),
            *_paced(clients, _read_a_page, arguments.pages),
        ]
        _watch_and_kill(house, clients, seconds)
        clients.end.set()
        for thread in threads:
            thread.join(PATIENCE * 2)
        faults = faults_after(house, clients.told.accepted)
    _report(clients.told, faults, arguments)
    sys.exit(1 if faults or clients.told.given_up else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--submissions", type=float, default=30, help="a second")
    parser.add_argument("--pages", type=float, default=50, help="a second")
    return parser.parse_args()


def _clients(house: RunningHouse, drafts: int) -> Clients:
    seed_world(house, DOSSIERS)
    with psycopg.connect(house.database_url) as connection:
        case_id, _, author_id = complete_draft(connection)
        keys: queue.SimpleQueue[str] = queue.SimpleQueue()
        for key in copy_draft(connection, case_id, drafts):
            keys.put(key)
        cookie = session_cookie(connection, "chuyenvien@demo.example", house.url)
        bearer = api_token(connection, author_id)
    return Clients(house.url, cookie, bearer, keys, Told(), threading.Event())


def _paced(clients: Clients, work: Callable[[Clients], None], per_second: float) -> list[threading.Thread]:
    """Threads that together do ``work`` so often, whatever the answers take."""

    def run(number: int) -> None:
        pause = THREADS / per_second
        due = time.monotonic() + pause * number / THREADS
        while not clients.end.wait(max(0, due - time.monotonic())):
            work(clients)
            due = max(due + pause, time.monotonic() - pause)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    return threads


def _submit_next(clients: Clients) -> None:
    """Submit a draft, and ask again until it is known whether it was taken in."""
    key = clients.drafts.get()
    headers = {
        "Authorization": f"Bearer {clients.bearer}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"soak-{key}",
    }
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status, body = _ask(clients.url, "POST", f"/api/v1/applications/{key}/steps/submit", headers, b"{}")
        clients.told.answers[f"submit {status}"] += 1
        if status == http.HTTPStatus.OK:
            clients.told.accepted[key] = body
            return
        time.sleep(1)
    clients.told.given_up.append(key)


def _read_a_page(clients: Clients) -> None:
    status, _ = _ask(clients.url, "GET", random.choice(PAGES), {"Cookie": clients.cookie}, None)
    clients.told.answers[f"page {status}"] += 1


def _ask(url: str, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, str]:
    """The status and body of an answer; 0 where there was none."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _watch_and_kill(house: RunningHouse, clients: Clients, seconds: float) -> None:
    """Kill a process now and then, the database once in the middle; note how large they are."""
    begun = time.monotonic()
    next_kill, database_dies = 20.0, seconds / 2
    while (gone := time.monotonic() - begun) < seconds:
        time.sleep(5)
        clients.told.memory.append(house.resident_megabytes())
        if gone > database_dies:
            database_dies = float("inf")
            _kill(house, clients, "database")
        elif gone > next_kill and gone < seconds - PATIENCE / 2:
            next_kill = gone + random.uniform(15, 60)
            _kill(house, clients, random.choice(("web", "worker")))


def _kill(house: RunningHouse, clients: Clients, kind: str) -> None:
    victims = house.processes(kind)
    if victims:
        victim = victims[0] if kind == "database" else random.choice(victims)
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            return
        clients.told.killed[kind] += 1


def _report(told: Told, faults: list[str], arguments: argparse.Namespace) -> None:
    pace = f"{arguments.submissions:g} submissions and {arguments.pages:g} pages a second"
    lines = [
        f"Written by `make soak` on {datetime.now(UTC):%Y-%m-%d}; do not edit by hand.",
        machine(),
        f"**Load**: {arguments.minutes:g} minutes with {pace}. Killed meanwhile: {_counted(told.killed)}.",
        f"**Answers**: {_counted(told.answers)} (0: none came).",
        f"**Submissions**: {len(told.accepted)} accepted, {len(told.given_up)} given up by their client.",
        f"**Memory**: {_memory(told, 'web')}; {_memory(told, 'worker')}.",
        "**Afterwards**: " + ("; ".join(faults) if faults else EVERYTHING_HOLDS),
    ]
    report = "\n\n".join(["## Under faults", *lines])
    print(report)
    write_part("soak", report)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing"


def _memory(told: Told, kind: str) -> str:
    third = max(1, len(told.memory) // 3)
    early = max(sample.get(kind, 0) for sample in told.memory[:third])
    late = max(sample.get(kind, 0) for sample in told.memory[-third:])
    return f"largest {kind} process {early} MB in the first third, {late} MB in the last"


if __name__ == "__main__":
    main()
