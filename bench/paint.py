"""What a person at a browser waits for: the first paint of the pages of a large park, and until its map is drawn."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bench.load import Outcome
from bench.space import CODE
from portal.bootstrap.chromium import find_chromium

MAP, NEAR, STACKING = (
    "browser: first paint of the park of 20,000 units",
    "browser: until the map is drawn, one of 20,000 units chosen",
    "browser: first paint of the stacking plan of 500 units",
)
SLOWEST = dict.fromkeys((MAP, NEAR, STACKING), 1500)
"""Milliseconds that 19 of 20 stay below."""

TIMES = 10
VIEW = {"width": 1280, "height": 900}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
DRAWN = "document.querySelector('[data-park-map][data-drawn]') && performance.now()"


def measure(url: str) -> list[Outcome]:
    """Each page opened several times with an empty cache; nothing where there is no Chromium."""
    program = find_chromium()
    if program is None:
        print("no Chromium on this machine: first paints are not measured; name one in CHROMIUM")
        return []
    with _browser(program) as browser:
        return [
            _opened(browser, MAP, f"{url}/parks/{CODE}", PAINTED),
            _opened(browser, NEAR, f"{url}/parks/{CODE}?space={CODE}-4711", DRAWN),
            _opened(browser, STACKING, f"{url}/spaces/{CODE}-b7", PAINTED),
        ]


@contextmanager
def _browser(program: str) -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        yield browser
        browser.close()


def _opened(browser: Browser, name: str, address: str, until: str) -> Outcome:
    """How long after the request ``until`` gives a number."""
    took = sorted(_milliseconds(browser, address, until) for _ in range(TIMES + 1))[:TIMES]
    p50, p95, p99 = (took[len(took) * part // 100] for part in (50, 95, 99))
    return Outcome(name, 1, TIMES, sum(took) / 1000, p50, p95, p99, errors=0)


def _milliseconds(browser: Browser, address: str, until: str) -> float:
    context = browser.new_context(viewport=VIEW, bypass_csp=True)  # type: ignore[arg-type]  # width and height
    page = context.new_page()
    page.goto(address)
    number = page.wait_for_function(until).json_value()
    context.close()
    return float(number)
