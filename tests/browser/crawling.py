"""Following the links of the product as one of its people would, to find a page of every address that they may open."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
TOLD_APART = ("step", "section", "kind", "sheet")
"""Parts of an address that make another page of it, as a step makes another form."""

Fetch = Callable[[str], tuple[str, str]]
"""Reads an address; where that led to, and the HTML there, which is empty for a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page: the address, and the endpoint whose page it is."""

    address: str
    endpoint: str


@dataclass
class Crawl:
    """What was found so far, by everybody who looked; ``each`` pages of an endpoint are read by one person."""

    urls: Map
    each: int = 2
    pages: dict[str, Found] = field(default_factory=dict)

    def walk(self, fetch: Fetch, starts: tuple[str, ...] = ("/",)) -> Iterator[Found]:
        """The pages that one person reaches by links, the first ``each`` of every endpoint."""
        seen: set[str] = set()
        read: Counter[str] = Counter()
        waiting = deque(starts)
        while waiting:
            address = waiting.popleft()
            known = self.known(address)
            if known is None or address in seen or read[known] >= self.each:
                continue
            landed, html = fetch(address)
            known = self.known(landed)
            if known is None or not html or landed in seen:
                seen.add(address)
                continue
            seen |= {address, landed}
            read[known] += 1
            yield Found(landed, known)
            waiting.extend(unescape(link) for link in LINK.findall(html))

    def known(self, address: str) -> str | None:
        """The endpoint of an address, with what tells its pages apart; nothing for what is no page of ours."""
        try:
            endpoint, values = self.urls.bind("localhost").match(address.partition("?")[0])
        except HTTPException:
            return None
        parts = [str(values[name]) for name in TOLD_APART if name in values]
        return " ".join([str(endpoint), *parts])


def page_endpoints(app: Flask) -> set[str]:
    """Every endpoint that may answer with a page: it is read by GET and is none of the API's."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if not rule.rule.startswith(("/api/", "/static/"))}
