"""Following the links of the product as one of its people would, to find a page of every address that they may open."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
TOLD_APART = ("step", "section", "kind", "sheet")
"""Parts of an address that make another page of it, as a step makes another form."""
HUBS = frozenset(
    {
        *("portal.home", "applications.queue", "applications.desk", "applications.dossier"),
        *("parks.park", "parks.park_desk", "parks.space", "rounds.rounds_list", "rounds.allocation_round"),
    }
)
"""Pages that lead each reader elsewhere; of the others a few are enough, whoever reads them."""
OF_A_HUB = 4

Fetch = Callable[[str], tuple[str, str]]
"""Reads an address; where that led to, and the HTML there, which is empty for a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page: its address, and its kind, which is the endpoint with what tells its pages apart."""

    address: str
    kind: str


@dataclass
class Crawl:
    """Reads the first ``each`` pages of a kind: of everybody together, or of every person where ``apart``."""

    urls: Map
    each: int
    apart: bool
    endpoints: set[str] = field(default_factory=set)
    read: Counter[str] = field(default_factory=Counter)

    def walk(self, fetch: Fetch, starts: Iterable[str]) -> Iterator[Found]:
        """The pages that one person reaches by links."""
        waiting, seen = deque(starts), set[str]()
        own: Counter[str] = Counter()
        while waiting:
            address = waiting.popleft()
            kind = self.kind_of(address)
            if kind is None or address in seen or self._is_enough(kind, own):
                continue
            landed, html = fetch(address)
            seen |= {address, landed}
            kind = self.kind_of(landed)
            if kind is None or not html:
                continue
            own[kind] += 1
            self.read[kind] += 1
            self.endpoints.add(kind.partition(" ")[0])
            yield Found(landed, kind)
            waiting.extend(unescape(link) for link in LINK.findall(html))

    def _is_enough(self, kind: str, own: Counter[str]) -> bool:
        if kind in HUBS:
            return own[kind] >= OF_A_HUB
        return (own if self.apart else self.read)[kind] >= self.each

    def kind_of(self, address: str) -> str | None:
        """Nothing for what is no page of ours."""
        try:
            endpoint, values = self.urls.bind("localhost").match(address.partition("?")[0])
        except HTTPException:
            return None
        return " ".join([str(endpoint), *(str(values[name]) for name in TOLD_APART if name in values)])


def is_page(rule: Rule) -> bool:
    """Whether it may answer with a page: it is read by GET, none of the API's, and names no file."""
    is_file = "." in rule.rule.rpartition("/")[2] or "extension" in rule.arguments or "filename" in rule.arguments
    return "GET" in (rule.methods or ()) and not is_file and not rule.rule.startswith("/api/")
