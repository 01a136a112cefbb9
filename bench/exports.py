"""Exports of everything: rows a second in both formats, and what the queue costs others meanwhile."""

import re
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from uuid import uuid4

import psycopg

from bench.house import RunningHouse
from bench.load import Journey, run
from bench.run import session_cookie

EVERYTHING = "kiemtra@demo.example"
OFFICER = "chuyenvien@demo.example"
LONGEST = 900
AT_ONCE = 2
"""Workbooks asked for while others look at the queue: the second begins where the first ends too soon."""
QUEUE = "applications.queue_file"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
STATE = """
    SELECT status, total, extract(epoch FROM done_at - (
             SELECT max(event.at) FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
              WHERE job.args->>'export_id' = CAST(exported.id AS text) AND event.type = 'started'))
      FROM list_exports exported WHERE id = %s
"""
"""How it is, its rows, and the seconds of the job from its start until the file was ready."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows written, rows a second by format, and p95 of the queue in milliseconds alone and beside an export."""

    rows: int
    csv: float
    xlsx: float
    alone: float
    beside: float | None

    def line(self) -> str:
        """What a report says."""
        beside = "too short to tell" if self.beside is None else f"{self.beside:.1f} ms"
        return (
            f"Export of everything by a job, {self.rows:,} rows: CSV {self.csv:,.0f} rows/s (target: 50,000), "
            f"XLSX {self.xlsx:,.0f} rows/s (target: 10,000). The queue's p95 at 8 connections: {self.alone:.1f} ms, "
            f"while a workbook is written {beside} (target: 1.2 times).\n"
        )


def measure_exports(house: RunningHouse, connection: psycopg.Connection, seconds: int) -> Exported:
    """Write everything as CSV and XLSX, then look at the queue while a workbook is written."""
    cookie = session_cookie(connection, EVERYTHING, house.url)
    rows, csv = _timed(connection, _ask(house, cookie, "csv"))
    _, xlsx = _timed(connection, _ask(house, cookie, "xlsx"))
    queue = Journey("queue", ["GET\t/queue"], session_cookie(connection, OFFICER, house.url))
    run(queue, house.url, connections=8, seconds=2)
    alone = run(queue, house.url, connections=8, seconds=seconds).p95
    asked = [_ask(house, cookie, "xlsx") for _ in range(AT_ONCE)]
    beside = run(queue, house.url, connections=8, seconds=seconds).p95
    is_over = _state(connection, asked[-1])[0] == "ready"
    for export_id in asked:
        _timed(connection, export_id)
    return Exported(rows, rows / csv, rows / xlsx, alone, None if is_over else beside)


def _ask(house: RunningHouse, cookie: str, extension: str) -> str:
    """Press the button of the page; the id of the export."""
    asking = f"{house.url}/exports?list={QUEUE}&kind=all"
    page = urllib.request.Request(asking, headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(page) as answer:  # noqa: S310 - our own address
        token = TOKEN.search(answer.read().decode())
    export_id = str(uuid4())
    said = {"list": QUEUE, "export": export_id, "kind": "all", "extension": extension}
    body = urllib.parse.urlencode({"csrf_token": token[1] if token else "", **said}).encode()
    press = urllib.request.Request(f"{house.url}/exports", body, headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(press):  # noqa: S310 - our own address
        return export_id


def _state(connection: psycopg.Connection, export_id: str) -> tuple[str, int, float]:
    row = connection.execute(STATE, [export_id]).fetchone()
    if row is None:
        raise RuntimeError("nothing was asked for")
    return row[0], row[1] or 0, float(row[2] or 0)


def _timed(connection: psycopg.Connection, export_id: str) -> tuple[int, float]:
    """Rows, and seconds of the job that wrote them. Raises RuntimeError when none comes."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        status, rows, seconds = _state(connection, export_id)
        if status == "ready":
            return rows, max(seconds, 0.001)
        if status not in ("waiting", "writing"):
            raise RuntimeError(f"the export is {status}")
        time.sleep(0.2)
    raise RuntimeError("the export takes too long")
