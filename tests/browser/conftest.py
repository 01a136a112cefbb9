"""A real browser before a real web server: Chromium by Playwright, granian over a database of its own."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.bootstrap.chromium import find_chromium, is_continuous_integration
from portal.bootstrap.installation import Installation
from portal.statefolder import CHECKOUT
from tests.databases import FreshDatabase, demonstration, free_port

SECONDS_TO_ANSWER = 60
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
"""A browser under test talks to nobody but us."""


@dataclass(frozen=True, slots=True)
class LiveServer:
    """The product answering over HTTP, and the database behind it."""

    url: str
    database: FreshDatabase


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The front-end packages, fetched if this is a run without set-up."""
    installation = Installation()
    if installation.frontend.is_lacking():
        installation.fetch_frontend()
    return installation


@pytest.fixture(scope="session")
def live_server(
    server_url: str, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """The product over a prepared database, shared by the browser tests of this process."""
    folder = tmp_path_factory.mktemp("live")
    with demonstration(server_url, folder) as database, serving(database, folder, installation) as url:
        yield LiveServer(url, database)


@contextmanager
def serving(database: FreshDatabase, folder: Path, installation: Installation) -> Iterator[str]:
    """A web server over the database on a free port, for as long as the block lasts; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "SECRET_KEY": "key of the tests",
        "ANCHOR_KEY": "anchor key of the tests",
        "KHUEVAN_INSTANCE": str(folder),
        "VENDOR_FOLDER": str(installation.frontend.vendor),
        "PUBLIC_URL": url,
        "DEMO": "1",
    }
    command = [sys.executable, "-m", "granian", "wsgi:app", "--interface", "wsgi", "--no-ws"]
    options = ["--port", str(port), "--blocking-threads", "8", "--log-level", "error"]
    log = folder / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen([*command, *options], cwd=CHECKOUT, env=environment, stdout=output, stderr=output)
    try:
        await_answer(url, process, log)
        yield url
    finally:
        end(process)


def await_answer(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{url}/healthz"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not answer:\n{log.read_text(encoding='utf-8')}")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(15)
    process.kill()
    process.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine may lose a step: a second failure counts, and the report names every first one."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, but never where ``CI`` is set.

    Not for the whole session: Playwright keeps an event loop running, and other tests need their own.
    """
    program = find_chromium()
    if program is None:
        if is_continuous_integration():
            pytest.fail("CI is set and there is no Chromium: name one in CHROMIUM")
        pytest.skip("no Chromium on this machine: name one in CHROMIUM")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser contexts (``locale=``, ``java_script_enabled=``, ``viewport=`` …) that end with the test."""
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        wanted = {"base_url": live_server.url, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"} | options
        opened.append(browser.new_context(**wanted))  # type: ignore[arg-type]  # the caller's options
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page in a fresh context, in Vietnamese."""
    return new_context().new_page()


@pytest.fixture(scope="session")
def axe(installation: Installation) -> Callable[[Page], None]:
    """``axe(page)`` fails when the page as it is shown breaks WCAG 2.2 A or AA."""
    source = (installation.frontend.modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
        faults = [
            {"rule": fault["id"], "help": fault["help"], "where": [node["target"] for node in fault["nodes"]]}
            for fault in found["violations"]
        ]
        assert not faults, f"{page.url}\n{json.dumps(faults, indent=2, ensure_ascii=False)}"

    return check
